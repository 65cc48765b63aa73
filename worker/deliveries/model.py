"""A delivery: one revision of one alert on its way to one subscriber, and each attempt at it."""

from datetime import datetime
from typing import Literal

import msgspec

State = Literal["due", "delivered", "dead"]
Lane = Literal["fast", "slow"]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One POST and its answer; ``error`` names what went wrong before a status came. ``body`` is at most 2 KiB."""

    at: datetime
    status: int | None = None
    error: str = ""
    seconds: float = 0.0
    body: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoint's answer means for the delivery and its subscription."""

    attempt: Attempt
    verdict: Literal["delivered", "retry", "gone", "abort"]
    retry_after_s: float | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the ``webhook-id``: the hash of alert, revision and subscription, the same on every attempt."""

    id: str
    alert: str
    revision: int
    subscription: str
    type: str
    state: State = "due"
    lane: Lane = "fast"
    reason: str = ""
    created_at: datetime
    next_attempt_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
