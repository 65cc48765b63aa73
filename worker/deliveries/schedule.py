"""What an endpoint's answer means, and when a delivery is tried again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from worker.deliveries.model import Attempt, Delivery, Outcome

DELAYS_S: Final = (5.0, 30.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0)
LATER_S: Final = 43_200.0
GIVE_UP: Final = timedelta(days=7.5)
JITTER: Final = 0.2
RETRY_AFTER_S: Final = (1.0, 86_400.0)
OBEYED: Final = frozenset({429, 502, 503, 504})
CONTROL: Final = "webhook-delivery"


def judge(attempt: Attempt, headers: Mapping[str, str], now: datetime) -> Outcome:
    """What one attempt's answer means; header names are lower-case."""
    status = attempt.status
    control = headers.get(CONTROL, "").strip().lower()
    well = status is not None and 200 <= status < 300
    if status == 410:
        return Outcome(attempt=attempt, verdict="gone", disables=True, reason="the endpoint answered 410 Gone")
    if control == "disable":
        reason = f"the endpoint answered {CONTROL}: disable"
        return Outcome(attempt=attempt, verdict="delivered" if well else "gone", disables=True, reason=reason)
    if well:
        return Outcome(attempt=attempt, verdict="delivered")
    if control == "abort-message":
        return Outcome(attempt=attempt, verdict="abort", reason=f"the endpoint answered {CONTROL}: abort-message")
    wait = retry_after(headers.get("retry-after", ""), now) if status in OBEYED else None
    return Outcome(attempt=attempt, verdict="retry", retry_after_s=wait)


def after(
    delivery: Delivery, outcome: Outcome, *, now: datetime, luck: float, give_up: timedelta = GIVE_UP
) -> Delivery:
    """The delivery after one attempt: delivered, dead, or due again until ``give_up`` is over.

    ``luck`` in [0, 1) spreads retries by ±20 %.
    """
    tried = delivery.tried(outcome.attempt)
    if outcome.verdict == "delivered":
        return msgspec.structs.replace(tried, state="delivered", reason="", next_attempt_at=None)
    if outcome.verdict != "retry":
        return tried.buried(outcome.reason)
    at = now + timedelta(seconds=max(_delay_s(tried.tries, luck), outcome.retry_after_s or 0.0))
    if at > (delivery.begun_at or delivery.created_at) + min(give_up, GIVE_UP):
        last, days = outcome.attempt, min(give_up, GIVE_UP) / timedelta(days=1)
        return tried.buried(
            f"{tried.tries} attempts in {days:g} days failed, the last with {last.status or last.error}"
        )
    # The slow lane keeps those who wait for a dead endpoint apart from those who wait for a good one.
    return msgspec.structs.replace(tried, lane="slow", next_attempt_at=at)


def retry_after(value: str, now: datetime) -> float | None:
    """A Retry-After header (seconds or HTTP date) in seconds from 1 to 86,400; ``None`` for what is neither."""
    text = value.strip()[:64]
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, RETRY_AFTER_S[0]), RETRY_AFTER_S[1])


def _delay_s(tries: int, luck: float) -> float:
    delay = DELAYS_S[tries - 1] if tries <= len(DELAYS_S) else LATER_S
    return delay * (1 - JITTER + 2 * JITTER * luck)
