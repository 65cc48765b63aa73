"""Whether a place lies near a point or in a polygon: on a sphere, and over the date line too."""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from worker.alerts.distance import EARTH_KM, distance_km
from worker.places.model import Place

Point = tuple[float, float]
"""Longitude and latitude in degrees, in the order of GeoJSON."""
TOWN_KM: Final = 15.0
FARTHEST_KM: Final = 20_016.0  # half round the Earth
SQUARE: Final = 5
"""Degrees of latitude and longitude that a square of the index is wide."""
_ROUND: Final = 360 // SQUARE
_MARGIN: Final = 1e-6

Box = tuple[float, float, float, float]
"""South, north, west and east in degrees; east may be beyond 180, and west before -180."""


class Near(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Within so many kilometres of a point."""

    lat: float
    lon: float
    km: float


def near(circle: Near, place: Place) -> bool:
    """Whether a place is known to be in a circle: a whole country only where it lies in it wholly."""
    if place.lat is None or place.lon is None:
        return False
    km = distance_km(circle.lat, circle.lon, place.lat, place.lon)
    return km + (place.radius_km or FARTHEST_KM if place.precision == "country" else 0.0) <= circle.km


def inside(polygon: Sequence[Point], place: Place) -> bool:
    """Whether a place is known to be in a polygon: a whole country only where its rim is in it too."""
    if place.lat is None or place.lon is None:
        return False
    if place.precision != "country":
        return holds(polygon, (place.lon, place.lat))
    if place.radius_km is None:
        return False
    reach = place.radius_km / 111.0
    rim = ((place.lon, place.lat + reach), (place.lon, place.lat - reach))
    wide = ((place.lon + reach, place.lat), (place.lon - reach, place.lat))
    return all(holds(polygon, p) for p in ((place.lon, place.lat), *rim, *wide))


def square(lat: float, lon: float) -> str:
    """The square of the map that a point lies in."""
    return f"{math.floor(lat / SQUARE)},{math.floor((lon + 180) / SQUARE) % _ROUND}"


def squares(circle: Near | None, polygon: Sequence[Point]) -> frozenset[str]:
    """Every square that may hold a place of the circle, or of the polygon: of the one that has fewer."""
    boxes = ([_around(circle)] if circle else []) + ([_bounds(polygon)] if polygon else [])
    return min((_squares(b) for b in boxes), key=len, default=frozenset())


def _squares(box: Box) -> frozenset[str]:
    south, north, west, east = box
    rows = range(math.floor((south - _MARGIN) / SQUARE), math.floor((north + _MARGIN) / SQUARE) + 1)
    columns = range(math.floor((west + 180 - _MARGIN) / SQUARE), math.floor((east + 180 + _MARGIN) / SQUARE) + 1)
    return frozenset(f"{y},{x % _ROUND}" for y in rows for x in columns[:_ROUND])


def _around(circle: Near) -> Box:
    """The box around a circle; one that reaches a pole goes all the way round."""
    high = math.degrees(circle.km / EARTH_KM)
    south, north = max(-90.0, circle.lat - high), min(90.0, circle.lat + high)
    if south == -90.0 or north == 90.0:
        return south, north, -180.0, 180.0
    wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(high)) / math.cos(math.radians(circle.lat)))))
    return south, north, circle.lon - wide, circle.lon + wide


def _bounds(polygon: Sequence[Point]) -> Box:
    first = polygon[0][0]
    turned, heights = [_turned(x, first) for x, _ in polygon], [y for _, y in polygon]
    return min(heights), max(heights), first + min(turned), first + max(turned)


def holds(polygon: Sequence[Point], point: Point) -> bool:
    """Whether a polygon holds a point: a ray from it crosses the sides an odd number of times."""
    first = polygon[0][0]
    x, y = _turned(point[0], first), point[1]
    odd = False
    for (x1, y1), (x2, y2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        x1, x2 = _turned(x1, first), _turned(x2, first)
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def extent(polygon: Sequence[Point]) -> float:
    """Twice its area in square degrees; 0 for one that holds nothing."""
    first = polygon[0][0]
    turned = [(_turned(x, first), y) for x, y in polygon]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(turned, (*turned[1:], turned[0]), strict=True)))


def _turned(longitude: float, first: float) -> float:
    """The longitude within half a turn of the polygon's first point, so that the date line cuts nothing."""
    return (longitude - first + 180.0) % 360.0 - 180.0
