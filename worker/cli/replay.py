"""Recorded feeds and articles through the real pipeline, on their own clock."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from worker import jobs, wiring
from worker.alerts.model import Alert
from worker.cli.output import json_option, show_json, show_table, when
from worker.embedded import EmbeddedRedis
from worker.errors import FeedUnreadable, NotFound
from worker.feeds.model import Entry, Feed, FeedAnswer, FeedDefinition, ParsedFeed
from worker.feeds.parse import parse
from worker.judge import make_judge
from worker.ledger import Leases, Transaction
from worker.receiving import receive_feeds
from worker.settings import Settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", default="", help="ISO 639-1 of all files; default: what each says.")
@click.option("--at", type=datetime.fromisoformat, default=None, help="The clock; default: each file's newest entry.")
@click.option("--here", is_flag=True, help="Into the Redis that is set, with its subscribers; default: one of its own.")
@json_option
@click.pass_obj
def replay(
    settings: Settings, files: tuple[Path, ...], language: str, at: datetime | None, here: bool, as_json: bool
) -> None:
    """Run feed files or article texts through the real pipeline and show the alerts that they raise.

    A file that no parser reads as a feed is taken as one article whose first line is the title. Every entry is
    judged as if it were the moment of the file's newest one, so that old news can ring.
    """
    feeds = [(path, read_feed(path, language)) for path in files]
    if here:
        alerts = _run(settings, feeds, language, at)
    else:
        with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, EmbeddedRedis(Path(folder)) as server:
            alerts = _run(msgspec.structs.replace(settings, redis_url=server.url), feeds, language, at)
    if as_json:
        show_json(alerts)
        return
    columns = ("reported", "trigger", "country", "place", "phase", "veracity", "quote", "source")
    rows = [
        (
            *(when(a.first_reported_at), a.trigger, a.country, a.places[0].name if a.places else ""),
            *(a.phase, a.veracity, a.evidence[0].quote, a.evidence[0].source),
        )
        for a in alerts
    ]
    show_table(columns, rows, empty="No alert: nothing would have rung.")


def _run(
    settings: Settings, feeds: Iterable[tuple[Path, ParsedFeed]], language: str, at: datetime | None
) -> list[Alert]:
    house, judge = wiring.open_house(settings), make_judge(settings)
    before = {a.id: a.revision for a in house.alerts.recent(10_000)}
    for path, parsed in feeds:
        _receive(house, path, parsed, language, at)
    jobs.classify(house, judge)
    return [a for a in reversed(house.alerts.recent(10_000)) if before.get(a.id, 0) < a.revision]


def _receive(house: wiring.House, path: Path, parsed: ParsedFeed, language: str, at: datetime | None) -> None:
    """Take a file in as the answer of a feed that is polled for the first time and never again."""
    name = "replay-" + "".join(c if c.isalnum() else "-" for c in path.stem)[:48]
    dates = [e.published_at for e in parsed.entries if e.published_at]
    clock = at or max(dates, default=datetime.now(UTC))
    definition = FeedDefinition(
        name=name,
        url=path.absolute().as_uri(),
        language=language or parsed.language or "",
        group=name,
        full_text="feed",
        recorded_at=clock if clock.tzinfo else clock.replace(tzinfo=UTC),
    )
    entries = tuple(e if e.published_at else msgspec.structs.replace(e, published_at=clock) for e in parsed.entries)
    transaction = Transaction().make_due("feed", name)
    house.feeds.put(transaction, Feed(definition=definition, successes=1))
    house.ledger.commit(transaction)
    leases = Leases(house.ledger, "feed", 60)
    while name not in leases.take(100):
        pass
    answer = FeedAnswer(name=name, result="feed", feed=msgspec.structs.replace(parsed, entries=entries))
    receive_feeds(house, leases, [answer])
    leases.release()
    house.feeds.remove(name)


def read_feed(path: Path, language: str) -> ParsedFeed:
    """A file as a feed; one that no parser reads is one article. Raises NotFound."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}") from error
    try:
        return parse(body)
    except FeedUnreadable:
        title, _, text = body.decode("utf-8", "replace").strip().partition("\n")
        return ParsedFeed(language=language, entries=(Entry(guid=path.name, title=title.strip(), content=text),))
