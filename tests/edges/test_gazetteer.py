"""The file of names that ships with the package."""

import time

import pytest

from tests.support.paths import ROOT
from worker.places.gazetteer import Gazetteer
from worker.places.model import ANYCASE, CAPS, WEAK
from worker.places.names import UNSPACED, fold, key


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def test_it_loads_in_half_a_second() -> None:
    started = time.process_time()
    Gazetteer.load()
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        pytest.param("Donbas", "UA", "region", id="region of our own table"),
        pytest.param("Gaza Strip", "PS", "region", id="disputed land"),
        pytest.param("Rafah crossing", "EG", "point", id="crossing"),
        pytest.param("Strait of Hormuz", "", "sea", id="strait"),
        pytest.param("Rastan", "SY", "city", id="town in a war"),
        pytest.param("Sonoma County", "US", "region", id="county"),
        pytest.param("New South Wales", "AU", "region", id="state"),
        pytest.param("Kent", "GB", "region", id="English county"),
        pytest.param("Bayern", "DE", "region", id="Land"),
        pytest.param("Syrian", "SY", "demonym", id="demonym"),
        pytest.param("Kremlin", "RU", "actor", id="seat of power"),
        pytest.param("Taliban", "AF", "group", id="group"),
        pytest.param("Сирия", "SY", "country", id="Russian"),
        pytest.param("أوكرانيا", "UA", "country", id="Arabic"),
        pytest.param("ウクライナ", "UA", "country", id="Japanese"),
        pytest.param("Côte d'Ivoire", "CI", "country", id="apostrophe"),
    ],
)
def test_it_knows(gazetteer: Gazetteer, name: str, country: str, kind: str) -> None:
    found = gazetteer.find(name if not name.isascii() and "ウ" in name else key(name))
    assert found is not None
    assert (country, kind) in {(spot.country, spot.kind) for spot in found[1]}


def test_names_of_unspaced_scripts_are_found_longest_first(gazetteer: Gazetteer) -> None:
    text = "ウクライナの首都キーウ"
    assert [text[start:end] for start, end, _ in gazetteer.scan(text)] == ["ウクライナ", "キーウ"]


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        pytest.param("us", CAPS, id="an abbreviation needs capitals"),
        pytest.param("reading", WEAK, id="a common word is weak"),
        pytest.param(fold("российские"), ANYCASE, id="an adjective may be small"),
    ],
)
def test_flags_tell_how_a_name_must_be_written(gazetteer: Gazetteer, name: str, flag: int) -> None:
    found = gazetteer.find(name)
    assert found is not None
    assert found[0] & flag


def test_months_and_plain_words_are_no_names(gazetteer: Gazetteer) -> None:
    assert [w for w in ("march", "police", "of", "most", "hope") if gazetteer.find(w)] == []


def test_every_country_can_be_asked_for_by_its_code(gazetteer: Gazetteer) -> None:
    syria = gazetteer.country("SY")
    assert syria is not None
    assert syria.name == "Syria"
    assert gazetteer.country("ZZ") is None


def test_first_and_family_names_are_known(gazetteer: Gazetteer) -> None:
    assert gazetteer.given("michael")
    assert gazetteer.surname("peterson")
    assert not gazetteer.given("aleppo")


@pytest.mark.parametrize(
    ("table", "cell"),
    [("regions.txt", 0), ("features.txt", 0), ("names.txt", 1), ("groups.txt", 1), ("exonyms.txt", 2)],
)
def test_every_name_of_our_own_tables_is_in_the_compiled_file(gazetteer: Gazetteer, table: str, cell: int) -> None:
    data = ROOT / "worker" / "places" / "data"
    dropped = {key(line) for line in (data / "never.txt").read_text(encoding="utf-8").splitlines() if line}
    missing = []
    for line in (data / table).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        for name in (part.strip().lstrip("=") for part in line.split("|")[cell].split(";")):
            known = gazetteer.find(name) if UNSPACED.search(name) else gazetteer.find(key(name))
            if len(key(name)) > 1 and known is None and key(name) not in dropped:
                missing.append(name)
    assert missing == []


def test_the_data_gives_credit_to_its_sources() -> None:
    credit = (ROOT / "worker" / "places" / "data" / "README.md").read_text(encoding="utf-8")
    assert all(word in credit for word in ("GeoNames", "Creative Commons Attribution 4.0", "CLDR"))
