"""Where to look for alerts that an event may join: by trigger, country and time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from worker.alerts.likeness import COMPATIBLE, LASTING
from worker.alerts.model import Alert
from worker.places.model import Event
from worker.triggers.model import FAMILIES

UNKNOWN: Final = "ZZ"
"""The country of events that have none; ISO 3166 leaves it to its users."""
ANYWHERE: Final = "any"
"""Every alert of a trigger, for events whose text does not tell where they happen."""
# How far apart two reports of one event may be published, and a report of its end from the last of them.
INCIDENT: Final = timedelta(days=4)
LASTS: Final = timedelta(days=7)
ENDS: Final = {"move": 45, "leave": 45, "state": 60, "attack": 10, "people": 14, "hazard": 21}


class Shelf(msgspec.Struct, frozen=True):
    """One place of the index and the time that is looked at: alerts told of between ``since`` and ``until``."""

    trigger: str
    country: str
    since: datetime
    until: datetime


def window(trigger: str) -> timedelta:
    """How far apart two reports of one event may be published."""
    return LASTS if trigger in LASTING or FAMILIES[trigger] == "hazard" else INCIDENT


def shelves(events: Sequence[Event], at: datetime) -> list[Shelf]:
    """Every place of the index where an alert may stand that one of these events, reported at ``at``, belongs to."""
    found: dict[tuple[str, str], Shelf] = {}
    for event in events:
        trigger, country = event.detection.trigger, event.country
        back = ahead = window(trigger)
        end = timedelta(days=ENDS[FAMILIES[trigger]])
        back, ahead = (max(back, end), ahead) if event.detection.phase == "ended" else (back, max(ahead, end))
        wanted = [(trigger, country or UNKNOWN), (trigger, UNKNOWN if country else ANYWHERE)]
        if country:
            wanted += [(t, country) for t in sorted(COMPATIBLE[trigger])]
        for place in wanted:
            known = found.get(place)
            since = at - back if known is None else min(known.since, at - back)
            until = at + ahead if known is None else max(known.until, at + ahead)
            found[place] = Shelf(*place, since, until)
    return list(found.values())


def places_of(alert: Alert) -> list[tuple[str, str]]:
    """Under which triggers and countries an alert stands in the index: all that its reports name."""
    countries = {t.places[0].country if t.places else UNKNOWN for t in alert.traces}
    countries.add(alert.country or UNKNOWN)
    return [(alert.trigger, c) for c in (*sorted(c or UNKNOWN for c in countries), ANYWHERE)]


def told_between(alerts: Iterable[Alert], shelf: Shelf) -> list[Alert]:
    """Those whose reports reach into the time of the shelf."""
    return [a for a in alerts if a.last_reported_at >= shelf.since and a.first_reported_at <= shelf.until]
