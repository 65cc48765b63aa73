"""Real processes, really killed: every item arrives, under one webhook-id each."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.support.paths import configured
from tests.support.sink import Answer, Sink
from tests.support.town import LOCAL, Item, Publisher, house_over, read, subscribe
from worker.cli.up import Roles
from worker.embedded import EmbeddedRedis
from worker.ops.reconcile import reconcile

pytestmark = pytest.mark.system

COUNTRIES = tuple(
    """Jordan Syria Iraq Turkey Iran Egypt Libya Tunisia Algeria Morocco Sudan Ethiopia Kenya Uganda Rwanda Burundi
    Tanzania Zambia Angola Namibia Botswana Ghana Togo Benin Nigeria Cameroon Gabon Senegal Mali Poland Finland
    Latvia Estonia Lithuania Hungary Romania Bulgaria Serbia Kosovo Albania""".split()  # noqa: SIM905 - so it can be read
)


class System:
    """All roles over a Redis that keeps every write, a publisher and a sink that is slow enough to be interrupted."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.redis = stack.enter_context(EmbeddedRedis(folder, appendfsync="always"))
        self.publisher = Publisher()
        server = stack.enter_context(Sink(answer=self.publisher.answer))
        self.sink = stack.enter_context(Sink(Answer(204, delay_s=0.05)))
        self.publisher.base = server.url
        self.house = house_over(redis.Redis.from_url(self.redis.url))
        environ = {
            "TOCSIN_CONFIG_DIR": str(configured(folder / "config")),
            "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_SCORER": "off",
            "TOCSIN_CLASSIFY_BATCH": "4",
            "TOCSIN_SEND_CONCURRENCY": "4",
            "TOCSIN_HOST_SPACING_S": "0",
            "TOCSIN_LOG_LEVEL": "error",
        }
        self.roles = Roles(self.redis.url, ("poller", "classifier", "sender", "sender-slow"), environ)
        stack.callback(self.roles.stop)
        self.roles.start()

    def publish(self, names: tuple[str, ...]) -> None:
        subscribe(self.house, self.sink.url)
        self.publisher.items = [Item(n, f"{n} closes its border") for n in names]
        read(self.house, self.publisher, interval_s=30)

    def kill(self, role: str) -> None:
        process = self.roles.processes[role]
        process.kill()
        process.wait()
        self.roles.start()  # as docker's `restart: always` would

    def wait(self, until: Callable[[], bool], timeout: float = 60) -> None:
        deadline = time.monotonic() + timeout
        while not until():
            assert time.monotonic() < deadline, f"{len(self.told())} countries were told"
            assert all(p.poll() in (None, -signal.SIGKILL) for p in self.roles.processes.values()), "a role gave up"
            self.roles.start()
            time.sleep(0.05)

    def told(self) -> dict[str, set[str]]:
        """Alert → the webhook-ids under which its first revision came."""
        told: dict[str, set[str]] = {}
        for request in list(self.sink.requests):
            data = json.loads(request.body)["data"]
            told.setdefault(data["places"][0]["country"], set()).add(request.headers["webhook-id"])
        return told


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with ExitStack() as stack:
        yield System(stack, tmp_path)


def check(system: System, count: int) -> None:
    system.wait(lambda: len(system.told()) == count)
    assert all(len(ids) == 1 for ids in system.told().values())
    system.wait(lambda: reconcile(system.house).deliveries["due"] == 0)
    sums = reconcile(system.house)
    assert sums.right, sums.lost
    assert not any(sums.quarantined.values())


def test_every_item_arrives_whichever_process_is_killed(system: System) -> None:
    system.publish(COUNTRIES)
    for role in ("poller", "classifier", "sender", "classifier", "sender"):
        seen = len(system.sink.requests)
        system.wait(lambda seen=seen: len(system.sink.requests) > seen or role == "poller")  # noqa: B023
        system.kill(role)
    check(system, len(COUNTRIES))


def test_a_killed_workers_item_is_taken_up_again_within_ten_seconds(system: System) -> None:
    system.publish(COUNTRIES[:12])
    system.wait(lambda: len(system.sink.requests) >= 1)
    system.kill("sender")
    killed = time.monotonic()
    check(system, 12)
    assert time.monotonic() - killed < 12  # ten for the lease and the bell, two for a process to start


def test_a_killed_redis_is_missed_by_nobody(system: System) -> None:
    outage(system, float(os.environ.get("OUTAGE_S", "5")), signal.SIGKILL)


def test_a_redis_that_freezes_is_missed_by_nobody(system: System) -> None:
    system.publish(COUNTRIES)
    system.wait(lambda: len(system.sink.requests) >= 4)
    assert system.redis.process is not None
    system.redis.process.send_signal(signal.SIGSTOP)
    time.sleep(3)
    system.redis.process.send_signal(signal.SIGCONT)
    check(system, len(COUNTRIES))


def outage(system: System, seconds: float, number: int) -> None:
    """Redis is away for so long, in mid-run; the processes that were there before are there after."""
    system.publish(COUNTRIES)
    system.wait(lambda: len(system.sink.requests) >= 4)
    assert system.redis.process is not None
    before: dict[str, Any] = {name: p.pid for name, p in system.roles.processes.items()}
    system.redis.process.send_signal(number)
    system.redis.process.wait()
    time.sleep(seconds)
    system.redis.start()
    check(system, len(COUNTRIES))
    assert {name: p.pid for name, p in system.roles.processes.items()} == before
