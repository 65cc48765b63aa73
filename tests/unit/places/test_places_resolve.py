"""Where detections are put, by the rules that an analyst would state."""

import time

import pytest

from worker.articles.model import Document
from worker.places.model import Event
from worker.places.resolve import Resolver
from worker.triggers.model import Detection

ARTICLE = """Thousands leave Homs as rebels come closer
Rebels said they had taken Hama after days of fighting.
Earlier, Russian warplanes bombed a bridge in Rastan.
In the south, Jordan closed its border after violence.
Moscow told its nationals to leave the country."""


def at(text: str, quote: str, trigger: str) -> Detection:
    start = text.index(quote)
    return Detection(
        trigger=trigger,
        phase="active",
        veracity="reported",
        quote=quote,
        start=start,
        end=start + len(quote),
        sentence=(start, start + len(quote)),
        rule="test",
        confidence=1.0,
    )


def locate(resolver: Resolver, text: str, quote: str, trigger: str, home: str = "", lang: str = "en") -> list[Event]:
    title, _, body = text.partition("\n")
    return list(resolver.locate(Document(title=title, text=body, lang=lang), [at(text, quote, trigger)], home=home))


@pytest.mark.parametrize(
    ("quote", "trigger", "country", "place"),
    [
        pytest.param("Thousands leave Homs", "mass_displacement", "SY", "Homs", id="headline"),
        pytest.param("taken Hama", "territory_change", "SY", "Hama", id="the town in the quote"),
        pytest.param("warplanes bombed a bridge", "air_strike", "SY", "Rastan", id="the target, not the attacker"),
        pytest.param("closed its border", "border_closure", "JO", "Jordan", id="the country that closes"),
    ],
)
def test_each_event_of_an_article_gets_its_own_place(
    resolver: Resolver, quote: str, trigger: str, country: str, place: str
) -> None:
    [event] = locate(resolver, ARTICLE, quote, trigger)
    assert (event.country, event.place) == (country, place)


def test_a_place_carries_what_a_map_needs(resolver: Resolver) -> None:
    [event] = locate(resolver, "Blast in Aleppo", "Blast", "bombing")
    place = event.places[0]
    assert (place.name, place.country, place.precision, place.role) == ("Aleppo", "SY", "city", "event")
    assert place.geonames_id == 170063
    assert place.lat == pytest.approx(36.2, abs=0.2)
    assert place.lon == pytest.approx(37.16, abs=0.2)
    assert place.radius_km is not None
    assert place.radius_km > 0


def test_a_text_without_places_stays_unknown(resolver: Resolver) -> None:
    [event] = locate(resolver, "Thousands flee as the river rises", "Thousands flee", "mass_displacement")
    assert event.places == ()
    assert event.country == ""


def test_an_outlets_home_counts_only_where_the_text_names_no_country(resolver: Resolver) -> None:
    [bare] = locate(resolver, "Blackout hits thousands of homes", "Blackout", "infrastructure_damage", home="NZ")
    [abroad] = locate(resolver, "Blackout hits thousands in Chile", "Blackout", "infrastructure_damage", home="NZ")
    assert (bare.country, abroad.country) == ("NZ", "CL")


def test_the_attackers_name_alone_does_not_tell_where(resolver: Resolver) -> None:
    [event] = locate(resolver, "Russian shells fall on a school", "shells fall", "air_strike")
    assert event.country == ""


def test_countries_named_in_one_breath_are_an_event_each(resolver: Resolver) -> None:
    events = locate(resolver, "Floods in Germany, Belgium and the Netherlands kill 90", "Floods", "storm_flood_fire")
    assert sorted(e.country for e in events) == ["BE", "DE", "NL"]


def test_a_border_between_two_is_one_event_unless_it_is_fought_over(resolver: Resolver) -> None:
    text = "Boat sinks near the Malaysia-Thailand border"
    assert [e.country for e in locate(resolver, text, "sinks", "industrial_transport_disaster")] == ["MY"]
    text = "Troops clash on the Thailand-Cambodia border"
    assert sorted(e.country for e in locate(resolver, text, "clash", "ground_fighting")) == ["KH", "TH"]


def test_a_dateline_yields_to_the_place_in_the_sentence(resolver: Resolver) -> None:
    text = (
        "Refinery burns after night raid\nMOSCOW, Dec 3 (Agency) - Drones hit a fuel depot near Odesa, officials said."
    )
    [event] = locate(resolver, text, "Drones hit", "air_strike")
    assert event.country == "UA"


def test_a_dateline_helps_where_nothing_else_tells(resolver: Resolver) -> None:
    text = "Power fails across the city\nHARARE, Dec 3 (Agency) - Engineers tried to restart the grid on Tuesday."
    [event] = locate(resolver, text, "Power fails", "infrastructure_damage")
    assert event.country == "ZW"


def test_a_weaker_second_sighting_takes_the_place_of_the_first(resolver: Resolver) -> None:
    text = "Floods kill nine in Nepal\nForecasters fear that more floods will come."
    title, _, body = text.partition("\n")
    found = [at(text, "Floods kill nine", "storm_flood_fire"), at(text, "more floods", "storm_flood_fire")]
    events = resolver.locate(Document(title=title, text=body, lang="en"), found)
    assert [e.country for e in events] == ["NP", "NP"]


def test_a_country_on_the_next_line_does_not_swallow_a_town(resolver: Resolver) -> None:
    text = "The long fight for Mariupol\nRussia says that the city is close to falling."
    names = [m.place.name for m in resolver.mentions(Document(title=text.split("\n")[0], text=text.split("\n")[1]))]
    assert names == ["Mariupol", "Russia"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ashley Bloomfield spoke of new cases", id="family name after a first name"),
        pytest.param("Typhoon Washi turns north", id="storm"),
        pytest.param("NATO allies met", id="abbreviation"),
        pytest.param("The match in March was a hope for most", id="plain words"),
        pytest.param("Tell us more", id="us is not US"),
    ],
)
def test_what_only_looks_like_a_place_is_none(resolver: Resolver, text: str) -> None:
    assert resolver.mentions(Document(title=text, lang="en")) == ()


def test_a_topic_before_a_colon_is_the_scene(resolver: Resolver) -> None:
    [event] = locate(resolver, "Ecuador: pipeline bursts in the Amazon", "pipeline bursts", "infrastructure_damage")
    assert event.country == "EC"


@pytest.mark.parametrize(
    ("text", "quote", "trigger", "lang", "country"),
    [
        ("Mali : l'Allemagne demande à ses ressortissants de partir", "demande à", "leave_advisory", "fr", "ML"),
        ("Kenya floods\nLa Croix-Rouge évacue les habitants du Kenya", "évacue les", "evacuation", "fr", "KE"),
        (
            "Airport in Belgium shut\nPlanes diverted to Cologne and Luxembourg",
            "diverted",
            "airspace_airport_closure",
            "en",
            "BE",
        ),
        ("Chad coup\nIt is the third coup since independence from France", "third coup", "coup", "en", "TD"),
        ("Torkham border crossing shut as Afghan guards clash", "guards clash", "ground_fighting", "en", "PK"),
        ("اندلعت معارك عنيفة في بلدة بجنوب السودان", "معارك عنيفة", "ground_fighting", "ar", "SS"),
        ("Ebola spreads in Kasai-Central province", "Ebola spreads", "health_emergency", "en", "CD"),
        ("Tremor rattles Badakhshan", "Tremor rattles", "earthquake_volcano", "en", "AF"),
        ("Tremor rattles Badakhshan in Tajikistan", "Tremor rattles", "earthquake_volcano", "en", "TJ"),
    ],
    ids=[
        "topic",
        "half a name",
        "sent on",
        "free of",
        "a crossing",
        "prefix",
        "province",
        "of two lands",
        "told which",
    ],
)
def test_what_a_name_means_beside_its_words(
    resolver: Resolver, text: str, quote: str, trigger: str, lang: str, country: str
) -> None:
    [event] = locate(resolver, text, quote, trigger, lang=lang)
    assert event.country == country


def test_niger_state_lies_inland(resolver: Resolver) -> None:
    [event] = locate(resolver, "Gunmen abduct pupils in Niger State", "abduct pupils", "abduction")
    assert event.places[0].lat == pytest.approx(9.9, abs=1.0)


def test_waters_have_no_country(resolver: Resolver) -> None:
    [event] = locate(resolver, "Ferry sinks in the Black Sea", "Ferry sinks", "industrial_transport_disaster")
    assert (event.place, event.country) == ("Black Sea", "")
    assert event.places[0].precision == "region"


def test_a_ship_that_is_seized_counts_for_the_state_that_seizes_it(resolver: Resolver) -> None:
    [event] = locate(resolver, "Iran seizes tanker in the Strait of Hormuz", "seizes tanker", "abduction")
    assert event.country == "IR"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("Thousands fled from Syria", "origin", id="origin"),
        pytest.param("A raid on Syria", "target", id="target"),
        pytest.param("Syria said so", "actor", id="speaker"),
        pytest.param("A quake in Syria", "event", id="scene"),
    ],
)
def test_a_mention_tells_its_role(resolver: Resolver, text: str, role: str) -> None:
    [mention] = resolver.mentions(Document(title=text, lang="en"))
    assert mention.place.role == role
    assert text[mention.start : mention.end] == "Syria"


def test_people_and_organisations_are_no_mentions(resolver: Resolver) -> None:
    text = "The Kremlin, Hamas and Syrian officials met Michael Jordan"
    [mention] = resolver.mentions(Document(title=text, lang="en"))
    assert (text[mention.start : mention.end], mention.place.country, mention.place.role) == ("Syrian", "SY", "actor")


@pytest.mark.parametrize("unit", ["Kyiv, ", "A ", "Al-", "Syria and ", "U.S. ", "北京", "\n", "de la "])
def test_a_quarter_of_a_megabyte_of_anything_takes_little_time(resolver: Resolver, unit: str) -> None:
    text = unit * (250_000 // len(unit))
    detections = [at(f"x\n{text}", "x", "air_strike")] * 50
    started = time.process_time()
    resolver.locate(Document(title="x", text=text, lang="en"), detections)
    assert time.process_time() - started < 6


def test_ten_thousand_names_cost_about_twice_as_much_as_five_thousand(resolver: Resolver) -> None:
    towns = ["Homs", "Kharkiv", "Deir ez-Zor", "Springfield", "Tripoli", "Goma", "Khan Younis", "Georgia", "Leeds"]

    def cost(count: int) -> float:
        text = ", ".join(towns[i % len(towns)] for i in range(count))
        document = Document(title="x", text=text, lang="en")
        started = time.process_time()
        resolver.locate(document, [at("x\n", "x", "air_strike")] * 20)
        return time.process_time() - started

    cost(1000)
    small = min(cost(5_000) for _ in range(3))
    large = min(cost(10_000) for _ in range(3))
    assert large < 3.5 * small


@pytest.mark.parametrize(
    ("lang", "text", "named"),
    [
        ("de", "Das Buch liegt seit Montag im Hof, am Ende war Regen in Sicht.", []),
        ("de", "Ein Beben der Stärke 5,8 traf Alle mit Panik; die Lage ist ernst.", []),
        ("de", "Ein Brand in Zug hat den Norden von Luzern verraucht.", ["Zug", "Luzern"]),
        ("de", "Kämpfe im Kargil-Gebirge, Tote in Srinagar.", ["Kargil", "Srinagar"]),
        ("es", "La Guardia Nacional y la Universidad cerraron en Cali. El segundo día no hubo nada.", ["Cali"]),
        ("fr", "Son avocat et la défense ont quitté Goma. Celle de Paris attend.", ["Goma", "Paris"]),
        ("tr", "İki asker Van'da yaralandı, Adalet Bakanı Ankara'da.", ["Van", "Ankara"]),
        ("ar", "قالت السلطات في بيان إن المدينة تحت الحصار منذ سنة وأغلق الطريق إلى حلب", ["حلب"]),
        ("ar", "حريق في بني سويف وآخر في المدينة المنورة", ["بني سويف", "المدينة المنورة"]),
    ],
)
def test_a_common_word_of_the_language_is_no_town(resolver: Resolver, lang: str, text: str, named: list[str]) -> None:
    document = Document(id="a", title="", text=text, lang=lang)
    assert [document.full[m.start : m.end] for m in resolver.mentions(document)] == named
