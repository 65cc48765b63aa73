"""The board: what lists, map and chart need of every alert, held in memory and kept up with Redis.

A hundred thousand alerts are a hundred thousand cards of some three hundred bytes. The board reads an alert again when
its place in the index has moved; it never writes.
"""

import bisect
import heapq
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from worker.alerts.model import SEVERITIES, Severity
from worker.alerts.store import AlertStore
from worker.places.model import Precision, Role
from worker.triggers.model import Family, Phase, Veracity

FRESH_S: Final = 0.2
# Classifiers on many hosts stamp alerts by their own clocks: what was written late may carry an earlier time.
SLACK_MS: Final = 10_000
SWEEP_S: Final = 300.0
AT_ONCE: Final = 1000
NEWS: Final = 5000
ALL: Final = ""
Place = tuple[int, str]


class Spot(msgspec.Struct, frozen=True, gc=False):
    """As much of a place as a map needs."""

    name: str
    role: Role = "event"
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "country"


class _Part(msgspec.Struct, frozen=True):
    revision: int
    trigger: str
    family: Family
    headline: str
    phase: Phase
    veracity: Veracity
    severity: Severity
    places: tuple[Spot, ...] = ()


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One alert at a glance; ``updated_ms`` and ``id`` are its place in the list."""

    id: str
    updated_ms: int
    revision: int
    trigger: str
    family: Family
    headline: str
    phase: Phase
    veracity: Veracity
    severity: Severity
    spot: Spot | None
    countries: tuple[str, ...]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts are asked for; an empty tuple limits nothing, ``since_ms`` counts and ``until_ms`` does not."""

    triggers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    veracities: tuple[str, ...] = ()
    min_severity: Severity = "minor"
    since_ms: int = 0
    until_ms: int | None = None
    words: str = ""

    def takes(self, card: Card) -> bool:
        """Whether a card is one that is asked for."""
        return (
            (not self.triggers or card.trigger in self.triggers)
            and (not self.families or card.family in self.families)
            and (not self.phases or card.phase in self.phases)
            and (not self.veracities or card.veracity in self.veracities)
            and (self.min_severity == "minor" or _rank(card.severity) >= _rank(self.min_severity))
            and (not self.countries or not set(self.countries).isdisjoint(card.countries))
            and card.updated_ms >= self.since_ms
            and (self.until_ms is None or card.updated_ms < self.until_ms)
            and (not self.words or self.words in _text(card))
        )


class Board:
    """Cards of all alerts in the order in which they changed; safe for many threads."""

    def __init__(self, store: AlertStore) -> None:
        """An empty board, filled when it is first read."""
        self._store = store
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._cards: dict[str, Card] = {}
        self._order: list[Place] = []
        self._shelves: dict[str, list[Place]] = {ALL: self._order}
        self._news: deque[tuple[int, Card]] = deque(maxlen=NEWS)
        self._count = 0
        self._read_at = self._swept_at = 0.0
        self.version = 0

    def refresh(self) -> None:
        """Take in what changed since the last time, five times a second at most; whoever comes meanwhile goes on."""
        if not self._reading.acquire(blocking=not self._read_at):
            return
        try:
            now = time.monotonic()
            if now - self._read_at < FRESH_S and self._read_at:
                return
            if now - self._swept_at > SWEEP_S:
                self._sweep(self._store.changed())
                self._swept_at = now
            else:
                newest = self._order[-1][0] if self._order else 0
                self._take(self._store.changed(newest - SLACK_MS))
            self._read_at = time.monotonic()
        finally:
            self._reading.release()

    def _sweep(self, rows: Sequence[tuple[str, int]]) -> None:
        """Take in all, and let go what is past its retention."""
        there = {i for i, _ in rows}
        for card in [c for c in self._cards.values() if c.id not in there]:
            with self._lock:
                self._drop(card)
        self._take(rows)

    def _take(self, rows: Sequence[tuple[str, int]]) -> None:
        first = not self._order
        moved = [(i, ms) for i, ms in reversed(rows) if i not in self._cards or self._cards[i].updated_ms != ms]
        for start in range(0, len(moved), AT_ONCE):
            part = moved[start : start + AT_ONCE]
            for (alert_id, ms), record in zip(part, self._store.records(i for i, _ in part), strict=True):
                if record is not None:
                    card = _card(alert_id, ms, record)
                    with self._lock:
                        self._put(card, news=not first)
        if moved:
            self.version += 1

    def _put(self, card: Card, *, news: bool) -> None:
        if card.id in self._cards:
            self._drop(self._cards[card.id])
        self._cards[card.id] = card
        place = (card.updated_ms, card.id)
        for name in _shelves(card):
            shelf = self._shelves.setdefault(name, [])
            if not shelf or place > shelf[-1]:
                shelf.append(place)
            else:
                bisect.insort(shelf, place)
        if news:
            self._count += 1
            self._news.append((self._count, card))

    def _drop(self, card: Card) -> None:
        del self._cards[card.id]
        place = (card.updated_ms, card.id)
        for shelf in (self._shelves[name] for name in _shelves(card)):
            at = bisect.bisect_left(shelf, place)
            if at < len(shelf) and shelf[at] == place:
                del shelf[at]

    def page(self, query: Query, limit: int, before: Place | None = None) -> list[Card]:
        """The newest cards that are asked for, those before a place in the list."""
        self.refresh()
        found: list[Card] = []
        for card in self._down(query, before):
            if query.takes(card):
                found.append(card)
                if len(found) >= limit:
                    break
        return found

    def after(self, place: Place, limit: int) -> list[Card]:
        """The cards that come after a place in the list, oldest first."""
        self.refresh()
        with self._lock:
            at = bisect.bisect_right(self._order, place)
            return [self._cards[i] for _, i in self._order[at : at + limit]]

    def news(self, since: int) -> tuple[int, list[Card]]:
        """What changed after so many changes, and how many there are by now."""
        self.refresh()
        with self._lock:
            return self._count, [card for number, card in self._news if number > since]

    def count(self) -> int:
        """How many alerts are kept."""
        self.refresh()
        return len(self._order)

    def _down(self, query: Query, before: Place | None) -> Iterator[Card]:
        """The cards from a place in the list downwards, of the fewest shelves that hold all that is asked for."""
        until = (query.until_ms, "") if query.until_ms is not None else None
        top = min((p for p in (before, until) if p is not None), default=None)
        with self._lock:
            ways = [[self._shelves.get(name, []) for name in way] for way in _ways(query)]
            shelves = min(ways, key=lambda way: sum(map(len, way)))
        last = None
        for place in heapq.merge(*(self._walk(shelf, top, query.since_ms) for shelf in shelves), reverse=True):
            card = self._cards.get(place[1])
            if place != last and card is not None:
                yield card
            last = place

    def _walk(self, shelf: list[Place], top: Place | None, since_ms: int) -> Iterator[Place]:
        """Places downwards; a part is taken at a time, for others wait for the lock."""
        while True:
            with self._lock:
                end = len(shelf) if top is None else bisect.bisect_left(shelf, top)
                start = max(bisect.bisect_left(shelf, (since_ms, "")), end - AT_ONCE)
                places = shelf[start:end]
            yield from reversed(places)
            if not places:
                return
            top = places[0]


def _shelves(card: Card) -> tuple[str, ...]:
    return (ALL, card.trigger, card.severity, *card.countries)


def _ways(query: Query) -> list[tuple[str, ...]]:
    """Shelves that together hold every card that is asked for: by trigger, by country, by severity, or all."""
    worst = SEVERITIES[_rank(query.min_severity) :]
    return [way for way in (query.triggers, query.countries, worst, (ALL,)) if way]


def _card(alert_id: str, ms: int, record: bytes) -> Card:
    part = msgspec.json.decode(record, type=_Part)
    spots = [p for p in part.places if p.role != "actor"]
    return Card(
        id=alert_id,
        updated_ms=ms,
        revision=part.revision,
        trigger=part.trigger,
        family=part.family,
        headline=part.headline,
        phase=part.phase,
        veracity=part.veracity,
        severity=part.severity,
        spot=next((p for p in spots if p.lat is not None), spots[0] if spots else None),
        countries=tuple({p.country: None for p in spots if p.country}),
    )


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


def _text(card: Card) -> str:
    return f"{card.headline} {card.spot.name if card.spot else ''} {card.trigger.replace('_', ' ')}".casefold()
