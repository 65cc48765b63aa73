"""Polling: thousands of feeds of a local server by one poller, beside the `reader` library on the same feeds."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import feedparser_sgmllib
import psutil
import redis
from reader import make_reader

from tests.bench import hostile
from tests.bench.measure import Figure, sized
from tests.support.town import doors, house_over
from worker import pipeline
from worker.feeds.fetch import DEADLINE_S, Fetcher
from worker.feeds.model import FeedDefinition
from worker.ledger import Leases, key
from worker.wiring import House

# An older release of the library asks for this module by the name that it had in Python 2.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)

FEEDS = sized(1_000, 100)
WARM = 20
MANY = 10_000
GOOD = 300
WATCHED_S = 20
INTERVAL_S = 5
PATIENCE_S = 60


@contextmanager
def publisher(module: str = "tests.bench.publisher") -> Iterator[str]:
    """The address of a server of feeds in a process of its own."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def definitions(base: str, kind: str, count: int, interval_s: int) -> list[FeedDefinition]:
    return [
        FeedDefinition(
            name=f"{kind}{n}",
            url=f"{base}/{kind}/{n}",
            language="en",
            group=f"g{n}",
            full_text="feed",
            interval_s=interval_s,
        )
        for n in range(count)
    ]


def spent() -> float:
    """Processor seconds of this process and its children, the servers left out."""
    tree = [psutil.Process(), *psutil.Process().children(recursive=True)]
    named = ("tests.bench.publisher", "tests.bench.hostile", "redis-server", "valkey-server")
    mine = [p for p in tree if not any(n in " ".join(p.cmdline()) for n in named)]
    return sum(sum(p.cpu_times()[:2]) for p in mine)


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall and of the processor that this took."""
    wall, cpu = time.perf_counter(), spent()
    work()
    return time.perf_counter() - wall, spent() - cpu


class Poller:
    """The poller's own loop, run as long as a case wants."""

    def __init__(self, house: House, fetcher: Fetcher) -> None:
        self.house, self.fetcher = house, fetcher
        self.feeds, self.pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)

    def turn(self) -> None:
        pipeline.poll_turn(self.house, self.fetcher, self.feeds, self.pages)

    def until_idle(self) -> None:
        while self.fetcher.in_flight or self.house.ledger.due_now("feed"):
            self.turn()

    def until_in_time(self) -> None:
        """Past the first polls of all feeds, which were due at once."""
        end = time.monotonic() + PATIENCE_S
        self.turn()
        while self.house.ledger.due_now("feed") > WARM and time.monotonic() < end:
            self.turn()

    def all_due(self) -> None:
        names = self.house.feeds.names()
        self.house.redis.zadd(key("due", "feed"), dict.fromkeys(names, 1))


@contextmanager
def poller(client: redis.Redis, **settings: Any) -> Iterator[Poller]:
    house = house_over(client, host_concurrency=100, poll_concurrency=100, **settings)
    with doors(house.settings) as (fetcher, _):
        yield Poller(house, fetcher)


def cycle(client: redis.Redis) -> list[Figure]:
    """A thousand feeds, cold and unchanged, by both."""
    with publisher() as base, poller(client) as ours, make_reader(":memory:") as theirs:
        # Both have started, loaded their parsers and opened their stores before the clock runs.
        ours.house.feeds.sync(definitions(base, "warm", WARM, 3600))
        ours.until_idle()
        for n in range(WARM):
            theirs.add_feed(f"{base}/warm/{n}")
        theirs.update_feeds(workers=10)
        ours.house.feeds.sync(definitions(base, "still", FEEDS, 3600))
        ours_cold = timed(ours.until_idle)
        ours.all_due()
        ours_same = timed(ours.until_idle)
        polled = [f for f in ours.house.feeds.get_many(ours.house.feeds.names()) if f and f.successes == 2]
        assert len(polled) == FEEDS
        for n in range(FEEDS):
            theirs.add_feed(f"{base}/still/{n}")
        theirs_cold = timed(lambda: theirs.update_feeds(new=True, workers=10))
        theirs_same = timed(lambda: theirs.update_feeds(scheduled=False, workers=10))
        assert theirs.get_feed_counts().broken == 0
        memory = psutil.Process().memory_info().rss / 1e6
    cases = (("cold", ours_cold, theirs_cold), ("unchanged", ours_same, theirs_same))
    figures = []
    for what, (wall, cpu), (their_wall, their_cpu) in cases:
        figures.append(
            Figure(f"feeds polled, {what} ({memory:.0f} MB)", FEEDS / wall, "reader, 10 workers", FEEDS / their_wall)
        )
        figures.append(
            Figure(f"feeds polled, {what}, a processor second", FEEDS / cpu, "reader, 10 workers", FEEDS / their_cpu)
        )
    return figures


def minute(client: redis.Redis) -> list[Figure]:
    """Ten thousand feeds, each due once a minute: how late the latest of them is asked."""
    with publisher() as base, poller(client) as ours:
        ours.house.feeds.sync(definitions(base, "still", MANY, 60))
        ours.until_idle()
        now, names = ours.house.ledger.now_us(), ours.house.feeds.names()
        spread = {name: now + n * 60_000_000 // MANY for n, name in enumerate(names)}
        ours.house.redis.zadd(key("due", "feed"), spread)
        began, cpu, late = time.monotonic(), spent(), 0.0
        while time.monotonic() - began < WATCHED_S:
            late = max(late, ours.house.ledger.oldest_s("feed"))
            ours.turn()
        share = (spent() - cpu) / WATCHED_S
    what = f"10,000 feeds each minute: latest {late:.1f} s late, {share:.0%} of a core; due a second"
    return [Figure(what, MANY / 60, "that is asked for", MANY / 60)]


def lag(client: redis.Redis) -> list[Figure]:
    """A thousand living feeds: from the moment an entry is published until its article is due."""
    with publisher() as base, poller(client) as ours:
        ours.house.feeds.sync(definitions(base, "living", FEEDS, INTERVAL_S))
        ours.until_in_time()
        waits = watched(ours, WATCHED_S)
    what = f"published → due, {len(waits)} entries: p50 {median(waits):.1f} s, p99 {p99(waits):.1f} s; 1 / p99"
    return [Figure(what, 1 / p99(waits), f"the interval of {INTERVAL_S} s and 2 s", 1 / (INTERVAL_S + 2))]


def beside_hostile(client: redis.Redis) -> list[Figure]:
    """Living feeds alone, and then beside some of each hostile kind: all of these end, named, and delay none."""
    with publisher() as base, publisher("tests.bench.hostile") as pit, poller(client) as ours:
        good = definitions(base, "living", GOOD, INTERVAL_S)
        ours.house.feeds.sync(good)
        ours.until_in_time()
        alone = watched(ours, WATCHED_S)
        kinds = hostile.addresses(pit)
        bad = [FeedDefinition(name=n, url=u, language="en", group=n, full_text="feed") for n, (_, u) in kinds.items()]
        ours.house.feeds.sync([*good, *bad])
        beside = watched(ours, DEADLINE_S + 5)
        ended = [f for f in ours.house.feeds.get_many(kinds) if f and f.polls]
    told = {f.name: f.reason for f in ended if f.health == "failing"}
    assert len(ended) == len(kinds), kinds.keys() - {f.name for f in ended}
    assert {kinds[name][0] for name in told} == {kind for kind, _ in kinds.values()} - hostile.READABLE, told
    what = f"published → due, p99, beside {len(kinds)} hostile feeds ({p99(beside):.1f} s); 1 / p99"
    return [Figure(what, 1 / p99(beside), f"without them ({p99(alone):.1f} s)", 1 / p99(alone))]


def watched(ours: Poller, seconds: float) -> list[float]:
    """Poll for so long; how many seconds each entry published meanwhile waited until its article was due, sorted."""
    began = time.time()
    while time.time() - began < seconds:
        ours.turn()
    times = [(a.published_at, a.first_seen_at) for a in ours.house.articles.all() if a.published_at is not None]
    return sorted((seen - told).total_seconds() for told, seen in times if told.timestamp() > began)


def p99(waits: Sequence[float]) -> float:
    """What all but the longest hundredth stay under."""
    return waits[int(len(waits) * 0.99)]
