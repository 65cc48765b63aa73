"""The word right behind a land's name tells whether things happen there: backed, talks, airstrike, US raid."""

import pytest

from tests.unit.places.test_places_beside import check, land
from worker.articles.model import Document
from worker.places.resolve import Resolver


@pytest.mark.parametrize(
    "case",
    [
        "SY | en | US-backed Syrian fighters halt their offensive near the dam | offensive",
        "YE | en | Saudi-led coalition resumes fighting around Hodeidah | fighting",
        "UA | en | Fighting flares in eastern Ukraine as Russia-backed rebels advance | Fighting flares",
        "CD | en | Congo army clashes with Rwanda-backed rebels | clashes",
        "SY | en | No miracles at Geneva talks as fighting rages in Syria | fighting rages",
        "LY | en | Berlin summit ends while fighting goes on in Libya | fighting goes on",
    ],
)
def test_who_stands_behind_and_where_one_talks_is_not_the_scene(resolver: Resolver, case: str) -> None:
    check(resolver, case, "ground_fighting")


@pytest.mark.parametrize(
    "case",
    [
        "SY | en | Powers to confer after deadly Syria airstrike | airstrike",
        "YE | en | Aid groups appalled by Yemen air raid | air raid",
        "AF | en | Commander dies in US bombardment of caves in Afghanistan | bombardment",
        "YE | en | Twenty US air raids hit Yemen overnight | air raids",
        "UA | en | Flats burn in Kyiv bomb attack | bomb attack",
        "PS | en | Tunnels struck in Israeli raids on Gaza | raids",
    ],
)
def test_raids_behind_a_name_are_there_or_by_a_power_elsewhere(resolver: Resolver, case: str) -> None:
    check(resolver, case, "air_strike")


@pytest.mark.parametrize(
    "case",
    [
        "HN | es | Toque de queda en Tegucigalpa; el depuesto sigue en la embajada de Brasil | Toque de queda",
        "JO | es | Disturbios en Amán ante la embajada israelí | Disturbios",
        "AF | de | Deutsches Konsulat in Herat nach Anschlag geschlossen | Anschlag",
        "IQ | sv | Sveriges ambassad i Bagdad stormad vid upplopp | upplopp",
        "TR | fr | Heurts à Ankara devant l'ambassade de Russie | Heurts",
    ],
)
def test_whose_embassy_it_is_does_not_tell_where(resolver: Resolver, case: str) -> None:
    check(resolver, case, "violent_unrest")


def test_a_text_that_opens_with_a_town_and_a_dash_was_written_there(resolver: Resolver) -> None:
    text = "Anlage beschossen\nWien – In der iranischen Anlage Natans schlugen Raketen ein, sagte die Behörde."
    assert land(resolver, "de", text, "schlugen Raketen ein", "air_strike") == "IR"


@pytest.mark.parametrize(
    "text",
    [
        "Protesters march in the South American territory",
        "Latin American ministers meet",
        "The America's Cup sets sail",
        "Police push into the Old City",
    ],
)
def test_a_continent_and_a_quarter_are_no_state_or_town(resolver: Resolver, text: str) -> None:
    assert not resolver.mentions(Document(title=text, text="", lang="en"))
