"""Redis nearly full, full, behind TLS and a user of its own: clear states, nothing half done, nothing told."""

import asyncio
import dataclasses
import json
import logging
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.authority import certificate
from tests.support.sink import Sink
from tests.support.town import CLOSED, Publisher, doors, house_over, read, run_until_quiet, subscribe
from worker import pipeline
from worker.access import connect, memory_share, shown, standing_open
from worker.cli.logs import Lines, escaped
from worker.deliveries.notices import Signs, blindness
from worker.embedded import find_server
from worker.errors import RedisUnusable, WriteRefused
from worker.judge import Judge
from worker.ledger import Leases


@pytest.fixture
def limited(redis_client: redis.Redis) -> Iterator[redis.Redis]:
    """A Redis whose memory limit a test may set."""
    yield redis_client
    redis_client.config_set("maxmemory", 0)


def test_polling_pauses_before_memory_is_full_and_goes_on_after(limited: redis.Redis, judge: Judge) -> None:
    publisher, house = Publisher([CLOSED]), house_over(limited)
    with Sink(answer=publisher.answer) as server, doors(house.settings) as (fetcher, _):
        publisher.base = server.url
        read(house, publisher)
        used = int(limited.info("memory")["used_memory"])
        limited.config_set("maxmemory", int(used * 1.05))
        assert memory_share(limited) > 0.9
        assert pipeline.crowded(house, before=False)
        thread = threading.Thread(target=pipeline.poll, args=(house, fetcher))
        thread.start()
        time.sleep(1.0)
        assert publisher.asked == []
        limited.config_set("maxmemory", used * 100)
        server.wait_for(1, 30)
        house.stopping.set()
        thread.join(30)
    assert not pipeline.crowded(house, before=True)


def test_a_refused_write_names_itself_and_marks_nothing_as_seen(limited: redis.Redis, judge: Judge) -> None:
    publisher, house = Publisher([CLOSED]), house_over(limited)
    with Sink(answer=publisher.answer) as server, Sink() as sink, doors(house.settings) as (fetcher, sender):
        publisher.base = server.url
        subscribe(house, sink.url)
        read(house, publisher)
        feeds, pages = Leases(house.ledger, "feed", 60), Leases(house.ledger, "page", 60)
        pipeline.ask(house, fetcher, feeds, pages)
        limited.config_set("maxmemory", 1)

        def receive() -> None:
            while True:
                pipeline.poll_turn(house, fetcher, feeds, pages, full=True)

        with pytest.raises(WriteRefused, match="its memory is full: raise maxmemory"):
            receive()
        assert not limited.exists("tocsin:seen:wire")
        assert not list(limited.scan_iter("tocsin:article:*"))
        limited.config_set("maxmemory", 0)
        house.ledger.redis.zadd("tocsin:due:feed", {"wire": 1})
        run_until_quiet(house, judge, fetcher, sender)
        assert len(sink.requests) == 1


def test_a_role_outlives_refused_writes(limited: redis.Redis) -> None:
    house, tries = house_over(limited), list[int]()

    def role() -> None:
        tries.append(1)
        if len(tries) == 2:
            house.stopping.set()
        raise WriteRefused("Redis refuses to write")

    house = dataclasses.replace(house, stopping=Soon())
    pipeline.endure(house, role)
    assert len(tries) == 2


class Soon(threading.Event):
    """An end that is waited for without waiting."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


SIGNS = {
    "well": (Signs(feeds=10, ill=1, polled_ago_s=30, late_s=2, memory=0.3), ""),
    "no feed at all": (Signs(feeds=0, ill=0, polled_ago_s=9999, late_s=0, memory=0), ""),
    "not polled": (
        Signs(feeds=10, ill=0, polled_ago_s=1200, late_s=2, memory=0),
        "no feed has answered for 20 minutes",
    ),
    "late": (
        Signs(feeds=10, ill=0, polled_ago_s=3, late_s=1800, memory=0),
        "the oldest item has waited for 30 minutes",
    ),
    "most fail": (Signs(feeds=10, ill=6, polled_ago_s=3, late_s=0, memory=0), "6 of 10 feeds fail"),
    "one of one fails": (Signs(feeds=1, ill=1, polled_ago_s=3, late_s=0, memory=0), ""),
    "full": (Signs(feeds=1, ill=0, polled_ago_s=3, late_s=0, memory=0.93), "the memory of Redis is 93% full"),
}


@pytest.mark.parametrize(("signs", "said"), SIGNS.values(), ids=SIGNS.keys())
def test_what_makes_tocsin_blind(signs: Signs, said: str) -> None:
    reasons = "; ".join(blindness(signs, 900.0, 0.9))
    assert reasons.startswith(said) if said else reasons == ""


class Guarded:
    """A Redis on TCP with a user of its own, and a TLS door before it."""

    def __init__(self, folder: Path, password: str = "") -> None:
        with Sink() as one, Sink() as other:
            self.port, self.tls_port = one.port, other.port
        words = [
            "--port",
            str(self.port),
            "--dir",
            str(folder),
            "--save",
            "",
            "--bind",
            "127.0.0.1",
            "--appendonly",
            "no",
        ]
        self.process = subprocess.Popen([find_server(), *words], stdout=subprocess.DEVNULL)
        self.plain = f"redis://127.0.0.1:{self.port}/0"
        connect(self.plain).close()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    server = Guarded(tmp_path)
    yield server
    server.close()


# What the rights of a user must be, and RELIABILITY.md says.
RIGHTS = [
    "resetchannels",
    "~tocsin:*",
    "~rq:*",
    "&rq:*",
    "+@all",
    "-@admin",
    "-@dangerous",
    "+info",
    "+keys",
    "+sort",
    "+client|setname",
]


def test_the_whole_way_works_with_a_user_that_may_do_little(guarded: Guarded, judge: Judge) -> None:
    admin = redis.Redis.from_url(guarded.plain)
    admin.execute_command("ACL", "SETUSER", "tocsin", "on", ">s3cret", *RIGHTS)
    client = connect(f"redis://tocsin:s3cret@127.0.0.1:{guarded.port}/0")
    assert standing_open(client) == ""
    publisher, house = Publisher([CLOSED]), house_over(client)
    with Sink(answer=publisher.answer) as server, Sink() as sink, doors(house.settings) as (fetcher, sender):
        publisher.base = server.url
        subscribe(house, sink.url)
        read(house, publisher)
        run_until_quiet(house, judge, fetcher, sender)
        assert len(sink.requests) == 1
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.flushall()
    for one in (admin, client):
        one.close()


def test_a_wrong_password_is_an_error_that_does_not_tell_it(guarded: Guarded) -> None:
    with pytest.raises(RedisUnusable, match="refuses our name or password") as refused:
        connect(f"redis://tocsin:wr0ng@127.0.0.1:{guarded.port}/0?password=wr0ng")
    assert "wr0ng" not in str(refused.value)


def test_an_open_redis_is_noticed(guarded: Guarded) -> None:
    client = redis.Redis.from_url(guarded.plain)
    assert standing_open(client) == ""  # on loopback only
    client.config_set("bind", "* -::*") if client.info()["redis_version"] >= "7" else None
    if client.info()["redis_version"] >= "7":
        assert "has no password" in standing_open(client)
        client.config_set("requirepass", "x")
        assert standing_open(client) == ""
    client.close()


def test_redis_is_reached_through_tls(guarded: Guarded, tmp_path: Path) -> None:
    cert, secret = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    door = Door(guarded.port, context)
    try:
        client = connect(f"rediss://localhost:{door.port}/0?ssl_ca_certs={cert}")
        assert client.ping()
        client.close()
        with pytest.raises(RedisUnusable, match="no Redis answers"):
            connect(f"rediss://localhost:{door.port}/0", wait_s=0.1)
    finally:
        door.close()


class Door:
    """TLS outside, the plain Redis inside."""

    def __init__(self, inner: int, context: ssl.SSLContext) -> None:
        self._loop = asyncio.new_event_loop()
        self._inner = inner
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._pass, "127.0.0.1", 0, ssl=context), self._loop
        ).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _pass(self, reader: object, writer: object) -> None:
        inner = await asyncio.open_connection("127.0.0.1", self._inner)
        await asyncio.gather(self._pump(reader, inner[1]), self._pump(inner[0], writer))

    async def _pump(self, source: object, target: object) -> None:
        while data := await source.read(65536):  # type: ignore[attr-defined]
            target.write(data)  # type: ignore[attr-defined]
            await target.drain()  # type: ignore[attr-defined]
        target.close()  # type: ignore[attr-defined]

    def close(self) -> None:
        async def end() -> None:
            self._server.close()
            tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://user:pass@host:6379/0", "redis://…@host:6379/0"),
        ("rediss://host/0?password=pass&ssl_ca_certs=x", "rediss://host/0"),
        ("unix:///run/redis.sock?password=pass", "unix:///run/redis.sock"),
    ],
)
def test_a_redis_url_is_shown_without_its_secrets(url: str, told: str) -> None:
    assert shown(url) == told


def test_a_log_line_is_one_bounded_line_whatever_is_in_it() -> None:
    record = logging.LogRecord(
        "tocsin", 20, "", 0, "title=%s", ("a\n2026-01-01 INFO forged\x1b[31m" + "x" * 9000,), None
    )
    line = Lines().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert len(line) < 2100
    assert escaped("é 漢", 10) == "é 漢"


def test_a_traceback_stands_behind_bars() -> None:
    try:
        raise ValueError("bad\n2026-01-01 00:00:00 ERROR forged")
    except ValueError as error:
        record = logging.LogRecord("tocsin", 40, "", 0, "oh", (), (ValueError, error, error.__traceback__))
    first, *rest = Lines().format(record).split("\n")
    assert first.endswith("oh")
    assert all(line.startswith("  | ") for line in rest)
    assert json.dumps(rest)


def test_a_redis_that_is_away_fills_no_log_with_tracebacks() -> None:
    try:
        redis.Redis(port=1, retry=None).ping()
    except redis.exceptions.ConnectionError as error:
        record = logging.LogRecord("rq.worker", 40, "", 0, "quitting", (), (type(error), error, error.__traceback__))
    lines = Lines().format(record).split("\n")
    assert len(lines) == 2
    assert lines[1].startswith("  | ConnectionError: Error 111 connecting")
