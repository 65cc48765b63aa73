"""Cases with real processes: ten thousand subscribers, sick endpoints, and how soon an idle system rings."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import redis

from tests.bench.measure import Figure
from tests.support.builders import NOON, RULES, article, event
from tests.support.paths import ROOT, configured
from tests.support.sink import Sink
from tests.support.town import LOCAL, Item, Publisher, house_over, read, subscribe
from worker import pipeline
from worker.alerts import link
from worker.cli.up import Roles
from worker.ledger import Transaction, alive
from worker.wiring import House

SUBSCRIBERS = 10_000
HEALTHY = 800
ROUNDS = 40
START_S = 60.0
KNOWN_S = 17.0  # by then a dead endpoint has timed out
NAMES = (
    "Jordan Syria Iraq Turkey Iran Egypt Libya Tunisia Algeria Morocco Sudan Ethiopia Kenya Uganda Rwanda Burundi "
    "Tanzania Zambia Angola Namibia Botswana Ghana Togo Benin Nigeria Cameroon Gabon Senegal Mali Poland Finland "
    "Latvia Estonia Lithuania Hungary Romania Bulgaria Serbia Kosovo Albania Brazil"
)
COUNTRIES = NAMES.split()


@contextmanager
def roles(client: redis.Redis, *names: str) -> Iterator[Roles]:
    """These roles over the bench's Redis."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            "TOCSIN_CONFIG_DIR": str(configured(Path(folder))),
            "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_SCORER": "off",
            "TOCSIN_HOST_SPACING_S": "0",
            "TOCSIN_LOG_LEVEL": "error",
        }
        started = Roles(f"unix://{client.connection_pool.connection_kwargs['path']}", names, environ)
        started.start()
        until = time.monotonic() + START_S
        while not all(alive(client, name) for name in names):
            if time.monotonic() > until:
                raise TimeoutError(f"not all of {', '.join(names)} started within {START_S:.0f} s")
            time.sleep(0.1)
        yield started
        for process in started.processes.values():
            process.kill()  # whatever it waits for
        started.stop()


@contextmanager
def hole() -> Iterator[str]:
    """The URL of a sink in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.hole"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    process.kill()
    process.wait()


def told(house: House, number: int) -> float:
    """Let one new alert be told to all who are subscribed; when that began."""
    (alert,) = link.fold(article(f"ar_{number}"), [event()], [], now=NOON, rules=RULES)
    transaction = Transaction()
    house.alerts.put(transaction, msgspec.structs.replace(alert, id=f"al_bench{number}"))
    began = time.time()
    house.ledger.commit(transaction)
    pipeline.fan_out(house)
    return began


def arrivals(url: str, kind: str, count: int, most_s: float = 120) -> list[float]:
    """When the first so many came."""
    until = time.monotonic() + most_s
    while True:
        found: list[float] = httpx.get(f"{url}/stats").json()[kind]
        if len(found) >= count:
            return sorted(found)
        if time.monotonic() > until:
            raise TimeoutError(f"{len(found)} of {count} came")
        time.sleep(0.25)


def fanning_out(client: redis.Redis) -> list[Figure]:
    house = house_over(client)
    with hole() as url, roles(client, "sender", "sender-slow"):
        for n in range(SUBSCRIBERS):
            subscribe(house, f"{url}/ok/{n}")
        began = told(house, 1)
        took = arrivals(url, "ok", SUBSCRIBERS)[-1] - began
    what = f"one alert to {SUBSCRIBERS:,} subscribers, accepted by all after {took:.1f} s"
    return [Figure(what, SUBSCRIBERS / took, "what is promised: 10 s", SUBSCRIBERS / 10)]


def _p99(client: redis.Redis, sick: bool) -> tuple[float, float]:
    """How long the healthy ones wait for a first alert, and for one that comes when it is known who is sick."""
    client.flushall()
    house = house_over(client)
    with hole() as url, roles(client, "sender", "sender-slow"):
        for n in range(HEALTHY):
            subscribe(house, f"{url}/ok/{n}")
            if n % 8 == 0 and sick:
                subscribe(house, f"{url}/slow/{n}")
                subscribe(house, f"{url}/dead/{n}")
        took = []
        for number in range(2):
            began = told(house, number)
            came = arrivals(url, "ok", HEALTHY * (number + 1))[HEALTHY * number :]
            took.append(came[int(HEALTHY * 0.99)] - began)
            time.sleep(0.0 if number else KNOWN_S)
        return took[0], took[1]


def sick_endpoints(client: redis.Redis) -> list[Figure]:
    healthy, sick = _p99(client, False), _p99(client, True)
    figures = []
    for when, well, ill in zip(("nobody knows yet", "it is known"), healthy, sick, strict=True):
        what = f"p99 with a tenth dead and a tenth slow, when {when}: {ill:.2f} s, without {well:.2f} s"
        figures.append(Figure(what, 1 / ill, "without them", 1 / well))
    return figures


def idle(client: redis.Redis) -> list[Figure]:
    publisher, house, took = Publisher(), house_over(client), list[float]()
    with Sink(answer=publisher.answer) as server, Sink() as sink, roles(client, "poller", "classifier", "sender"):
        publisher.base = server.url
        subscribe(house, sink.url)
        read(house, publisher)
        for n, country in enumerate(COUNTRIES[: ROUNDS + 1]):
            publisher.items.append(Item(str(n), f"{country} closes its border"))
            publisher.asked.clear()
            client.zadd("tocsin:due:feed", {"wire": house.ledger.now_us()})
            came: Any = sink.wait_for(n + 1, 60)[-1]
            took.append(came.at - publisher.asked[-1].at)
            time.sleep(0.3)
    took = sorted(took[1:])
    p50, p99 = took[len(took) // 2], took[-1]
    what = f"poll to accepted webhook, idle: p50 {p50 * 1000:.0f} ms, slowest of {len(took)} {p99 * 1000:.0f} ms"
    return [Figure(what, 1 / p50, "what is promised: 300 ms", 1 / 0.3)]
