"""What a change of triggers or filters would do to the alerts of stored or recorded articles."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from worker import wiring
from worker.alerts.memory import Memory
from worker.alerts.model import Alert
from worker.articles.model import Article
from worker.articles.text import article_from
from worker.cli.output import show_table, when
from worker.cli.replay import read_feed
from worker.feeds.model import FeedDefinition
from worker.judge import make_judge
from worker.settings import Settings
from worker.subscriptions.match import wants
from worker.subscriptions.model import Filter

BATCH = 64


def read_articles(settings: Settings, files: Sequence[Path], *, stored: bool) -> list[Article]:
    """The articles of these files, and of Redis where they are asked for, in the order of their dates."""
    articles: list[Article] = []
    for path in files:
        parsed = read_feed(path, "")
        name = path.stem
        dates = [e.published_at for e in parsed.entries if e.published_at]
        clock = max(dates, default=datetime.now(UTC))
        definition = FeedDefinition(name=name, url=path.absolute().as_uri(), language=parsed.language or "", group=name)
        articles += [article_from(e, definition, now=clock, known_at=clock) for e in parsed.entries]
    if stored:
        articles += wiring.open_house(settings).articles.all()
    return sorted(articles, key=lambda a: (a.reported_at, a.id))


class Linked(NamedTuple):
    """The alerts that stand in the end, by id, and which of them a filter wanted at any time."""

    alerts: dict[str, Alert]
    wanted: set[str]


def linked(settings: Settings, articles: Sequence[Article], wish: Filter | None) -> Linked:
    """The alerts that these articles make under these settings, and those that the filter would have been told of."""
    judge, memory, wanted = make_judge(settings), Memory(wiring.make_rules(settings)), set[str]()
    for start in range(0, len(articles), BATCH):
        part = articles[start : start + BATCH]
        events = judge([a.document() for a in part], [a.home for a in part])
        for article, found in zip(part, events, strict=True):
            taken = memory.take(article, found, article.reported_at)
            wanted |= {a.id for _, a in taken if wish is None or wants(wish, a)}
    return Linked({a.id: a for a in memory.all() if not a.merged_into}, wanted)


def compare(settings: Settings, articles: Sequence[Article], changed: Path | None, wish: Filter | None) -> None:
    """Print the alerts of today's settings beside those of the changed ones, as far as a filter wants them."""
    first = linked(settings, articles, wish)
    second = linked(msgspec.structs.replace(settings, config_dir=str(changed)), articles, wish) if changed else first
    before, after = first.alerts, second.alerts
    wanted = {i: a for i, a in after.items() if i in second.wanted}
    rows = [("+" if i not in before else "~" if _said(before[i]) != _said(a) else " ", a) for i, a in wanted.items()]
    rows += [("-", a) for i, a in before.items() if i not in wanted]
    columns = ("", "reported", "trigger", "country", "place", "phase", "veracity", "severity", "sources", "headline")
    shown = [
        (mark, when(a.first_reported_at), a.trigger, a.country, *_said(a), a.headline)
        for mark, a in sorted(rows, key=lambda row: row[1].first_reported_at)
        if mark != " " or (changed is None and wish is None)
    ]
    show_table(columns, shown, empty="No difference." if changed or wish else "No alert: nothing would have rung.")
    counts = {mark: sum(m == mark for m, _ in rows) for mark in "+-~ "}
    click.echo(
        f"{len(articles)} articles, {len(before)} alerts before; {counts['+']} come, {counts['-']} go, "
        f"{counts['~']} change, {counts[' ']} stay"
    )


def _said(alert: Alert) -> tuple[object, ...]:
    place = alert.places[0].name if alert.places else ""
    return (place, alert.phase, alert.veracity, alert.severity, alert.independent_sources)
