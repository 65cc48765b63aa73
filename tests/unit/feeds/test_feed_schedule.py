"""When a feed is polled next, and what its health is."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from worker.feeds.model import Feed, FeedAnswer, FeedDefinition, ParsedFeed, Rhythm
from worker.feeds.schedule import LONGEST_BACKOFF_S, after

NOW = datetime(2026, 10, 21, 10, tzinfo=UTC)
DEFINITION = FeedDefinition(name="posts", url="https://news.example/feed", language="en", group="example")
FEED = Feed(definition=DEFINITION)
UNCHANGED = FeedAnswer(name="posts", result="unchanged", status=304)
FAILED = FeedAnswer(name="posts", result="failed", status=500, reason="a fault", remedy="nothing")


def came(ttl_s: int | None = None, **fields: object) -> FeedAnswer:
    return FeedAnswer(name="posts", result="feed", status=200, feed=ParsedFeed(ttl_s=ttl_s), **fields)  # type: ignore[arg-type]


def polled(feed: Feed, *answers: FeedAnswer, luck: float = 0.5) -> Feed:
    for answer in answers:
        feed = after(feed, answer, now=NOW, luck=luck)
    return feed


def wait(feed: Feed) -> float:
    assert feed.next_poll_at is not None
    return (feed.next_poll_at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("interval_s", "answer", "seconds", "pace"),
    [
        (None, came(), 300, "every 5 min, the default"),
        (60, came(), 60, "every 60 s, set by the operator"),
        (None, came(ttl_s=900), 945, "every 15 min, asked for by its ttl"),
        (None, came(ttl_s=60), 300, "every 5 min, the default"),
        (None, came(max_age_s=600), 630, "every 10 min, asked for by its Cache-Control"),
        (None, came(ttl_s=3600, max_age_s=600), 630, "every 10 min, asked for by its Cache-Control"),
        (None, came(ttl_s=60, max_age_s=86_400), 300, "every 5 min, the default"),
        (None, came(max_age_s=0), 300, "every 5 min, the default"),
        (60, came(ttl_s=900), 945, "every 15 min, asked for by its ttl"),
        (None, came(max_age_s=31_536_000), 90_720, "every 24.0 h, asked for by its Cache-Control"),
        (None, came(retry_after_s=7_200), 7_200, "every 5 min, the default"),
    ],
)
def test_the_next_poll_is_after_the_longer_of_our_interval_and_the_publishers(
    interval_s: int | None, answer: FeedAnswer, seconds: float, pace: str
) -> None:
    feed = polled(replace(FEED, definition=replace(DEFINITION, interval_s=interval_s)), answer)
    assert (wait(feed), feed.pace) == (seconds, pace)


@pytest.mark.parametrize(("luck", "seconds"), [(0.0, 270), (0.5, 300), (0.999, 329.94)])
def test_polls_are_spread_by_a_tenth(luck: float, seconds: float) -> None:
    assert wait(polled(FEED, came(), luck=luck)) == pytest.approx(seconds)


def test_a_publishers_pace_is_never_undercut_by_luck() -> None:
    assert all(wait(polled(FEED, came(ttl_s=900), luck=luck)) >= 900 for luck in (0.0, 0.3, 0.999))


def test_what_the_publisher_asked_for_outlives_a_304() -> None:
    feed = polled(FEED, came(ttl_s=900, max_age_s=1200), UNCHANGED)
    assert (feed.ttl_s, feed.max_age_s, wait(feed)) == (900, 1200, 945)
    assert polled(feed, replace(UNCHANGED, max_age_s=1500)).max_age_s == 1500


def test_validators_change_only_with_an_answer_that_was_read() -> None:
    feed = polled(FEED, came(etag='"a"', last_modified="then"))
    for answer in (UNCHANGED, FAILED, replace(FAILED, etag='"b"')):
        assert (polled(feed, answer).etag, polled(feed, answer).last_modified) == ('"a"', "then")
    assert polled(feed, came(etag='"b"')).last_modified == ""


def test_failures_back_off_to_six_hours_and_never_end() -> None:
    feed, waits = FEED, []
    for _ in range(30):
        feed = polled(feed, FAILED, luck=0.0)
        waits.append(wait(feed))
    assert waits[:4] == [300, 600, 1200, 2400]
    assert set(waits[8:]) == {LONGEST_BACKOFF_S}
    assert (feed.health, feed.reason, feed.remedy, feed.failures) == ("failing", "a fault", "nothing", 30)


def test_back_off_is_spread() -> None:
    assert wait(polled(FEED, FAILED, luck=0.999)) < wait(polled(FEED, FAILED, luck=0.0))


def test_a_feed_that_answers_again_is_healthy_at_its_usual_pace() -> None:
    feed = polled(FEED, FAILED, FAILED, FAILED, came())
    assert (feed.health, feed.reason, feed.failures, wait(feed)) == ("healthy", "", 0, 300)
    assert (feed.polls, feed.successes, feed.last_success_at) == (4, 1, NOW)


@pytest.mark.parametrize("seconds", [600, 86_400 * 3])
def test_a_retry_after_is_obeyed_however_long(seconds: int) -> None:
    assert wait(polled(FEED, replace(FAILED, status=429, retry_after_s=seconds), luck=0.9)) == seconds


def test_a_retry_after_shorter_than_the_back_off_does_not_hurry_us() -> None:
    assert wait(polled(FEED, replace(FAILED, status=429, retry_after_s=1), luck=0.0)) == 300


def test_410_ends_a_feed() -> None:
    feed = polled(FEED, FeedAnswer(name="posts", result="gone", status=410, reason="ended"))
    assert (feed.health, feed.reason, feed.next_poll_at) == ("gone", "ended", None)


def test_a_paused_feed_stays_paused() -> None:
    feed = polled(replace(FEED, health="paused"), came())
    assert (feed.health, feed.next_poll_at) == ("paused", None)


def test_a_learned_interval_stands_in_for_the_default_but_not_for_the_operators() -> None:
    feed = replace(FEED, learned_interval_s=120)
    assert wait(polled(feed, came())) == 120
    assert wait(polled(replace(feed, definition=replace(DEFINITION, interval_s=900)), came())) == 900


def test_a_default_interval_can_be_set() -> None:
    feed = after(FEED, came(), now=NOW, luck=0.5, default_interval_s=60)
    assert feed.next_poll_at == NOW + timedelta(seconds=60)


MOVED = "https://news.example/new"


def moving(*days: int, to: str = MOVED) -> Feed:
    feed = FEED
    for day in days:
        feed = after(feed, came(moved_to=to), now=NOW + timedelta(days=day), luck=0.5)
    return feed


@pytest.mark.parametrize(
    ("days", "url"),
    [((0,), DEFINITION.url), ((0, 0, 0), DEFINITION.url), ((0, 1), MOVED), ((0, 0, 5), MOVED)],
    ids=["once", "often on one day", "on two days", "days later"],
)
def test_a_move_for_good_is_believed_when_it_is_told_on_two_days(days: tuple[int, ...], url: str) -> None:
    assert moving(*days).url == url


def test_a_move_that_changes_its_mind_starts_anew() -> None:
    feed = after(moving(0), came(moved_to="https://other.example/"), now=NOW + timedelta(days=1), luck=0.5)
    assert (feed.url, feed.moved_to) == (DEFINITION.url, "https://other.example/")
    assert after(feed, came(), now=NOW + timedelta(days=2), luck=0.5).moved_to == ""


def test_a_feed_that_moved_tells_where_and_goes_back_when_the_new_place_fails() -> None:
    feed = moving(0, 1)
    told = polled(feed, came())
    assert (told.health, MOVED in told.reason, bool(told.remedy)) == ("healthy", True, True)
    assert polled(feed, FAILED, FAILED).url == MOVED
    assert (polled(feed, FAILED, FAILED, FAILED).url, polled(feed, FAILED, FAILED, FAILED).etag) == (DEFINITION.url, "")


@pytest.mark.parametrize(
    ("hours", "days", "due"),
    [
        ((), (), "21 10:05"),
        ((10,), (), "21 11:05"),
        ((10, 11, 12), (), "21 13:05"),
        (tuple(range(24)), (), "21 10:05"),
        ((), (2,), "22 00:05"),
        ((), (2, 3, 4, 5, 6, 0), "27 00:05"),
        ((), tuple(range(7)), "21 10:05"),
        ((0, 1), (2,), "22 02:05"),
    ],
)
def test_a_poll_is_put_off_past_the_hours_and_days_that_a_feed_asks_to_skip(
    hours: tuple[int, ...], days: tuple[int, ...], due: str
) -> None:
    answer = replace(came(), feed=ParsedFeed(skip_hours=hours, skip_days=days))
    feed = polled(FEED, answer)
    assert feed.next_poll_at is not None
    assert f"{feed.next_poll_at:%d %H:%M}" == due
    assert ("skip" in feed.pace) == (due != "21 10:05")
    assert polled(feed, UNCHANGED).next_poll_at == feed.next_poll_at
    failed = polled(feed, FAILED)
    assert failed.next_poll_at is not None
    assert feed.next_poll_at - failed.next_poll_at == timedelta(seconds=30)  # its failures are spread otherwise
    assert ("skip" in failed.pace) == ("skip" in feed.pace)


def test_a_server_that_takes_long_makes_a_slow_feed_and_a_quick_one_heals_it() -> None:
    slow = polled(FEED, *[came(seconds=20.0)] * 3)
    assert (slow.health, "20 s" in slow.reason, bool(slow.remedy)) == ("slow", True, True)
    assert polled(slow, *[came(seconds=0.2)] * 6).health == "healthy"
    assert polled(FEED, came(seconds=12.0), came(seconds=0.3)).health == "healthy"


def test_what_a_feeds_rhythm_suggests_is_its_pace() -> None:
    busy = Rhythm(hours=(10.0,) * 24, days=(34.0,) * 7, seconds=86_400, since=NOW, heard_at=NOW, newest_at=NOW)
    feed = polled(replace(FEED, rhythm=busy), UNCHANGED)
    assert (feed.learned_interval_s, feed.pace) == (60, "every 60 s, learned from its rhythm")
