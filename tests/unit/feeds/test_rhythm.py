"""How often a feed is asked, learned from when its entries were published."""

import itertools
import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds.model import Rhythm
from worker.feeds.rhythm import heard, interval_s

MONDAY = datetime(2026, 10, 19, tzinfo=UTC)


def listened(days: float, every_s: float, *, hours: range = range(24), weekdays: range = range(7)) -> Rhythm:
    """A rhythm that heard every hour for so many days what was published in these hours on these weekdays."""
    rhythm, now = heard(Rhythm(), [], MONDAY), MONDAY
    while now < MONDAY + timedelta(days=days):
        begins, now = now, now + timedelta(hours=1)
        on = begins.hour in hours and begins.weekday() in weekdays
        times = [begins + timedelta(seconds=s) for s in range(0, 3600, round(every_s))] if on and every_s < 3600 else []
        rhythm = heard(rhythm, times, now)
    return rhythm


def interval(rhythm: Rhythm, *, day: int = 0, hour: int = 12, kind: str = "news") -> int | None:
    assert rhythm.heard_at is not None
    monday = rhythm.heard_at - timedelta(days=rhythm.heard_at.weekday())
    return interval_s(rhythm, kind, monday.replace(hour=hour, minute=0) + timedelta(days=day))


@pytest.mark.parametrize(
    ("every_s", "seconds"),
    [(60, 60), (400, 60), (1200, 100), (1800, 150)],
    ids=["minute", "7 min", "20 min", "half hour"],
)
def test_a_twelfth_of_the_time_between_two_entries_is_waited(every_s: float, seconds: int) -> None:
    found = interval(listened(2, every_s))
    assert found == pytest.approx(seconds, rel=0.15)


def published(luck: random.Random, a_day: int) -> list[datetime]:
    """When the entries of a lively week came, by luck, most of them at noon and hardly any at midnight."""
    times, now = [], MONDAY
    while now < MONDAY + timedelta(days=7):
        now += timedelta(seconds=luck.expovariate(2 * a_day / 86_400))
        if luck.random() < 0.5 - 0.5 * math.cos((now.hour + now.minute / 60) / 12 * math.pi):
            times.append(now)
    return times


def found_after(luck: random.Random, a_day: int) -> list[float]:
    """For each entry after the first three days, the seconds until a poll at the learned pace finds it."""
    times, rhythm, now = iter(published(luck, a_day)), Rhythm(), MONDAY
    entry, waits = next(times), []
    while entry:
        new = []
        while entry and entry <= now:
            new.append(entry)
            entry = next(times, None)  # type: ignore[assignment]
        rhythm = heard(rhythm, new, now)
        waits += [(now - e).total_seconds() for e in new if e > MONDAY + timedelta(days=3)]
        now += timedelta(seconds=(interval_s(rhythm, "news", now) or 300) * luck.uniform(0.9, 1.1))
    return waits


def test_half_of_what_feeds_of_every_size_publish_is_found_in_a_minute_and_nearly_all_in_two_and_a_half() -> None:
    luck = random.Random(1)
    sizes = (5, 10, 20, 30, 50, 80, 120, 200, 300)
    waits = sorted(itertools.chain.from_iterable(found_after(luck, size) for size in sizes))
    assert waits[len(waits) // 2] <= 60
    assert waits[len(waits) * 95 // 100] <= 150


def test_a_feed_that_sleeps_at_night_is_asked_less_at_night() -> None:
    rhythm = listened(10, 900, hours=range(7, 20))
    day, night, dawn = (interval(rhythm, hour=h) for h in (12, 2, 7))
    assert day is not None
    assert night is not None
    assert dawn is not None
    assert day < 120 < dawn * 2
    assert night > 8 * day
    assert dawn < night / 3


def test_a_feed_that_rests_on_sundays_is_asked_less_on_sundays() -> None:
    rhythm = listened(35, 900, weekdays=range(6))
    monday, sunday = interval(rhythm, day=0), interval(rhythm, day=6)
    assert monday is not None
    assert sunday is not None
    assert sunday > 1.8 * monday


@pytest.mark.parametrize(("kind", "seconds"), [("hazard", 120), ("advisory", 600), ("agency", None)])
def test_warnings_are_asked_for_often_from_the_beginning(kind: str, seconds: int | None) -> None:
    assert interval_s(Rhythm(), kind, MONDAY) == seconds


def test_too_little_heard_teaches_nothing() -> None:
    assert interval_s(Rhythm(), "news", MONDAY) is None
    assert interval_s(heard(Rhythm(), [MONDAY], MONDAY), "news", MONDAY) is None


def test_the_first_document_tells_the_rhythm_of_its_past() -> None:
    times = [MONDAY - timedelta(minutes=15 * n) for n in range(30)]
    found = interval_s(heard(Rhythm(), times, MONDAY), "news", MONDAY)
    assert found == pytest.approx(73, abs=5)


@pytest.mark.parametrize(
    ("days", "kind", "seconds"),
    [
        (2, "news", 3_600),
        (4, "news", 4 * 3_600),
        (10, "news", 10 * 3_600),
        (60, "news", 86_400),
        (60, "hazard", 120),
        (60, "advisory", 600),
    ],
)
def test_the_silent_are_asked_ever_less_but_for_warnings(days: int, kind: str, seconds: int) -> None:
    rhythm = listened(3, 7200)
    rhythm = heard(rhythm, [MONDAY + timedelta(days=3, hours=-n) for n in range(1, 6)], MONDAY + timedelta(days=3))
    found = interval_s(rhythm, kind, MONDAY + timedelta(days=3 + days, hours=-1))
    assert found == pytest.approx(seconds, rel=0.05)


def test_what_is_long_past_fades() -> None:
    busy = listened(7, 300)
    later = heard(busy, [], MONDAY + timedelta(days=63))
    assert sum(later.hours) == pytest.approx(sum(busy.hours) / 16, rel=0.02)


def test_dates_in_the_future_or_of_last_month_are_no_rhythm() -> None:
    odd = heard(Rhythm(), [MONDAY + timedelta(days=400), MONDAY - timedelta(days=30)], MONDAY)
    assert (sum(odd.hours), odd.newest_at) == (0, None)
