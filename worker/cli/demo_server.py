"""A real HTTP server for the demo: it serves recorded feeds and receives webhooks, a thread for each connection."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self

from worker.cli.demo_seeds import Resource

MAX_BODY: Final = 64 * 1024
Get = Callable[[str], Resource | None]
Post = Callable[[Mapping[str, str], bytes], tuple[int, bytes]]


class DemoServer:
    """Serves until its ``with`` block ends; a port of 0 takes a free one."""

    def __init__(self, host: str, port: int, get: Get, post: Post) -> None:
        """A server that answers GET by ``get`` and POST by ``post``, which is given lower-case headers and the body."""

        class Handler(_Handler):
            pass

        Handler.answer_get, Handler.answer_post = staticmethod(get), staticmethod(post)
        self._server = _Server((host, port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base(self) -> str:
        """The address without a path, such as ``http://127.0.0.1:8000``."""
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer_get: Get
    answer_post: Post

    def do_GET(self) -> None:
        """Answer with what stands there, or 304 where the asker has it already."""
        found = self.answer_get(self.path)
        if found is None:
            self._send(404, b"nothing here", {"content-type": "text/plain"})
        elif self.headers.get("if-none-match") == found.etag:
            self._send(304, b"", {"etag": found.etag})
        else:
            self._send(200, found.body, {"content-type": found.content_type, "etag": found.etag})

    def do_POST(self) -> None:
        """Take a webhook in."""
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self._send(413, b"", {})
            return
        body = self.rfile.read(length)
        status, said = self.answer_post({k.lower(): v for k, v in self.headers.items()}, body)
        self._send(status, said, {"content-type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the table is what is to be seen."""
