"""Circles, polygons and quiet hours as people type them, on a command line or in a form."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from worker.errors import SubscriptionRefused
from worker.subscriptions.area import Near, Point
from worker.subscriptions.quiet import Quiet

Read = TypeVar("Read")
_POINT: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")


def typed(name: str, text: str, reading: Callable[[str], Read]) -> Read:
    """What this text says; raises SubscriptionRefused that names the field."""
    try:
        return reading(text)
    except ValueError as error:
        raise SubscriptionRefused(f"{name}: {text[:60]!r} cannot be read: {error}") from error


def point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of ``33.5, 36.3``; ``None`` for any other text."""
    found = _POINT.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else None


def circle(text: str) -> Near:
    """``LAT,LON,KM``; raises ValueError."""
    lat, lon, km = map(float, text.split(","))
    return Near(lat=lat, lon=lon, km=km)


def polygon(text: str) -> tuple[Point, ...]:
    """Points ``LON,LAT`` apart by spaces or lines, or a GeoJSON polygon; raises ValueError."""
    if text.lstrip().startswith(("{", "[")):
        return _geojson(text)
    pairs = [tuple(map(float, word.split(","))) for word in re.sub(r"\s*,\s*", ",", text).split()]
    return tuple((lon, lat) for lon, lat in pairs)


def hours(text: str) -> Quiet:
    """``HH:MM-HH:MM``, and ``@`` a time zone; raises ValueError."""
    span, _, zone = text.partition("@")
    start, _, end = span.partition("-")
    return Quiet(start=start, end=end, zone=zone or "UTC")


def _geojson(text: str) -> tuple[Point, ...]:
    try:
        points = msgspec.convert(_ring(msgspec.json.decode(text)), tuple[Point, ...])
    except (msgspec.MsgspecError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError("it is no GeoJSON polygon with a ring of [longitude, latitude]") from error
    return points[:-1] if len(points) > 3 and points[0] == points[-1] else points


def _ring(found: Any) -> Any:
    """The first ring of a feature, a geometry, its coordinates, or of points alone."""
    if isinstance(found, dict):
        return _ring(next((found[name] for name in ("features", "geometry", "coordinates") if name in found), None))
    first = found[0]
    return _ring(first) if isinstance(first, dict) or isinstance(first[0], list) else found
