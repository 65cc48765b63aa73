"""A delivery: one revision of one alert on its way to one subscriber, and each attempt at it."""

import base64
import hashlib
from datetime import datetime
from typing import Final, Literal

import msgspec

State = Literal["due", "delivered", "dead"]
Lane = Literal["fast", "slow"]
Verdict = Literal["delivered", "retry", "gone", "abort"]

DIGEST: Final = "alert.digest"
# The whole schedule makes about 22; a receiver that dictates short waits makes more.
KEPT_ATTEMPTS: Final = 50


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent; ``secret`` holds the signing keys, separated by spaces, and all of them sign."""

    delivery_id: str
    url: str
    secret: str
    body: bytes
    content_type: str = "application/json"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One POST and its answer; ``error`` names what went wrong before a status came. ``body`` is at most 2 KiB."""

    at: datetime
    status: int | None = None
    error: str = ""
    seconds: float = 0.0
    body: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoint's answer means for the delivery and, where it ``disables``, for its subscription."""

    attempt: Attempt
    verdict: Verdict
    retry_after_s: float | None = None
    disables: bool = False
    reason: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the ``webhook-id``: the hash of alert, revision and subscription, the same on every attempt.

    ``tries`` counts the attempts since ``begun_at``, when the schedule began: at creation, or when it was sent again.
    """

    id: str
    alert: str
    revision: int
    subscription: str
    type: str
    state: State = "due"
    lane: Lane = "fast"
    reason: str = ""
    created_at: datetime
    begun_at: datetime | None = None
    next_attempt_at: datetime | None = None
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()

    def tried(self, attempt: Attempt) -> "Delivery":
        """The same with one more attempt; the oldest are forgotten."""
        attempts = (*self.attempts, attempt)[-KEPT_ATTEMPTS:]
        return msgspec.structs.replace(self, attempts=attempts, tries=self.tries + 1)

    def again(self, now: datetime) -> "Delivery":
        """The same, due at once under its old id, with the whole schedule before it."""
        return msgspec.structs.replace(
            self, state="due", lane="fast", reason="", begun_at=now, next_attempt_at=now, tries=0
        )

    def buried(self, reason: str) -> "Delivery":
        """The same as a dead letter: kept, shown, and sent again only by hand."""
        return msgspec.structs.replace(self, state="dead", reason=reason[:200], next_attempt_at=None)


def digest_of(subscription_id: str, until: datetime, now: datetime) -> Delivery:
    """The delivery of all that came in a subscriber's quiet hours; ``alert`` names the moment that they end."""
    return Delivery(
        id=delivery_id(DIGEST + until.isoformat(), 0, subscription_id),
        alert=until.isoformat(),
        revision=0,
        subscription=subscription_id,
        type=DIGEST,
        created_at=now,
        next_attempt_at=until,
    )


def delivery_id(alert_id: str, revision: int, subscription_id: str) -> str:
    """The ``webhook-id``: ``msg_`` and 26 letters and digits."""
    digest = hashlib.sha256(f"{alert_id}\n{revision}\n{subscription_id}".encode()).digest()
    return "msg_" + base64.b32encode(digest[:16]).decode().rstrip("=").lower()
