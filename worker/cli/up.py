"""All roles on one machine, with an embedded Redis where none is set."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from typing import Final

import click

from worker import upgrading, wiring
from worker.access import connect
from worker.embedded import EmbeddedRedis
from worker.settings import Settings

ROLES: Final[dict[str, list[str]]] = {
    "poller": ["poller"],
    "classifier": ["classifier"],
    "sender": ["sender"],
    "sender-slow": ["sender", "--slow"],
    "api": ["api"],
}
STOP_S: Final = 40.0
SOON_S: Final = 5.0
PAUSE_S: Final = (0.5, 5.0)


class Pauses:
    """How long a role that ended waits before it is started again.

    Not at all where it has lived for a while, nor the first time that it ends soon: its items wait for it. One that
    ends soon again and again cannot start, and waits twice as long each time.
    """

    def __init__(self) -> None:
        """Nothing was started yet."""
        self._began: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def began(self, name: str, now: float) -> None:
        """Note that it was started."""
        self._began[name] = now

    def over(self, name: str, now: float) -> bool:
        """Whether one that does not run may be started now."""
        if name in self._began:
            soon = now - self._began.pop(name) < SOON_S
            pause = self._next.get(name, 0.0) if soon else 0.0
            self._next[name] = min(max(2 * pause, PAUSE_S[0]), PAUSE_S[1]) if soon else 0.0
            self._until[name] = now + pause
        return now >= self._until.get(name, now)


class Roles:
    """The roles as child processes; one that ends by itself is started again."""

    def __init__(
        self,
        redis_url: str,
        names: tuple[str, ...] = tuple(ROLES),
        environ: dict[str, str] | None = None,
        probe_port: int = 0,
    ) -> None:
        """These roles over this Redis; ``environ`` is added to our own environment, and the probe of each role
        stands at a port of its own, from ``probe_port`` on."""
        self._names = names
        self._probes = {name: probe_port and probe_port + n for n, name in enumerate(names)}
        self._environ = {**os.environ, **(environ or {}), "TOCSIN_REDIS_URL": redis_url}
        self._pauses = Pauses()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start every role that does not run; one that ends soon after each start waits longer each time."""
        for name in self._names:
            process, now = self.processes.get(name), time.monotonic()
            if (process is None or process.poll() is not None) and self._pauses.over(name, now):
                self._pauses.began(name, now)
                environ = {**self._environ, "TOCSIN_PROBE_PORT": str(self._probes[name])}
                command = [sys.executable, "-m", "worker.cli.main", "--parent", str(os.getpid()), *ROLES[name]]
                self.processes[name] = subprocess.Popen(command, env=environ)  # noqa: S603 - our own command

    def stop(self) -> None:
        """Ask every role to end what it holds and stop; kill what does not."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


@click.command()
@click.option("--no-api", is_flag=True, help="Serve neither the HTTP API nor the console.")
@click.pass_obj
def up(settings: Settings, no_api: bool) -> None:
    """Run everything on this machine: poller, classifier, two senders, API.

    Without TOCSIN_REDIS_URL a Redis is embedded, with its data in TOCSIN_DATA_DIR (default: var/): they survive a
    restart. Stop with Ctrl+C.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    with ExitStack() as stack:
        url = settings.redis_url
        if not url:
            url = stack.enter_context(EmbeddedRedis(settings.data, appendfsync=settings.appendfsync)).url
        with connect(url) as client:
            upgrading.settle(client)  # what no role could run on is said once, and ends it here
            if not no_api:
                from worker.api.access import insist_on_a_key

                insist_on_a_key(wiring.house_over(client, settings))
        roles = Roles(url, tuple(name for name in ROLES if name != "api" or not no_api), probe_port=settings.probe_port)
        stack.callback(roles.stop)
        where = "" if no_api else f"; its console is at http://{settings.api_host}:{settings.api_port}/"
        click.echo(f"tocsin is up{where}", err=True)
        while not stopping.is_set():
            roles.start()
            stopping.wait(1.0)
        click.echo("stopping …", err=True)
