"""A small door of each role for whoever watches it: does it live, can it work, what did it count."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import redis

from worker.errors import SettingsError
from worker.ledger import alive
from worker.ops import figures
from worker.ops.counting import Counter
from worker.wiring import House

PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


def watch(house: House, role: str, counter: Counter) -> ThreadingHTTPServer | None:
    """Answer ``/healthz``, ``/readyz`` and ``/metrics`` at the probe port from a thread; nothing where it is 0."""
    if not house.settings.probe_port:
        return None
    try:
        server = serve(house, role, counter, house.settings.probe_port)
    except OSError as error:
        raise SettingsError(f"TOCSIN_PROBE_PORT: {house.settings.probe_port} cannot be listened at: {error}") from error
    threading.Thread(target=server.serve_forever, name="probe", daemon=True).start()
    return server


def serve(house: House, role: str, counter: Counter, port: int) -> ThreadingHTTPServer:
    """The server of these answers, which does not serve yet; port 0 takes a free one."""

    class Answers(BaseHTTPRequestHandler):
        """Three addresses, and nothing else."""

        def do_GET(self) -> None:
            """Answer one question."""
            status, kind, body = answer(house, role, counter, self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Who asks is not worth a line."""

    return ThreadingHTTPServer(("", port), Answers)


def answer(house: House, role: str, counter: Counter, path: str) -> tuple[int, str, bytes]:
    """Status, type and body for one of the three addresses."""
    if path == "/healthz":
        return 200, "application/json", b'{"status":"ok"}'
    if path == "/metrics":
        return 200, PROMETHEUS, figures.written(figures.counted(counter.snapshot())).encode()
    if path != "/readyz":
        return 404, "application/json", b'{"status":"no such address"}'
    try:
        ready = alive(house.redis, role)
    except redis.exceptions.RedisError:
        return 503, "application/json", b'{"status":"away","reason":"Redis does not answer"}'
    if not ready:
        return 503, "application/json", b'{"status":"away","reason":"no sign of life for a minute and a half"}'
    return 200, "application/json", b'{"status":"ok"}'
