"""A subscription's life: verified, failing, disabled."""

from datetime import timedelta

from tests.support.builders import NOON
from tests.support.notices import outcome, subscription


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
