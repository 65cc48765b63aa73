"""What the title and the lead tell twice, with two places, is one event; what they tell of two places is two."""

import msgspec
import pytest

from tests.support.builders import HAMA, HOMS, NOON, RULES, SYRIA, article, event
from tests.unit.alerts.test_link import told
from worker.alerts import link
from worker.alerts.model import Alert
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import Number

UGANDA = Place(name="Uganda", country="UG", lat=1.3, lon=32.3, precision="country", radius_km=300)
CONGO = Place(name="Democratic Republic of the Congo", country="CD", lat=-3.0, lon=23.0, precision="country")
SUDAN = Place(name="South Sudan", country="SS", lat=7.5, lon=30.0, precision="country", radius_km=400)
GUERRERO = Place(name="Guerrero", country="MX", lat=17.5, lon=-99.4, precision="region", radius_km=130)
ACAPULCO = Place(name="Acapulco", country="MX", lat=16.85, lon=-99.91, precision="city")
PINOTEPA = Place(name="Pinotepa", country="MX", lat=16.34, lon=-98.05, precision="city")
GUERRERO_COAST = Place(name="Oaxaca coast", country="MX", lat=16.0, lon=-97.0, precision="region", radius_km=50)
OAXACA = Place(name="Oaxaca", country="MX", lat=17.0, lon=-96.7, precision="region", radius_km=144)


def telling(title: str, lead: str, trigger: str, *places: Place) -> tuple[Article, ...]:
    """An article whose title tells of the first place and whose lead of the others."""
    spans = [(0, len(title))] + [(len(title) + 1, len(title) + 1 + len(lead))] * (len(places) - 1)
    quotes = [title, *[lead] * (len(places) - 1)]
    events = [
        event(trigger, place, quote=quote, start=span[0], end=span[1], sentence=span)
        for place, quote, span in zip(places, quotes, spans, strict=True)
    ]
    return (article(title=title, text=lead), *events)  # type: ignore[return-value]


TITLE = "Uganda keeps Bunagana shut for a second day"
LEAD = "The gate between Uganda and eastern Congo stayed shut on Tuesday."


def test_a_lead_that_names_the_place_of_the_title_tells_the_same_again() -> None:
    (alert,) = told(telling(TITLE, LEAD, "border_closure", UGANDA, CONGO))
    assert {t.places[0].country for t in alert.traces} == {"UG", "CD"}


def test_the_article_judged_again_changes_nothing() -> None:
    source, *events = telling(TITLE, LEAD, "border_closure", UGANDA, CONGO)
    (alert,) = told((source, *events))
    assert link.fold(source, events, [alert], now=NOON, rules=RULES) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "lead", "places"),
    [
        ("Shells hit Homs", "Four died in Homs, and rockets fell on Hama.", (HOMS, HAMA, HOMS)),
        ("Shells hit Acapulco", "Acapulco and Pinotepa were struck on one day.", (ACAPULCO, PINOTEPA)),
        ("Shells hit Homs", "Rockets fell on a village of Uganda.", (HOMS, UGANDA)),
    ],
    ids=["the lead tells of the title's place too", "towns far from each other", "the lead does not name it"],
)
def test_two_places_of_one_article_are_two_events(title: str, lead: str, places: tuple[Place, ...]) -> None:
    assert len(told(telling(title, lead, "air_strike", *places))) == 2


def test_a_crossing_told_of_from_both_sides_is_one() -> None:
    title = "Uganda and South Sudan reopen the Elegu crossing"
    both = [event("border_closure", place, quote=title) for place in (UGANDA, SUDAN)]
    assert len(told((article(title=title), *both))) == 1
    title = "Uganda and South Sudan close their borders"
    each = [event("border_closure", place, quote=title) for place in (UGANDA, SUDAN)]
    assert len(told((article(title=title), *each))) == 2


def magnitude(value: float) -> Number:
    return Number(kind="magnitude", min=value, max=value, approximate=False, quote=f"M {value}")


def quake(name: str, hours: float, *told_of: tuple[Place, tuple[Number, ...]]) -> tuple[Article | Event, ...]:
    title = f"Earthquake shakes {told_of[0][0].name}"
    source = article(name, hours=hours, group=name, title=title, text=f"{title}. No damage is known.")
    return (source, *(event("earthquake_volcano", p, quote=title, numbers=n) for p, n in told_of))


def test_the_magnitude_of_one_sentence_holds_for_the_region_that_another_names() -> None:
    first = quake("ar_1", 0, (PINOTEPA, (magnitude(6.4),)))
    second = quake("ar_2", 1, (GUERRERO, ()), (ACAPULCO, (magnitude(5.7),)))
    found: list[Alert] = told(first, second)
    assert sorted({t.article_id for t in a.traces} == {"ar_2"} for a in found) == [False, True]


def test_another_magnitude_in_the_lead_is_another_quake() -> None:
    title, lead = "Magnitude 5.7 quake shakes Acapulco", "It came an hour after Acapulco felt the one of Oaxaca."
    source = article(title=title, text=lead)
    later = (len(title) + 1, len(title) + 1 + len(lead))
    events = (
        event("earthquake_volcano", ACAPULCO, quote=title, numbers=(magnitude(5.7),)),
        event("earthquake_volcano", OAXACA, quote=lead, sentence=later, numbers=(magnitude(6.4),)),
    )
    assert len(told((source, *events))) == 2


def test_one_crossing_by_name_is_one_though_its_towns_were_read_amiss() -> None:
    closed = "Syria closes the Bunagana border post"
    first = (article("ar_1", title=closed), event("border_closure", HOMS, quote=closed))
    again = "Trucks wait at the Bunagana crossing after Syria closes it"
    second = (article("ar_2", hours=3, group="bbc", title=again), event("border_closure", HAMA, quote=again))
    assert len(told(first, second)) == 1
    other = "Syria closes the Elegu border point"
    third = (article("ar_3", hours=3, group="dw", title=other), event("border_closure", SYRIA, quote=other))
    assert len(told(first, third)) == 2


def test_two_names_for_where_one_magnitude_was_felt_are_one_quake() -> None:
    title, lead = "Magnitude 5.6 quake shakes islands off Acapulco", "A quake measuring 5.6 shook Pinotepa."
    source, *events = telling(title, lead, "earthquake_volcano", ACAPULCO, PINOTEPA)
    same = [msgspec.structs.replace(e.detection, numbers=(magnitude(5.6),)) for e in events]  # type: ignore[attr-defined]
    both = [Event(detection=d, places=e.places) for d, e in zip(same, events, strict=True)]  # type: ignore[attr-defined]
    assert len(told((source, *both))) == 1
    other = msgspec.structs.replace(same[1], numbers=(magnitude(6.4),))
    assert len(told((source, both[0], Event(detection=other, places=both[1].places)))) == 2


def test_a_lead_that_names_a_town_by_the_title_s_short_name_tells_the_same_again() -> None:
    full = Place(name="Acapulco de Juárez", country="MX", lat=16.85, lon=-99.91, precision="city")
    lead = "Acapulco was struck an hour after the coast."
    assert len(told(telling("Shells hit Acapulco", lead, "air_strike", full, GUERRERO_COAST))) == 1
