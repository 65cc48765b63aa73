"""What may be done with a subscription, for the API and the console alike."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec

from worker import retelling, subscribing
from worker.api.desk import Desk
from worker.deliveries import formats
from worker.deliveries.model import Post
from worker.errors import QueryRefused
from worker.retelling import Wish
from worker.subscribing import Changes, Order, subscribe
from worker.subscriptions.match import check
from worker.subscriptions.model import Filter, Format, PublicSubscription, Signing, Subscription, Terms
from worker.trying import tried

DAYS: Final = 7
NEWEST: Final = 12
LOOKED_AT: Final = 20_000
AT_ONCE: Final = 200


class NewSubscription(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to post, in which format, and which alerts; whatever is left out limits nothing."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
    format: Format = "standard"
    terms: Terms = Terms()
    signing: Signing = "v1"


class MadeSubscription(PublicSubscription, frozen=True, kw_only=True):
    """A subscription with its signing ``secret``, or with v1a the public key; told this once."""

    secret: str


class Change(Changes, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays. Another ``url`` must prove itself as the first one did."""

    enabled: bool | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One alert that would have been sent."""

    id: str
    headline: str
    trigger: str
    place: str
    severity: str
    updated_at: datetime


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter would have sent: so many alerts in so many days, of so many that rang."""

    days: int
    alerts: int
    of: int
    per_day: float
    by_day: tuple[int, ...]
    newest: tuple[Sample, ...]


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoint answered to a ping."""

    accepted: bool
    status: int | None
    error: str
    seconds: float
    body: str


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages are on their way again, at the subscription's own pace."""

    deliveries: int


def make(desk: Desk, data: NewSubscription) -> MadeSubscription:
    """A subscription whose endpoint has proved itself; raises SubscriptionRefused or AddressRefused."""
    wish = Filter(**{f: getattr(data, f) for f in Filter.__struct_fields__})
    order = Order(format=data.format, terms=data.terms, signing=data.signing)
    return _told(*subscribe(desk.house, desk.sender, data.url, wish, "echo", order))


def preview(desk: Desk, wish: Filter) -> Preview:
    """What this filter would have sent in seven days; raises SubscriptionRefused for one that can never match."""
    check(wish)
    now = desk.house.clock()
    since = now - timedelta(days=DAYS)
    rows = desk.house.alerts.changed(since.timestamp() * 1000)[:LOOKED_AT]
    by_day, newest, matched = [0] * DAYS, list[Sample](), 0
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        kept = [a for a in desk.house.alerts.get_many(i for i, _ in part) if a is not None]
        for alert, _ in tried(desk.house, wish, kept, since):
            matched += 1
            by_day[min(DAYS - 1, max(0, (alert.updated_at - since).days))] += 1
            if len(newest) < NEWEST:
                newest.append(
                    Sample(
                        id=alert.id,
                        headline=alert.headline,
                        trigger=alert.trigger,
                        place=alert.places[0].name if alert.places else "",
                        severity=alert.severity,
                        updated_at=alert.updated_at,
                    )
                )
    return Preview(
        days=DAYS,
        alerts=matched,
        of=len(rows),
        per_day=round(matched / DAYS, 1),
        by_day=tuple(by_day),
        newest=tuple(newest),
    )


def change(desk: Desk, subscription_id: str, wish: Change) -> Subscription:
    """The subscription as it is wished; enabled, or at a new address, it is told what it missed.

    Raises NotFound, SubscriptionRefused or AddressRefused.
    """
    house, before = desk.house, desk.house.subscriptions.get(subscription_id)
    known = subscribing.change(house, desk.sender, subscription_id, wish)
    if wish.enabled is False and known.state != "disabled":
        known = known.disabled("disabled by hand", house.clock())
        house.subscriptions.add(known)
    moved = known.url != before.url and known.state == "active"
    return retelling.enable(house, known)[0] if wish.enabled or moved else known


def rotate(desk: Desk, subscription_id: str) -> MadeSubscription:
    """The subscription with a new secret; the old one signs too for a while (a setting). Raises NotFound."""
    return _told(*subscribing.rotate(desk.house, subscription_id))


def test(desk: Desk, subscription_id: str) -> Tested:
    """What the endpoint answers to a signed ping, now; raises NotFound."""
    known = desk.house.subscriptions.get(subscription_id)
    nonce = hashlib.blake2b(secrets.token_bytes(16), digest_size=16).hexdigest()
    body, kind = formats.ping(known.id, nonce, desk.house.clock(), known.format)
    post = Post(
        delivery_id=f"ping_{nonce[:20]}",
        url=known.url,
        secret=desk.house.subscriptions.secret(known),
        body=body,
        content_type=kind,
    )
    outcome = desk.sender.send(post)
    attempt = outcome.attempt
    return Tested(
        accepted=outcome.verdict == "delivered",
        status=attempt.status,
        error=attempt.error,
        seconds=attempt.seconds,
        body=attempt.body[:500],
    )


def replay(desk: Desk, subscription_id: str, wish: Wish) -> Replayed:
    """Tell a subscription again; raises NotFound, SubscriptionRefused or QueryRefused."""
    if wish.since is not None and wish.since.tzinfo is None:
        raise QueryRefused("since: has no offset; write it as 2026-03-01T12:00:00Z")
    owner = desk.house.subscriptions.get(subscription_id)
    return Replayed(deliveries=retelling.retell(desk.house, owner, wish))


def _told(subscription: Subscription, secret: str) -> MadeSubscription:
    return MadeSubscription(**msgspec.structs.asdict(subscription.public()), secret=secret)
