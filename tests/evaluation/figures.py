"""Measuring: predictions of the real judge, scored by the scorer that lies beside the reference data."""

import importlib.util
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from tests.support.paths import CONFIG, ROOT, SHARED
from worker import judge
from worker.articles.model import Document
from worker.cli.classify import Line, event_row
from worker.judge import Judge
from worker.settings import Settings
from worker.triggers.model import alerts

Item = dict[str, Any]
BATCH = 64
OWN = ROOT / "tests" / "data" / "events.jsonl"
SETS = {
    "train": SHARED / "eval" / "train.jsonl",
    "dev": SHARED / "eval" / "dev.jsonl",
    "own": OWN,
    "own, fresh": OWN,
    "own, other languages": OWN,
    "own, ten more languages": OWN,
}
# Rules were improved with the earlier items at hand; those that were written after that measure, the others guard.
FRESH = "o0774"
# Whole articles, claims and hard negatives of eight languages, and claims in English.
OTHER = "o1068"
# Czech, Danish, Dutch, Norwegian, Polish, Swedish, Chinese, Indonesian, Japanese, Korean, by hands that knew no rule.
MORE = "o1153"


def scorer() -> ModuleType:
    """``score.py`` as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> dict[str, Item]:
    """Labelled items by id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {item["id"]: item for item in map(json.loads, lines)}


def make_judge(mode: str) -> Judge:
    """The judge with (``required``) or without (``off``) the semantic scorer."""
    return judge.make_judge(Settings(config_dir=str(CONFIG), scorer=mode))  # type: ignore[arg-type]


def predict(judge: Judge, items: Sequence[Item]) -> dict[str, list[Item]]:
    """The events of each item, from its text alone."""
    found: dict[str, list[Item]] = {}
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        for item, events in zip(batch, judge([document(i) for i in batch]), strict=True):
            found[item["id"]] = [event_row(e) for e in events]
    return found


def document(item: Item) -> Document:
    """What a classifier may read of an item: no label, no source."""
    return msgspec.convert(item, Line).document()


def by_language(module: ModuleType, gold: dict[str, Item], found: dict[str, list[Item]]) -> dict[str, Item]:
    """The main figure for each language with ten items or more, the commonest first."""
    counts = Counter(item["lang"] for item in gold.values())
    rows = {}
    for lang, count in counts.most_common():
        if count >= 10:
            part = {i: g for i, g in gold.items() if g["lang"] == lang}
            rows[lang] = {**module.compare(part, found, lambda e: e["trigger"]), "items": count}
    return rows


def calibration(gold: dict[str, Item], found: dict[str, list[Item]]) -> list[Item]:
    """For each tenth of confidence: how many events were given it, and how many of these are right."""
    bins: dict[int, list[int]] = {}
    for i, item in gold.items():
        wanted = {e["trigger"] for e in item["events"] if alerts(e["phase"], e["veracity"])}
        best: dict[str, float] = {}
        for event in found[i]:
            if alerts(event["phase"], event["veracity"]):
                best[event["trigger"]] = max(best.get(event["trigger"], 0.0), event["confidence"])
        for trigger, confidence in best.items():
            row = bins.setdefault(min(9, int(confidence * 10)), [0, 0])
            row[0] += 1
            row[1] += trigger in wanted
    return [{"from": b / 10, "events": n, "right": round(right / n, 3)} for b, (n, right) in sorted(bins.items())]


def own_part(number: str) -> str:
    """Which set an item of ours belongs to."""
    begins = {"own, ten more languages": MORE, "own, other languages": OTHER, "own, fresh": FRESH}
    return next((part for part, first in begins.items() if number >= first), "own")


def measure(name: str, mode: str, judge: Judge | None = None) -> Item:
    """All figures of one set in one mode."""
    module, gold = scorer(), read(SETS[name])
    if SETS[name] == OWN:
        gold = {i: g for i, g in gold.items() if own_part(i) == name}
    for item in gold.values():
        item.setdefault("text", "")
        item.setdefault("neg", "")
    found = predict(judge or make_judge(mode), list(gold.values()))
    figures: Item = module.score(gold, found)
    figures["by_language"] = by_language(module, gold, found)
    figures["calibration"] = calibration(gold, found)
    return figures
