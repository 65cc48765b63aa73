"""Which places the towns of a text crowd round: local papers name several of one county without saying which."""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from worker.places.memo import Memo
from worker.places.model import Spot

_CELL: Final = 1.5
_MOST: Final = 12
_LOCAL: Final = frozenset({"city", "capital", "point"})

Crowd = dict[int, float]
_ROW: Final = 1000
_STEPS: Final = tuple(north * _ROW + east for north in (-1, 0, 1) for east in (-1, 0, 1))


def crowd(names: Iterable[tuple[Spot, ...]]) -> Crowd:
    """How many names may lie in or beside each cell of a degree and a half; a name with namesakes shares its one."""
    cells: Crowd = defaultdict(float)
    for spots in names:
        worth = share(spots)
        for cell in _AROUND[spots]:
            cells[cell] += worth
    return cells


def company(spot: Spot, spots: tuple[Spot, ...], cells: Crowd) -> float:
    """The weight of the other names around one meaning of a name."""
    cell = _CELLS[spot]
    return 0.0 if cell is None else max(cells.get(cell, 0.0) - share(spots), 0.0)


def share(spots: tuple[Spot, ...]) -> float:
    """What one meaning of a name is worth: the more namesakes, the less."""
    return 1.0 / min(len(spots), _MOST)


def apart(one: Spot, other: Spot) -> float:
    """Kilometres between two places, as on a flat map; right enough for what lies within a province."""
    north = (one.lat - other.lat) * 111
    east = (one.lon - other.lon) * 111 * math.cos(math.radians(other.lat))
    return math.hypot(north, east)


def inside(spot: Spot, larger: Spot) -> bool:
    """Whether a place lies in a province or country, by its code where both have one, else by distance."""
    if spot.country != larger.country or not larger.country:
        return False
    if larger.kind == "country":
        return True
    if spot.admin1 and larger.admin1:
        return spot.admin1 == larger.admin1
    return apart(spot, larger) <= larger.radius_km * 1.2 + 20


def _cell(spot: Spot) -> int | None:
    """The cell that a town lies in; what is larger than a town lies in none."""
    if spot.kind not in _LOCAL or math.isnan(spot.lat):
        return None
    return math.floor(spot.lat / _CELL) * _ROW + math.floor(spot.lon / _CELL)


_CELLS: Final = Memo(_cell, 32_768)


def _around(spots: tuple[Spot, ...]) -> tuple[int, ...]:
    """The cells in or beside which a name may lie."""
    own = {cell for cell in map(_cell, spots[:_MOST]) if cell is not None}
    return tuple({cell + step for cell in own for step in _STEPS})


_AROUND: Final = Memo(_around, 8192)
