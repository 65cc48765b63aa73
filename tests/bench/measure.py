"""Timing two ways of doing one thing in turn, so that both see the same machine."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Size = TypeVar("Size", int, float)
QUICK = os.environ.get("BENCH") == "quick"


def sized(full: Size, quick: Size) -> Size:
    """How much work a case does: all of it, or little of it where a look within a minute was asked for."""
    return quick if QUICK else full


ROUNDS = sized(3, 1)


@dataclass(frozen=True)
class Figure:
    """``rate`` and ``base`` are units a second, medians over the rounds; ``floor`` is the ratio that is promised."""

    what: str
    rate: float
    baseline: str
    base: float
    floor: float | None = None

    @property
    def ratio(self) -> float:
        return self.rate / self.base

    def row(self) -> dict[str, object]:
        return {
            "what": self.what,
            "per_second": round(self.rate, 1),
            "baseline": self.baseline,
            "baseline_per_second": round(self.base, 1),
            "ratio": round(self.ratio, 4),
            "promised": self.floor,
        }

    def cells(self) -> tuple[str, ...]:
        return (self.what, f"{self.rate:,.0f}", self.baseline, f"{self.base:,.0f}", f"{self.ratio:.3f}")


def nothing() -> None:
    """No preparation."""


def beside(
    what: str,
    ours: Callable[[], int],
    baseline: str,
    plain: Callable[[], int],
    rounds: int = ROUNDS,
    prepare: Callable[[], None] = nothing,
    floor: float | None = None,
) -> Figure:
    """Both, in turn; each call does its work once and says how many units that were. ``prepare`` is not timed."""
    prepare()
    ours()
    plain()
    pairs = []
    for _ in range(rounds):
        prepare()
        pairs.append((_rate(ours), _rate(plain)))
    return Figure(what, statistics.median(a for a, _ in pairs), baseline, statistics.median(b for _, b in pairs), floor)


def _rate(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    units = work()
    return units / (time.perf_counter() - began)
