"""Small charts as numbers for SVG: bars by hour and family, and sparklines."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from worker.api.board import Card

FAMILIES: Final = ("attack", "move", "leave", "state", "people", "hazard")
BARS: Final = 24
WIDTH, HEIGHT, FOOT = 720, 150, 22


class Piece(msgspec.Struct, frozen=True):
    """One family's part of a bar."""

    family: str
    y: float
    height: float
    count: int


class Bar(msgspec.Struct, frozen=True):
    """All that changed in one span of time."""

    x: float
    width: float
    begins: datetime
    total: int
    pieces: tuple[Piece, ...]
    label: str


class Chart(msgspec.Struct, frozen=True):
    """Bars from the oldest to the newest span; ``most`` is the height of the tallest."""

    bars: tuple[Bar, ...]
    most: int
    span: str
    totals: tuple[tuple[str, int], ...]


def by_hour(cards: Iterable[Card], now: datetime, hours: int) -> Chart:
    """How many alerts changed in each span of these last hours, by family."""
    step = max(1, hours // BARS) * 3600
    end = (int(now.timestamp()) // step + 1) * step
    begin = end - step * BARS
    counts: list[dict[str, int]] = [{} for _ in range(BARS)]
    for card in cards:
        slot = (card.updated_ms // 1000 - begin) // step
        if 0 <= slot < BARS:
            counts[slot][card.family] = counts[slot].get(card.family, 0) + 1
    most = max((sum(c.values()) for c in counts), default=0)
    bars = tuple(_bar(n, count, begin + n * step, most, step) for n, count in enumerate(counts))
    totals = tuple((f, sum(c.get(f, 0) for c in counts)) for f in FAMILIES)
    span = "hour" if step == 3600 else f"{step // 3600} hours"
    return Chart(bars, most, span, tuple(t for t in totals if t[1]))


def _bar(number: int, count: dict[str, int], begins: int, most: int, step: int) -> Bar:
    slot, room = WIDTH / BARS, HEIGHT - FOOT - 8
    y, pieces = float(HEIGHT - FOOT), []
    for family in FAMILIES:
        if count.get(family):
            height = room * count[family] / most
            y -= height
            pieces.append(Piece(family, round(y, 1), round(height, 1), count[family]))
    at = datetime.fromtimestamp(begins, UTC)
    every = 6 if step == 3600 else 4
    label = "" if number % every else f"{at:%H:%M}" if step == 3600 else f"{at:%d %b}"
    return Bar(round(number * slot + 2, 1), round(slot - 4, 1), at, sum(count.values()), tuple(pieces), label)


def sparkline(values: Sequence[int], width: int = 96, height: int = 22) -> list[tuple[float, float, float, float]]:
    """Bars (x, y, width, height) for a row of numbers, the tallest as high as there is room."""
    most, step = max(values, default=0), width / max(1, len(values))
    made = []
    for n, value in enumerate(values):
        tall = 0.0 if not value else max(1.5, height * value / most)
        made.append((round(n * step, 1), round(height - tall, 1), round(step - 1, 1), round(tall, 1)))
    return made
