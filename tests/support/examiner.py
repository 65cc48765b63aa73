"""A publisher of awkward feeds that marks every request it gets, as strictly as the public tests of feed readers do.

It lives on a clock of its own, so that a week passes in seconds. Each fault is one line; a polite poller has none.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.support.publishers import item, rss
from tests.support.sink import Answer, Received

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHOWN = 20
NEVER_SENT = ("cookie", "referer", "pragma", "cache-control", "range", "authorization")


@dataclass
class Subject:
    """One feed: how it behaves, what it holds against its poller, and what it saw.

    ``hint`` is what it asks for between two polls. ``odd`` may answer in the feed's place; ``old_guids`` names its
    entries. ``hours`` and ``days`` are those in which it does not want to be asked at all. A ``twin`` is the same feed
    at another address, whose validators are as good as its own.
    """

    name: str
    every: timedelta = 4 * HOUR
    hint: timedelta = HOUR
    headers: dict[str, str] = field(default_factory=dict)
    head: str = ""
    etag: str = '"{0}"'
    modified: bool = True
    hint_on_304: bool = True
    odd: Callable[["Subject", datetime], Answer | None] = lambda _subject, _now: None
    guids: Callable[[datetime], str] = lambda _now: "a"
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    path: str = "/feed.xml"
    twin: "Subject | None" = None
    known: tuple[str, str] = ("", "")
    allowed_at: datetime = MONDAY
    asked: list[datetime] = field(default_factory=list)
    unconditional: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    def published(self, now: datetime) -> list[datetime]:
        """When each of its entries appeared, the first two days before the week begins."""
        first = MONDAY - 48 * HOUR
        return [first + n * self.every for n in range(int((now - first) / self.every) + 1)]

    def receive(self, request: Received, now: datetime) -> Answer:
        """Mark a request, and answer it."""
        self._mark(request, now)
        self.asked.append(now)
        strange = self.odd(self, now)
        if strange is not None:
            wait = strange.headers.get("retry-after", "")
            self.allowed_at = now + timedelta(seconds=int(wait) if wait.isdigit() else 0)
            if wait and not wait.isdigit():
                self.allowed_at = datetime.strptime(wait, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
            return Answer(strange.status, {"date": _http(now), **strange.headers}, strange.body)
        self.allowed_at = now + self.hint
        return self._feed(request, now)

    def _mark(self, request: Received, now: datetime) -> None:
        def fault(what: str) -> None:
            self.faults.append(f"{self.name} at {now:%a %H:%M:%S}: {what}")

        headers = request.headers
        if request.method != "GET" or request.path != self.path:
            fault(f"asked for {request.method} {request.path}")
        for name in NEVER_SENT:
            if name in headers:
                fault(f"sent {name}: {headers[name]}")
        if not headers.get("user-agent", "").startswith("tocsin/") or "+https://" not in headers["user-agent"]:
            fault(f"came as {headers.get('user-agent')}")
        if headers.get("accept-encoding") != "gzip":
            fault(f"accepts {headers.get('accept-encoding')}")
        if now < self.allowed_at - timedelta(seconds=1):
            fault(f"came {self.allowed_at - now} too early")
        # Nobody can know at the first request what stands in the feed.
        if self.asked and (now.hour in self.hours or now.weekday() in self.days):
            fault("came when it should not be asked")
        sent = (headers.get("if-none-match", ""), headers.get("if-modified-since", ""))
        self.unconditional += sent == ("", "")
        if sent != self.known and (self.twin is None or sent != self.twin.known):
            fault(f"sent validators {sent}, was given {self.known}")

    def _feed(self, request: Received, now: datetime) -> Answer:
        times = self.published(now)
        etag = self.etag.format(f"{len(times)}{self.guids(now)}") if self.etag else ""
        modified = _http(times[-1]) if self.modified else ""
        hints = {"cache-control": f"max-age={int(self.hint.total_seconds())}"} if not self.head else {}
        headers = {"date": _http(now), "set-cookie": "id=1; Path=/", **self.headers}
        if (etag, modified) == self.known and request.headers.get("if-none-match", etag) == etag:
            return Answer(304, headers | (hints if self.hint_on_304 else {}))
        self.known = (etag, modified)
        entries = [
            item(n, date=_http(at)).replace("urn:post:", f"urn:{self.guids(now)}:")
            for n, at in list(enumerate(times))[-SHOWN:]
        ]
        validators = ({"etag": etag} if etag else {}) | ({"last-modified": modified} if modified else {})
        kind = {"content-type": "application/rss+xml"}
        return Answer(200, headers | hints | validators | kind, rss(*reversed(entries), head=self.head))


def _http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def between(
    first: float, last: float, answer: Callable[[datetime], Answer]
) -> Callable[[Subject, datetime], Answer | None]:
    """An odd answer from this day of the week until that one, counted from Monday."""

    def odd(_subject: Subject, now: datetime) -> Answer | None:
        day = (now - MONDAY) / timedelta(days=1)
        return answer(now) if first <= day < last else None

    return odd


def ten(port: int) -> dict[str, Subject]:
    """Ten awkward feeds by their host names; one is where another moves to."""
    there = f"http://moved.example:{port}/feed.xml"
    night = "".join(f"<hour>{h}</hour>" for h in range(6))
    subjects = [
        Subject("steady", etag='W/"{0} with, odd signs"'),
        Subject("etagless", etag="", headers={"expires": "0"}, head="<ttl>90</ttl>", hint=timedelta(minutes=90)),
        Subject("quiet304", hint_on_304=False, hint=2 * HOUR),
        Subject("busy", odd=between(1, 1.25, lambda _: Answer(429, {"retry-after": "7200"}))),
        Subject("later", odd=between(2, 2.1, lambda now: Answer(503, {"retry-after": _http(now + 5 * HOUR)}))),
        Subject("ended", odd=between(3, 9, lambda _: Answer(410))),
        Subject("moves", odd=between(1, 9, lambda _: Answer(301, {"location": there}))),
        Subject("sleeps", head=f"<ttl>60</ttl><skipHours>{night}</skipHours><skipDays><day>Sunday</day></skipDays>",
                hours=frozenset(range(6)), days=frozenset({6})),
        Subject("broken", odd=between(2, 2.75, lambda _: Answer(500, {}, b"oh no"))),
        Subject("renames", guids=lambda now: "a" if now < MONDAY + timedelta(days=4) else "b"),
    ]  # fmt: skip
    moves = next(s for s in subjects if s.name == "moves")
    moves.twin = moved = Subject("moved", twin=moves)
    return {s.host: s for s in (*subjects, moved)}


class Examiner:
    """All subjects behind one server, on a clock that the test moves."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.subjects: dict[str, Subject] = {}

    def answer(self, request: Received) -> Answer:
        subject = self.subjects[request.headers["host"].partition(":")[0]]
        return subject.receive(request, self.now)

    def clock(self) -> datetime:
        return self.now

    @property
    def faults(self) -> list[str]:
        return [f for s in self.subjects.values() for f in s.faults]


def lag(subject: Subject, found: Any) -> timedelta:
    """The longest time that an entry of a subject waited to be asked for, of those that were published in the week."""
    return max(
        min((a for a in subject.asked if a >= at), default=found) - at
        for at in subject.published(found)
        if at >= MONDAY
    )
