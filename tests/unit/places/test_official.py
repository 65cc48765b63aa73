"""An official form beats the words beside it: category, area, status and coordinates."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.builders import HOMS, JORDAN, NOON, event
from worker.articles.model import Document
from worker.feeds.model import Notice
from worker.places.gazetteer import Gazetteer
from worker.places.model import Event, Place, Spot
from worker.places.official import official, trigger_of

WARNING = Notice(
    category="Met",
    event="Flood Warning",
    areas=("Homs",),
    status="Actual",
    message="Alert",
    severity="Severe",
    certainty="Likely",
)
DOCUMENT = Document(title="Flood Warning for the lower valley", text="The river stands above its banks.")
TOWN = Spot("Homs", "SY", "city", 34.73, 36.72, "11", 800_000, 10, 169577)


def find(text: str) -> Sequence[Place]:
    return [HOMS] if "Homs" in text else []


def nearest(lat: float, lon: float, _within_km: float) -> Spot | None:
    return TOWN if abs(lat - 34.73) < 1 and abs(lon - 36.72) < 1 else None


def judged(notice: Notice, *events: Event, now: datetime = NOON) -> tuple[Event, ...]:
    return official(DOCUMENT, notice, events, find=find, nearest=nearest, now=now)


def test_a_severe_warning_is_an_event_though_no_rule_knows_its_words() -> None:
    (found,) = judged(WARNING)
    detection = found.detection
    assert (detection.trigger, detection.phase, found.places) == ("storm_flood_fire", "announced", (HOMS,))
    assert detection.quote == DOCUMENT.full[detection.start : detection.end] == DOCUMENT.title
    assert detection.rule == "storm_flood_fire/official"


@pytest.mark.parametrize(
    "change",
    [{"status": "Test"}, {"status": "Exercise"}, {"severity": "Minor"}, {"certainty": "Unlikely"}],
    ids=str,
)
def test_what_its_source_does_not_mean_is_no_event_whatever_its_words(change: dict[str, Any]) -> None:
    assert judged(replace(WARNING, **change), event("storm_flood_fire")) == ()


@pytest.mark.parametrize(
    ("change", "phase"),
    [
        ({"certainty": "Observed"}, "active"),
        ({"certainty": "Possible"}, "threatened"),
        ({"message": "Cancel"}, "ended"),
        ({"urgency": "Past"}, "ended"),
        ({"expires": NOON - timedelta(hours=1)}, "ended"),
        ({"expires": NOON + timedelta(hours=1)}, "announced"),
    ],
    ids=str,
)
def test_the_form_tells_the_phase(change: dict[str, Any], phase: str) -> None:
    notice = replace(WARNING, **change)
    assert [e.detection.phase for e in judged(notice)] == [phase]
    assert [e.detection.phase for e in judged(notice, event("storm_flood_fire", phase="active"))] == [phase]


def test_a_moderate_warning_rings_only_where_its_words_do() -> None:
    moderate = replace(WARNING, severity="Moderate")
    assert judged(moderate) == ()
    assert [e.places for e in judged(moderate, event("storm_flood_fire", JORDAN))] == [(HOMS,)]


def test_words_of_another_kind_are_not_the_forms() -> None:
    assert [e.detection.trigger for e in judged(WARNING, event("border_closure"))] == ["storm_flood_fire"]


def test_coordinates_go_before_the_place_that_words_name() -> None:
    quake = Notice(event="earthquake_volcano", lat=34.70, lon=36.70)
    (found,) = judged(quake, event("earthquake_volcano", JORDAN))
    (place,) = found.places
    assert (place.name, place.country, place.lat, place.lon, place.precision) == ("Homs", "SY", 34.70, 36.70, "point")
    assert judged(replace(quake, lat=-50.0, lon=-30.0), event("earthquake_volcano", JORDAN))[0].country == "JO"


@pytest.mark.parametrize(
    ("category", "name", "trigger"),
    [
        ("Met", "Tornado Warning", "storm_flood_fire"),
        ("Met", "Tsunami Warning", "earthquake_volcano"),
        ("Geo", "", "earthquake_volcano"),
        ("Safety", "Evacuation - Immediate", "evacuation"),
        ("Fire", "Red Flag", "storm_flood_fire"),
        ("Health", "", "health_emergency"),
        ("CBRNE", "Nuclear Power Plant Warning", "cbrn"),
        ("Safety", "Child Abduction Emergency", ""),
        ("", "", ""),
    ],
)
def test_the_category_and_event_of_a_form_name_the_trigger(category: str, name: str, trigger: str) -> None:
    assert trigger_of(Notice(category=category, event=name)) == trigger


def test_the_town_next_to_a_point_is_found_and_the_open_sea_has_none() -> None:
    gazetteer = Gazetteer.load()
    town = gazetteer.nearest(34.72, 36.70, 50)
    assert town is not None
    assert (town.country, abs(town.lat - 34.72) < 0.5) == ("SY", True)
    assert gazetteer.nearest(-50.0, -130.0, 150) is None
    fiji = gazetteer.nearest(-16.5, -179.99, 300)
    assert fiji is not None
    assert fiji.country == "FJ"
