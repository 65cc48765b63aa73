"""`tocsin up`: everything on one machine, and nothing that outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.paths import CONFIG
from tests.support.sink import Sink
from tests.support.town import CLOSED, LOCAL, Publisher
from worker.embedded import running

pytestmark = pytest.mark.system


class Up:
    """A running `tocsin up` over a data folder."""

    def __init__(self, folder: Path) -> None:
        (folder / "config").mkdir(exist_ok=True)
        (folder / "config" / "feeds.yaml").write_text("feeds: []\n")
        for name in ("triggers", "severity.yaml"):
            if not (folder / "config" / name).exists():
                (folder / "config" / name).symlink_to(CONFIG / name)
        self.folder, self.port = folder, free_port()
        self.environ = {
            **os.environ,
            "TOCSIN_DATA_DIR": str(folder / "data"),
            "TOCSIN_CONFIG_DIR": str(folder / "config"),
            "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_SCORER": "off",
            "TOCSIN_API_PORT": str(self.port),
            "TOCSIN_LOG_LEVEL": "error",
        }
        self.process = subprocess.Popen([sys.executable, "-m", "worker.cli.main", "up"], env=self.environ)
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
