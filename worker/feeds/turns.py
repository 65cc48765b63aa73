"""Whose turn it is to ask a host, over all pollers: Redis deals the turns out.

Keys:
    turn:<scope>      hash: next, the next free start (Redis µs); later, the last time told to somebody who was refused
    asking:<scope>    sorted set, token → when a turn that was never given back is free again
    held:<scope>      sorted set, feed → until when its Retry-After wants it left alone; the second highest is for all
"""

from collections.abc import Sequence
from importlib import resources
from typing import Final, NamedTuple

from worker.feeds.hosts import scope
from worker.ledger import PREFIX, Kind, Ledger, Transaction, key

# Longer than any request may take: a poller that died gives its turns back by this.
LASTS_US: Final = 60_000_000
LONGEST_HOLD_S: Final = 366 * 86_400


class Turn(NamedTuple):
    """Whether a request may start, and after how many seconds; a refused one should be tried again after so many."""

    granted: bool
    wait_s: float


class Turns:
    """Deals turns to the hosts of URLs; what was granted must be given back."""

    def __init__(self, ledger: Ledger, *, most: int, spacing_s: float) -> None:
        """At most so many requests to a host at once, so many seconds apart."""
        self._ledger = ledger
        self._most, self._spacing_us = most, round(spacing_s * 1e6)
        self._deal = ledger.redis.register_script(
            resources.files("worker").joinpath("lua", "turn.lua").read_text(encoding="utf-8")
        )

    def take(self, kind: Kind, wanted: Sequence[tuple[str, str]]) -> list[Turn]:
        """A turn for each item and URL, in order."""
        if not wanted:
            return []
        pairs = [word for item, url in wanted for word in (_token(kind, item), scope(url))]
        dealt = self._deal(keys=[PREFIX], args=[self._most, self._spacing_us, LASTS_US, *pairs])
        return [Turn(int(us) >= 0, abs(int(us)) / 1e6) for us in dealt]

    def give_back(self, transaction: Transaction, kind: Kind, item: str, url: str) -> None:
        """Free the turn of an item that was asked."""
        transaction.write("ZREM", key("asking", scope(url)), _token(kind, item))

    def hold(self, transaction: Transaction, item: str, url: str, seconds: float) -> None:
        """Note that a host wants an item left alone for so long; of two items it counts for the whole host."""
        seconds = min(seconds, LONGEST_HOLD_S)
        held, now = key("held", scope(url)), self._ledger.now_us()
        transaction.write("ZREMRANGEBYSCORE", held, "-inf", now)
        transaction.write("ZADD", held, now + round(seconds * 1e6), item)
        transaction.write("EXPIRE", held, LONGEST_HOLD_S)


def _token(kind: Kind, item: str) -> str:
    return f"{kind}:{item}"
