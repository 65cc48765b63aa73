"""New, known, changed, too old: what becomes an article and what is marked only."""

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.support.builders import NOON
from worker.articles.identity import aliases, digest, entry_key
from worker.articles.intake import sort
from worker.feeds.model import Entry, FeedDefinition

WIRE = FeedDefinition(name="wire", url="https://wire.example/feed", language="en", group="wire", country="JO")
DAY = timedelta(hours=24)


def entry(guid: str = "a", hours: float = -1, **given: object) -> Entry:
    return Entry(guid=guid, title=f"Title {guid}", published_at=NOON + timedelta(hours=hours), **given)  # type: ignore[arg-type]


def taken(
    *entries: Entry, seen: dict[str, str] | None = None, first: bool = False, feed: FeedDefinition = WIRE
) -> list[str]:
    return [a.title for a in sort(entries, feed, seen or {}, first=first, now=NOON, horizon=DAY).articles]


def marks(*entries: Entry) -> dict[str, str]:
    named = {name: f"{entry_key(e)}:{digest(e)}" for e in entries for name in aliases(e)}
    return {entry_key(e): digest(e) for e in entries} | named


@pytest.mark.parametrize(
    ("hours", "first", "judged"),
    [
        pytest.param(-1, False, True, id="an hour old"),
        pytest.param(-25, False, False, id="older than the horizon"),
        pytest.param(-25, True, False, id="older than the horizon at the first poll"),
        pytest.param(2, False, True, id="dated a little ahead"),
    ],
)
def test_what_is_older_than_the_horizon_is_marked_and_never_judged(hours: float, first: bool, judged: bool) -> None:
    assert bool(taken(entry(hours=hours), first=first)) == judged
    assert sort([entry(hours=hours)], WIRE, {}, first=first, now=NOON, horizon=DAY).marks == marks(entry(hours=hours))


@pytest.mark.parametrize(("first", "judged"), [(True, False), (False, True)], ids=["first poll", "later poll"])
def test_an_entry_without_a_date_is_news_only_after_the_first_poll(first: bool, judged: bool) -> None:
    undated = msgspec.structs.replace(entry(), published_at=None)
    assert bool(taken(undated, first=first)) == judged


def test_what_is_known_is_not_judged_again() -> None:
    assert taken(entry("a"), entry("b"), seen=marks(entry("a"))) == ["Title b"]


def test_an_edited_entry_is_judged_again_under_the_same_id() -> None:
    edited = msgspec.structs.replace(entry("a"), title="Title a, corrected")
    (before,) = sort([entry("a")], WIRE, {}, first=False, now=NOON, horizon=DAY).articles
    (after,) = sort([edited], WIRE, marks(entry("a")), first=False, now=NOON, horizon=DAY).articles
    assert (before.id, after.title) == (after.id, "Title a, corrected")


def test_an_entry_that_stands_twice_is_taken_once() -> None:
    assert taken(entry("a"), entry("a")) == ["Title a"]


def test_articles_come_oldest_first() -> None:
    assert taken(entry("new", -1), entry("old", -9)) == ["Title old", "Title new"]


def test_a_recorded_feed_is_judged_by_its_own_clock() -> None:
    recorded = msgspec.structs.replace(WIRE, recorded_at=datetime(2020, 5, 1, tzinfo=NOON.tzinfo))
    old = Entry(guid="a", title="Title a", published_at=datetime(2020, 4, 30, 20, tzinfo=NOON.tzinfo))
    assert taken(old, first=True) == []
    assert taken(old, first=True, feed=recorded) == ["Title a"]
