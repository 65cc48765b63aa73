"""Pages of alerts as they are sent: put together from the records as they are stored, and remembered for a moment."""

import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from worker.alerts.model import Alert
from worker.api.access import guard
from worker.api.cursors import Page

KEEP_S: Final = 0.2  # a page is at most so old
REMEMBERED: Final = 64
JSON: Final = b"application/json"


class Pages:
    """Pages of the list by what was asked, as they were sent a moment ago, for many ask the same."""

    def __init__(self) -> None:
        """None yet."""
        self._kept: dict[bytes, tuple[float, bytes]] = {}

    def get(self, asked: bytes) -> bytes | None:
        """The page, unless it is older than a fifth of a second."""
        at, body = self._kept.get(asked, (0.0, None))
        return body if body is not None and time.monotonic() - at < KEEP_S else None

    def put(self, asked: bytes, body: bytes) -> None:
        """Remember a page for a moment."""
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[asked] = (time.monotonic(), body)


class FromMemory(ASGIMiddleware):
    """Sends a page that was made just now to whoever may read it, without a thread, Redis, or the words once more."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """From memory where it is there."""
        body = scope["litestar_app"].state.pages.get(scope["query_string"])
        if body is None:
            await next_app(scope, receive, send)
            return
        await guard(ASGIConnection(scope), scope["route_handler"])
        headers = [(b"content-type", JSON), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def raw(shape: type[msgspec.Struct]) -> Any:
    """The same fields, each passed through as it is stored; one that an old record lacks is as in a new alert."""
    usual = {f.name: f.default for f in msgspec.structs.fields(Alert) if f.default is not msgspec.NODEFAULT}
    fields: list[Any] = [
        (name, msgspec.Raw, msgspec.Raw(msgspec.json.encode(usual[name]))) if name in usual else (name, msgspec.Raw)
        for name in shape.__struct_fields__
    ]
    return msgspec.defstruct(f"Raw{shape.__name__}", fields, frozen=True, kw_only=True)


class Writer:
    """Writes pages of records in the shape in which alerts are shown."""

    def __init__(self, shape: type[msgspec.Struct]) -> None:
        """A writer of this shape."""
        self._decoder = msgspec.json.Decoder(raw(shape))

    def page(self, records: Iterable[bytes | None], following: str | None) -> bytes:
        """The page in JSON; what is no longer kept is left out."""
        return msgspec.json.encode(Page([self._decoder.decode(r) for r in records if r], following))
