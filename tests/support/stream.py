"""The stream: real-world-like events in our own words, told by many outlets, with what a perfect reader found."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.builders import RULES
from worker.alerts.memory import Memory
from worker.alerts.model import Alert
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import Attribution, Detection, Number

PATH = Path(__file__).parents[1] / "data" / "stream.jsonl"


class Item(NamedTuple):
    """An article, the event that a perfect reader finds in it, and the real-world event and witness it stands for."""

    article: Article
    event: Event
    truth: str
    witness: str


def items() -> list[Item]:
    """The stream in time order."""
    return [item(json.loads(line)) for line in PATH.read_text(encoding="utf-8").splitlines()]


def item(row: dict[str, Any]) -> Item:
    at = datetime.fromisoformat(row["date"])
    article = Article(
        id=row["id"],
        feed=row["feed"],
        group=row["group"],
        url=f"https://news.example/{row['id']}",
        title=row["title"],
        text=row["text"],
        lang=row["lang"],
        published_at=at,
        first_seen_at=at,
        known_at=at,
    )
    figures = tuple(Number(kind=k, min=v, max=v, approximate=False, quote=f"{v:g} {k}") for k, v in row["numbers"])
    end = len(row["title"])
    detection = Detection(
        trigger=row["trigger"],
        phase=row["phase"],
        veracity=row["veracity"],
        quote=row["title"],
        start=0,
        end=end,
        sentence=(0, end),
        rule="read by hand",
        confidence=0.9,
        numbers=figures,
        attribution=(Attribution(who=row["group"], role="unnamed", quote=""),) if row["veracity"] == "claimed" else (),
    )
    return Item(article, Event(detection=detection, places=(Place(**row["place"]),)), row["event"], row["witness"])


def told(stream: Iterable[Item]) -> Memory:
    """The alerts that stand after the stream."""
    memory = Memory(RULES)
    for one in stream:
        memory.take(one.article, [one.event], one.article.reported_at)
    return memory


def standing(memory: Memory) -> list[Alert]:
    """The alerts that were not merged into others."""
    return [a for a in memory.all() if not a.merged_into]


def groups(alerts: Iterable[Alert]) -> set[frozenset[str]]:
    """Which articles each alert holds together."""
    return {frozenset(t.article_id for t in a.traces) for a in alerts}


def pairwise(truth: Mapping[str, str], found: Iterable[Iterable[str]]) -> tuple[float, float]:
    """Precision and recall over pairs of articles that are told of one event; ``truth`` names the event of each."""
    told = defaultdict(list)
    for name, event in truth.items():
        told[event].append(name)
    right = {pair for ids in told.values() for pair in combinations(sorted(ids), 2)}
    said = {pair for ids in found for pair in combinations(sorted(set(ids)), 2)}
    return len(said & right) / len(said), len(said & right) / len(right)
