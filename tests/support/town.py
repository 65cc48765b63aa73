"""A publisher, a subscriber and a house between them, for tests of the whole way from feed to webhook."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

import redis

from tests.support.sink import Answer, Received
from worker import pipeline, reading, wiring
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedDefinition
from worker.judge import Judge
from worker.ledger import KINDS, Leases, key
from worker.settings import Settings
from worker.subscriptions.model import Filter
from worker.wiring import House

LOCAL = ("127.0.0.0/8",)


@dataclass
class Item:
    """One entry of the publisher's feed; ``page`` is served at its link."""

    guid: str
    title: str
    text: str = ""
    published: datetime | None = None
    page: str = ""


CLOSED = Item("closed", "Jordan closes its border with Syria")
CURFEW = Item("curfew", "Ecuador imposes night curfew in Guayaquil")
QUIET = Item("quiet", "Local bakery wins prize for sourdough")


@dataclass
class Publisher:
    """A real HTTP server with one feed at ``/feed.xml`` and its article pages, by validators as a good one."""

    items: list[Item] = field(default_factory=list)
    asked: list[Received] = field(default_factory=list)
    base: str = ""

    def answer(self, request: Received) -> Answer:
        self.asked.append(request)
        for item in self.items:
            if item.page and request.path == f"/{item.guid}.html":
                return Answer(200, {"content-type": "text/html; charset=utf-8"}, item.page.encode())
        if request.path != "/feed.xml":
            return Answer(404)
        body = self.xml().encode()
        etag = f'"{hash(body)}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(304, {"etag": etag})
        return Answer(200, {"content-type": "application/rss+xml", "etag": etag}, body)

    def xml(self) -> str:
        entries = "".join(
            f"<item><guid isPermaLink='false'>{escape(i.guid)}</guid><title>{escape(i.title)}</title>"
            f"<link>{self.base}/{i.guid}.html</link><description>{escape(i.text)}</description>"
            f"<pubDate>{format_datetime(i.published or datetime.now(UTC))}</pubDate></item>"
            for i in self.items
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{entries}</channel></rss>"


def house_over(client: redis.Redis, **settings: Any) -> House:
    """A house over this client, which is given as it is: a test may hand in one that dies."""
    given = Settings(allow_networks=LOCAL, allow_http=True, host_spacing_s=0.0, poll_interval_s=1, **settings)
    return wiring.house_over(client, given)


@contextmanager
def doors(settings: Settings) -> Iterator[tuple[Fetcher, Any]]:
    """The two doors to the network, closed at the end."""
    fetcher, sender = wiring.make_fetcher(settings), wiring.make_sender(settings)
    try:
        yield fetcher, sender
    finally:
        fetcher.close()
        sender.close()


def subscribe(house: House, url: str, **limits: Any) -> str:
    """An active subscription, without a ping; its secret."""
    subscription, secret = house.subscriptions.new(url, Filter(**limits), house.clock())
    house.subscriptions.add(subscription.verified())
    return str(secret)


def read(house: House, publisher: Publisher, name: str = "wire", **given: Any) -> None:
    """Let the house read the publisher's feed."""
    values: dict[str, Any] = {"language": "en", "group": name, "full_text": "feed", "interval_s": 3600, **given}
    reading.add(house, FeedDefinition(name=name, url=f"{publisher.base}/feed.xml", **values), again=True)


def run_until_quiet(house: House, judge: Judge, fetcher: Fetcher, sender: Any, timeout: float = 20.0) -> None:
    """Every step of the pipeline in turn until nothing is due and nothing is in flight."""
    feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
    deadline = time.monotonic() + timeout
    while True:
        pipeline.poll_turn(house, fetcher, feeds, pages)
        pipeline.classify(house, judge)
        pipeline.deliver(house, sender, "delivery")
        pipeline.deliver(house, sender, "delivery:slow")
        if not fetcher.in_flight and not any(house.ledger.due_now(kind) for kind in KINDS):
            return
        assert time.monotonic() < deadline, {kind: house.ledger.due_now(kind) for kind in KINDS}


class Newsroom:
    """A house, a feed that it reads, and the doors that news comes in and alerts leave by."""

    def __init__(self, house: House, judge: Judge, publisher: Publisher, doors: tuple[Any, Any]) -> None:
        self.house, self.judge, self.publisher, self.doors = house, judge, publisher, doors

    def publish(self, *items: Any, name: str = "wire") -> None:
        self.publisher.items = list(items)
        read(self.house, self.publisher, name)
        self.run()

    def run(self) -> None:
        run_until_quiet(self.house, self.judge, *self.doors)

    def hurry(self) -> None:
        """As if all that is due later were due now."""
        for kind in ("delivery", "delivery:slow"):
            for item in self.house.redis.zrange(key("due", kind), 0, -1):
                self.house.redis.zadd(key("due", kind), {item: 1})
        self.run()


def let_leases_run_out(client: redis.Redis) -> None:
    """As if three seconds had passed: what was leased is due, and still marked as having lost its worker."""
    for kind in KINDS:
        for item in client.hkeys(key("leased", kind)):
            client.zadd(key("due", kind), {item: 1})


def alerts_of(requests: list[Received]) -> list[dict[str, Any]]:
    """The bodies of the webhooks that tell of alerts."""
    return [json.loads(r.body) for r in requests]
