"""The API over a house with a hundred thousand alerts: its list beside a bare ASGI app, its pace, and its streams."""

import asyncio
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import psutil
import redis

from tests.bench.caller import Stream, connected, hurried, paced, request
from tests.bench.crowd import ALERTS, fill, found
from tests.bench.measure import Figure, beside, sized
from tests.support.builders import NOON, article
from tests.support.paths import CONFIG, ROOT
from tests.support.town import house_over
from worker.api.server import open_many
from worker.cli.up import Roles
from worker.ledger import Transaction
from worker.wiring import House

KEY = "k" * 24
ASKED = sized(4_000, 500)
LINES = 32
PACE = 100.0
PACED_S = sized(20, 4)
STREAMS = sized(1_000, 100)
ROUNDS = sized(5, 2)
PATIENCE_S = 60.0


@contextmanager
def api(client: redis.Redis) -> Iterator[tuple[str, psutil.Process]]:
    """The address of the API as it is really run, and its process."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environ = {"TOCSIN_CONFIG_DIR": str(CONFIG), "TOCSIN_API_KEY": KEY, "TOCSIN_API_RATE": "0"}
    redis_url = f"unix://{client.connection_pool.connection_kwargs['path']}"
    started = Roles(redis_url, ("api",), {**environ, "TOCSIN_API_PORT": str(port), "TOCSIN_LOG_LEVEL": "error"})
    started.start()
    try:
        url, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE_S
        while not answers(f"{url}/healthz"):
            assert time.monotonic() < until, "the API did not start"
            time.sleep(0.1)
        yield url, psutil.Process(started.processes["api"].pid)
    finally:
        started.stop()


@contextmanager
def bare(body: bytes) -> Iterator[str]:
    """The address of a bare app of the same server that answers with these bytes."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        command = [sys.executable, "-m", "tests.bench.bare", file.name]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
            server.terminate()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def serving(client: redis.Redis) -> list[Figure]:
    """The house that ``growth`` has filled, or one that is filled here."""
    house, luck = house_over(client), random.Random(7)
    there = int(client.zcard("tocsin:alerts"))  # type: ignore[arg-type]
    if there < ALERTS:
        fill(house, luck, range(there, ALERTS), 0)
    with api(client) as (url, process):
        page = f"{url}/v1/alerts"
        body = httpx.get(page, headers={"authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S).content
        assert len(msgspec.json.decode(body)["items"]) == 50
        with bare(body) as plain:
            figures = lists(page, f"{plain}/", len(body), luck)
        memory = process.memory_info().rss / 1e6
        figures.append(pace(house, page, luck, f"{memory:.0f} MB"))
        figures.append(streams(house, f"{page}/stream", luck))
    return figures


def lists(page: str, plain: str, size: int, luck: random.Random) -> list[Figure]:
    """The list as many ask it at once, and each time another page of it, beside the same bytes for nothing."""
    same, nothing = [request(page, KEY)] * ASKED, [request(plain)] * ASKED
    every = [request(f"{page}?until={moment(luck)}", KEY) for _ in range(ASKED // 4)]
    what, beside_what = f"the list ({size / 1000:.0f} kB) of {ALERTS:,} alerts", "a bare ASGI app, the same bytes"

    def bared() -> int:
        return hurried(nothing, plain, LINES)

    return [
        beside(f"{what}, the newest", lambda: hurried(same, page, LINES), beside_what, bared, floor=0.4),
        beside(f"{what}, each time another page", lambda: hurried(every, page, LINES), beside_what, bared),
    ]


def ring(house: House, luck: random.Random) -> float:
    """Let one alert come, the newest of all; when that was."""
    alert = found(article(f"now_{luck.random()}"), luck, house.clock())
    transaction = Transaction()
    house.alerts.put(transaction, alert)
    house.ledger.commit(transaction.done("alert", alert.id))
    return time.time()


@contextmanager
def ringing(house: House, luck: random.Random) -> Iterator[None]:
    """A new alert each second, meanwhile."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(1.0):
            ring(house, luck)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    over.set()
    thread.join()


def moment(luck: random.Random) -> str:
    """A time within the ninety days of the alerts, as a parameter."""
    return (NOON - timedelta(hours=luck.uniform(0, 80 * 24))).strftime("%Y-%m-%dT%H:%M:%SZ")


def pace(house: House, page: str, luck: random.Random, memory: str) -> Figure:
    """A hundred requests a second of every kind, while a new alert comes each second."""
    kinds = (
        lambda: page,
        lambda: page,
        lambda: f"{page}?until={moment(luck)}",
        lambda: f"{page}?country={luck.choice(('JO', 'SY', 'UA', 'FR'))}&limit=20",
        lambda: f"{page}?trigger=border_closure&severity=severe",
        lambda: f"{page}/{luck.choice(known)}",
    )
    known = [a.id for a in house.alerts.recent(200)]
    asked = [request(luck.choice(kinds)(), KEY) for _ in range(int(PACE * PACED_S))]
    with ringing(house, luck):
        took = paced(asked, page, PACE)
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    what = f"{PACE:.0f} requests/s of all kinds, process of {memory}: p50 {p50:.1f} ms, p99 {p99:.1f} ms; 1 / p99"
    return Figure(what, 1000 / p99, "what is promised: 50 ms", 1000 / 50, floor=1.0)


def streams(house: House, url: str, luck: random.Random) -> Figure:
    """How soon all of a thousand open streams have an alert that was stored now."""

    async def run() -> list[float]:
        asked, took = request(url, KEY), list[float]()
        async with connected(url, STREAMS, Stream) as made:
            lines = [line for line in made if isinstance(line, Stream)]
            for line in lines:
                line.transport.write(asked)
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(line.opened for line in lines))
                await asyncio.sleep(1.0)
                for told in range(1, ROUNDS + 1):
                    at = await asyncio.to_thread(ring, house, luck)
                    while any(len(line.came) < told for line in lines):
                        await asyncio.sleep(0.01)
                    took.append(max(line.came[-1] for line in lines) - at)
        return took

    open_many()
    worst = max(asyncio.run(run()))
    what = f"one alert on all of {STREAMS:,} streams within {worst:.2f} s, the slowest of {ROUNDS}; streams told"
    return Figure(what, STREAMS / worst, "what is promised: 2 s", STREAMS / 2, floor=1.0)
