"""A week of ten awkward feeds, with a restart each night: not one fault, and not one entry missed or told twice."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec
import pytest
import redis

from tests.edges.test_outbound import Names
from tests.support.examiner import HOUR, MONDAY, Examiner, Subject, lag, ten
from tests.support.sink import Sink
from tests.support.town import house_over
from worker import pipeline, wiring
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedDefinition
from worker.ledger import Leases, key
from worker.outbound import Outbound
from worker.wiring import House

WEEK = timedelta(days=7)


class Week:
    """A poller that is run through a week, one due feed at a time."""

    def __init__(self, examiner: Examiner, client: redis.Redis, port: int) -> None:
        self.examiner, self._client, self._port = examiner, client, port
        self.definitions = [
            FeedDefinition(
                name=s.name, url=f"http://{s.host}:{port}/feed.xml", language="en", group=s.name, full_text="feed"
            )
            for s in examiner.subjects.values()
            if s.name != "moved"
        ]

    @contextmanager
    def poller(self) -> Iterator[tuple[House, Fetcher]]:
        """A poller that has just started, on the examiner's clock."""
        house = house_over(self._client)
        outbound = Outbound(
            user_agent=wiring.user_agent(msgspec.structs.replace(house.settings, contact_url="https://tocsin.example")),
            allow_networks=["127.0.0.0/8"],
            http=True,
            ports=frozenset({self._port}),
            resolver=Names(lambda _host: ["127.0.0.1"]),
        )
        fetcher = Fetcher(outbound, host_concurrency=2, host_spacing_s=0.0)
        house.feeds.sync(self.definitions)
        yield dataclasses.replace(house, clock=self.examiner.clock, luck=lambda: 0.5), fetcher
        fetcher.close()

    def until(self, end: datetime, house: House, fetcher: Fetcher) -> None:
        feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
        while (due := self.next_due(house)) and due[0] < end:
            self.examiner.now = max(self.examiner.now, due[0])
            house.redis.zadd(key("due", "feed"), dict.fromkeys(due[1], 1))
            while fetcher.in_flight or house.ledger.due_now("feed"):
                pipeline.poll_turn(house, fetcher, feeds, pages)
        self.examiner.now = end

    def next_due(self, house: House) -> tuple[datetime, list[str]] | None:
        """The next moment at which a feed is due, and the feeds that are due then."""
        kept = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
        times = {f.name: f.next_poll_at or MONDAY for f in kept if f.health not in ("gone", "paused")}
        soonest = min(times.values())
        return soonest, [name for name, at in times.items() if at == soonest]


@pytest.fixture
def week(redis_client: redis.Redis) -> Iterator[Week]:
    examiner = Examiner()
    with Sink(answer=examiner.answer) as server:
        examiner.subjects = ten(server.port)
        yield Week(examiner, redis_client, server.port)


def test_a_week_of_ten_awkward_feeds_with_restarts_gives_full_marks(week: Week) -> None:
    for day in range(7):
        with week.poller() as (house, fetcher):
            week.until(MONDAY + timedelta(days=day + 1), house, fetcher)
    subjects = {s.name: s for s in week.examiner.subjects.values()}
    assert week.examiner.faults == []
    assert {name: s.unconditional for name, s in subjects.items()} == dict.fromkeys(subjects, 1) | {"moved": 0}
    asked_for(subjects)
    found_in_time(subjects)
    told_once(house, subjects)


def asked_for(subjects: dict[str, Subject]) -> None:
    ended, moves, moved = subjects["ended"], subjects["moves"], subjects["moved"]
    assert ended.asked[-1] - (MONDAY + timedelta(days=3)) < 2 * HOUR, "a feed that ended was asked again"
    assert moves.asked[-1] < MONDAY + timedelta(days=2, hours=2), "a move that proved stable was not believed"
    assert moved.asked[-1] > MONDAY + WEEK - 3 * HOUR
    assert not [
        s.name
        for s in subjects.values()
        if s is not ended and s is not moves and s.asked[-1] < MONDAY + WEEK - 20 * HOUR - 5 * HOUR
    ]
    broken = [a for a in subjects["broken"].asked if MONDAY + timedelta(days=2) <= a < MONDAY + timedelta(days=2.75)]
    assert 6 <= len(broken) <= 11, "a broken feed is asked ever less, and at least every six hours"


def found_in_time(subjects: dict[str, Subject]) -> None:
    end = MONDAY + WEEK
    for name in ("steady", "etagless", "quiet304", "renames"):
        assert lag(subjects[name], end - 6 * HOUR) <= subjects[name].hint * 1.2, f"{name} was late"


def told_once(house: House, subjects: dict[str, Subject]) -> None:
    ids = [k.decode().rpartition(":")[2] for k in house.redis.keys(key("article", "*"))]
    articles = [a for a in house.articles.get_many(ids) if a is not None]
    assert {a.revision for a in articles} == {1}, "an entry was told twice"
    for name in ("steady", "etagless", "quiet304", "busy", "broken", "renames"):
        count = sum(a.feed == name for a in articles)
        published = [at for at in subjects[name].published(MONDAY + WEEK) if at >= MONDAY - 24 * HOUR]
        assert len(published) - 1 <= count <= len(published), f"{name}: {count} of {len(published)} entries"
