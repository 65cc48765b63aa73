"""Our own labelled sentences with figures, in ten languages."""

import json
import time
from collections import Counter

import pytest

from tests.support.paths import ROOT
from worker.triggers.numbers import numbers

Figure = tuple[str, float | None, float | None]
ITEMS = [json.loads(x) for x in (ROOT / "tests/data/numbers.jsonl").read_text(encoding="utf-8").splitlines()]


def found(text: str) -> set[Figure]:
    return {(n.kind, n.min, n.max) for n in numbers(text)}


def test_at_least_95_of_100_sentences_give_exactly_their_figures() -> None:
    assert len(ITEMS) >= 120
    wrong = [
        (i["text"], found(i["text"]))
        for i in ITEMS
        if found(i["text"]) != {(n["kind"], n["min"], n["max"]) for n in i["numbers"]}
    ]
    assert 1 - len(wrong) / len(ITEMS) >= 0.95, wrong


def test_ten_languages_are_covered() -> None:
    count = Counter(i["lang"] for i in ITEMS)
    assert set(count) == {"en", "es", "fr", "de", "it", "pt", "ru", "uk", "ar", "tr"}
    assert min(count.values()) >= 8


def test_every_figure_quotes_its_own_sentence() -> None:
    assert [i["text"] for i in ITEMS if any(n.quote not in i["text"] for n in numbers(i["text"]))] == []


@pytest.mark.parametrize("unit", ["12 ", "hundreds of ", "at least 3 ", "killed ", "12 a b c d ", "between 3 and 4 "])
def test_a_long_line_of_anything_costs_in_proportion(unit: str) -> None:
    def cost(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        numbers(text)
        return time.process_time() - started

    cost(2_000)
    assert min(cost(40_000) for _ in range(2)) < 4 * min(cost(20_000) for _ in range(2)) + 0.02
