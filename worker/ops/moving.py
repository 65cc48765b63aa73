"""A house's belongings in one document: its feeds, subscriptions and triggers, out of one house and into another."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from worker import __version__, reading, tuning
from worker.errors import CatalogueError, SettingsError
from worker.feeds import catalogue
from worker.feeds.credentials import bare
from worker.feeds.model import FeedDefinition
from worker.subscriptions.match import check, check_form, check_terms
from worker.subscriptions.model import Subscription
from worker.triggers.lexicon import TriggerFile
from worker.upgrading import SCHEMA
from worker.wiring import House

_FILE: Final = re.compile(r"[a-z_][a-z0-9_]{0,60}\.yaml")


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription; ``secret`` only where it was asked for."""

    subscription: Subscription
    secret: str = ""


class Belongings(msgspec.Struct, frozen=True, kw_only=True):
    """All that an operator made: what is read, who is told, and what is looked for.

    ``triggers`` are the files of the folder, ``own`` those that were set over the API or by `tocsin triggers set`.
    """

    tocsin: str
    schema: int
    feeds: tuple[FeedDefinition, ...] = ()
    subscriptions: tuple[Moved, ...] = ()
    triggers: dict[str, str] = {}
    own: tuple[TriggerFile, ...] = ()


def packed(house: House, *, secrets: bool) -> Belongings:
    """Everything of a house; secrets in clear, only where they are asked for."""
    kept = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    feeds = [(house.feeds.revealed(f) if secrets else f).definition for f in kept]
    rows = [
        Moved(
            subscription=msgspec.structs.replace(s, secret="", previous="", previous_until=None),
            secret=house.subscriptions.secret(s).split()[0] if secrets else "",
        )
        for s in house.subscriptions.all()
    ]
    folder = house.settings.config / "triggers"
    triggers = {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.yaml"))}
    return Belongings(
        tocsin=__version__,
        schema=SCHEMA,
        feeds=tuple(feeds),
        subscriptions=tuple(rows),
        triggers=triggers,
        own=tuple(house.triggers.all().values()),
    )


def read(document: bytes) -> Belongings:
    """The belongings of a document; raises SettingsError for one that is none, or of a newer schema."""
    try:
        found = msgspec.json.decode(document, type=Belongings)
    except msgspec.DecodeError as error:
        raise SettingsError(f"this is no document of tocsin export: {error}") from error
    if found.schema > SCHEMA:
        raise SettingsError(f"this document has schema {found.schema}, newer than {SCHEMA}: use the newer Tocsin")
    return found


def unpacked(house: House, found: Belongings, triggers: Path | None, *, dry: bool) -> Iterator[str]:
    """Take in what is not there yet, and say of each what was done; ``dry`` only says it.

    Feeds by name, subscriptions by id; trigger files only where a folder is given. A subscription whose secret was not
    exported gets a new one, which is told.
    """
    known = set(house.feeds.names())
    for definition in found.feeds:
        if definition.name in known:
            yield f"feed {definition.name}: is there already"
            continue
        known_of = bare(definition)
        catalogue.check(known_of)
        if not dry:
            reading.add(house, known_of)
        lost = "" if known_of == definition else ", without its secret headers and proxy: tell them by tocsin feeds add"
        yield f"feed {definition.name}: added{lost}"
    ids = {s.id for s in house.subscriptions.all()}
    for moved in found.subscriptions:
        yield (
            _subscribed(house, moved, dry=dry)
            if moved.subscription.id not in ids
            else (f"subscription {moved.subscription.id}: is there already")
        )
    mine = house.triggers.all()
    for file in found.own:
        if file.trigger in mine:
            yield f"trigger {file.trigger}: your own is there already"
            continue
        if not dry:
            tuning.keep(house, file)
        yield f"trigger {file.trigger}: set"
    for name, text in found.triggers.items() if triggers is not None else ():
        if not _FILE.fullmatch(name) or triggers is None:
            raise CatalogueError(f"triggers: {name[:60]!r} is no name of a trigger file")
        if not dry:
            (triggers / name).write_text(text, encoding="utf-8")
        yield f"trigger file {name}: written"


def _subscribed(house: House, moved: Moved, *, dry: bool) -> str:
    kept = moved.subscription
    check(kept.filter)
    check_terms(kept.terms)
    check_form(kept.format, kept.filter, kept.terms)
    told = "its secret came along" if moved.secret else "new secret"
    if moved.secret:
        kept = msgspec.structs.replace(kept, secret=house.subscriptions.vault.seal(moved.secret))
    elif not dry:
        made, secret = house.subscriptions.rotated(kept, house.clock(), timedelta(0))
        kept, told = msgspec.structs.replace(made, previous="", previous_until=None), f"{told} (shown once): {secret}"
    if not dry:
        house.subscriptions.add(kept)
    return f"subscription {moved.subscription.id}: added, {told}"
