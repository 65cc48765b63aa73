"""Where a point of the earth lies in the drawing of ``static/world.svg``: Equal Earth, 3,600 units wide."""

import math
from collections.abc import Iterable
from typing import Final

import msgspec

from worker.api.board import Card

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
X_MOST: Final = 2.7066
Y_TOP: Final = 1.3174
WIDTH, HEIGHT = 3600, 1560
CENTRE: Final = 11.5  # as in training/build_outlines.py
NEAR: Final = 18.0  # what is closer than this becomes one mark
RADIUS: Final = {"minor": 15, "moderate": 20, "severe": 26, "extreme": 36}


class Mark(msgspec.Struct, frozen=True):
    """One or more alerts on the map; ``id`` is the gravest of them."""

    x: float
    y: float
    r: float
    family: str
    severity: str
    count: int
    id: str
    title: str


def project(lon: float, lat: float) -> tuple[float, float]:
    """The point of the drawing where this longitude and latitude lie."""
    lon = (lon - CENTRE + 180) % 360 - 180
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    t2 = t * t
    t6 = t2**3
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(t) / (3 * (9 * A4 * t2 * t6 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    y = t * (A4 * t2 * t6 + A3 * t6 + A2 * t2 + A1)
    scale = WIDTH / 2 / X_MOST
    return round((X_MOST + x) * scale, 1), round((Y_TOP - y) * scale, 1)


def marks(cards: Iterable[Card]) -> list[Mark]:
    """Marks for the map, small ones last so that they stay on top; what lies on one spot is one mark."""
    spots: dict[tuple[int, int], list[Card]] = {}
    for card in cards:
        if card.spot is not None and card.spot.lat is not None and card.spot.lon is not None:
            x, y = project(card.spot.lon, card.spot.lat)
            spots.setdefault((round(x / NEAR), round(y / NEAR)), []).append(card)
    made = []
    for found in spots.values():
        first = max(found, key=lambda c: (RADIUS[c.severity], c.updated_ms))
        if first.spot is None or first.spot.lon is None or first.spot.lat is None:
            continue
        x, y = project(first.spot.lon, first.spot.lat)
        more = f" and {len(found) - 1} more here" if len(found) > 1 else ""
        radius = RADIUS[first.severity] + min(20.0, 5 * math.log2(len(found)))
        title = f"{first.headline} – {first.spot.name}{more}"
        made.append(Mark(x, y, round(radius, 1), first.family, first.severity, len(found), first.id, title))
    return sorted(made, key=lambda m: -m.r)


def window(lon: float, lat: float, radius_km: float | None) -> tuple[float, float, float, float]:
    """The part of the drawing to show around a point: x, y, width, height."""
    x, y = project(lon, lat)
    width = min(1200.0, max(260.0, (radius_km or 60) * 2.4 * WIDTH / 40_000 * 2.2))
    height = width * 0.62
    left = min(max(0.0, x - width / 2), WIDTH - width)
    top = min(max(0.0, y - height / 2), HEIGHT - height)
    return round(left, 1), round(top, 1), round(width, 1), round(height, 1)
