"""When a feed is polled next, and what its health is: decided from the last answer alone."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from worker.feeds.model import Feed, FeedAnswer

DEFAULT_INTERVAL_S: Final = 300
# A publisher that asks for more than a day has a misconfigured cache, not a feed that slow.
LONGEST_HINT_S: Final = 86_400
LONGEST_BACKOFF_S: Final = 21_600
FIRST_BACKOFF_S: Final = 300
JITTER: Final = 0.1


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
    if answer.result == "feed":
        # Only an answer that was read may replace the validators: kept from another, they would hide it for ever.
        ttl = answer.feed.ttl_s if answer.feed else None
        feed = msgspec.structs.replace(
            feed, etag=answer.etag, last_modified=answer.last_modified, ttl_s=ttl, max_age_s=answer.max_age_s
        )
    elif answer.max_age_s is not None:
        feed = msgspec.structs.replace(feed, max_age_s=answer.max_age_s)
    rhythm = pace(feed, default_interval_s)
    wait = max(rhythm.interval_s * (1 + JITTER * (2 * luck - 1)), rhythm.at_least_s * (1 + JITTER * luck))
    wait = max(wait, float(answer.retry_after_s or 0))
    return msgspec.structs.replace(
        feed,
        health="healthy",
        reason="",
        remedy="",
        failures=0,
        pace=rhythm.why,
        successes=feed.successes + 1,
        last_success_at=now,
        next_poll_at=now + timedelta(seconds=wait),
    )


def _failed(feed: Feed, answer: FeedAnswer, *, now: datetime, luck: float) -> Feed:
    failures = feed.failures + 1
    first = max(FIRST_BACKOFF_S, feed.definition.interval_s or 0)
    backoff = min(LONGEST_BACKOFF_S, first * 2 ** min(failures - 1, 10)) * (1 - 2 * JITTER * luck)
    asked = answer.retry_after_s or 0
    wait, why = (asked, "asked for by its Retry-After") if asked >= backoff else (backoff, f"failure {failures}")
    return msgspec.structs.replace(
        feed,
        health="failing",
        reason=answer.reason,
        remedy=answer.remedy,
        failures=failures,
        pace=f"again in {_spoken(wait)}, {why}",
        # A year ahead is as far as a Retry-After can reach before dates overflow.
        next_poll_at=now + timedelta(seconds=min(wait, 366 * 86_400)),
    )


def _gone(feed: Feed, answer: FeedAnswer) -> Feed:
    return msgspec.structs.replace(
        feed, health="gone", reason=answer.reason, remedy=answer.remedy, pace="never again", next_poll_at=None
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3600:.1f} h"
