"""Publishers on a real loopback socket, some of them awkward in every way that feeds are."""

import gzip
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import msgspec

MEGABYTE = b"\0" * 1024 * 1024


class Asked(msgspec.Struct, frozen=True):
    """One request as it came; header names in lower case."""

    path: str
    headers: dict[str, str]
    at: float


def item(number: int, *, date: str = "Wed, 21 Oct 2026 10:00:00 GMT", guid: bool = True) -> str:
    """One RSS item about a border post, the same for the same number."""
    name = f"<guid>urn:post:{number}</guid>" if guid else ""
    stamp = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>Post {number} closes</title><link>https://news.example/{number}</link>{name}{stamp}"
        f"<description>Guards shut post {number} to all traffic.</description></item>"
    )


def rss(*items: str, head: str = "") -> bytes:
    """An RSS document with these items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Posts</title>{head}'
        f"{''.join(items)}</channel></rss>"
    ).encode()


ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "boom">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]><rss version='2.0'><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>"
)
HTML_PAGE = (
    b"<!doctype html><html><head><title>Please enable cookies</title></head><body><p>One moment.</p></body></html>"
)


class Visit(BaseHTTPRequestHandler):
    """One connection of a poller."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        publisher = self.server.publisher
        headers = {name.lower(): value for name, value in self.headers.items()}
        publisher.asked.append(Asked(self.path, headers, time.monotonic()))
        try:
            publisher.pages.get(self.path, missing)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def endless(self, portion: bytes, every_s: float, headers: Mapping[str, str] | None = None) -> None:
        """Send a portion again and again until the poller or the publisher hangs up."""
        self.close_connection = True
        self.send_response(200)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        while not self.server.publisher.closing.wait(every_s):
            self.wfile.write(portion)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Page = Callable[[Visit], None]


def missing(visit: Visit) -> None:
    """What most servers say to an address that they do not know."""
    visit.answer(404, b"not here")


def document(body: bytes, kind: str = "application/rss+xml", **headers: str) -> Page:
    """A page that is always this; underscores in header names are dashes."""
    named = {"Content-Type": kind, **{n.replace("_", "-"): v for n, v in headers.items()}}
    return lambda visit: visit.answer(200, body, named)


def status(code: int, **headers: str) -> Page:
    """A page that always answers so."""
    named = {n.replace("_", "-"): v for n, v in headers.items()}
    return lambda visit: visit.answer(code, b"", named)


def conditional(body: bytes, etag: str, modified: str) -> Page:
    """A feed that is sent only to those who do not have it yet."""

    def page(visit: Visit) -> None:
        validators = {"ETag": etag, "Last-Modified": modified, "Cache-Control": "max-age=600"}
        known = visit.headers.get("If-None-Match") == etag and visit.headers.get("If-Modified-Since") == modified
        visit.answer(304 if known else 200, b"" if known else body, validators)

    return page


def fifty_megabytes(visit: Visit) -> None:
    """A body that is larger than any feed, and says so."""
    visit.close_connection = True
    visit.send_response(200)
    visit.send_header("Content-Length", str(50 * len(MEGABYTE)))
    visit.end_headers()
    for _ in range(50):
        visit.wfile.write(MEGABYTE)


def gzip_bomb(visit: Visit) -> None:
    """A small body that unpacks to 64 MB."""
    packed = gzip.compress(MEGABYTE) * 64  # so many members: packing them in one takes a busy machine a second
    visit.answer(200, packed, {"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"})


def silent(visit: Visit) -> None:
    """A server that takes the request and never answers."""
    visit.server.publisher.closing.wait(30)
    visit.close_connection = True


def drip(visit: Visit) -> None:
    """A body that comes a few bytes at a time and never ends."""
    visit.endless(b"<!-- -->", 0.02, {"Content-Type": "application/rss+xml"})


def flood(visit: Visit) -> None:
    """A body that comes fast and never ends."""
    visit.endless(b"<item/>" * 10_000, 0.0)


def broken_off(visit: Visit) -> None:
    """A body that is shorter than it was said to be."""
    visit.close_connection = True
    visit.send_response(200)
    visit.send_header("Content-Length", "5000")
    visit.end_headers()
    visit.wfile.write(rss(item(1))[:100])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    publisher: "Publisher"

    def handle_error(self, request: object, client_address: object) -> None:
        """A poller that hangs up is no error of the publisher's."""


class Publisher:
    """A web site: ``pages`` maps a path to what is there, ``asked`` holds every request that came."""

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages: dict[str, Page] = dict(pages or {})
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Visit)
        self._server.publisher = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.server_address[1]

    def url(self, path: str = "/") -> str:
        """The whole address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def asked_for(self, path: str) -> list[Asked]:
        """The requests for one path, in order."""
        return [a for a in self.asked if a.path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
