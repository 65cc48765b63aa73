"""Telling new entries from known ones: which become articles, which are marked only, which are corrections."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from worker.articles.identity import aliases, article_id, digest, entry_key
from worker.articles.model import Article
from worker.articles.text import article_from
from worker.feeds.model import Entry, FeedDefinition

# A text that changes more often in a day is a template that counts clicks or minutes, not news.
MOST_EDITS: Final = 6
# A feed of which this share is unknown at once, and known by other names, has changed its names.
RENAMED: Final = 0.6


class Intake(msgspec.Struct, frozen=True):
    """Articles to be judged, and for every name of an entry of the feed its mark; ``published`` is when it was new."""

    articles: tuple[Article, ...]
    marks: dict[str, str]
    published: tuple[datetime, ...] = ()


def known_by(entries: Sequence[Entry]) -> list[str]:
    """Every name under which these entries may have been marked before."""
    return list(dict.fromkeys(name for e in entries for name in (entry_key(e), *aliases(e))))


def sort(
    entries: Sequence[Entry],
    definition: FeedDefinition,
    seen: Mapping[str, str],
    *,
    first: bool,
    now: datetime,
    horizon: timedelta,
) -> Intake:
    """The new and changed entries of one poll, oldest first.

    An entry older than the horizon is marked and never judged; at a feed's first poll, so is one without a date,
    for nobody can tell how old it is. A recorded feed is judged by its own clock. Entries whose names changed all at
    once are the entries that they were.
    """
    clock = definition.recorded_at or now
    told = {entry_key(e): e for e in reversed(entries)}
    was = _renamed(told, seen)
    articles: dict[str, Article] = {}
    marks: dict[str, str] = {}
    published: list[datetime] = []
    for key, entry in reversed(told.items()):
        name, before = was.get(key, (key, seen.get(key, "")))
        said = digest(entry)
        mark = _marked(before, said, now)
        marks[key] = mark
        marks.update(dict.fromkeys(aliases(entry), f"{name}:{said}"))
        if not before:
            published.append(entry.published_at or entry.updated_at or now)
        if _digest(before) == said or _restless(mark) or _too_old(entry, first=first, clock=clock, horizon=horizon):
            continue
        article = article_from(entry, definition, now=now, known_at=clock)
        if name != key:
            article = msgspec.structs.replace(article, id=article_id(definition.name, name))
        articles[article.id] = article
    return Intake(tuple(sorted(articles.values(), key=lambda a: a.reported_at)), marks, tuple(published))


def _renamed(told: Mapping[str, Entry], seen: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """For each unknown entry that was known by another name: that name, and the digest it had."""
    unknown = {k: e for k, e in told.items() if k not in seen}
    if not seen or not unknown:
        return {}
    shared = Counter(name for e in told.values() for name in aliases(e))
    was: dict[str, tuple[str, str]] = {}
    certain: set[str] = set()
    for key, entry in unknown.items():
        names = [n for n in aliases(entry) if shared[n] == 1]
        found = [seen[n] for n in names if n in seen]
        if found:
            name, _, before = found[0].partition(":")
            was[key] = (name, before)
            # Same link, title, day and words under another guid: there is nothing new in it.
            if len(found) == 2 and found[0] == found[1] and before == digest(entry):
                certain.add(key)
    wholesale = len(unknown) >= 3 and len(unknown) >= RENAMED * len(told) and len(was) >= RENAMED * len(unknown)
    return was if wholesale else {k: w for k, w in was.items() if k in certain}


def _marked(before: str, said: str, now: datetime) -> str:
    """The mark of an entry that says this now: its digest, and how often it changed on this day."""
    if not before:
        return said
    if _digest(before) == said:
        return before
    _, _, rest = before.partition("~")
    count, _, day = rest.partition("~")
    today = str(now.toordinal())
    return f"{said}~{int(count) + 1 if day == today else 1}~{today}"


def _digest(mark: str) -> str:
    return mark.partition("~")[0]


def _restless(mark: str) -> bool:
    _, _, rest = mark.partition("~")
    return bool(rest) and int(rest.partition("~")[0]) > MOST_EDITS


def _too_old(entry: Entry, *, first: bool, clock: datetime, horizon: timedelta) -> bool:
    oldest = clock - horizon
    published = entry.published_at or entry.updated_at
    # A day ahead no clock goes wrong: such a date tells nothing.
    if published is not None and published <= clock + timedelta(days=1):
        return published < oldest
    if published is not None:
        return first
    if entry.published_on is not None:
        return entry.published_on < oldest.date()
    return first
