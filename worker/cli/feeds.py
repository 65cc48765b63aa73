"""What is read: list, show, add, remove, enable, pause, check, discover, import, export."""

import contextlib
import sys
import time
from datetime import datetime
from typing import IO, get_args

import click
import msgspec

from worker import reading, wiring
from worker.cli.output import json_option, show_json, show_table, when
from worker.errors import CatalogueError, RedisUnusable
from worker.feeds import catalogue, discover, opml
from worker.feeds.fetch import Fetcher
from worker.feeds.model import Feed, FeedAnswer, FeedDefinition, FeedRequest, Health, Kind, PageAnswer, PageRequest
from worker.ledger import Transaction
from worker.settings import Settings


@click.group()
def feeds() -> None:
    """List, show, add, remove, enable, pause, check, discover, import and export feeds."""


@feeds.command("list")
@json_option
@click.option("--health", type=click.Choice(get_args(Health)), default=None, help="Only those in this state.")
@click.pass_obj
def list_(settings: Settings, as_json: bool, health: str | None) -> None:
    """All feeds with their health, and what to do about the ill ones."""
    house = wiring.open_house(settings)
    kept = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    found = [f for f in kept if health in (None, f.health)]
    if as_json:
        show_json(found)
        return
    columns = ("name", "health", "last poll", "next poll", "pace", "language", "origin", "reason", "remedy")
    rows = [
        (
            *(f.name, f.health, when(f.last_polled_at), when(f.next_poll_at), f.pace),
            *(f.definition.language, f.origin, f.reason, f.remedy),
        )
        for f in found
    ]
    show_table(columns, rows, empty="No feeds yet: the poller reads config/feeds.yaml; see also tocsin feeds add")


@feeds.command()
@click.argument("name")
@click.pass_obj
def show(settings: Settings, name: str) -> None:
    """One feed as JSON."""
    show_json([wiring.open_house(settings).feeds.get(name)])


@feeds.command()
@click.argument("name")
@click.argument("url")
@click.option("--language", required=True, help="ISO 639-1, such as en.")
@click.option("--group", default=None, help="The publisher behind it; default: the name.")
@click.option("--country", default="", help="The outlet's own country, ISO 3166 alpha-2.")
@click.option("--kind", type=click.Choice(get_args(Kind)), default="news", show_default=True)
@click.option("--full-text", type=click.Choice(["feed", "page", "auto"]), default="auto", show_default=True)
@click.option("--interval", "interval_s", type=int, default=None, metavar="SECONDS", help="Poll this often.")
@click.option("--recorded-at", type=datetime.fromisoformat, default=None, help="A recorded feed's own clock.")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME[:VALUE]",
    help="Send this to the feed's host; without a value it is asked for unseen. May be repeated.",
)
@click.option("--proxy", default="", metavar="URL", help="Ask the feed and its pages through this HTTP proxy.")
@click.pass_obj
def add(
    settings: Settings, /, name: str, url: str, group: str | None, headers: tuple[str, ...], **options: object
) -> None:
    """Read one more feed, or one that was added before by other rules; it is polled at once.

    A name of config/feeds.yaml cannot be taken. The values of headers, and a user and password in the proxy's URL,
    are sealed like signing secrets and never shown again.
    """
    told = dict(_header(h) for h in headers)
    definition = FeedDefinition(name=name, url=url, group=group or name, headers=told, **options)  # type: ignore[arg-type]
    reading.add(wiring.open_house(settings), definition, again=True)
    click.echo(f"added {name}")


def _header(given: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in given.partition(":"))
    return name, value or click.prompt(name, hide_input=True, err=True)


@feeds.command()
@click.argument("name")
@click.pass_obj
def remove(settings: Settings, name: str) -> None:
    """Read a feed no more; it and its marks are forgotten."""
    house = wiring.open_house(settings)
    if house.feeds.get(name).origin == "config":
        raise CatalogueError(f"feed {name}: it stands in config/feeds.yaml; remove it there")
    house.feeds.remove(name)
    click.echo(f"removed {name}")


@feeds.command()
@click.argument("name")
@click.pass_obj
def enable(settings: Settings, name: str) -> None:
    """Poll a feed that is gone, paused or backing off, now; a move that it announced is forgotten."""
    house = wiring.open_house(settings)
    feed = msgspec.structs.replace(house.feeds.get(name), health="new", reason="", remedy="", failures=0, address="")
    transaction = Transaction().make_due("feed", name)
    house.feeds.put(transaction, feed)
    house.ledger.commit(transaction)
    click.echo(f"{name} is due")


@feeds.command()
@click.argument("name")
@click.option("--reason", default="paused by the operator", show_default=True, help="Shown beside it.")
@click.pass_obj
def pause(settings: Settings, name: str, reason: str) -> None:
    """Poll a feed no more until `tocsin feeds enable`; its articles and marks stay."""
    house = wiring.open_house(settings)
    feed = msgspec.structs.replace(
        house.feeds.get(name), health="paused", reason=reason, remedy=f"tocsin feeds enable {name}", next_poll_at=None
    )
    transaction = Transaction().done("feed", name)
    house.feeds.put(transaction, feed)
    house.ledger.commit(transaction)
    click.echo(f"{name} is paused")


@feeds.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--language", default="", help="The language of the feeds that do not tell theirs, such as en.")
@click.pass_obj
def import_(settings: Settings, file: IO[bytes], language: str) -> None:
    """Read the feeds of an OPML file too, those whose address is not read yet."""
    added, _ = reading.take_in(wiring.open_house(settings), file.read(opml.MAX_BYTES + 1), language)
    click.echo(f"added {added} feeds")


@feeds.command()
@click.pass_obj
def export(settings: Settings) -> None:
    """Write all feeds as OPML: those of config/feeds.yaml and, where a Redis runs, those that were added.

    Headers and proxies stay out, for they may be secrets.
    """
    definitions = list(catalogue.load(settings.config / "feeds.yaml"))
    with contextlib.suppress(RedisUnusable):
        house = wiring.open_house(settings)
        kept = (f for f in house.feeds.get_many(house.feeds.names()) if f is not None)
        definitions += [f.definition for f in kept if f.origin == "added"]
    click.echo(opml.written(definitions).decode(), nl=False)


@feeds.command("discover")
@click.argument("url")
@json_option
@click.pass_obj
def discover_(settings: Settings, url: str, as_json: bool) -> None:
    """Look for the feeds of a site, given the address of any of its pages; needs no Redis."""
    fetcher = wiring.make_fetcher(settings)
    try:
        rows = _discovered(fetcher, url)
    finally:
        fetcher.close()
    if as_json:
        show_json(rows)
    else:
        columns = ("url", "title", "entries", "newest", "why")
        table = [(r["url"], r["title"], r["entries"], r["newest"], r["why"]) for r in rows]
        show_table(columns, table, empty=f"No feed was found from {url}")
    raise SystemExit(not rows)


def _discovered(fetcher: Fetcher, url: str) -> list[dict[str, object]]:
    fetcher.start_feed(FeedRequest(name=url, url=url))
    if row := _row(_collected(fetcher, 1)[0], discover.Found(url, "", "it is a feed itself")):
        return [row]
    fetcher.start_page(PageRequest(article_id=url, url=url))
    (page,) = _collected(fetcher, 1)
    if not isinstance(page, PageAnswer) or page.page is None:
        raise CatalogueError(f"{url} cannot be read: {page.reason}")
    places = {place.url: place for place in discover.found(page.page, page.url, page.links, page.sitemaps)}
    for place in places:
        fetcher.start_feed(FeedRequest(name=place, url=place))
    answers = {a.name: a for a in _collected(fetcher, len(places)) if isinstance(a, FeedAnswer)}
    return [row for place in places.values() if (row := _row(answers[place.url], place))]


def _row(answer: FeedAnswer | PageAnswer, place: discover.Found) -> dict[str, object] | None:
    if not isinstance(answer, FeedAnswer) or answer.feed is None:
        return None
    times = [e.published_at or e.updated_at for e in answer.feed.entries]
    newest = max((t for t in times if t), default=None)
    title = answer.feed.title or place.title
    return {"url": place.url, "title": title, "entries": len(times), "newest": when(newest), "why": place.why}


def _collected(fetcher: Fetcher, count: int) -> list[FeedAnswer | PageAnswer]:
    answers: list[FeedAnswer | PageAnswer] = []
    while len(answers) < count:
        answers += fetcher.collect(1.0)
    return answers


@feeds.command("check")
@click.argument("names", nargs=-1)
@json_option
@click.pass_obj
def check_feeds(settings: Settings, names: tuple[str, ...], as_json: bool) -> None:
    """Ask the feeds of config/feeds.yaml (or the named ones) once and say what came; needs no Redis.

    The exit code is 1 where any of them failed.
    """
    definitions = [d for d in catalogue.load(settings.config / "feeds.yaml") if not names or d.name in names]
    if missing := set(names) - {d.name for d in definitions}:
        raise CatalogueError(f"no feed {sorted(missing)[0]} in config/feeds.yaml")
    answers = _ask_all(settings, definitions)
    if as_json:
        rows = [(a, len(a.feed.entries) if a.feed else 0) for a in answers]
        show_json(
            {"name": a.name, "result": a.result, "status": a.status, "entries": n, "reason": a.reason} for a, n in rows
        )
    else:
        columns = ("name", "result", "status", "entries", "reason", "remedy")
        table = [
            (a.name, a.result, a.status, len(a.feed.entries) if a.feed else 0, a.reason, a.remedy) for a in answers
        ]
        show_table(columns, table, empty="No feeds in config/feeds.yaml")
    raise SystemExit(any(a.result in ("failed", "gone") for a in answers))


def _ask_all(settings: Settings, definitions: list[FeedDefinition]) -> list[FeedAnswer]:
    fetcher = wiring.make_fetcher(settings)
    for definition in definitions:
        fetcher.start_feed(Feed(definition=definition).request())
    answers: list[FeedAnswer] = []
    deadline = time.monotonic() + 120
    with click.progressbar(length=len(definitions), label="asking", file=sys.stderr) as bar:
        while len(answers) < len(definitions) and time.monotonic() < deadline:
            new = [a for a in fetcher.collect(1.0) if isinstance(a, FeedAnswer)]
            answers += new
            bar.update(len(new))
    fetcher.close()
    return sorted(answers, key=lambda a: a.name)
