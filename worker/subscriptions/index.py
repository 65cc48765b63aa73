"""Which subscriptions an alert may concern at all, by trigger and country; the filter decides among those.

Where a filter has an area and no countries, the squares of the map that its area touches stand for these.
"""

from collections.abc import Iterable
from typing import Final

from worker.alerts.model import Alert
from worker.subscriptions.area import square, squares
from worker.subscriptions.match import told_as
from worker.subscriptions.model import Filter
from worker.triggers.model import FAMILIES

ANY: Final = "*"
UNKNOWN: Final = "?"
MOST_PAIRS: Final = 500
"""A filter of more pairs stands under its triggers alone, or its countries."""

Pair = tuple[str, str]


def pairs(wish: Filter) -> list[Pair]:
    """The trigger and country, or square, pairs under which a filter is found."""
    triggers = set(wish.triggers) or {ANY}
    if wish.families:
        family = {t for t, f in FAMILIES.items() if f in wish.families}
        triggers = family if ANY in triggers else triggers & family
    countries = set(wish.countries) or set(squares(wish.near, wish.polygon)) or {ANY}
    if ANY not in countries and wish.place_unknown:
        countries.add(UNKNOWN)
    if len(triggers) * len(countries) > MOST_PAIRS:
        countries = {ANY} if len(countries) > len(triggers) else countries
        triggers = {ANY} if len(triggers) * len(countries) > MOST_PAIRS else triggers
    return sorted((t, c) for t in triggers for c in countries)


def looked_up(alert: Alert) -> list[Pair]:
    """The pairs under which everything stands that may want an alert."""
    places = [p for p in alert.places if p.role != "actor"]
    countries = {p.country for p in places if p.country} or {UNKNOWN}
    areas = {square(p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None}
    return [(t, c) for t in (*sorted(told_as(alert)), ANY) for c in (*sorted(countries | areas), ANY)]


def grouped(wishes: Iterable[tuple[str, Filter]]) -> dict[Pair, list[str]]:
    """The ids of subscriptions under each pair."""
    found: dict[Pair, list[str]] = {}
    for name, wish in wishes:
        for pair in pairs(wish):
            found.setdefault(pair, []).append(name)
    return found
