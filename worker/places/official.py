"""What an official source filled into a form beats what its words seem to say: category, area, status, coordinates.

A test is no event, whatever it warns of; a cancelled warning is an ended one; a severe one is an event though no rule
knows its words. Words still tell what the form leaves open.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from worker.articles.model import Document
from worker.feeds.model import Notice
from worker.places.model import Event, Place, Spot
from worker.triggers.model import FAMILIES, Detection, Phase

SURE: Final = 0.95
NEAR_KM: Final = 150.0
UNREAL: Final = frozenset({"Exercise", "System", "Test", "Draft"})
_TRIGGERS: Final[tuple[tuple[str, str], ...]] = (
    ("evacuat", "evacuation"),
    ("earthquake|seism|volcan|eruption|tsunami|landslide|ash ?fall", "earthquake_volcano"),
    ("radiolog|nuclear|chemical|biohazard|cbrn", "cbrn"),
    ("shelter in place|hazardous material|industrial|dam (?:break|failure)", "industrial_transport_disaster"),
    ("curfew", "curfew"),
    ("epidemic|outbreak|health", "health_emergency"),
    ("flood|storm|hurricane|typhoon|cyclone|tornado|wind|gale|surge|rain|snow|blizzard|ice|frost|cold|heat|avalanche"
     "|wildfire|fire|thunder|lightning|coastal|fog|weather|drought", "storm_flood_fire"),
)  # fmt: skip
_CATEGORIES: Final[dict[str, str]] = {
    "Geo": "earthquake_volcano",
    "Met": "storm_flood_fire",
    "Fire": "storm_flood_fire",
    "Health": "health_emergency",
    "Cbrne": "cbrn",
    "Infra": "infrastructure_damage",
}
_PHASES: Final[dict[str, Phase]] = {"Observed": "active", "Likely": "announced", "Possible": "threatened"}
Find = Callable[[str], Sequence[Place]]
Nearest = Callable[[float, float, float], Spot | None]


def official(
    document: Document, notice: Notice, events: Sequence[Event], *, find: Find, nearest: Nearest, now: datetime
) -> tuple[Event, ...]:
    """The events of an official notice: those of its words, corrected by the form, and that of the form itself.

    ``find`` names the places in a text, ``nearest`` the place at a point within so many kilometres.
    """
    if notice.status in UNREAL or notice.severity == "Minor" or notice.certainty == "Unlikely":
        return ()
    phase = _phase(notice, now)
    place = _place(notice, events, find, nearest)
    trigger = trigger_of(notice)
    told = [_corrected(e, phase, place) for e in events if not trigger or e.detection.trigger == trigger]
    if told or not trigger or not (notice.severity in ("Extreme", "Severe") or phase == "ended"):
        return tuple(told)
    title = document.title
    detection = Detection(
        trigger=trigger,
        phase=phase or "active",
        veracity="reported",
        quote=title,
        start=0,
        end=len(title),
        sentence=(0, len(title)),
        rule=f"{trigger}/official",
        confidence=SURE,
        because=(f"its source calls it {notice.event or notice.category}: {notice.severity}",),
    )
    return (Event(detection=detection, places=(place,) if place else ()),)


def trigger_of(notice: Notice) -> str:
    """The trigger of the event that a form names, else of its category; empty where neither tells."""
    if notice.event in FAMILIES:
        return notice.event
    named = (trigger for pattern, trigger in _TRIGGERS if re.search(rf"\b(?:{pattern})", notice.event, re.IGNORECASE))
    return next(named, _CATEGORIES.get(notice.category, ""))


def _phase(notice: Notice, now: datetime) -> Phase | None:
    over = notice.expires is not None and notice.expires < now
    if over or notice.message == "Cancel" or notice.urgency == "Past":
        return "ended"
    return _PHASES.get(notice.certainty)


def _place(notice: Notice, events: Sequence[Event], find: Find, nearest: Nearest) -> Place | None:
    """Where the form puts it: its point, called by its area or by the town beside it; else the place of its area."""
    named = next((p for area in notice.areas for p in find(area)), None)
    if notice.lat is None or notice.lon is None:
        return named
    town = nearest(notice.lat, notice.lon, NEAR_KM)
    told = next((e.places[0] for e in events if e.places), None)
    country = named.country if named else town.country if town else told.country if told else ""
    name = notice.areas[0] if notice.areas else town.name if town else told.name if told else ""
    return Place(
        name=name,
        country=country,
        admin1=town.admin1 if town and town.country == country else None,
        geonames_id=None,
        lat=notice.lat,
        lon=notice.lon,
        precision="point",
        radius_km=notice.radius_km,
    )


def _corrected(event: Event, phase: Phase | None, place: Place | None) -> Event:
    detection = event.detection
    if phase and phase != detection.phase:
        because = (*detection.because, f"its source says {phase}")
        detection = msgspec.structs.replace(detection, phase=phase, because=because)
    return Event(detection=detection, places=(place,) if place else event.places)
