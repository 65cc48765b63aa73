"""All that the scorer learns from: labelled news beside the project, and items in our own wording in this folder."""

import argparse
import hashlib
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import feedparser
from lxml import html

from training.corpora import corpora
from training.samples import LEAD, TRIGGERS, Item, Sample, lead, read, samples, sentences
from training.synthetic import synthetic

HERE = Path(__file__).parent
SHORT = 700
WRITTEN = (
    "written_short.jsonl",
    "written_claims.jsonl",
    "written_multi.jsonl",
    "written_articles.jsonl",
    "written_retold.jsonl",
)


class Material(NamedTuple):
    """Items by where they come from; those of ``train`` were labelled by others, the rest by us.

    Those of ``near`` were written beside real ones that are hard to judge, two in five near misses: they teach what
    words speak for and against an event, which the rules' weights hold, and taught the networks nothing.
    """

    train: list[Item]
    loose: list[Item]
    whole: list[Item]
    written: list[Item]
    news: list[Item]
    near: list[Item]

    def held(self) -> set[str]:
        """Ids of a third of all items: what decides how far the scorer is trusted may not have been its lesson."""
        items = (*self.train, *self.loose, *self.whole, *self.written, *self.news, *self.near)
        return {
            item["id"]
            for item in items
            if int(hashlib.md5(item["id"].encode(), usedforsecurity=False).hexdigest(), 16) % 3 == 0
        }


def ask(told: argparse.ArgumentParser) -> None:
    """The options that say where the material lies."""
    told.add_argument("--shared", type=Path, required=True, help="folder with eval/ and feeds/")
    told.add_argument("--corpora", type=Path, help="folder with the files that corpora.py reads")


def gather(shared: Path, packed: Path | None = None) -> Material:
    """Reads everything; ``shared`` holds ``eval`` and ``feeds``, ``packed`` the files that ``corpora`` reads."""
    texts = {item["id"]: item for item in read(shared / "eval/unlabelled.jsonl")} | feed_items(shared / "feeds")
    loose, articles = (
        [_quoted({**texts[line["id"]], **line}) for line in read(HERE / name) if line["id"] in texts]
        for name in ("labels.jsonl", "labels_whole.jsonl")
    )
    written = [item for name in WRITTEN for item in read(HERE / name)]
    carried = corpora(packed) if packed else {}
    news = [_read(carried[line["id"]], line) for line in read(HERE / "labels_news.jsonl") if line["id"] in carried]
    near = read(HERE / "written_near.jsonl")
    return Material(read(shared / "eval/train.jsonl"), loose, articles, written, news, near)


def lessons(material: Material, *, lang: str = "", without: frozenset[str] = frozenset()) -> list[Sample]:
    """The samples to learn from, of one language or of all, less the items named in ``without``."""
    dice = random.Random(5)  # noqa: S311
    quiet = samples([{"unsure": (), **item} for item in material.loose], most=0)
    made = samples(material.train) + samples(material.whole, 0.7, most=30, plain=4)
    made += samples(short(material.written)) + samples(whole(material.written), most=40, plain=5)
    made += samples(short(material.news), plain=1) + samples(whole(material.news), 0.7, most=40, plain=4)
    # Of the headlines that we labelled some have no quotes, and those without an event are plenty.
    quoted = {i["id"] for i in material.loose if i["events"] and all("quote" in e for e in i["events"])}
    made += [s for s in quiet if (s.view == "lead" or s.item in quoted) and (told(s) or dice.random() > 0.4)]
    made += synthetic(1)
    # To the network of all languages English lends its events; of its quiet texts a third is enough.
    fit = [s for s in made if lang == s.lang or (not lang and (s.lang != "en" or told(s) or dice.random() < 0.35))]
    return [s for s in fit if s.item not in without]


def short(items: Sequence[Item]) -> list[Item]:
    """Headlines, with a few sentences or none."""
    return [item for item in items if len(item["text"]) <= SHORT]


def whole(items: Sequence[Item]) -> list[Item]:
    """Articles."""
    return [item for item in items if len(item["text"]) > SHORT]


def unread(shared: Path, material: Material) -> list[tuple[str, str]]:
    """Real texts that nobody labelled, with their languages: leads, and sentences of whole articles."""
    known = {item["id"] for item in (*material.loose, *material.whole)}
    dice = random.Random(7)  # noqa: S311
    found = []
    for item in feed_items(shared / "feeds").values():
        if item["id"] not in known:
            found.append((lead(item["title"], item["text"]), item["lang"]))
        if len(item["text"]) > SHORT:
            found += [(one[:LEAD], item["lang"]) for one in sentences(item["text"])[2:] if len(one) > 40]
    for item in read(shared / "eval/unlabelled.jsonl"):
        if item["id"] not in known and dice.random() < 0.25:
            found.append((lead(item["title"], item["text"]), item["lang"]))
    return list(dict.fromkeys(found))


def told(sample: Sample) -> bool:
    """Whether the text reports any trigger."""
    return max(sample.targets[: len(TRIGGERS)]) > 0


def feed_items(folder: Path) -> dict[str, Item]:
    """The entries of the recorded feeds as items; an id is made of the headline, the longest text wins."""
    found: dict[str, Item] = {}
    for path in sorted(folder.glob("*.xml")):
        parsed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        for entry in parsed.entries:
            title = " ".join((entry.get("title") or "").split())
            bodies = [part.value for part in entry.get("content", [])] + [entry.get("summary") or ""]
            text = _plain(max(bodies, key=len))
            key = feed_id(title)
            if title and (key not in found or len(found[key]["text"]) < len(text)):
                date = (entry.get("published") or entry.get("updated") or "")[:31]
                found[key] = {"id": key, "title": title, "text": text, "lang": path.name[:2], "date": date}
    return found


def feed_id(title: str) -> str:
    """The id of a recorded entry."""
    return "f" + hashlib.sha256(title.encode()).hexdigest()[:12]


def _quoted(item: Item) -> Item:
    """The item with the quotes that its labels point at."""
    full = f"{item['title']}\n{item['text']}"
    events = [e | ({"quote": full[slice(*e["span"])]} if "span" in e else {}) for e in item["events"]]
    return {**item, "events": events}


def _read(item: Item, line: Item) -> Item:
    """The item as far as whoever labelled it has read."""
    return _quoted({**item, "text": item["text"][: line["read"]], **line})


def _plain(markup: str) -> str:
    if not markup.strip():
        return ""
    try:
        return " ".join(html.fromstring(f"<div>{markup}</div>").text_content().split())
    except (ValueError, html.etree.ParserError):
        return ""
