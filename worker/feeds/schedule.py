"""When a feed is polled next, where, and what its health is: decided from the last answer and what is kept of it."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from worker.feeds import rhythm
from worker.feeds.model import Feed, FeedAnswer, Health

DEFAULT_INTERVAL_S: Final = 300
# A publisher that asks for more than a day has a misconfigured cache, not a feed that slow.
LONGEST_HINT_S: Final = 86_400
LONGEST_BACKOFF_S: Final = 21_600
FIRST_BACKOFF_S: Final = 300
JITTER: Final = 0.1
# Answers that take this long on average are told as a state of their own: such a feed is late, but it comes.
SLOW_S: Final = 10.0
# A feed that moved for good and then fails so often is asked at its old address again.
MOVED_FAILURES: Final = 3
# As far as a Retry-After can reach before dates overflow.
LONGEST_WAIT_S: Final = 366 * 86_400.0


class Pace(NamedTuple):
    """Seconds between polls, the least that the publisher allows, and which of them was decisive."""

    interval_s: float
    at_least_s: float
    why: str


def after(
    feed: Feed, answer: FeedAnswer, *, now: datetime, luck: float, default_interval_s: int = DEFAULT_INTERVAL_S
) -> Feed:
    """The feed once this answer to its poll is taken in; ``luck`` in [0, 1) spreads the polls.

    A paused feed stays paused, and one that is gone has no next poll; any other recovers by itself.
    """
    polled = msgspec.structs.replace(feed, polls=feed.polls + 1, last_polled_at=now)
    if answer.result == "gone":
        nxt = _gone(polled, answer)
    elif answer.result == "failed":
        nxt = _failed(polled, answer, now=now, luck=luck)
    else:
        nxt = _answered(polled, answer, now=now, luck=luck, default_interval_s=default_interval_s)
    if feed.health == "paused":
        return msgspec.structs.replace(nxt, health="paused", next_poll_at=None)
    return nxt


def pace(feed: Feed, default_interval_s: int = DEFAULT_INTERVAL_S) -> Pace:
    """How often a healthy feed is polled: the longer of our interval and what its publisher asks for.

    An operator's interval replaces the learned and the default one. Of several hints the shortest counts: a feed that
    says "15 minutes" in one place and "a day" in another would not mind the first.
    """
    if feed.definition.interval_s is not None:
        ours, why = feed.definition.interval_s, "set by the operator"
    elif feed.learned_interval_s is not None:
        ours, why = feed.learned_interval_s, "learned from its rhythm"
    else:
        ours, why = default_interval_s, "the default"
    hints = [(s, w) for s, w in ((feed.max_age_s, "its Cache-Control"), (feed.ttl_s, "its ttl")) if s and s > 0]
    hint, who = min(hints, default=(0, ""))
    hint = min(hint, LONGEST_HINT_S)
    if hint > ours:
        return Pace(hint, hint, f"every {_spoken(hint)}, asked for by {who}")
    return Pace(ours, hint, f"every {_spoken(ours)}, {why}")


def _answered(feed: Feed, answer: FeedAnswer, *, now: datetime, luck: float, default_interval_s: int) -> Feed:
    feed = _moved(_asked_for(feed, answer), answer, now)
    learned = rhythm.interval_s(feed.rhythm, feed.definition.kind, now)
    if learned is not None:
        feed = msgspec.structs.replace(feed, learned_interval_s=learned)
    paced = pace(feed, default_interval_s)
    wait = max(paced.interval_s * (1 + JITTER * (2 * luck - 1)), paced.at_least_s * (1 + JITTER * luck))
    wait = max(wait, float(answer.retry_after_s or 0))
    due = now + timedelta(seconds=min(wait, LONGEST_WAIT_S))
    heeded = _unskipped(feed, due)
    took = answer.seconds if feed.took_s == 0 else (3 * feed.took_s + answer.seconds) / 4
    health, reason, remedy = _well(feed, took)
    return msgspec.structs.replace(
        feed,
        health=health,
        reason=reason,
        remedy=remedy,
        failures=0,
        pace=_heeding(paced.why, skipping=heeded != due),
        took_s=took,
        successes=feed.successes + 1,
        last_success_at=now,
        next_poll_at=heeded,
    )


def _asked_for(feed: Feed, answer: FeedAnswer) -> Feed:
    """The feed with its new validators and hints; what a 304 does not repeat stays as it was."""
    if answer.feed is None and not answer.body:
        return feed if answer.max_age_s is None else msgspec.structs.replace(feed, max_age_s=answer.max_age_s)
    # Only an answer that was read may replace the validators: kept from another, they would hide it for ever.
    feed = msgspec.structs.replace(
        feed, etag=answer.etag, last_modified=answer.last_modified, body=answer.body, max_age_s=answer.max_age_s
    )
    if answer.feed is None:
        return feed  # the body that was read before
    return msgspec.structs.replace(
        feed, ttl_s=answer.feed.ttl_s, skip_hours=answer.feed.skip_hours, skip_days=answer.feed.skip_days
    )


def _moved(feed: Feed, answer: FeedAnswer, now: datetime) -> Feed:
    """The feed with the address that it moved to for good, once it said so on two days."""
    target = answer.moved_to if answer.moved_to != feed.url else ""
    if target and target == feed.moved_to and feed.moved_on is not None and feed.moved_on < now.date():
        return msgspec.structs.replace(feed, address=target, moved_to="", moved_on=None)
    if target == feed.moved_to:
        return feed
    return msgspec.structs.replace(feed, moved_to=target, moved_on=now.date() if target else None)


def _well(feed: Feed, took_s: float) -> tuple[Health, str, str]:
    if took_s >= SLOW_S:
        return "slow", f"its server takes {took_s:.0f} s to answer", "nothing: it holds up no other feed"
    if feed.address:
        return "healthy", f"it moved for good to {feed.address}", "write the new address into its definition"
    return "healthy", "", ""


def _unskipped(feed: Feed, due: datetime) -> datetime:
    """The same moment, or the first hour after it that the publisher does not ask to skip; who skips all skips none."""
    hours, days = frozenset(feed.skip_hours), frozenset(feed.skip_days)
    if len(hours) >= 24 or len(days) >= 7:
        return due
    while due.hour in hours or due.weekday() in days:
        # The minute stays, so that not everybody comes at the full hour.
        due += timedelta(hours=1)
    return due


def _heeding(why: str, *, skipping: bool) -> str:
    return f"{why}, and not in the hours and days that it asks to skip" if skipping else why


def _failed(feed: Feed, answer: FeedAnswer, *, now: datetime, luck: float) -> Feed:
    failures = feed.failures + 1
    first = max(FIRST_BACKOFF_S, feed.definition.interval_s or 0)
    backoff = min(LONGEST_BACKOFF_S, first * 2 ** min(failures - 1, 10)) * (1 - 2 * JITTER * luck)
    asked = answer.retry_after_s or 0
    wait, why = (asked, "asked for by its Retry-After") if asked >= backoff else (backoff, f"failure {failures}")
    if feed.address and failures >= MOVED_FAILURES:
        feed = msgspec.structs.replace(feed, address="", etag="", last_modified="")
    due = now + timedelta(seconds=min(wait, LONGEST_WAIT_S))
    heeded = _unskipped(feed, due)
    return msgspec.structs.replace(
        feed,
        health="failing",
        reason=answer.reason,
        remedy=answer.remedy,
        failures=failures,
        pace=_heeding(f"again in {_spoken(wait)}, {why}", skipping=heeded != due),
        next_poll_at=heeded,
    )


def _gone(feed: Feed, answer: FeedAnswer) -> Feed:
    return msgspec.structs.replace(
        feed, health="gone", reason=answer.reason, remedy=answer.remedy, pace="never again", next_poll_at=None
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3600:.1f} h"
