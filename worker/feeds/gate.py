"""Whose turn it is to ask a host within this process: so many at once, so many seconds apart.

``turns.py`` deals turns out over all pollers; this gate is what they wait at, and all there is where no Redis is.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

from worker.feeds.hosts import scope

HOSTS_KEPT: Final = 10_000


class _Host:
    def __init__(self, most: int) -> None:
        self.slots = asyncio.Semaphore(most)
        self.waiting = 0
        self.next_at = 0.0
        self.spacing_s = 0.0


class Gate:
    """Lets requests to a host through one by one; used on the client's thread only."""

    def __init__(self, most: int, spacing_s: float) -> None:
        """At most so many at once, so far apart."""
        self._most, self._spacing_s = most, spacing_s
        self._hosts: dict[str, _Host] = {}

    def slow_down(self, url: str, spacing_s: float) -> None:
        """Keep this host's requests at least so far apart, as it asks for."""
        self._host(url).spacing_s = spacing_s

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the turn, and hold a slot until the request is over."""
        host = self._host(url)
        host.waiting += 1
        try:
            async with host.slots:
                now = time.monotonic()
                starts = max(now, host.next_at)
                host.next_at = starts + max(self._spacing_s, host.spacing_s)
                if starts > now:
                    await asyncio.sleep(starts - now)
                yield
        finally:
            host.waiting -= 1

    def _host(self, url: str) -> _Host:
        if len(self._hosts) > HOSTS_KEPT:
            now = time.monotonic()
            self._hosts = {n: h for n, h in self._hosts.items() if h.waiting or h.next_at > now}
        return self._hosts.setdefault(scope(url), _Host(self._most))
