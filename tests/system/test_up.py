"""`tocsin up`: everything on one machine, and nothing that outlives it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.paths import configured
from tests.support.sink import Sink
from tests.support.town import CLOSED, LOCAL, Publisher
from worker.embedded import running

pytestmark = pytest.mark.system


class Up:
    """A running `tocsin up` over a data folder."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environ = {
            **os.environ,
            "TOCSIN_DATA_DIR": str(folder / "data"),
            "TOCSIN_CONFIG_DIR": str(configured(folder / "config")),
            "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_SCORER": "off",
            "TOCSIN_API_PORT": str(self.port),
            "TOCSIN_LOG_LEVEL": "error",
            **more,
        }
        command = [sys.executable, "-m", "worker.cli.main", "up"]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self.environ, stderr=log)
        wait(self.ready)

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def tocsin(self, *words: str) -> str:
        command = [sys.executable, "-m", "worker.cli.main", *words]
        return subprocess.run(command, env=self.environ, check=True, capture_output=True, text=True).stdout

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)


def free_port() -> int:
    with Sink() as sink:
        return sink.port


def wait(until: Callable[[], bool], timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path)
    yield started
    started.stop()


def test_a_feed_that_is_added_rings_and_all_is_there_after_a_restart(up: Up) -> None:
    publisher = Publisher([CLOSED])
    with Sink(answer=publisher.answer) as server, Sink() as sink:
        publisher.base = server.url
        up.tocsin("subscribe", sink.url)
        up.tocsin("feeds", "add", "wire", f"{server.url}/feed.xml", "--language", "en", "--full-text", "feed")
        (_, alert) = sink.wait_for(2, 30)
        assert json.loads(alert.body)["data"]["trigger"] == "border_closure"
        family = up.family()
        up.stop()
        assert up.process.returncode == 0
        assert not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        again = Up(up.folder)
        assert json.loads(again.tocsin("alerts", "list", "--json"))["trigger"] == "border_closure"
        again.stop()
        assert len(sink.requests) == 2


def test_when_it_is_killed_its_roles_end_and_the_next_one_takes_its_redis_over(up: Up) -> None:
    family = [p for p in up.family() if "redis" not in p.name()]
    assert len(family) >= 5
    up.process.send_signal(signal.SIGKILL)
    up.process.wait()
    psutil.wait_procs(family, timeout=30)
    assert not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert running(up.folder / "data")
    again = Up(up.folder)
    again.stop()
    assert not running(up.folder / "data")


def probes() -> int:
    """The first of four ports in a row that nobody listens at."""
    while True:
        first = free_port()
        try:
            for port in range(first, first + 4):
                with socket.socket() as taken:
                    taken.bind(("", port))
        except OSError:
            continue
        return first


def test_each_role_answers_whoever_watches_it_and_writes_its_lines_as_objects(tmp_path: Path) -> None:
    first = probes()
    given = {"TOCSIN_PROBE_PORT": str(first), "TOCSIN_LOG_FORMAT": "json", "TOCSIN_LOG_LEVEL": "info"}
    up = Up(tmp_path, **given)
    try:
        roles = ("poller", "classifier", "sender", "sender-slow")
        for port in range(first, first + len(roles)):
            wait(lambda port=port: answer(port, "/readyz")[0] == 200)  # type: ignore[misc]
            assert answer(port, "/healthz") == (200, '{"status":"ok"}')
            assert answer(port, "/metrics")[0] == 200  # what nobody did yet is not counted
            assert answer(port, "/elsewhere")[0] == 404
    finally:
        up.stop()
    said = [json.loads(line) for line in up.log.read_text().splitlines() if not line.startswith(("tocsin is", "stop"))]
    assert {f"{role}.started" for role in roles} <= {line["event"] for line in said}
    assert all({"time", "level", "event"} <= line.keys() for line in said)


def answer(port: int, path: str) -> tuple[int, str]:
    """Status and body; 0 where nobody listens yet."""
    try:
        reply = httpx.get(f"http://127.0.0.1:{port}{path}")
    except httpx.TransportError:
        return 0, ""
    return reply.status_code, reply.text


def test_it_does_not_begin_where_it_would_stand_open_to_other_machines(tmp_path: Path) -> None:
    environ = {**os.environ, "TOCSIN_DATA_DIR": str(tmp_path), "TOCSIN_API_HOST": "0.0.0.0"}  # noqa: S104 - is refused
    environ.pop("TOCSIN_API_KEY", None)
    command = [sys.executable, "-m", "worker.cli.main", "up"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "set the key" in done.stderr) == (1, True)
    assert done.stderr.count("\n") == 1
