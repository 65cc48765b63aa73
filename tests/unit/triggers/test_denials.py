"""Clauses that a text denies, and the events that they would report if they stood alone."""

import pytest

from tests.support.telling import LEXICON, READERS
from worker.articles.model import Document
from worker.triggers.denials import Finder
from worker.triggers.detect import Detector
from worker.triggers.text import Text

DETECTOR = Detector(LEXICON)


def clauses(title: str, lang: str = "en", text: str = "") -> list[str]:
    document = Document(title=title, text=text, lang=lang)
    return [one.text for one in Finder(LEXICON, [lang]).find(Text(document, READERS[lang]))]


@pytest.mark.parametrize(
    ("title", "lang", "clause"),
    [
        ("Harbour master denies reports of blocked strait", "en", "blocked strait"),
        ("Rebels deny that they took Orun as clashes go on", "en", "they took Orun"),
        ("Army denies losing Tashir airfield", "en", "Army losing Tashir airfield"),
        ("Claims of a gas attack were fabricated, army says", "en", "a gas attack"),
        ("No, the Orun bridge has not been closed", "en", "the Orun bridge has been closed"),
        ("Mayor: no curfew has been declared in Orun", "en", "curfew has been declared in Orun"),
        ("Ministry rules out lockdown", "en", "lockdown"),
        ("El gobierno desmiente el cierre de la frontera", "es", "el cierre de la frontera"),
        ("Le ministère dément toute évacuation du port", "fr", "évacuation du port"),
        ("Власти опровергли слухи об эвакуации города", "ru", "эвакуации города"),
        ("Valilik köprünün kapandığı iddiasını yalanladı", "tr", "Valilik köprünün kapandığı iddiasını"),
    ],
)
def test_the_clause_that_is_denied_stands_alone(title: str, lang: str, clause: str) -> None:
    assert clauses(title, lang) == [clause]


@pytest.mark.parametrize(
    "title",
    [
        "Man denies murder after stabbing at station",
        "Villagers denied access to homes after eruption",
        "After the quake: no roofs and fears of cholera",
        "Iran denies it",
        "Storm did not stop the fair",
    ],
)
def test_what_leaves_the_event_standing_is_no_denied_clause(title: str) -> None:
    assert clauses(title) == []


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Kigali denies its troops captured Goma", "", [("territory_change", "denied")]),
        ("Police: no curfew has been declared in Orun", "", [("curfew", "denied")]),
        ("Rebels captured Goma, residents flee", "The army denies that rebels captured Goma.", []),
    ],
)
def test_a_denied_event_is_kept_unless_the_text_tells_it_as_a_fact(
    title: str, text: str, found: list[tuple[str, str]]
) -> None:
    document = Document(title=title, text=text, lang="en")
    (detections,) = DETECTOR.detect([document])
    assert [(d.trigger, d.veracity) for d in detections if d.veracity == "denied"] == found
    assert all(document.full[d.start : d.end] == d.quote for d in detections)


def test_a_megabyte_of_denials_costs_no_more_than_its_length() -> None:
    assert len(clauses("War", text="They deny that they deny it. no no has not been " * 20_000)) <= 3
