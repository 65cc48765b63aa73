"""What is told in one breath, what stands on its own, and what lies on two sides of a border."""

from typing import Any

import msgspec
import pytest

from tests.support.builders import HAMA, HOMS, JORDAN, NOON, RULES, SYRIA, article, event
from tests.unit.alerts.test_link import told
from worker.alerts.memory import Memory
from worker.alerts.wording import alike, content, sites
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import SCORER

POLAND = Place(name="Poland", country="PL", lat=52.0, lon=19.0, precision="country", radius_km=300)
GATE = Place(name="Torkham", country="AF", lat=34.12, lon=71.09, precision="city")
PASS = Place(name="Landi Kotal", country="PK", lat=34.1, lon=71.15, precision="city")


def standing(*steps: tuple[object, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(a.trigger, a.also) for a in told(*steps) if not a.withdrawn]


LOOTED = (article("ar_1", title="Curfew in Homs after looting"), event("violent_unrest", HOMS), event("curfew", HOMS))
ALONE = (article("ar_2", hours=2, group="bbc", title="Shops in Homs looted by a crowd"), event("violent_unrest", HOMS))


def test_a_part_founds_no_alert_of_its_own() -> None:
    assert standing(LOOTED) == [("curfew", ("violent_unrest",))]


def test_a_part_that_is_told_of_by_itself_later_is_an_alert_and_has_what_others_said_of_it() -> None:
    alerts = {a.trigger: {t.article_id for t in a.traces} for a in told(LOOTED, ALONE) if not a.withdrawn}
    assert alerts == {"curfew": {"ar_1"}, "violent_unrest": {"ar_1", "ar_2"}}


def test_what_is_only_feared_takes_in_nothing_that_happened() -> None:
    feared = event("violent_unrest", HOMS, phase="threatened")
    alerts = standing((LOOTED[0], feared, event("route_closure", HOMS)))
    assert sorted(alerts) == [("route_closure", ()), ("violent_unrest", ())]


def test_what_is_new_joins_what_was_known_where_one_breath_tells_of_both() -> None:
    assert standing(ALONE, LOOTED) == [("violent_unrest", ("curfew",))]


def test_a_strike_is_news_however_long_people_have_been_fleeing() -> None:
    fled = (article("ar_1", title="Thousands flee Homs"), event("mass_displacement", HOMS))
    title = "Air strike kills 50 in Homs as thousands flee"
    events = [event(trigger, HOMS, quote=title) for trigger in ("air_strike", "mass_displacement")]
    alerts = standing(fled, (article("ar_2", hours=20, group="bbc", title=title), *events))
    assert [trigger for trigger, _ in alerts] == ["mass_displacement", "air_strike"]


@pytest.mark.parametrize(("rule", "count"), [(SCORER, 1), ("a rule", 2)])
def test_two_triggers_that_the_scorer_read_out_of_one_sentence_are_one_thing(rule: str, count: int) -> None:
    title = "Poland closes Medyka crossing"
    shut = (article("ar_1", title=title), event("border_closure", POLAND, quote=title))
    read = [event(t, POLAND, quote=title, rule=rule) for t in ("airspace_airport_closure", "border_closure")]
    assert len(standing(shut, (article("ar_2", hours=1, group="bbc", title=title), *read))) == count


def test_what_joined_another_alert_is_an_alert_once_it_is_told_of_by_itself() -> None:
    lifted = (article("ar_3", hours=9, group="dw", title="Curfew in Homs lifted"), event("curfew", HOMS, phase="ended"))
    assert standing(ALONE, LOOTED, lifted) == [("violent_unrest", ()), ("curfew", ())]


def test_a_part_that_is_over_does_not_end_the_whole() -> None:
    source, unrest, curfew = LOOTED
    calm = msgspec.structs.replace(unrest.detection, phase="ended")  # type: ignore[attr-defined]
    (alert,) = told((source, Event(detection=calm, places=(HOMS,)), curfew))
    assert alert.phase == "active"


def test_what_stands_in_another_sentence_is_another_event() -> None:
    quote = "Shops were looted."
    later = event("violent_unrest", HOMS, quote=quote, start=400, end=418, sentence=(400, 418))
    assert sorted(standing((LOOTED[0], event("curfew", HOMS), later))) == [("curfew", ()), ("violent_unrest", ())]


def test_a_wreck_told_in_one_breath_with_its_storm_is_one_alert() -> None:
    storm = (article(title="Storm sinks a ferry off Homs"), event("storm_flood_fire", HOMS))
    assert standing((*storm, event("industrial_transport_disaster", HOMS))) == [
        ("storm_flood_fire", ("industrial_transport_disaster",))
    ]


def test_a_place_at_the_far_end_of_a_long_island_lies_on_it() -> None:
    flores = Place(name="Flores", country="ID", lat=-8.6, lon=121.0, precision="region", radius_km=150)
    lewotobi = Place(name="Lewotobi", country="ID", lat=-8.54, lon=122.78, precision="point")
    sumba = Place(name="Tambolaka", country="ID", lat=-9.41, lon=119.0, precision="city")
    for place, count in ((lewotobi, 1), (sumba, 2)):
        steps = told((article(), event("earthquake_volcano", flores), event("earthquake_volcano", place)))
        assert len(steps) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l'armée dément", ("armee", "dement")),
        ("dell’aeroporto", ("aeropo",)),
        ("захоплення Куп'янська", ("захопл", "купянс")),
        ("Turkey's Van'da Van'daki", ("turkey", "van")),
        ("don't", ("don",)),
    ],
)
def test_an_apostrophe_joins_articles_endings_and_cyrillic_words(text: str, words: tuple[str, ...]) -> None:
    assert content(text) == words


def test_an_article_judged_again_keeps_its_part() -> None:
    assert standing(LOOTED, LOOTED) == [("curfew", ("violent_unrest",))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Farmers have blocked the Medyka crossing", ("@medyka",)),
        ("Poland has closed the road crossing at Bobrowniki", ("@bobrow",)),
        ("Polen schließt den Grenzübergang Bobrowniki", ("@bobrow",)),
        ("le poste-frontière de Medyka fermé", ("@medyka",)),
        ("Uganda shuts Elegu Border Point after gunfire", ("@elegu",)),
        ("The border crossing of Elegu is shut", ("@elegu",)),
        ("sealed its crossing with DR Congo at Bunagana", ("@bunaga",)),
        ("закрили пункт пропуску «Краківець»", ("@краків",)),
        ("إغلاق معبر رفح", ("@رفح",)),
        ("Kapıköy Sınır Kapısı kapatıldı", ("@kapıko",)),
        ("Border Crossing Closed", ()),
        ("The crossing of the river", ()),
        ("Trucks wait at the border", ()),
    ],
)
def test_crossings_have_names(text: str, names: tuple[str, ...]) -> None:
    assert sites(text) == names


def test_a_name_may_be_spelled_in_two_ways() -> None:
    assert alike("@kherso", "@cherso")
    assert not alike("@medyka", "@bobrow")


def test_two_crossings_of_one_country_stay_two() -> None:
    one = article("ar_1", title="Poland closes Medyka crossing, trucks wait")
    other = article("ar_2", hours=1, group="bbc", title="Poland closes Bobrowniki crossing, trucks wait")
    assert len(told((one, event("border_closure", POLAND)), (other, event("border_closure", POLAND)))) == 2


def test_what_happens_at_a_border_is_told_from_both_sides() -> None:
    memory = Memory(RULES)
    for number, place in enumerate((GATE, PASS)):
        said: Article = article(f"ar_{number}", group=f"g{number}", title="Guards trade fire at Torkham gate")
        memory.take(said, [event("ground_fighting", place)], NOON)
    assert len(memory.all()) == 1


@pytest.mark.parametrize(("days", "count"), [(6, 1), (30, 2)], ids=["carried by another", "next month's bulletin"])
def test_the_same_words_are_a_copy_only_for_a_while(days: int, count: int) -> None:
    memory, text = (
        Memory(RULES),
        "Torrents cut the ring road at the mill bridge, and drivers wait for the water to fall.",
    )
    for number, place in enumerate((HOMS, PASS)):
        said = article(f"ar_{number}", hours=24 * days * number, group=f"g{number}", title="Flood in Homs", text=text)
        memory.take(said, [event("route_closure", place)], NOON)
    assert len(memory.all()) == count


def test_countries_do_not_link_over_their_border() -> None:
    assert len(told((article("ar_1"), event("curfew", JORDAN)), (article("ar_2"), event("curfew", SYRIA)))) == 2


HOMS_ROAD = Place(name="Talbiseh", country="SY", lat=34.84, lon=36.73, precision="city")
BELOW = "Forty families were taken to a school."


@pytest.mark.parametrize(
    ("hazard", "place", "found"),
    [
        ("storm_flood_fire", HOMS, [("storm_flood_fire", ("evacuation",))]),
        ("industrial_transport_disaster", HOMS, [("industrial_transport_disaster", ("evacuation",))]),
        ("earthquake_volcano", HOMS, [("earthquake_volcano", ("evacuation",))]),
        ("storm_flood_fire", JORDAN, [("evacuation", ()), ("storm_flood_fire", ())]),
        ("air_strike", HOMS, [("air_strike", ("evacuation",))]),
        ("air_strike", HOMS_ROAD, [("air_strike", ("evacuation",))]),
        ("health_emergency", HOMS, [("evacuation", ()), ("health_emergency", ())]),
    ],
    ids=["fire", "plant", "quake", "elsewhere", "strike", "near", "an illness"],
)
def test_homes_left_are_part_of_what_is_told_above(hazard: str, place: Place, found: Any) -> None:
    title = "Disaster strikes Homs"
    source = article(title=title, text=f"{'It came at dawn. ' * 9}{BELOW}")
    start = source.document().full.index(BELOW)
    later = event("evacuation", place, quote=BELOW, start=start, end=start + len(BELOW), sentence=(start, start + 30))
    assert sorted(standing((source, event(hazard, HOMS, quote=title), later))) == found


def test_an_order_to_leave_that_is_told_in_one_breath_with_its_fire_leads() -> None:
    title = "Villages near Homs evacuated as wildfire comes near"
    events = [event(trigger, HOMS, quote=title) for trigger in ("evacuation", "storm_flood_fire")]
    assert standing((article(title=title), *events)) == [("evacuation", ("storm_flood_fire",))]


def test_what_those_decree_who_seize_power_is_part_of_the_coup() -> None:
    title = "Soldiers seize power in Homs and close the border"
    events = [event(trigger, HOMS, quote=title) for trigger in ("border_closure", "coup")]
    assert standing((article(title=title), *events)) == [("coup", ("border_closure",))]


def test_the_town_where_people_fled_to_does_not_say_where_the_fire_is() -> None:
    title = "Wildfire near Homs"
    fire = (article("ar_1", title=title), event("storm_flood_fire", SYRIA, quote=title), event("evacuation", HAMA))
    again = (article("ar_2", hours=1, group="bbc", title=title), event("storm_flood_fire", HOMS, quote=title))
    assert len({a.id for a in told(fire, again) if a.trigger == "storm_flood_fire"}) == 1
