"""Labelled items → the texts that the scorer sees at run time, each with 25 targets."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from worker.triggers.model import FAMILIES, alerts

TRIGGERS = tuple(FAMILIES)
UNKNOWN = -1.0
_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)]*\s+|\n+")
_LEAD = 400


class Sample(NamedTuple):
    """One text with its targets: 1 reports it, 0 does not, -1 not known (left out of the loss)."""

    item: str
    view: str
    text: str
    lang: str
    targets: tuple[float, ...]
    hard: bool
    weight: float


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sentences(text: str) -> list[str]:
    """Sentences of a text, cut after full stops and at line ends."""
    return [part.strip() for part in _END.split(text) if part and part.strip()]


def lead(title: str, text: str) -> str:
    """Headline and lead as one text of at most 400 characters; a title repeated by the text is said once."""
    body = text.strip()
    if body.startswith(title.strip()[:80]):
        return body[:_LEAD]
    return f"{title.strip()}. {body}"[:_LEAD].strip()


def happening(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The item's events that alert."""
    return [e for e in item["events"] if alerts(e["phase"], e["veracity"])]


def views(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Named texts of an item: its headline with lead, its headline, its sentences."""
    title, text = item["title"].strip(), item["text"].strip()
    yield "lead", lead(title, text)
    if title and text:
        yield "title", title
    for number, sentence in enumerate(sentences(text)[:8]):
        if len(sentence) > 25 and sentence[:80] != title[:80]:
            yield f"s{number}", sentence[:_LEAD]


def _targets(item: dict[str, Any], view: str, text: str) -> tuple[float, ...]:
    events = happening(item)
    said = {e["trigger"] for e in events if e["quote"] in text or (view == "lead" and not e["quote"])}
    anywhere = {e["trigger"] for e in events}
    rest = len(text) < _LEAD and view == "lead"
    return tuple(1.0 if t in said or (rest and t in anywhere) else UNKNOWN if t in anywhere else 0.0 for t in TRIGGERS)


def samples(items: Iterable[dict[str, Any]], weight: float = 1.0) -> list[Sample]:
    """Every view of every item, with targets from the events whose quote stands in it."""
    out = []
    for item in items:
        hard = bool(item.get("neg")) or bool(item["events"])
        for view, text in views(item):
            out.append(Sample(item["id"], view, text, item["lang"], _targets(item, view, text), hard, weight))
    return out


def folds(items: Sequence[dict[str, Any]], count: int = 5) -> dict[str, int]:
    """Item id → fold, dealing items with events and without in turn; the same on every run."""
    ranked = sorted(items, key=lambda i: (not happening(i), i["lang"] == "en", i["id"]))
    return {item["id"]: n % count for n, item in enumerate(ranked)}
