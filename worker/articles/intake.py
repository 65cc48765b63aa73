"""Telling new entries from known ones: which become articles, which are marked only, which are corrections."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from worker.articles.identity import digest, entry_key
from worker.articles.model import Article
from worker.articles.text import article_from
from worker.feeds.model import Entry, FeedDefinition


class Intake(msgspec.Struct, frozen=True):
    """Articles to be judged, and for every entry of the feed its mark: entry key → digest."""

    articles: tuple[Article, ...]
    marks: dict[str, str]


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
    for nobody can tell how old it is. A recorded feed is judged by its own clock.
    """
    clock = definition.recorded_at or now
    articles: dict[str, Article] = {}
    marks: dict[str, str] = {}
    for entry in entries:
        mark, said = entry_key(entry), digest(entry)
        if mark in marks:
            continue
        marks[mark] = said
        if seen.get(mark) == said or _too_old(entry, first=first, clock=clock, horizon=horizon):
            continue
        article = article_from(entry, definition, now=now, known_at=clock)
        articles[article.id] = article
    return Intake(tuple(sorted(articles.values(), key=lambda a: a.reported_at)), marks)


def _too_old(entry: Entry, *, first: bool, clock: datetime, horizon: timedelta) -> bool:
    oldest = clock - horizon
    if (published := entry.published_at or entry.updated_at) is not None:
        return published < oldest
    if entry.published_on is not None:
        return entry.published_on < oldest.date()
    return first
