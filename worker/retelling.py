"""Telling a subscriber again: since a time, one alert, all dead letters, or what it missed; always under the old id."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from worker.alerts.model import Alert
from worker.deliveries.model import DIGEST, Delivery, delivery_id, digest_of
from worker.deliveries.schedule import GIVE_UP
from worker.errors import SubscriptionRefused
from worker.ledger import Transaction, key
from worker.subscriptions.match import wants
from worker.subscriptions.model import Subscription
from worker.subscriptions.quiet import quiet_until
from worker.wiring import House

PAGE: Final = 200
# What is told again leaves a fifth of the subscriber's rate to what is new.
SHARE: Final = 0.8
log = logging.getLogger("tocsin")


class Told(NamedTuple):
    """One revision that a subscriber was told or should have been, and its delivery or digest where that is kept."""

    alert: Alert
    type: str
    delivery: Delivery | None


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to tell again: exactly one of all since a time, all of one alert, and all dead letters."""

    since: datetime | None = None
    alert: str | None = None
    dead: bool = False


def retell(house: House, owner: Subscription, wish: Wish) -> int:
    """Tell it again what is wished, and say how many messages these are; raises SubscriptionRefused or NotFound."""
    if owner.state != "active":
        raise SubscriptionRefused(f"{owner.id} is {owner.state}: enable it first, which tells it what it missed")
    if (wish.since is not None) + (wish.alert is not None) + wish.dead != 1:
        raise SubscriptionRefused("say what to tell again: since a time, one alert, or dead letters")
    if wish.since is not None:
        return since(house, owner, wish.since)
    return alert(house, owner, wish.alert) if wish.alert is not None else dead_letters(house, owner)


def since(house: House, owner: Subscription, at: datetime) -> int:
    """Tell it again all that it was told since this time, or would have been; how many messages these are."""
    return _again(house, owner, (t for t in _history(house, owner, at) if t.alert.updated_at >= at))


def missed(house: House, owner: Subscription, at: datetime) -> int:
    """Tell it what it should have been told since this time and did not accept, and what was on its way by then."""
    history = _history(house, owner, at - GIVE_UP)
    return _again(house, owner, (t for t in history if _was_missed(t, at)))


def alert(house: House, owner: Subscription, alert_id: str) -> int:
    """Tell it again all of one alert; raises NotFound."""
    return _again(house, owner, _revisions(house, owner, [house.alerts.get(alert_id)]))


def dead_letters(house: House, owner: Subscription) -> int:
    """Tell it again all that was given up."""
    count = 0
    for page in _pages(house.ledger.newest(key("deliveries", owner.id), 2**31)[::-1]):
        found = [d for d in house.deliveries.get_many(page) if d is not None and d.state == "dead"]
        count = _make_due(house, owner, found, count)
    return _rung(house, owner, count)


def enable(house: House, owner: Subscription) -> tuple[Subscription, int]:
    """Let a subscription be told again, and tell it what it missed; how many messages these are."""
    began, ready = owner.missed_since, owner.verified()
    house.subscriptions.add(ready)
    house.ledger.commit(Transaction().write("DEL", key("breaker", owner.id)))
    return ready, missed(house, ready, began) if began is not None else 0


def _was_missed(told: Told, at: datetime) -> bool:
    """A message that began before ``at`` and was not accepted, or one that never began because of it."""
    return told.alert.updated_at >= at if told.delivery is None else told.delivery.state != "delivered"


def _again(house: House, owner: Subscription, history: Iterable[Told]) -> int:
    """Make these due, in the order and at the pace in which they are to arrive; a digest that is due comes anyhow."""
    count, now = 0, house.clock()
    batch: list[Delivery] = []
    digests: set[str] = set()
    for told in history:
        if told.delivery is not None and told.delivery.type == DIGEST:
            if told.delivery.state == "due" or told.delivery.id in digests:
                continue
            digests.add(told.delivery.id)
        revision = told.alert.revision
        new = Delivery(
            id=delivery_id(told.alert.id, revision, owner.id),
            alert=told.alert.id,
            revision=revision,
            subscription=owner.id,
            type=told.type,
            created_at=now,
        )
        batch.append(told.delivery or new)
        if len(batch) == PAGE:
            count, batch = _make_due(house, owner, batch, count), []
    return _rung(house, owner, _make_due(house, owner, batch, count))


def _make_due(house: House, owner: Subscription, deliveries: Sequence[Delivery], before: int) -> int:
    """Store a page of deliveries, each in its turn after those ``before``; how many there are with them."""
    transaction, now = Transaction(), house.clock()
    for number, delivery in enumerate(deliveries, before):
        house.deliveries.again(transaction, delivery, now, number / (owner.rate * SHARE))
    house.ledger.commit(transaction)
    return before + len(deliveries)


def _rung(house: House, owner: Subscription, count: int) -> int:
    house.bells.ring("deliver-slow", min(count, PAGE))
    log.info("subscription.retold subscription=%s deliveries=%d", owner.id, count)
    return count


def _history(house: House, owner: Subscription, at: datetime) -> Iterator[Told]:
    """Every alert that changed since, oldest first."""
    ids = house.ledger.newest(key("alerts"), 2**31, since=int(at.timestamp() * 1000))[::-1]
    for page in _pages(ids):
        yield from _revisions(house, owner, [a for a in house.alerts.get_many(page) if a is not None])


def _revisions(house: House, owner: Subscription, alerts: Sequence[Alert]) -> Iterator[Told]:
    """Each revision of these alerts that is kept and that concerns the subscriber: from the first it wanted or got."""
    for newest in alerts:
        numbers = [(newest.id, n) for n in range(1, newest.revision + 1)]
        deliveries = house.deliveries.get_many(delivery_id(i, n, owner.id) for i, n in numbers)
        known = False
        for revision, delivery in zip(house.alerts.revisions(numbers), deliveries, strict=True):
            if revision is None or not (known or delivery or wants(owner.filter, revision)):
                continue
            kind = delivery.type if delivery else revision.change if known else "alert.created"
            yield Told(revision, kind, delivery or _digest(house, owner, revision))
            known = True


def _digest(house: House, owner: Subscription, revision: Alert) -> Delivery | None:
    """The digest of its quiet hours that tells of this revision or a later one."""
    quiet = owner.filter.quiet
    until = quiet_until(quiet, revision, revision.updated_at) if quiet is not None else None
    if until is None:
        return None
    held = dict(house.subscriptions.held(owner.id, until.isoformat()))
    if held.get(revision.id, 0) < revision.revision:
        return None
    return house.deliveries.get_many([digest_of(owner.id, until, until).id])[0]


def _pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
