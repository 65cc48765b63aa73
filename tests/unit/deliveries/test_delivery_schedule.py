"""What each answer means, and when a delivery is tried again."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import NOON
from tests.support.notices import delivery, outcome
from worker.deliveries.model import KEPT_ATTEMPTS, Attempt, delivery_id
from worker.deliveries.schedule import DELAYS_S, GIVE_UP, after, judge, retry_after

ANSWERS: dict[str, tuple[int | None, dict[str, str], str, dict[str, Any]]] = {
    "200": (200, {}, "delivered", {}),
    "204": (204, {}, "delivered", {}),
    "299": (299, {}, "delivered", {}),
    "redirect": (302, {"location": "/x"}, "retry", {}),
    "308": (308, {}, "retry", {}),
    "400": (400, {}, "retry", {}),
    "401": (401, {}, "retry", {}),
    "404": (404, {}, "retry", {}),
    "410": (410, {}, "gone", {"disables": True}),
    "410 and later": (410, {"retry-after": "5"}, "gone", {"disables": True, "retry_after_s": None}),
    "429": (429, {}, "retry", {"retry_after_s": None}),
    "429 later": (429, {"retry-after": "120"}, "retry", {"retry_after_s": 120.0}),
    "502 later": (502, {"retry-after": "120"}, "retry", {"retry_after_s": 120.0}),
    "503 later": (503, {"retry-after": "120"}, "retry", {"retry_after_s": 120.0}),
    "504 later": (504, {"retry-after": "120"}, "retry", {"retry_after_s": 120.0}),
    "500 later": (500, {"retry-after": "120"}, "retry", {"retry_after_s": None}),
    "500": (500, {}, "retry", {}),
    "no status": (None, {}, "retry", {}),
    "100": (100, {}, "retry", {}),
    "disable": (400, {"webhook-delivery": "disable"}, "gone", {"disables": True}),
    "disable in capitals": (500, {"webhook-delivery": " Disable "}, "gone", {"disables": True}),
    "accepted, then disable": (200, {"webhook-delivery": "disable"}, "delivered", {"disables": True}),
    "abort": (500, {"webhook-delivery": "abort-message"}, "abort", {"disables": False}),
    "accepted and abort": (200, {"webhook-delivery": "abort-message"}, "delivered", {}),
    "unknown control": (500, {"webhook-delivery": "dance"}, "retry", {}),
}


@pytest.mark.parametrize(("status", "headers", "verdict", "more"), ANSWERS.values(), ids=ANSWERS.keys())
def test_each_answer_has_its_meaning(
    status: int | None, headers: dict[str, str], verdict: str, more: dict[str, Any]
) -> None:
    judged = judge(Attempt(at=NOON, status=status), headers, NOON)
    assert judged.verdict == verdict
    for name, value in more.items():
        assert getattr(judged, name) == value
    assert bool(judged.reason) == (judged.disables or verdict == "abort")


WAITS: dict[str, tuple[str, float | None]] = {
    "seconds": ("30", 30.0),
    "nought": ("0", 1.0),
    "too long": ("999999", 86_400.0),
    "absurdly long": ("9" * 60, 86_400.0),
    "spaces": (" 7 ", 7.0),
    "date": ("Sun, 01 Mar 2026 12:01:40 GMT", 100.0),
    "date that has passed": ("Sun, 01 Mar 2026 11:00:00 GMT", 1.0),
    "date far away": ("Sun, 01 Mar 2037 11:00:00 GMT", 86_400.0),
    "date without zone": ("Sun, 01 Mar 2026 12:01:40 -0000", 100.0),
    "negative": ("-5", None),
    "fraction": ("1.5", None),
    "words": ("soon", None),
    "empty": ("", None),
    "other digits": ("٣", None),
    "bad date": ("Sun, 99 Mar 2026 12:00:00 GMT", None),
    "year nought": ("Sun, 01 Mar 0000 12:00:00 GMT", 1.0),
}


@pytest.mark.parametrize(("value", "seconds"), WAITS.values(), ids=WAITS.keys())
def test_a_retry_after_is_read_as_seconds_or_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    seconds = retry_after(value, NOON)
    assert seconds is None or 1 <= seconds <= 86_400


def times(luck: float) -> list[datetime]:
    """When an endpoint that always fails is asked."""
    now, item, asked = NOON, delivery(), []
    while item.state == "due":
        assert item.next_attempt_at is not None
        now = item.next_attempt_at
        asked.append(now)
        item = after(item, outcome("retry", status=500), now=now, luck=luck)
    assert item.state == "dead"
    return asked


def test_the_schedule_is_the_promised_one() -> None:
    asked = times(0.5)
    gaps = [(b - a).total_seconds() for a, b in pairwise(asked)]
    assert gaps[:7] == list(DELAYS_S)
    assert set(gaps[7:]) == {43_200.0}
    assert len(asked) == 21
    assert timedelta(days=7) < asked[-1] - NOON <= GIVE_UP


@pytest.mark.parametrize(("luck", "factor"), [(0.0, 0.8), (0.25, 0.9), (1 - 2**-53, 1.2)])
def test_luck_spreads_the_schedule_by_a_fifth(luck: float, factor: float) -> None:
    asked = times(luck)
    gaps = [(b - a).total_seconds() for a, b in pairwise(asked)]
    assert gaps[:7] == pytest.approx([d * factor for d in DELAYS_S])
    assert asked[-1] - NOON <= GIVE_UP


def test_the_first_failure_sends_it_to_the_slow_lane() -> None:
    later = after(delivery(), outcome("retry", status=500), now=NOON, luck=0.5)
    assert (later.lane, later.state, later.tries) == ("slow", "due", 1)


@pytest.mark.parametrize(("wait", "delay"), [(1.0, 5.0), (100.0, 100.0), (None, 5.0)])
def test_a_retry_after_only_delays(wait: float | None, delay: float) -> None:
    later = after(delivery(), outcome("retry", retry_after_s=wait), now=NOON, luck=0.5)
    assert later.next_attempt_at == NOON + timedelta(seconds=delay)


def test_an_accepted_delivery_is_done() -> None:
    done = after(delivery(), outcome(), now=NOON, luck=0.5)
    assert (done.state, done.next_attempt_at, len(done.attempts)) == ("delivered", None, 1)


@pytest.mark.parametrize("verdict", ["gone", "abort"])
def test_a_refused_delivery_is_a_dead_letter_at_once(verdict: str) -> None:
    dead = after(delivery(), outcome(verdict, status=410, reason="410 Gone"), now=NOON, luck=0.5)
    assert (dead.state, dead.reason, dead.next_attempt_at) == ("dead", "410 Gone", None)


def test_a_dead_letter_tells_of_its_last_answer() -> None:
    dead = after(delivery(), outcome("retry", status=503), now=NOON + GIVE_UP, luck=0.5)
    assert dead.reason == "1 attempts in 7.5 days failed, the last with 503"


def test_a_delivery_sent_again_has_the_whole_schedule_before_it() -> None:
    long_after = NOON + timedelta(days=20)
    again = delivery().buried("dead").again(long_after)
    assert (again.id, again.state, again.next_attempt_at) == (delivery().id, "due", long_after)
    later = after(again, outcome("retry"), now=long_after, luck=0.5)
    assert later.next_attempt_at == long_after + timedelta(seconds=5)


def test_only_the_newest_attempts_are_kept() -> None:
    item = delivery()
    for n in range(KEPT_ATTEMPTS + 10):
        item = item.tried(Attempt(at=NOON, status=n))
    assert len(item.attempts) == KEPT_ATTEMPTS
    assert item.attempts[-1].status == KEPT_ATTEMPTS + 9
    assert item.tries == KEPT_ATTEMPTS + 10


def test_an_id_follows_from_alert_revision_and_subscription() -> None:
    assert delivery_id("al_1", 1, "sub_1") == delivery_id("al_1", 1, "sub_1")
    assert len({delivery_id("al_1", n, s) for n in (1, 2, 11) for s in ("sub_1", "sub_2", "1sub_1")}) == 9
    assert delivery_id("al_1", 1, "sub_1").startswith("msg_")
    assert len(delivery_id("al_1", 1, "sub_1")) == 30
