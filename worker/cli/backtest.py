"""What would have rung: articles linked in memory, without Redis, to measure linking or to try a change."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from worker import wiring
from worker.alerts.memory import Memory, Taken
from worker.alerts.model import Alert
from worker.alerts.trace import publisher_of
from worker.articles.language import guess_language
from worker.articles.model import Article
from worker.cli.classify import Line, Reader
from worker.cli.compare import compare, read_articles
from worker.cli.output import show_json
from worker.cli.wishes import filter_options, wish_of
from worker.judge import make_judge
from worker.settings import Settings


class Told(NamedTuple):
    """What an article did to an alert, and by which triggers it told of it."""

    alert: str
    kind: str
    triggers: tuple[str, ...]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--jsonl", is_flag=True, help="Read JSON lines from standard input, in time order.")
@click.option("--stored", is_flag=True, help="Also the articles that are kept in Redis.")
@click.option(
    "--with", "changed", type=click.Path(file_okay=False, exists=True, path_type=Path), help="A changed config/."
)
@filter_options
@click.pass_obj
def backtest(
    settings: Settings, /, files: tuple[Path, ...], jsonl: bool, stored: bool, changed: Path | None, **wanted: object
) -> None:
    """Link articles in memory and show which alerts they make; nothing is kept, nobody is told.

    FILES are recorded feeds or article texts. With a changed config folder or a filter the difference is shown:
    alerts that come (+), go (-) or say something else (~).

    \b
    With --jsonl:
    Input:  {"id": …, "title": …, "text": …, "lang"?: …, "date": …, "source"?: …}
    Output: {"id": …, "alerts": [{"alert", "trigger", "type"}]}

    `type` is created, updated, ended, withdrawn, or repeat where the article says nothing new. The lines come once all
    input is read: an alert that was merged into another stands under the name of that one. An article that tells of
    an alert by more triggers than its own, such as a curfew and the riot before it, has a row for each; the others
    are repeats. The same id again is the article as its source changed it.
    """
    if jsonl:
        sys.exit(_lines(settings))
    if not files and not stored:
        raise click.UsageError("name a file, or give --stored or --jsonl")
    limits = any(value not in ((), None, False) for value in wanted.values())
    wish = wish_of(dict(wanted)) if limits else None
    compare(settings, read_articles(settings, files, stored=stored), changed, wish)


def _lines(settings: Settings) -> int:
    """Link the articles of standard input; 1 where a line could not be read."""
    judge, rules = make_judge(settings), wiring.make_rules(settings)
    memory = Memory(rules)
    reader = Reader(sys.stdin.buffer)
    rows: list[tuple[str | int, list[Told]]] = []
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
            name = f"ar_{document.id or count}"
            source = line.source or name  # one that nobody names is nobody else's either
            articles.append(
                Article(
                    id=name,
                    feed=source,
                    group=publisher_of(source, publishers),
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


def _row(taken: list[Taken], article_id: str) -> list[Told]:
    """The alerts that an article tells of, or took back, with what it did to each."""
    row = []
    for known, alert in taken:
        mine = [t.trigger for t in alert.traces if t.article_id == article_id]
        if not alert.merged_into and (mine or alert.withdrawn):
            kind = "repeat" if known == alert.revision else alert.change.removeprefix("alert.")
            row.append(Told(alert.id, kind, tuple(dict.fromkeys(mine))))
    return row


def _named(told: list[Told], final: dict[str, Alert]) -> list[dict[str, Any]]:
    """The rows of an article: one for each alert, and one more for each further trigger that it told of it by."""
    named: dict[tuple[str, str], str] = {}
    for one in told:
        alert = final[one.alert]
        while alert.merged_into:
            alert = final[alert.merged_into]
        named.setdefault((alert.id, alert.trigger), one.kind)
        for trigger in one.triggers:
            named.setdefault((alert.id, trigger), "repeat")
    return [{"alert": i, "trigger": trigger, "type": kind} for (i, trigger), kind in named.items()]
