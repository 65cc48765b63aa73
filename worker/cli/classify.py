"""Judging texts on the command line, without Redis: what rings and where."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import click
import msgspec

from worker.articles.model import Document
from worker.cli.output import show_json
from worker.judge import make_judge
from worker.places.gazetteer import Gazetteer
from worker.places.model import Event, Mention
from worker.places.resolve import Resolver
from worker.settings import Settings

BATCH = 64


class Line(msgspec.Struct):
    """One line of input; any other key is ignored."""

    id: str | int = ""
    title: str | None = ""
    text: str | None = ""
    lang: str | None = ""
    date: str | None = None
    source: str | None = ""

    def document(self) -> Document:
        """The text to be judged; a date that is none is left out."""
        return Document(
            id=str(self.id), title=self.title or "", text=self.text or "", lang=self.lang or "", date=_date(self.date)
        )


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Read and write one JSON object a line.")
@click.pass_obj
def classify(settings: Settings, jsonl: bool) -> None:
    """Judge texts: JSON lines in, JSON lines out, in the same order.

    \b
    Input:  {"id": …, "title": …, "text": …, "lang"?: …, "date"?: …}
    Output: {"id": …, "events": [{"trigger", "phase", "veracity", "country", "place", "quote", …}]}

    A line that cannot be read is named on standard error and skipped; the exit code is then 1.
    """
    judge = make_judge(settings)
    reader = Reader(sys.stdin.buffer)
    for batch in reader.batches():
        events = judge([line.document() for line in batch])
        show_json({"id": line.id, "events": [event_row(e) for e in es]} for line, es in zip(batch, events, strict=True))
    sys.exit(1 if reader.bad else 0)


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Read and write one JSON object a line.")
def places(jsonl: bool) -> None:
    """Resolve place names in texts: JSON lines in, JSON lines out, in the same order.

    \b
    Input:  {"id": …, "title": …, "text": …, "lang"?: …, "date"?: …}
    Output: {"id": …, "places": [{"name", "start", "end", "lat", "lon", "country", "geonames_id", "role"}]}

    `start` and `end` count characters (code points) of title + one line feed + text, the line feed also where
    the title is empty; in Python `(title + "\\n" + text)[start:end]` is the name as written. `name` is the place's
    own name. `role` is event, origin, target or actor; a word for who comes from a country is an actor.
    Seats of power, and places inside the names of papers, clubs and schools, are left out.
    """
    resolver = Resolver(Gazetteer.load())
    reader = Reader(sys.stdin.buffer)
    for batch in reader.batches():
        show_json({"id": b.id, "places": [place_row(m) for m in resolver.mentions(b.document())]} for b in batch)
    sys.exit(1 if reader.bad else 0)


class Reader:
    """Lines of JSON in batches; what cannot be read is named and counted."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """A reader over raw lines."""
        self._lines = lines
        self.bad = 0

    def batches(self) -> Iterator[list[Line]]:
        """Up to 64 lines at a time, empty lines left out."""
        lines = self._read()
        while batch := list(islice(lines, BATCH)):
            yield batch

    def _read(self) -> Iterator[Line]:
        for number, raw in enumerate(self._lines, 1):
            if not raw.strip():
                continue
            try:
                yield msgspec.json.decode(raw, type=Line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                self.bad += 1
                click.echo(f"tocsin: line {number} of standard input: {error}", err=True)


def event_row(event: Event) -> dict[str, Any]:
    """One event as programs read it."""
    d = event.detection
    return {
        "trigger": d.trigger,
        "phase": d.phase,
        "veracity": d.veracity,
        "country": event.country,
        "place": event.place,
        "quote": d.quote,
        "start": d.start,
        "end": d.end,
        "confidence": round(d.confidence, 3),
        "rule": d.rule,
        "places": event.places,
        "attribution": d.attribution,
        "numbers": d.numbers,
        "occurred_at": d.occurred_at,
    }


def place_row(mention: Mention) -> dict[str, Any]:
    """One mention of a place as programs read it."""
    p = mention.place
    return {
        "name": p.name,
        "start": mention.start,
        "end": mention.end,
        "lat": p.lat,
        "lon": p.lon,
        "country": p.country,
        "geonames_id": p.geonames_id,
        "role": p.role,
    }


def _date(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
