"""What would have rung: articles linked in memory, without Redis, to measure linking or to try a change."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from worker import wiring
from worker.alerts.memory import Memory, Taken
from worker.alerts.model import Alert
from worker.alerts.trace import publisher_of
from worker.articles.extract import guess_language
from worker.articles.model import Article
from worker.cli.classify import Line, Reader
from worker.cli.output import show_json
from worker.settings import Settings


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Read JSON lines from standard input, in time order.")
@click.pass_obj
def backtest(settings: Settings, jsonl: bool) -> None:
    """Link articles in memory and show which alerts they make; nothing is kept, nobody is told.

    \b
    Input:  {"id": …, "title": …, "text": …, "lang"?: …, "date": …, "source"?: …}
    Output: {"id": …, "alerts": [{"alert", "trigger", "type"}]}

    `type` is created, updated, ended, withdrawn, or repeat where the article says nothing new. The lines come once all
    input is read: an alert that was merged into another stands under the name of that one.
    """
    sys.exit(_lines(settings))


def _lines(settings: Settings) -> int:
    """Link the articles of standard input; 1 where a line could not be read."""
    judge, rules = wiring.make_judge(settings), wiring.make_rules(settings)
    memory = Memory(rules)
    reader = Reader(sys.stdin.buffer)
    rows: list[tuple[str | int, list[tuple[str, str]]]] = []
    for batch, articles in _articles(reader, rules.publishers):
        for line, article, events in zip(batch, articles, judge([a.document() for a in articles]), strict=True):
            rows.append((line.id, _row(memory.take(article, events, article.known_at), article.id)))
    final = {a.id: a for a in memory.all()}
    for name, told in rows:
        show_json([{"id": name, "alerts": _named(told, final)}])
    return 1 if reader.bad else 0


def _articles(reader: Reader, publishers: frozenset[str]) -> Iterator[tuple[list[Line], list[Article]]]:
    """The lines with the articles that they are; one without a date is as old as the line before it."""
    clock, count = datetime.now(UTC), 0
    for batch in reader.batches():
        articles = []
        for line in batch:
            count += 1
            document = line.document()
            clock = document.date or clock
            group = publisher_of(line.source or "", publishers)
            articles.append(
                Article(
                    id=f"ar_{document.id or count}",
                    feed=line.source or "",
                    group=group,
                    url="",
                    title=document.title,
                    text=document.text,
                    lang=document.lang or guess_language(document.full),
                    published_at=clock,
                    first_seen_at=clock,
                    known_at=clock,
                )
            )
        yield batch, articles


def _row(taken: list[Taken], article_id: str) -> list[tuple[str, str]]:
    """The alerts that an article tells of, or took back, with what it did to each."""
    row = []
    for known, alert in taken:
        mine = any(t.article_id == article_id for t in alert.traces)
        if not alert.merged_into and (mine or alert.withdrawn):
            row.append((alert.id, "repeat" if known == alert.revision else alert.change.removeprefix("alert.")))
    return row


def _named(told: list[tuple[str, str]], final: dict[str, Alert]) -> list[dict[str, Any]]:
    named: dict[str, str] = {}
    for name, kind in told:
        alert = final[name]
        while alert.merged_into:
            alert = final[alert.merged_into]
        named.setdefault(alert.id, kind)
    return [{"alert": i, "trigger": final[i].trigger, "type": kind} for i, kind in named.items()]
