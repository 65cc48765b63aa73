"""Counting what each role does, by reading its own log: every step already says one line, by name and with its ids.

So nothing in the pipeline knows of figures. Every ten seconds a role puts its counts into Redis (``counts:<role>:
<process>``, two minutes), where the API's ``/metrics`` finds those of every process on every host.
"""

import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, cast

import msgspec
import redis

from worker.ledger import key

EVERY_S: Final = 10.0
KEEP_S: Final = 120
MOST_LABELS: Final = 500
BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
_FIELD: Final = re.compile(r"(\w+)=%")
Labels = tuple[tuple[str, str], ...]


class Snapshot(msgspec.Struct, frozen=True):
    """The counts of one process."""

    role: str
    process: str
    counters: tuple[tuple[str, Labels, float], ...]
    histograms: tuple[tuple[str, tuple[float, ...], tuple[int, ...], float], ...]


class Counter(logging.Handler):
    """Counts log lines of the form ``noun.verb key=%s ...`` by what they say."""

    def __init__(self, role: str) -> None:
        """Nothing counted yet."""
        super().__init__(logging.INFO)
        self._role = role
        self._lock = threading.Lock()
        self._counters: dict[tuple[str, Labels], float] = {}
        self._histograms: dict[str, tuple[list[int], list[float]]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line; a line of another form counts for nothing."""
        event, given = read(record)
        if "." not in event:
            return
        with self._lock:
            self._count("tocsin_log_events_total", 1, event=event)
            counted = EVENTS.get(event)
            if counted is not None:
                counted(self, given)

    def _count(self, name: str, by: float, **labels: str) -> None:
        mark = (name, tuple(labels.items()))
        if mark in self._counters or len(self._counters) < MOST_LABELS:
            self._counters[mark] = self._counters.get(mark, 0) + by

    def _observe(self, name: str, seconds: object) -> None:
        if not isinstance(seconds, int | float):
            return
        counts, total = self._histograms.setdefault(name, ([0] * (len(BOUNDS) + 1), [0.0]))
        counts[next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1
        total[0] += seconds

    def polled(self, given: Mapping[str, Any]) -> None:
        """A feed answered, or did not."""
        result = str(given.get("result", ""))
        self._count("tocsin_polls_total", 1, result=result)
        self._count("tocsin_articles_new_total", float(given.get("new", 0)))
        if result in ("failed", "gone"):
            self._count("tocsin_host_errors_total", 1, host=str(given.get("host") or given.get("feed", "")))

    def paged(self, given: Mapping[str, Any]) -> None:
        """An article's page was asked for."""
        self._count("tocsin_pages_total", 1, result="fetched" if given.get("bytes") else "failed")

    def judged(self, given: Mapping[str, Any]) -> None:
        """An article was judged."""
        self._count("tocsin_articles_judged_total", 1)
        self._count("tocsin_events_total", float(given.get("events", 0)))
        self._observe("tocsin_detection_seconds", given.get("seconds"))

    def told(self, given: Mapping[str, Any]) -> None:
        """A revision was fanned out."""
        self._count("tocsin_alerts_told_total", 1, trigger=str(given.get("trigger", "")))

    def attempted(self, given: Mapping[str, Any]) -> None:
        """A post came back."""
        status = given.get("status")
        kind = f"{int(status) // 100}xx" if isinstance(status, int) else "none"
        self._count("tocsin_delivery_attempts_total", 1, answer=kind)
        if given.get("state") == "delivered":
            self._observe("tocsin_delivery_seconds", given.get("since"))

    def snapshot(self) -> Snapshot:
        """What was counted so far."""
        with self._lock:
            counters = tuple((name, labels, value) for (name, labels), value in self._counters.items())
            histograms = tuple((n, BOUNDS, tuple(c), t[0]) for n, (c, t) in self._histograms.items())
        return Snapshot(self._role, f"{socket.gethostname()}:{os.getpid()}", counters, histograms)


EVENTS: Final[dict[str, Callable[[Counter, Mapping[str, Any]], None]]] = {
    "feed.polled": Counter.polled,
    "page.fetched": Counter.paged,
    "article.judged": Counter.judged,
    "alert.told": Counter.told,
    "delivery.attempted": Counter.attempted,
}


def read(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """The event of a log line and what it says of it, by name."""
    form = str(record.msg)
    event = form.partition(" ")[0].rstrip(":")
    names = _FIELD.findall(form)
    args = record.args if isinstance(record.args, tuple) else ()
    return event, dict(zip(names, args, strict=True)) if len(names) == len(args) else {}


def count(role: str) -> Counter:
    """Count the lines of this process from now on."""
    counter, log = Counter(role), logging.getLogger("tocsin")
    log.addHandler(counter)
    return counter


def publish(client: redis.Redis, counter: Counter, stopping: threading.Event) -> None:
    """Put the counts into Redis every ten seconds until the house stops; a Redis that is away misses some."""

    def run() -> None:
        while not stopping.wait(EVERY_S):
            try:
                put(client, counter.snapshot())
            except redis.exceptions.RedisError:
                continue

    threading.Thread(target=run, name="counting", daemon=True).start()


def put(client: redis.Redis, snapshot: Snapshot) -> None:
    """Let everybody see these counts for two minutes."""
    where = key("counts", snapshot.role, snapshot.process)
    client.set(where, msgspec.json.encode(snapshot), ex=KEEP_S)


def published(client: redis.Redis) -> list[Snapshot]:
    """The counts of every process that lives."""
    names = list(cast(Iterable[bytes], client.scan_iter(match=key("counts", "*"), count=1000)))
    found = cast(list[bytes | None], client.mget(names)) if names else []
    return sorted((msgspec.json.decode(f, type=Snapshot) for f in found if f), key=lambda s: (s.role, s.process))
