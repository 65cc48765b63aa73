"""A disk that is really full: Redis says so, nothing is taken for done, and all is told once there is room again."""

import contextlib
import functools
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from tests.support.sink import Sink
from tests.support.town import CLOSED, CURFEW, Publisher, doors, house_over, read, run_until_quiet, subscribe
from worker import pipeline
from worker.embedded import EmbeddedRedis
from worker.errors import WriteRefused
from worker.judge import Judge
from worker.ledger import Leases, key

pytestmark = pytest.mark.system
DISK_KB = 4096


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KB}k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def eventually(what: Callable[[], object], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.01)


def fill(disk: Path, client: redis.Redis) -> Path:
    """The file that leaves no room, once Redis has noticed."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with pytest.raises(redis.exceptions.ResponseError, match="MISCONF"):
        eventually(lambda: client.set("filling", "x" * 4096) is None)
    return ballast


def test_what_comes_while_the_disk_is_full_is_told_when_it_is_not(
    disk: Path, judge: Judge, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = Publisher([CLOSED])
    with (
        EmbeddedRedis(disk) as server,
        redis.Redis.from_url(server.url) as client,
        Sink(answer=publisher.answer) as wire,
        Sink() as sink,
    ):
        house, on_duty = house_over(client), house_over(client)
        publisher.base = wire.url
        subscribe(house, sink.url)
        read(house, publisher)
        with doors(house.settings) as (fetcher, sender):
            run_until_quiet(house, judge, fetcher, sender)
            seen = client.hlen(key("seen", "wire"))
            publisher.items.append(CURFEW)
            client.zadd(key("due", "feed"), {"wire": 1})
            feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
            pipeline.ask(house, fetcher, feeds, pages)
            ballast = fill(disk, client)
            with pytest.raises(WriteRefused, match="it cannot write to its disk: make room there"):
                eventually(lambda: pipeline.poll_turn(house, fetcher, feeds, pages, full=True))
            with caplog.at_level(logging.ERROR, "tocsin"):
                role = functools.partial(pipeline.poll, on_duty, fetcher)
                poller = threading.Thread(target=pipeline.endure, args=(on_duty, role), daemon=True)
                poller.start()
                eventually(lambda: "redis.refuses" in caplog.text)
            assert client.hlen(key("seen", "wire")) == seen
            ballast.unlink()
            eventually(lambda: client.hlen(key("seen", "wire")) > seen)
            on_duty.stopping.set()
            poller.join(30)
            run_until_quiet(house, judge, fetcher, sender)
        assert len(sink.requests) == 2
        assert len({r.headers["webhook-id"] for r in sink.requests}) == 2
        assert not client.zcard(key("due", "delivery"))
