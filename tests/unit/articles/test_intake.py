"""New, known, changed, too old: what becomes an article and what is marked only."""

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.support.builders import NOON
from worker.articles.identity import aliases, digest, entry_key
from worker.articles.intake import MOST_EDITS, known_by, sort
from worker.articles.model import Article
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


def story(number: int, guid: str, **given: object) -> Entry:
    values = {
        "title": f"Story {number}",
        "summary": f"Text {number}",
        "link": f"https://wire.example/{number}",
        **given,
    }
    return Entry(guid=guid, published_at=NOON - timedelta(hours=1), published_on=NOON.date(), **values)  # type: ignore[arg-type]


def after(*polls: list[Entry]) -> tuple[dict[str, str], list[Article]]:
    """The marks after these polls, and the articles of the last."""
    seen: dict[str, str] = {}
    articles: tuple[Article, ...] = ()
    for number, entries in enumerate(polls):
        new = sort(entries, WIRE, seen, first=number == 0, now=NOON, horizon=DAY)
        seen, articles = {**seen, **new.marks}, new.articles
    return seen, list(articles)


OLD = [story(n, f"old-{n}") for n in range(10)]


def test_a_feed_that_renames_all_its_entries_does_not_flood() -> None:
    renamed = [story(n, f"new-{n}") for n in range(10)]
    assert after(OLD, renamed)[1] == []
    assert after(OLD, renamed, renamed)[1] == []


def test_what_is_new_among_renamed_entries_is_news() -> None:
    renamed = [story(n, f"new-{n}") for n in range(2, 12)]
    assert [a.title for a in after(OLD, renamed)[1]] == ["Story 10", "Story 11"]


def test_a_renamed_entry_with_other_words_is_an_update_of_the_old_article() -> None:
    ids = {a.title: a.id for a in after(OLD)[1]}
    renamed = [story(n, f"new-{n}", summary="Corrected" if n == 3 else f"Text {n}") for n in range(10)]
    (changed,) = after(OLD, renamed)[1]
    assert (changed.id, changed.summary) == (ids["Story 3"], "Corrected")


def test_a_feed_that_moves_all_its_links_and_guids_is_known_by_its_titles() -> None:
    moved = [story(n, f"https://new.example/{n}", link=f"https://new.example/{n}") for n in range(10)]
    assert after(OLD, moved)[1] == []


def test_guids_that_change_at_every_poll_are_news_never_again() -> None:
    polls = [[story(n, f"poll-{p}-{n}") for n in range(2)] for p in range(4)]
    assert after(*polls)[1] == []


def test_one_new_entry_with_an_old_title_or_link_is_new() -> None:
    assert len(after(OLD, [*OLD, story(3, "another", link="https://wire.example/x")])[1]) == 1
    assert len(after(OLD, [*OLD, story(3, "another", title="Other", summary="Other")])[1]) == 1


def test_entries_that_share_one_link_are_not_taken_for_each_other() -> None:
    home = {"link": "https://wire.example/"}
    first = [story(n, f"a{n}", **home) for n in range(5)]
    later = [story(n, f"b{n}", **home) for n in range(5, 10)]
    assert len(after(first, later)[1]) == 5


def test_an_entry_whose_text_changes_at_each_poll_is_an_update_a_few_times_only() -> None:
    polls = [[story(1, "a", summary=f"{n} readers")] for n in range(30)]
    updates, seen = 0, {}
    for number, entries in enumerate(polls):
        new = sort(entries, WIRE, seen, first=number == 0, now=NOON, horizon=DAY)
        seen, updates = {**seen, **new.marks}, updates + len(new.articles)
    assert updates == 1 + MOST_EDITS
    tomorrow = sort([story(1, "a", summary="new")], WIRE, seen, first=False, now=NOON + DAY / 2, horizon=DAY)
    assert len(tomorrow.articles) == 1


def test_when_new_entries_were_published_is_told_once() -> None:
    new = sort(OLD, WIRE, {}, first=True, now=NOON, horizon=DAY)
    assert new.published == (NOON - timedelta(hours=1),) * 10
    assert sort(OLD, WIRE, new.marks, first=False, now=NOON, horizon=DAY).published == ()


@pytest.mark.parametrize(("first", "judged"), [(True, False), (False, True)], ids=["first poll", "later poll"])
def test_a_date_far_in_the_future_is_no_date(first: bool, judged: bool) -> None:
    assert bool(taken(entry(hours=24 * 400), first=first)) == judged


def test_every_name_of_the_entries_is_looked_up() -> None:
    assert len(known_by([*OLD, OLD[0]])) == 30
