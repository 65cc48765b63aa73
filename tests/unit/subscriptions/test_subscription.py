"""A subscription's life: verified, failing, disabled."""

from datetime import timedelta

import msgspec
import pytest

from tests.support.builders import NOON
from tests.support.notices import outcome, subscription
from worker.subscriptions.model import Terms, shown_url


def test_a_first_failure_starts_the_clock_and_a_success_stops_it() -> None:
    failing = subscription().after(outcome("retry", status=500), now=NOON)
    assert (failing.state, failing.failing_since) == ("active", NOON)
    later = failing.after(outcome("retry", status=500), now=NOON + timedelta(days=2))
    assert later.failing_since == NOON
    assert later.after(outcome(), now=NOON).failing_since is None


def test_eight_days_of_failures_disable_it() -> None:
    failing = subscription(failing_since=NOON)
    assert failing.after(outcome("retry"), now=NOON + timedelta(days=7.9)).state == "active"
    ended = failing.after(outcome("retry"), now=NOON + timedelta(days=8))
    assert (ended.state, ended.reason) == ("disabled", "every attempt failed since 2026-03-01 12:00 UTC")


def test_an_endpoint_that_asks_for_no_more_is_disabled_even_when_it_accepted() -> None:
    ended = subscription().after(outcome("delivered", disables=True, reason="it said so"), now=NOON)
    assert (ended.state, ended.reason) == ("disabled", "it said so")


def test_nothing_changes_for_one_that_is_well() -> None:
    well = subscription()
    assert well.after(outcome(), now=NOON) is well


def test_verification_wipes_the_record() -> None:
    again = subscription(state="disabled", reason="410", failing_since=NOON).verified()
    assert (again.state, again.reason, again.failing_since) == ("active", "", None)


def test_what_is_shown_holds_no_secret() -> None:
    assert "secret" not in subscription().public().__struct_fields__
    assert "QUJD" not in repr(subscription().public())


def test_a_notice_is_due_after_a_day_of_failures() -> None:
    failing = subscription(failing_since=NOON)
    assert failing.notice(NOON + timedelta(hours=23)) == ""
    notice = failing.notice(NOON + timedelta(hours=25))
    assert notice == "every attempt failed since 2026-03-01 12:00 UTC; it is disabled after 2026-03-09"


def test_the_rate_follows_from_the_terms_or_else_from_the_format() -> None:
    chat = subscription(format="slack")
    assert subscription().rate == 10.0
    assert chat.rate == 1.0
    assert msgspec.structs.replace(chat, terms=Terms(rate=0.5)).rate == 0.5


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://example.org/hook", "https://example.org/hook"),
        ("https://example.org/hook?key=s3cret", "https://example.org/hook?…"),
        (
            "https://hooks.example.org/services/T0123/abcdefghijklmnopqrstuvwx",
            "https://hooks.example.org/services/T0123/abcd…",
        ),
    ],
)
def test_what_may_be_a_password_in_a_url_is_not_shown(url: str, told: str) -> None:
    assert shown_url(url) == told
    assert subscription(url=url).public().url == told
