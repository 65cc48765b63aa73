"""A feed's own headers and proxy on the way that the poller takes, also where its secrets cannot be opened."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import redis

from tests.support.sink import Answer, Received, Sink
from tests.support.town import Item, Publisher, doors, house_over, read
from worker import pipeline
from worker.feeds.fetch import Fetcher
from worker.ledger import KINDS, Leases
from worker.wiring import House

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
SECRET = {"headers": {"X-Key": "hush"}}
PAGE = f"<html><body><article><p>{'Guards shut the post to all traffic. ' * 30}</p></article></body></html>"


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    return house_over(redis_client, secrets_key=KEY)


@pytest.fixture
def fetcher(house: House) -> Iterator[Fetcher]:
    with doors(house.settings) as (fetcher, _):
        yield fetcher


def poll(house: House, fetcher: Fetcher) -> None:
    """Poll until nothing is due but what is to be judged."""
    feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
    waiting: tuple[Any, ...] = tuple(k for k in KINDS if k in ("feed", "page"))
    while fetcher.in_flight or any(house.ledger.due_now(kind) for kind in waiting):
        pipeline.poll_turn(house, fetcher, feeds, pages)


def test_a_feed_and_its_pages_are_asked_with_its_headers_through_its_proxy(house: House, fetcher: Fetcher) -> None:
    publisher = Publisher([Item("closed", "Post 1 closes", page=PAGE)])

    def passed_on(request: Received) -> Answer:
        return publisher.answer(replace(request, path=request.path.removeprefix(publisher.base)))

    with Sink(answer=passed_on) as proxy:
        publisher.base = proxy.url
        read(house, publisher, full_text="page", proxy=proxy.url.replace("//", "//me:hush@"), **SECRET)
        poll(house, fetcher)
    came = {r.path: r.headers for r in publisher.asked}
    assert [(path, came[path].get("x-key", "")) for path in sorted(came)] == [
        ("/closed.html", "hush"),
        ("/feed.xml", "hush"),
        ("/robots.txt", ""),
    ]
    assert {h["proxy-authorization"] for h in came.values()} == {"Basic bWU6aHVzaA=="}
    assert house.feeds.get("wire").health == "healthy"


def test_a_feed_whose_secrets_cannot_be_opened_is_not_asked_and_holds_up_no_other(
    house: House, fetcher: Fetcher, redis_client: redis.Redis
) -> None:
    publisher = Publisher()
    with Sink(answer=publisher.answer) as server:
        publisher.base = server.url
        read(house, publisher, "locked", **SECRET)
        read(house, publisher, "open")
        stranger = house_over(redis_client)
        poll(stranger, fetcher)
        assert [("x-key" in r.headers) for r in publisher.asked] == [False]
        locked, free = stranger.feeds.get("locked"), stranger.feeds.get("open")
        assert (locked.health, free.health) == ("failing", "healthy")
        assert locked.reason.startswith("TOCSIN_SECRETS_KEY: is not set")
