"""The poller's memory stays where it was, however much has come through it."""

import gc
import itertools
import tracemalloc

import redis

from tests.support.publishers import Page, Publisher, Visit, rss
from tests.support.town import doors, house_over
from worker import pipeline
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedDefinition
from worker.ledger import Leases, key
from worker.wiring import House

FEEDS, ENTRIES, WARM, CYCLES = 8, 20, 2, 5
TEXT = "Guards shut the post to all traffic, and nobody could say for how long. " * 280
MEGABYTE = 1_000_000


def moving(number: int) -> Page:
    """A large feed that is another one at each visit: an entry is new, and one is gone."""
    visits = itertools.count()

    def page(visit: Visit) -> None:
        first = next(visits)
        items = (
            f"<item><guid>{number}-{n}</guid><title>Post {n} closes</title><link>https://news.example/{n}</link>"
            f"<pubDate>Wed, 21 Oct 2026 10:00:00 GMT</pubDate><description>{TEXT}</description></item>"
            for n in range(first, first + ENTRIES)
        )
        visit.answer(200, rss(*items), {"Content-Type": "application/rss+xml", "ETag": f'"{first}"'})

    return page


def cycle(house: House, fetcher: Fetcher, leases: tuple[Leases, Leases]) -> None:
    """Poll every feed once: its own interval is an hour, so that none falls due again meanwhile on a slow machine."""
    house.redis.zadd(key("due", "feed"), dict.fromkeys(house.feeds.names(), 1))
    while fetcher.in_flight or house.ledger.due_now("feed"):
        pipeline.poll_turn(house, fetcher, *leases)


def test_feeds_polled_again_and_again_leave_nothing_in_memory(redis_client: redis.Redis) -> None:
    house = house_over(redis_client, host_concurrency=FEEDS)
    pages = {f"/{n}": moving(n) for n in range(FEEDS)}
    with Publisher(pages) as publisher, doors(house.settings) as (fetcher, _):
        house.feeds.sync(
            [
                FeedDefinition(
                    name=f"f{n}",
                    url=publisher.url(f"/{n}"),
                    language="en",
                    group="g",
                    full_text="feed",
                    interval_s=3600,
                )
                for n in range(FEEDS)
            ]
        )
        leases = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
        figures = []
        tracemalloc.start()
        for _ in range(WARM + CYCLES):
            cycle(house, fetcher, leases)
            publisher.asked.clear()
            gc.collect()
            figures.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    came = CYCLES * FEEDS * ENTRIES * len(TEXT)
    kept = figures[-1] - figures[WARM - 1]
    assert came > 15 * MEGABYTE
    assert kept < came / 4  # what pytest and other tests allocate meanwhile counts too; a text kept would be all of it
    assert {f.successes for f in house.feeds.get_many(house.feeds.names()) if f} == {WARM + CYCLES}
