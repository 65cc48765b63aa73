"""The gate before each endpoint, one for all senders: so many posts a second, so many at a time, and a breaker.

Keys:
    pace:<subscription>      when its next post may leave (Redis µs), a second's worth ahead
    waiting:<subscription>   sorted set, delivery → when its turn is (Redis µs)
    flying:<subscription>    sorted set, delivery → until when its attempt counts (Redis µs)
    breaker:<subscription>   hash: g<minute> and b<minute> good and bad answers, until, probe, probe_until
    slow:<subscription>      its answers took long lately
"""

from collections.abc import Iterable
from datetime import datetime
from importlib import resources
from typing import Final, Literal, NamedTuple

from worker.ledger import PREFIX, Ledger, Transaction, key

HOLD_US: Final = 20_000_000  # an attempt ends within 15 s
WINDOW_MIN: Final = 5
LEAST: Final = 10
SHARE: Final = 70
OPEN_US: Final = 30_000_000
SLOW_S: Final = 2.0
SLOW_FOR_S: Final = 300

Lane = Literal["fast", "slow"]


class Passage(NamedTuple):
    """A delivery that would leave now, and what its subscription takes."""

    delivery: str
    subscription: str
    rate: float
    at_once: int


class Verdict(NamedTuple):
    """``wait_us`` 0: it may leave now, as the breaker's probe or not. ``slow``: from the slow lane only."""

    wait_us: int = 0
    probe: bool = False
    slow: bool = False


class Gate:
    """Lets deliveries pass, and learns how each went."""

    def __init__(self, ledger: Ledger) -> None:
        """A gate in the Redis of this ledger."""
        source = resources.files("worker").joinpath("lua", "admit.lua").read_text()
        self._admit = ledger.redis.register_script(source)

    def admit(self, passages: Iterable[Passage], lane: Lane) -> list[Verdict]:
        """A verdict for each, in order; who must wait has its turn kept."""
        words: list[str | int] = [HOLD_US, WINDOW_MIN, LEAST, SHARE, OPEN_US, "1" if lane == "fast" else "0"]
        for delivery, subscription, rate, at_once in passages:
            interval = int(1_000_000 / rate)
            # A second's worth may leave in one go, and one at least.
            words += [delivery, subscription, interval, max(0, 1_000_000 - interval), at_once]
        if len(words) == 6:
            return []
        return [
            Verdict(wait_us=max(0, answer), probe=answer == -1, slow=answer == -2)
            for answer in self._admit(keys=[PREFIX], args=words)
        ]

    def settle(
        self,
        transaction: Transaction,
        passage: tuple[str, str],
        *,
        good: bool,
        probe: bool,
        seconds: float,
        at: datetime,
    ) -> None:
        """Note how the attempt of this (delivery, subscription) went, as part of what is written of it."""
        delivery, subscription = passage
        transaction.write("ZREM", key("flying", subscription), delivery)
        where = key("breaker", subscription)
        if probe and good:
            transaction.write("DEL", where)
            return
        transaction.write("HINCRBY", where, f"{'g' if good else 'b'}{int(at.timestamp() // 60)}", 1)
        if probe:
            again = int(at.timestamp() * 1_000_000) + OPEN_US
            transaction.write("HDEL", where, "probe", "probe_until").write("HSET", where, "until", again)
        transaction.write("EXPIRE", where, 86_400 if probe else 2 * WINDOW_MIN * 60)
        if seconds > SLOW_S:
            transaction.write("SET", key("slow", subscription), "1", "EX", SLOW_FOR_S)
