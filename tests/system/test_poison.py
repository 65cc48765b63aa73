"""An article that kills or hangs its worker: given up after three tries, shown, and no neighbour's loss."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from tests.support.paths import ROOT
from tests.support.poisoned import TITLE
from tests.support.sink import Sink
from tests.support.town import CLOSED, CURFEW, Item, Publisher, doors, house_over, read
from worker import pipeline
from worker.embedded import EmbeddedRedis
from worker.ledger import Leases
from worker.ops.reconcile import reconcile
from worker.wiring import House

pytestmark = pytest.mark.system


@contextmanager
def town(folder: Path) -> Iterator[tuple[House, str]]:
    """Three articles that are due, one of them poison."""
    with ExitStack() as stack:
        server = stack.enter_context(EmbeddedRedis(folder, appendfsync="no"))
        publisher = Publisher([CLOSED, Item("poison", TITLE), CURFEW])
        publisher.base = stack.enter_context(Sink(answer=publisher.answer)).url
        house = house_over(redis.Redis.from_url(server.url))
        fetcher, _ = stack.enter_context(doors(house.settings))
        read(house, publisher)
        feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
        while not house.ledger.scheduled("article"):
            pipeline.poll_turn(house, fetcher, feeds, pages)
        yield house, server.url


def start(url: str, way: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.poisoned", url, way]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def test_what_kills_its_worker_three_times_is_quarantined_and_shown(tmp_path: Path) -> None:
    with town(tmp_path) as (house, url):
        process, starts, deadline = start(url, "die"), 1, time.monotonic() + 150
        while not house.ledger.quarantined("article"):
            assert time.monotonic() < deadline, house.ledger.scheduled("article")
            pipeline.tick(house)
            for item in house.redis.hkeys("tocsin:leased:article"):
                house.redis.zadd("tocsin:due:article", {item: 1}) if process.poll() is not None else None
            if process.poll() is not None:
                process, starts = start(url, "die"), starts + 1
            time.sleep(0.1)
        ((item, reason),) = house.ledger.quarantined("article").items()
        while house.ledger.scheduled("article"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.terminate()
        process.wait(30)
        assert "died 3 times" in reason
        assert house.articles.get_many([item])[0].title == TITLE  # type: ignore[union-attr]
        assert {a.trigger for a in house.alerts.recent()} == {"border_closure", "curfew"}
        assert reconcile(house).right
        assert starts == 4


def test_a_worker_that_hangs_where_no_signal_helps_ends_by_itself(tmp_path: Path) -> None:
    with town(tmp_path) as (house, url):
        process = start(url, "hang")
        pipeline.tick(house)
        assert process.wait(120) == 1
        assert house.redis.hlen("tocsin:leased:article") == 3
