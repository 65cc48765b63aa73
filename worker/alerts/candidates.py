"""Where to look for alerts that an event may join: by trigger, country and time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import floor
from typing import Final

import msgspec

from worker.alerts.likeness import COMPATIBLE, LASTING
from worker.alerts.model import Alert
from worker.alerts.trace import runs_of
from worker.alerts.wording import marks
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import FAMILIES

UNKNOWN: Final = "ZZ"
"""The country of events that have none; ISO 3166 leaves it to its users."""
ANYWHERE: Final = "any"
"""Every alert of a trigger, for events whose text does not tell where they happen."""
REACH: Final = 0.4
"""Degrees around a place in which reports from the other side of a border are looked for."""
COPIED: Final = timedelta(days=8)
"""So long a text is carried by others; what comes later in the same words is a bulletin of its own."""
DAY: Final = timedelta(days=1)
RECALLED: Final = timedelta(days=30)
"""So far back is looked for what a report says happened on a day of the past."""
# How far apart two reports of one event may be published, and a report of its end from the last of them.
INCIDENT: Final = timedelta(days=4)
LASTS: Final = timedelta(days=7)
ENDS: Final = {"move": 45, "leave": 45, "state": 60, "attack": 10, "people": 14, "hazard": 21}


class Shelf(msgspec.Struct, frozen=True):
    """One place of the index and the time that is looked at: alerts told of between ``since`` and ``until``.

    ``country`` is also a square of the map: what happens at a border is told of from both sides.
    """

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
        if happened := event.detection.occurred_at:
            back = max(back, min(at - happened, RECALLED) + DAY)
        end = timedelta(days=ENDS[FAMILIES[trigger]])
        back, ahead = (max(back, end), ahead) if event.detection.phase == "ended" else (back, max(ahead, end))
        wanted = [(trigger, country or UNKNOWN), (trigger, UNKNOWN if country else ANYWHERE)]
        wanted += [(trigger, s) for s in squares(event.places, REACH)]
        if country:
            wanted += [(t, country) for t in sorted(COMPATIBLE[trigger])]
        for place in wanted:
            known = found.get(place)
            since = at - back if known is None else min(known.since, at - back)
            until = at + ahead if known is None else max(known.until, at + ahead)
            found[place] = Shelf(*place, since, until)
    return list(found.values())


def squares(places: Sequence[Place], reach: float = 0.0) -> list[str]:
    """The squares of one degree that the first of these places lies in, or so many degrees from."""
    if not places or places[0].lat is None or places[0].lon is None or places[0].precision == "country":
        return []
    lat, lon = places[0].lat, places[0].lon
    corners = {(floor(lat + y), floor(lon + x)) for y in (-reach, reach) for x in (-reach, reach)}
    return [f"{y},{x}" for y, x in sorted(corners)]


def marks_of(events: Sequence[Event], article: Article) -> list[str]:
    """By what alerts are found that a copy of the article's text told of; none where it tells of nothing."""
    return marks(runs_of(article)) if events else []


def kin(events: Sequence[Event], alert: Alert, at: datetime) -> bool:
    """Whether a text reported at ``at`` may be a copy of what an alert tells, and one of its events told by it."""
    if not alert.first_reported_at - COPIED <= at <= alert.last_reported_at + COPIED:
        return False
    told = {alert.trigger, *alert.also}
    return any(t in told or alert.trigger in COMPATIBLE[t] for t in {e.detection.trigger for e in events})


def places_of(alert: Alert) -> list[tuple[str, str]]:
    """Under which triggers and countries an alert stands in the index: all that its reports name."""
    countries = {t.places[0].country if t.places else UNKNOWN for t in alert.traces}
    countries.add(alert.country or UNKNOWN)
    where = sorted(c or UNKNOWN for c in countries) + sorted({s for t in alert.traces for s in squares(t.places)})
    return [(t, c) for t in (alert.trigger, *alert.also) for c in (*where, ANYWHERE)]


def told_between(alerts: Iterable[Alert], shelf: Shelf) -> list[Alert]:
    """Those whose reports reach into the time of the shelf."""
    return [a for a in alerts if a.last_reported_at >= shelf.since and a.first_reported_at <= shelf.until]
