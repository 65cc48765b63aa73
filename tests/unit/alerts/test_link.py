"""From events to alerts: what founds one, what joins it, and what changes it."""

from datetime import timedelta

import pytest

from tests.support.builders import HAMA, HOMS, JORDAN, NOON, RULES, SYRIA, article, event
from worker.alerts import distance, link, trace
from worker.alerts.memory import Memory
from worker.alerts.model import Alert
from worker.places.model import Place
from worker.triggers.model import Number


def told(*steps: tuple[object, ...]) -> list[Alert]:
    """The alerts that stand after these articles, each with its events, in this order."""
    kept: dict[str, Alert] = {}
    for step in steps:
        source, *events = step
        for alert in link.fold(source, events, kept.values(), now=NOON, rules=RULES):  # type: ignore[arg-type]
            kept[alert.id] = alert
    return list(kept.values())


def test_the_first_event_founds_an_alert() -> None:
    (alert,) = told((article(), event()))
    assert (alert.revision, alert.change, alert.country, alert.phase) == (1, "alert.created", "JO", "active")
    assert alert.headline == "Jordan closes its border with Syria"
    assert alert.evidence[0].quote == "Jordan closes its border"


def test_the_same_article_judged_twice_changes_nothing() -> None:
    (alert,) = told((article(), event()))
    assert link.fold(article(), [event()], [alert], now=NOON, rules=RULES) == []


MOULD = (
    "We advise against all travel to {}. {} is dangerous. Read our advice on insurance, health and safety abroad first."
)


@pytest.mark.parametrize(
    ("group", "names", "count"),
    [("ministry", ("Jordan", "Amman"), 2), ("other", ("Jordan", "Amman"), 2), ("other", ("Syria", "Homs"), 1)],
    ids=["one mould", "one mould of two publishers", "a copy read amiss"],
)
def test_texts_that_name_other_countries_are_cast_in_one_mould(group: str, names: tuple[str, str], count: int) -> None:
    first = article("ar_1", group="ministry", title="Advice", text=MOULD.format("Syria", "Homs"))
    second = article("ar_2", group=group, title="Advice", text=MOULD.format(*names))
    quote = MOULD.partition(".")[0]
    alerts = told(
        (first, event("leave_advisory", SYRIA, quote=quote.format("Syria"))),
        (second, event("leave_advisory", JORDAN, quote=quote.format(names[0]))),
    )
    assert len(alerts) == count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Place(name="Heard Island and McDonald Islands", country="HM"), Place(name="Saint Vincent", country="VC")),
        (Place(name="Guinea", country="GN"), Place(name="Papua New Guinea", country="PG")),
    ],
    ids=["two lands", "a land whose name ends another's"],
)
def test_the_like_words_of_two_lands_tell_of_two_events(one: Place, other: Place) -> None:
    steps = []
    for number, place in enumerate((one, other)):
        headline = f"Warplanes bomb a market in {place.name}"
        source = article(f"ar_{number}", group=f"wire{number}", title=headline, text=headline)
        steps.append((source, event("air_strike", place, quote=headline)))
    assert len(told(*steps)) == 2


NOTICE = "{}. {}. Follow the orders of the civil guard, keep your papers with you and call the hotline in an emergency."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Curfew from nine", "Emergency powers for the governor", id="two subjects"),
        pytest.param(
            "The civil guard informs residents of Homs and visitors: curfew until further notice",
            "The civil guard informs residents of Homs and visitors: martial law until further notice",
            id="one form of sentence",
        ),
    ],
)
def test_notices_of_one_mould_about_two_things_at_one_place_stay_two_alerts(one: str, other: str) -> None:
    steps = [
        (
            article(f"ar_{n}", hours=n, title=said, text=NOTICE.format(said, "Homs")),
            event(trigger, HOMS, quote=said),
        )
        for n, (trigger, said) in enumerate((("curfew", one), ("emergency_rule", other)))
    ]
    assert len(told(*steps)) == len(told(*reversed(steps))) == 2


@pytest.mark.parametrize("group", ["wire", "other"])
def test_a_copy_in_which_another_trigger_was_found_in_the_same_words_is_the_same_event(group: str) -> None:
    said = "Gunmen storm a market near the mosque and shoot shoppers"
    source = {"title": said, "text": NOTICE.format(said, "Homs")}
    first = (article("ar_1", **source), event("attack_on_civilians", HOMS, quote=said))
    again = (article("ar_2", hours=1, group=group, **source), event("ground_fighting", HOMS, quote=said))
    assert len(told(first, again)) == 1


def test_a_routine_repeat_by_the_same_publisher_makes_no_revision() -> None:
    (alert,) = told((article("ar_1"), event()), (article("ar_2", hours=1), event()))
    assert alert.revision == 1


def test_a_second_publisher_makes_the_alert_surer() -> None:
    (alert,) = told((article("ar_1"), event()), (article("ar_2", hours=1, group="other"), event()))
    assert (alert.revision, alert.change, alert.independent_sources) == (2, "alert.updated", 2)
    assert alert.changes == ("independent sources: 1 → 2",)


def test_a_reopening_ends_the_alert() -> None:
    (alert,) = told((article("ar_1"), event()), (article("ar_2", hours=20), event(phase="ended")))
    assert (alert.change, alert.phase, alert.severity) == ("alert.ended", "ended", "minor")


def test_a_closure_after_the_end_is_a_new_alert() -> None:
    closed = (article("ar_1"), event())
    opened = (article("ar_2", hours=10), event(phase="ended"))
    again = (article("ar_3", hours=30), event())
    assert len(told(closed, opened, again)) == 2


def test_a_claim_that_is_reported_later_becomes_reported() -> None:
    claim = (article("ar_1"), event("territory_change", HOMS, veracity="claimed"))
    fact = (article("ar_2", hours=2, group="other"), event("territory_change", HOMS))
    (alert,) = told(claim, fact)
    assert alert.veracity == "reported"
    assert "veracity: claimed → reported" in alert.changes


def test_a_claim_that_is_denied_later_is_withdrawn() -> None:
    claim = (article("ar_1"), event("coup", SYRIA, veracity="claimed"))
    denial = (article("ar_2", hours=2, group="other"), event("coup", SYRIA, veracity="denied"))
    (alert,) = told(claim, denial)
    assert (alert.veracity, alert.change) == ("denied", "alert.withdrawn")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(event("air_strike", HOMS), event("air_strike", HAMA), id="two towns on one day"),
        pytest.param(event(), event("curfew"), id="two triggers"),
        pytest.param(event("curfew", JORDAN), event("curfew", SYRIA), id="two countries"),
        pytest.param(
            event("territory_change", HAMA),
            event("territory_change", HOMS, veracity="denied"),
            id="a fact and a denial",
        ),
    ],
)
def test_different_events_of_one_article_stay_two_alerts(first: object, second: object) -> None:
    assert len(told((article(), first, second))) == 2


def test_a_retelling_days_later_joins_and_a_new_strike_does_not() -> None:
    closed, told_again = (article("ar_1"), event()), (article("ar_2", hours=72), event())
    assert len(told(closed, told_again)) == 1
    strike = (article("ar_1", title="Missiles hit a market in Homs"), event("air_strike", HOMS))
    another = (article("ar_2", hours=72, title="Warplanes bomb an oil depot in Homs"), event("air_strike", HOMS))
    assert len(told(strike, another)) == 2


def test_a_place_made_exact_is_an_update() -> None:
    wide = (article("ar_1"), event("air_strike", SYRIA))
    exact = (article("ar_2", hours=1), event("air_strike", HOMS))
    (alert,) = told(wide, exact)
    assert alert.places[0].name == "Homs"
    assert "place: Syria → Homs" in alert.changes


def test_an_event_without_a_place_joins_one_that_has_one_only_by_its_words() -> None:
    somewhere = (article("ar_1", title="Missiles hit a grain market in Homs"), event("air_strike", HOMS))
    nowhere = link.Event(detection=somewhere[1].detection)
    assert len(told(somewhere, (article("ar_2", title="Warplanes bomb an oil depot"), nowhere))) == 2
    assert len(told(somewhere, (article("ar_2", title="Missiles hit grain market, many dead"), nowhere))) == 1


def test_an_event_id_is_the_same_however_often_the_article_is_judged() -> None:
    assert trace.event_id(article(), event()) == trace.event_id(article(revision=2), event(confidence=0.5))


def test_two_events_of_one_article_give_one_revision() -> None:
    (alert,) = told((article("ar_1"), event()))
    (changed,) = link.fold(
        article("ar_2", hours=1, group="other"), [event(), event(phase="ended")], [alert], now=NOON, rules=RULES
    )
    assert changed.revision == 2


def test_distances_are_great_circles() -> None:
    assert distance.distance_km(34.73, 36.72, 33.51, 36.29) == pytest.approx(141, abs=3)


@pytest.mark.parametrize(("days_back", "count"), [(8, 1), (0, 2)], ids=["tells of that day", "tells of today"])
def test_a_look_back_at_a_day_is_linked_to_what_was_told_on_it(days_back: int, count: int) -> None:
    memory = Memory(RULES)
    first = article("ar_1", title="Bomb kills 14 in market of Homs")
    later = article("ar_2", hours=8 * 24, group="bbc", title="Market of Homs opens again after bomb")
    day = later.reported_at - timedelta(days=days_back)
    memory.take(first, [event("bombing", HOMS)], NOON)
    memory.take(later, [event("bombing", HOMS, occurred_at=day)], NOON)
    assert len(memory.all()) == count


def test_the_day_of_an_end_does_not_speak_against_the_day_of_the_beginning() -> None:
    taken = article("ar_1", title="Nuns kidnapped in Homs")
    freed = article("ar_2", hours=100, group="bbc", title="Kidnapped nuns freed in Homs")
    begun = event("abduction", HOMS, occurred_at=taken.reported_at)
    assert (
        len(told((taken, begun), (freed, event("abduction", HOMS, phase="ended", occurred_at=freed.reported_at)))) == 1
    )


def test_a_town_at_the_far_end_of_its_state_lies_in_it() -> None:
    texas = Place(name="Texas", country="US", admin1="TX", lat=31.2, lon=-99.3, precision="region", radius_km=300)
    beaumont = Place(name="Beaumont", country="US", admin1="TX", lat=30.09, lon=-94.1, precision="city")
    memphis = Place(name="Memphis", country="US", admin1="TN", lat=35.15, lon=-90.05, precision="city")
    fire = event("industrial_transport_disaster", texas)
    for town, count in ((beaumont, 1), (memphis, 2)):
        assert len(told((article(), fire, event("industrial_transport_disaster", town)))) == count


@pytest.mark.parametrize(
    ("name", "lon", "hours", "size", "count"),
    [("Near", 37.8, 2, 6.3, 1), ("Far", 41.0, 2, 6.3, 2), ("Near", 37.8, 30, 6.3, 2), ("Near", 37.8, 2, 5.2, 2)],
    ids=["felt", "too far", "next day", "another magnitude"],
)
def test_one_magnitude_of_one_day_is_one_quake_to_all_who_felt_it(
    name: str, lon: float, hours: float, size: float, count: int
) -> None:
    town = Place(name=name, country="SY", lat=34.7, lon=lon, precision="city")
    figures = [(Number(kind="magnitude", min=m, max=m, approximate=False, quote=f"M {m}"),) for m in (6.3, size)]
    first = (article("ar_1", title="Quake"), event("earthquake_volcano", HOMS, numbers=figures[0]))
    other = article("ar_2", hours=hours, group="bbc", lang="ar", title="Tremor")
    assert len(told(first, (other, event("earthquake_volcano", town, numbers=figures[1])))) == count
