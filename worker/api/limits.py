"""How often somebody may ask: a bucket for each caller that fills again at a steady pace."""

import time
from collections.abc import Callable
from typing import Final

MOST_CALLERS: Final = 10_000


class Limiter:
    """So many requests a minute for each caller, a sixth of them at once; each API process counts by itself."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """No limit where ``per_minute`` is 0."""
        self._rate = per_minute / 60
        self._burst = max(1.0, per_minute / 6)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, caller: str) -> float:
        """Take one request; 0 where it may pass, else the seconds until one may."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, at = self._left.get(caller, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        if left < 1:
            self._left[caller] = (left, now)
            return (1 - left) / self._rate
        if len(self._left) >= MOST_CALLERS:
            self._left.clear()
        self._left[caller] = (left - 1, now)
        return 0.0
