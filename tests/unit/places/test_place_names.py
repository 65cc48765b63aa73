"""Keys of names, and the dictionary forms of inflected ones."""

import pytest

from worker.places.inflect import bases
from worker.places.names import fold, key, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Trípoli", "tripoli", id="accents"),
        pytest.param("Deir ez-Zor", "Deir Ez Zor", id="hyphens"),
        pytest.param("Mek'ele", "Mek’ele", id="apostrophes"),
        pytest.param("Łódź", "lodz", id="letters with strokes"),
        pytest.param("İzmir", "izmir", id="Turkish dots"),
        pytest.param("أنقرة", "انقره", id="Arabic hamza and ta marbuta"),
        pytest.param("کابل", "كابل", id="Persian kaf"),
        pytest.param("Орёл", "орел", id="Russian yo"),
    ],
)
def test_variants_of_a_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_name_without_words_has_an_empty_key() -> None:
    assert key("…!") == ""


def test_words_keep_their_offsets_and_know_what_joins_them() -> None:
    text = "« L'Égypte, Syria’s north"
    found = words(text)
    assert found.texts == ["L", "Égypte", "Syria", "s", "north"]
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == found.texts
    assert found.tight == [True, False, True, True, False]
    assert found.folded[1] == fold("Égypte") == "egypte"


@pytest.mark.parametrize(
    ("inflected", "name", "lang"),
    [
        pytest.param("Харькове", "Харьков", "ru", id="Russian locative"),
        pytest.param("Украиной", "Украина", "ru", id="Russian instrumental"),
        pytest.param("Сирии", "Сирия", "ru", id="Russian feminine in -ия"),
        pytest.param("Запоріжжі", "Запоріжжя", "uk", id="Ukrainian locative"),
        pytest.param("Києві", "Київ", "uk", id="Ukrainian change of vowel"),
        pytest.param("بالعراق", "العراق", "ar", id="Arabic preposition and article"),
        pytest.param("وسوريا", "سوريا", "ar", id="Arabic and"),
        pytest.param("Venezuelas", "Venezuela", "de", id="German genitive"),
        pytest.param("Ukrainę", "Ukraina", "pl", id="Polish accusative"),
        pytest.param("Niemczech", "Niemcy", "pl", id="Polish locative of a plural"),
        pytest.param("Mikołajowie", "Mikołajów", "pl", id="Polish change of vowel"),
        pytest.param("Praze", "Praha", "cs", id="Czech change of consonant"),
        pytest.param("Nemecku", "Nemecko", "sk", id="Slovak locative"),
        pytest.param("Njemačkoj", "Njemačka", "hr", id="Croatian locative"),
        pytest.param("Törökországban", "Törökország", "hu", id="Hungarian inessive"),
        pytest.param("Venäjällä", "Venäjä", "fi", id="Finnish adessive"),
        pytest.param("Saksamaal", "Saksamaa", "et", id="Estonian adessive"),
        pytest.param("Vokietijoje", "Vokietija", "lt", id="Lithuanian locative"),
        pytest.param("Ukrainas", "Ukraina", "lv", id="Latvian genitive"),
        pytest.param("Ucrainei", "Ucraina", "ro", id="Romanian genitive"),
        pytest.param("Τουρκίας", "Τουρκία", "el", id="Greek genitive"),
    ],
)
def test_an_inflected_name_has_its_dictionary_form_among_its_bases(inflected: str, name: str, lang: str) -> None:
    assert fold(name) in bases(fold(inflected), lang)


def test_an_english_plural_is_no_genitive() -> None:
    assert bases("athens", "en") == []


def test_bases_are_few() -> None:
    assert all(len(bases(fold(w), "ru")) <= 12 for w in ("Киевскими", "Одессою", "Москве"))
