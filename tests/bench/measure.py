"""Timing two ways of doing one thing in turn, so that both see the same machine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """``rate`` and ``base`` are units a second, medians over the rounds."""

    what: str
    rate: float
    baseline: str
    base: float

    def row(self) -> dict[str, object]:
        return {
            "what": self.what,
            "per_second": round(self.rate, 1),
            "baseline": self.baseline,
            "baseline_per_second": round(self.base, 1),
            "ratio": round(self.rate / self.base, 4),
        }

    def cells(self) -> tuple[str, ...]:
        return (self.what, f"{self.rate:,.0f}", self.baseline, f"{self.base:,.0f}", f"{self.rate / self.base:.3f}")


def nothing() -> None:
    """No preparation."""


def beside(
    what: str,
    ours: Callable[[], int],
    baseline: str,
    plain: Callable[[], int],
    rounds: int = ROUNDS,
    prepare: Callable[[], None] = nothing,
) -> Figure:
    """Both, in turn; each call does its work once and says how many units that were. ``prepare`` is not timed."""
    prepare()
    ours()
    plain()
    pairs = []
    for _ in range(rounds):
        prepare()
        pairs.append((_rate(ours), _rate(plain)))
    return Figure(what, statistics.median(a for a, _ in pairs), baseline, statistics.median(b for _, b in pairs))


def _rate(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    units = work()
    return units / (time.perf_counter() - began)
