"""How far apart two places lie."""

import math
from typing import Final

from worker.places.model import Place

EARTH_KM: Final = 6371.0


def km_between(one: Place, other: Place) -> float | None:
    """The kilometres between two places; ``None`` where it is not known where one of them lies."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great-circle distance of two points given in degrees, in kilometres (haversine on a sphere of 6,371 km)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
