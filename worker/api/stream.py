"""Alerts as they come, by server-sent events: one reader of the board, any number of listeners.

A thread for each of a thousand listeners would be too many, so this file is async; it decides when to look and whom to
write to, and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream

from worker.api.alerts import shown
from worker.api.board import Card, Query
from worker.api.desk import Desk
from worker.api.problems import said as told

LOOK_S: Final = 0.3
BREATH_S: Final = 15.0
# What was written late may carry an earlier time: a listener that comes back hears the last seconds again.
AGAIN_MS: Final = 5_000
CAUGHT_UP: Final = 5_000
BEHIND: Final = 2_000
AT_ONCE: Final = 100


class Listener:
    """One open stream: what it asked for, and what it has still to be sent."""

    def __init__(self, query: Query) -> None:
        """Nothing to be sent yet."""
        self.query = query
        self.waiting: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=BEHIND)

    def tell(self, event: bytes | None) -> None:
        """Send this; who is two thousand events behind is hung up on, and resumes from where it was."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            event = None
        self.waiting.put_nowait(event)


class Hub:
    """Looks at the board while anybody listens, and tells each listener what it asked for."""

    def __init__(self, desk: Desk) -> None:
        """Nobody listens yet."""
        self._desk = desk
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def listening(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    async def listen(self, query: Query, last: tuple[int, str] | None) -> AsyncIterator[bytes]:
        """The events of one stream, those missed since ``last`` first, until it is closed or the house stops."""
        listener = Listener(query)
        yield b": tocsin\nretry: 2000\n\n"
        count, _ = await asyncio.to_thread(self._desk.board.news, 0)
        self._listeners.add(listener)
        try:
            if last is not None:
                async for event in self._missed(query, (last[0] - AGAIN_MS, "")):
                    yield event
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._look(count))
            while True:
                try:
                    async with asyncio.timeout(BREATH_S):
                        said = await listener.waiting.get()
                except TimeoutError:
                    said = b": still here\n\n"
                if said is None:
                    return
                yield said
        finally:
            self._listeners.discard(listener)

    async def _missed(self, query: Query, place: tuple[int, str]) -> AsyncIterator[bytes]:
        cards = [c for c in await asyncio.to_thread(self._desk.board.after, place, CAUGHT_UP) if query.takes(c)]
        for start in range(0, len(cards), AT_ONCE):
            for _, event in await asyncio.to_thread(self._written, cards[start : start + AT_ONCE]):
                yield event

    async def _look(self, count: int) -> None:
        while self._listeners and not self._desk.house.stopping.is_set():
            try:
                count, cards = await asyncio.to_thread(self._desk.board.news, count)
                events = await asyncio.to_thread(self._written, cards)
            except Exception:  # Redis is away: look again
                events = []
            for listener in list(self._listeners):
                for card, event in events:
                    if listener.query.takes(card):
                        listener.tell(event)
            await asyncio.sleep(LOOK_S)
        if self._desk.house.stopping.is_set():
            for listener in self._listeners:
                listener.tell(None)

    def _written(self, cards: list[Card]) -> list[tuple[Card, bytes]]:
        found = self._desk.house.alerts.get_many(c.id for c in cards)
        return [
            (card, b"id: %d-%b\nevent: %b\ndata: %b\n\n"
             % (card.updated_ms, card.id.encode(), alert.change.encode(), msgspec.json.encode(shown(alert))))
            for card, alert in zip(cards, found, strict=True)
            if alert is not None
        ]  # fmt: skip


def last_seen(text: str) -> tuple[int, str] | None:
    """The place that a ``Last-Event-ID`` names; ``None`` for one that is none of ours."""
    ms, dash, name = text.partition("-")
    return (int(ms), name) if dash and ms.isascii() and ms.isdigit() and len(ms) < 16 else None


@get(
    "/alerts/stream",
    sync_to_thread=False,
    tags=["alerts"],
    summary="Alerts as they come, by server-sent events",
    responses={**told(), 200: ResponseSpec(str, media_type="text/event-stream", generate_examples=False)},
)
def alerts_stream(request: Request[Any, Any, Any], state: State, wish: NamedDependency[Query]) -> Stream:
    """Each event is one revision, as an alert is shown; send ``Last-Event-ID`` to hear what was missed.

    An alert may be told twice: drop a ``revision`` that you have.
    """
    hub: Hub = state.hub
    events = hub.listen(wish, last_seen(request.headers.get("last-event-id", "")))
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(events, media_type="text/event-stream", headers=headers)
