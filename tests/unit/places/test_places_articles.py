"""Articles of our own wording with every mention labelled: half was used for tuning, half was held out."""

import json
import math
from typing import Any, NamedTuple

import pytest

from tests.support.paths import ROOT
from worker.articles.model import Document
from worker.places.model import Mention
from worker.places.resolve import Resolver

ITEMS = [json.loads(x) for x in (ROOT / "tests/data/places_articles.jsonl").read_text(encoding="utf-8").splitlines()]


class Figures(NamedTuple):
    recall: float
    precision: float
    country: float
    near: float


def document(item: dict[str, Any]) -> Document:
    return Document(title=item["title"], text=item["text"], lang=item["lang"])


def km(lat: float, lon: float, mention: Mention) -> float:
    if mention.place.lat is None or mention.place.lon is None:
        return math.inf
    a, b = math.radians(lat), math.radians(mention.place.lat)
    turn = math.radians(mention.place.lon - lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def measure(resolver: Resolver, part: str) -> Figures:
    """Mentions found, found ones that are labelled, right country of those found, within 161 km of all with a point."""
    gold = said = hits = right = near = points = 0
    for item in (i for i in ITEMS if i["part"] == part):
        found = resolver.mentions(document(item))
        said += len(found)
        for label in item["places"]:
            gold += 1
            points += label["lat"] is not None
            match = next((m for m in found if m.start < label["end"] and label["start"] < m.end), None)
            if match is not None:
                hits += 1
                right += match.place.country == label["country"]
                near += label["lat"] is not None and km(label["lat"], label["lon"], match) <= 161
    return Figures(hits / gold, hits / said, right / hits, near / points)


@pytest.mark.parametrize("part", ["tune", "held"])
def test_mentions_are_found_and_put_where_they_are(resolver: Resolver, part: str) -> None:
    figures = measure(resolver, part)
    assert figures.recall >= 0.9, figures
    assert figures.precision >= 0.95, figures
    assert figures.country >= 0.95, figures
    assert figures.near >= 0.82, figures


def test_the_labels_stand_where_they_say() -> None:
    for item in ITEMS:
        full = document(item).full
        assert [full[p["start"] : p["end"]] for p in item["places"]] == [p["name"] for p in item["places"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("The New York Times wrote of Oslo.", ["Oslo"], id="paper"),
        pytest.param("Manchester United flew to Rome.", ["Rome"], id="club"),
        pytest.param("The Bank of England spoke to Kenya.", ["Kenya"], id="bank"),
        pytest.param("A truck burned on U.S. 82 near Tulsa.", ["Tulsa"], id="road"),
        pytest.param("Mayor Jackson Cole spoke in Denver.", ["Denver"], id="mayor"),
        pytest.param("Syrian troops left Homs.", ["Syrian", "Homs"], id="who comes from a country"),
    ],
)
def test_names_inside_other_names_are_no_mentions(resolver: Resolver, text: str, names: list[str]) -> None:
    found = resolver.mentions(Document(text=text, lang="en"))
    assert [text[m.start - 1 : m.end - 1] for m in found] == names


@pytest.mark.parametrize(
    ("text", "name", "admin1"),
    [
        pytest.param("Fire near Paris, Texas. In Paris a barn burned.", "Paris", "TX", id="told once, meant twice"),
        pytest.param("Ice closed schools in Springfield, Ill., on Monday.", "Springfield", "IL", id="short form"),
        pytest.param("Crews from Decatur, Lincoln, Peoria and Springfield, IL came.", "Decatur", "IL", id="neighbours"),
    ],
)
def test_a_local_paper_means_its_own_towns(resolver: Resolver, text: str, name: str, admin1: str) -> None:
    found = [m.place for m in resolver.mentions(Document(text=text, lang="en")) if m.place.name == name]
    assert {p.admin1 for p in found} == {admin1}
