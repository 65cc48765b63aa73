"""Streams written after linking was set, through ``tocsin backtest --jsonl`` with real detection."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.paths import CONFIG, ROOT
from tests.support.stream import pairwise
from worker.cli.main import tocsin

FRESH = ROOT / "tests" / "data" / "stream_fresh.jsonl"
THIRD = ROOT / "tests" / "data" / "stream_third.jsonl"
FOURTH = ROOT / "tests" / "data" / "stream_fourth.jsonl"
FIFTH = ROOT / "tests" / "data" / "stream_fifth.jsonl"
LARGE = ROOT / "tests" / "data" / "stream.jsonl"


def backtest(*lines: dict[str, Any], scorer: str = "off") -> list[dict[str, Any]]:
    environ = {"TOCSIN_CONFIG_DIR": str(CONFIG), "TOCSIN_SCORER": scorer}
    given = "".join(json.dumps(line) + "\n" for line in lines)
    result = CliRunner(env=environ).invoke(tocsin, ["backtest", "--jsonl"], input=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("path", "precise", "found", "founded", "noise"),
    [
        (FRESH, 0.99, 0.95, 1.1, 0),
        (THIRD, 0.99, 0.95, 1.15, 1),
        (FOURTH, 0.99, 0.92, 1.12, 1),
        (FIFTH, 0.99, 0.92, 1.3, 0),
        (LARGE, 0.99, 0.88, 1.06, 0),
    ],
    ids=["fresh", "third", "fourth", "fifth", "large"],
)
def test_a_fresh_stream_is_linked_end_to_end(
    path: Path, precise: float, found: float, founded: float, noise: int
) -> None:
    pytest.importorskip("onnxruntime", reason="the extra 'semantic' is not installed")
    stream = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    truth = {row["id"]: row["event"] for row in stream if row["trigger"]}
    rows = backtest(*({**row, "source": row["feed"]} for row in stream), scorer="required")
    assert sum(bool(row["alerts"]) for row in rows if row["id"] not in truth) <= noise
    alerts: dict[str, set[str]] = defaultdict(set)
    told = [(row["id"], alert) for row in rows if row["id"] in truth for alert in row["alerts"]]
    for name, alert in told:
        alerts[alert["alert"]].add(name)
    precision, recall = pairwise(truth, alerts.values())
    assert precision >= precise
    assert recall >= found
    assert sum(alert["type"] == "created" for _, alert in told) <= founded * len(set(truth.values()))
    assert not [ids for ids in alerts.values() if len({truth[i] for i in ids}) > 1]


CLOSED = {"title": "Jordan closes its border with Syria", "lang": "en", "date": "2025-03-01T08:00:00Z"}


def test_a_line_without_text_or_source_and_an_unknown_source_are_articles_too() -> None:
    lines = [{"id": 0, **CLOSED}, {"id": "b", **CLOSED, "text": None, "source": "The Daily Harbour"}, {"id": "c"}]
    first, second, empty = backtest(*lines)
    assert [a["type"] for a in first["alerts"]] == ["created"]
    assert (second["alerts"][0]["alert"], second["alerts"][0]["type"]) == (first["alerts"][0]["alert"], "updated")
    assert (first["id"], empty) == (0, {"id": "c", "alerts": []})


def test_the_same_id_again_is_the_article_as_its_source_changed_it() -> None:
    changed = {**CLOSED, "title": "Bakery in Amman wins a prize"}
    first, again, gone = backtest(
        {"id": "a", **CLOSED, "source": "bbc"}, {"id": "a", **CLOSED, "source": "bbc"}, {"id": "a", **changed}
    )
    name = first["alerts"][0]["alert"]
    assert again["alerts"] == []
    assert gone["alerts"] == [{"alert": name, "trigger": "border_closure", "type": "withdrawn"}]


def test_articles_of_one_moment_are_taken_in_their_order() -> None:
    opened = {**CLOSED, "title": "Jordan reopens its border with Syria"}
    first, second = backtest({"id": "a", **CLOSED, "source": "bbc"}, {"id": "b", **opened, "source": "dw"})
    assert [a["type"] for a in first["alerts"] + second["alerts"]] == ["created", "ended"]
