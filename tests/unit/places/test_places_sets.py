"""Our own labelled sets: which place an ambiguous name means, and in which country an act happens."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.support.paths import ROOT
from worker.articles.model import Document
from worker.places.resolve import Resolver
from worker.triggers.model import Detection, Span

DATA = ROOT / "tests" / "data"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def country_of(resolver: Resolver, item: dict[str, Any]) -> str:
    start = item["start"] + 1  # the title is empty: its line feed comes first
    end = start + len(item["mention"])
    found = resolver.mentions(Document(text=item["text"], lang=item["lang"]))
    return next((m.place.country for m in found if m.start < end and m.end > start), "")


def countries_of(resolver: Resolver, item: dict[str, Any]) -> list[str]:
    text = item["text"]
    start = text.index(item["quote"])
    end = start + len(item["quote"])
    detection = Detection(
        trigger=item["trigger"],
        phase="active",
        veracity="reported",
        quote=item["quote"],
        start=start,
        end=end,
        sentence=(0, len(text)),
        rule="test",
        confidence=1.0,
        roles=(Span("object", start, end),),
    )
    return sorted({e.country for e in resolver.locate(Document(title=text, lang=item["lang"]), [detection])})


def test_at_least_93_of_100_ambiguous_mentions_get_the_right_country(resolver: Resolver) -> None:
    items = lines("places.jsonl")
    wrong = [(i["text"], i["country"], got) for i in items if (got := country_of(resolver, i)) != i["country"]]
    assert len(items) >= 150
    assert 1 - len(wrong) / len(items) >= 0.93, wrong


def test_no_language_of_the_ambiguous_set_falls_behind(resolver: Resolver) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for item in lines("places.jsonl"):
        total[item["lang"]] += 1
        right[item["lang"]] += country_of(resolver, item) == item["country"]
    assert {lang: right[lang] / n for lang, n in total.items() if right[lang] / n < 0.75} == {}


def test_at_least_93_of_100_acts_are_put_in_the_right_countries(resolver: Resolver) -> None:
    items = lines("places_scenes.jsonl")
    wrong = [
        (i["text"], i["countries"], got) for i in items if (got := countries_of(resolver, i)) != sorted(i["countries"])
    ]
    assert 1 - len(wrong) / len(items) >= 0.93, wrong


@pytest.mark.parametrize("name", ["places.jsonl", "places_scenes.jsonl"])
def test_no_text_stands_twice_in_a_set(name: str) -> None:
    texts = [item["text"] for item in lines(name)]
    assert len(texts) == len(set(texts))
