"""Labelled items → the texts that the scorer sees at run time, each with a target for every output."""

import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from worker.triggers.model import FAMILIES, alerts

TRIGGERS = tuple(FAMILIES)
# Beside the triggers the network says how a text tells of what it tells: this steadies it, and is not exported.
STATUS = ("threatened", "announced", "ended", "claimed", "denied")
UNKNOWN = -1.0
_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)]*\s+|\n+")
LEAD = 400
Item = dict[str, Any]


class Sample(NamedTuple):
    """One text with its targets: 1 reports it, 0 does not, -1 not known (left out of the loss)."""

    item: str
    view: str
    text: str
    lang: str
    targets: tuple[float, ...]
    weight: float


def read(path: Path) -> list[Item]:
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
        return body[:LEAD]
    return f"{title.strip()}. {body}"[:LEAD].strip()


def happening(item: Item) -> list[Item]:
    """The item's events that alert."""
    return [e for e in item["events"] if alerts(e["phase"], e["veracity"])]


def views(item: Item, most: int) -> Iterator[tuple[str, str]]:
    """Named texts of an item: its headline with lead, its headline, at most so many sentences."""
    title, text = item["title"].strip(), (item.get("text") or "").strip()
    yield "lead", lead(title, text)
    if title and text and not text.startswith(title[:80]):
        yield "title", title
    for number, sentence in enumerate(sentences(text)[:most]):
        if len(sentence) > 25 and sentence[:80] != title[:80]:
            yield f"s{number}", sentence[:LEAD]


def targets(item: Item, view: str, text: str) -> tuple[float, ...]:
    """A trigger is said by the texts that hold its quote; by the lead too where the lead is the whole item."""
    whole = view == "lead" and len(text) < LEAD
    here = [e for e in item["events"] if whole or (e.get("quote") or text) in text]
    said, anywhere = ({e["trigger"] for e in happening({"events": some})} for some in (here, item["events"]))
    open_ = (anywhere | set(item.get("unsure", ()))) - said
    told = {e[axis] for e in here for axis in ("phase", "veracity")}
    status = [float(name in told) for name in STATUS] if here else [UNKNOWN] * len(STATUS)
    return (*(1.0 if t in said else UNKNOWN if t in open_ else 0.0 for t in TRIGGERS), *status)


def samples(items: Iterable[Item], weight: float = 1.0, *, most: int = 8, plain: int = 2) -> list[Sample]:
    """Every lead and title, every sentence with an event, and ``plain`` sentences an item that have none."""
    dice = random.Random(0)  # noqa: S311
    out: list[Sample] = []
    for item in items:
        rest = []
        for view, text in views(item, most):
            one = Sample(item["id"], view, text, item["lang"], targets(item, view, text), weight)
            telling = view in ("lead", "title") or max(one.targets[: len(TRIGGERS)]) > 0
            (out if telling else rest).append(one)
        out += dice.sample(rest, min(plain, len(rest)))
    return out
