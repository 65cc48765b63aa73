"""The processes under fire, what each of them holds, and how soon that is taken up again."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import redis

from tests.support.sink import Sink
from worker.cli.up import Roles
from worker.embedded import EmbeddedRedis
from worker.ledger import Kind, key

KINDS: dict[str, tuple[Kind, ...]] = {
    "poller": ("feed",),
    "classifier": ("article", "alert"),
    "sender": ("delivery",),
    "sender-slow": ("delivery:slow",),
}
HOSTS = 2  # each with every role, so that somebody is there while another starts


class Fleet:
    """A Redis that keeps every write, and the roles of two hosts over it."""

    def __init__(self, folder: Path, environ: dict[str, str], ends: tuple[Sink, Sink]) -> None:
        self.redis = EmbeddedRedis(folder / "redis", appendfsync="always")
        self.redis.start()
        self.press, self.hooks = ends
        self._client = redis.Redis.from_url(self.redis.url, socket_timeout=2)
        self._hosts = [Roles(self.redis.url, tuple(KINDS), environ) for _ in range(HOSTS)]
        self.stopped: dict[str, tuple[psutil.Process, float]] = {}

    def revive(self) -> None:
        """Start what is dead, wake what has slept its time."""
        for name, (process, until) in list(self.stopped.items()):
            if time.monotonic() > until:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)
                del self.stopped[name]
        assert self.redis.process is not None
        if self.redis.process.poll() is not None:
            self.redis.start()
        for host in self._hosts:
            host.start()

    def processes(self) -> dict[str, subprocess.Popen[bytes]]:
        """Everything that runs now, by ``role@host``, Redis too."""
        found = {f"{role}@{n}": p for n, host in enumerate(self._hosts) for role, p in host.processes.items()}
        assert self.redis.process is not None
        alive = {name: p for name, p in {**found, "redis@0": self.redis.process}.items() if p.poll() is None}
        return {name: p for name, p in alive.items() if name not in self.stopped}

    def held(self, name: str, process: subprocess.Popen[bytes]) -> list[tuple[Kind, str]]:
        """What this process holds a lease on, as far as it shows.

        Pollers and senders: what the other end is just answering on one of the process's own connections. Classifiers:
        whatever is leased while this one is at work; ``Watch`` drops what turns out to be the other's.
        """
        role = name.partition("@")[0]
        if role == "redis":
            return []
        if role == "classifier":
            return self._leased(process.pid)
        end = self.press if role == "poller" else self.hooks
        flying = dict(list(end.flying.items()))
        if not flying:
            return []
        try:
            ports = {c.laddr.port for c in psutil.Process(process.pid).net_connections("tcp") if c.laddr}
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return []
        asked = [request for port, request in flying.items() if port in ports]
        if role == "poller":
            return [("feed", r.path.split("/")[1]) for r in asked if r.path.endswith("/feed.xml")]
        return [(KINDS[role][0], r.headers["webhook-id"]) for r in asked]

    def leases(self, items: list[tuple[Kind, str]]) -> list[float | None]:
        """The end of each item's lease, or when it is due; ``None`` off the ledger, -1 where nobody answers."""
        if not items:
            return []
        try:
            pipeline = self._client.pipeline(transaction=False)
            for kind, item in items:
                pipeline.zscore(key("due", kind), item)
            return list(pipeline.execute())
        except redis.exceptions.RedisError:
            return [-1.0] * len(items)

    def _leased(self, pid: int) -> list[tuple[Kind, str]]:
        try:
            workers = list(self._client.smembers("rq:workers"))
            if [str(pid).encode(), b"busy"] not in [self._client.hmget(w, "pid", "state") for w in workers]:
                return []
            seconds, micros = self._client.time()
            now, found = seconds * 1e6 + micros, []
            for kind in KINDS["classifier"]:
                names = [i.decode() for i in self._client.hkeys(key("leased", kind))]
                scores = self._client.zmscore(key("due", kind), names) if names else []
                found += [(kind, i) for i, s in zip(names, scores, strict=True) if s and s > now]
            return found
        except redis.exceptions.RedisError:
            return []

    def stop(self) -> None:
        """Wake all, and let all end."""
        for process, _ in self.stopped.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        for host in self._hosts:
            host.stop()
        self._client.close()
        self.redis.stop()


class Watch:
    """Writes down how soon each lease that ran out with its killed process was claimed again."""

    def __init__(self, fleet: Fleet, log: Path) -> None:
        self._fleet, self._file = fleet, log.open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self._open: dict[tuple[Kind, str], dict[str, Any]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def killed(self, pid: int, role: str, items: list[tuple[Kind, str]], leases: list[float | None]) -> None:
        """A process of this role is gone and these leases with it; what waits for its role or Redis is disturbed."""
        with self._lock:
            for row in self._open.values():
                if role in ("redis", row["role"]):
                    row["undisturbed"] = False
            for item, lease in zip(items, leases, strict=True):
                if lease is not None and lease > 0:
                    row = {"role": role, "pid": pid, "lease": lease, "at": time.time(), "undisturbed": True}
                    self._open.setdefault(item, row)

    def close(self) -> None:
        """No more looking."""
        self._ended.set()
        self._thread.join()
        self._file.close()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            with self._lock:
                items = list(self._open)
            for item, now in zip(items, self._fleet.leases(items), strict=True):
                with self._lock:
                    row = self._open[item]
                    if now == row["lease"] or now == -1.0:
                        continue
                    del self._open[item]
                at = time.time()
                if at * 1e6 < row["lease"]:
                    continue  # it was written just before its process died, or is another's
                line = {"kind": item[0], "id": item[1], "seconds": round(at - row["at"], 2)}
                line |= {name: row[name] for name in ("role", "pid", "undisturbed")}
                self._file.write(json.dumps(line) + "\n")
                self._file.flush()


def harm(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a process of our own; one that is killed is buried."""
    os.kill(process.pid, number)
    if number == signal.SIGKILL:
        process.wait()
