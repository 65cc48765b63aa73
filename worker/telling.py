"""The steps of ``fan out`` and ``deliver``: who is told of an alert, and what each answer means."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from worker.alerts.model import Alert
from worker.deliveries import formats, schedule
from worker.deliveries.model import DIGEST, Delivery, Outcome, Post, delivery_id, digest_of
from worker.deliveries.send import Sender
from worker.ledger import Claim, Leases, Transaction
from worker.subscriptions.match import wants
from worker.subscriptions.model import Subscription
from worker.subscriptions.quiet import quiet_until
from worker.wiring import House

AT_ONCE: Final = 1000  # deliveries in one transaction
log = logging.getLogger("tocsin")


def tell(house: House, claim: Claim, alert: Alert) -> Claim:
    """Store the deliveries of one revision, at most a thousand a transaction, to all who want it or knew the last.

    Gives the claim back, for it may have been renewed.
    """
    told = house.deliveries.told(alert.id)
    now = house.clock()
    concerned = [
        s
        for s in house.subscriptions.concerned(alert, told)
        if told.get(s.id, 0) < alert.revision and (s.id in told or wants(s.filter, alert))
    ]
    later = [(s, until) for s in concerned if (until := held_until(s, alert, now))]
    waiting = {s.id for s, _ in later}
    wanted = [first_post(alert, s, told, now) for s in concerned if s.id not in waiting]
    for start in range(0, len(later), AT_ONCE):
        part = Transaction().fence(claim, alert.id)
        for subscription, until in later[start : start + AT_ONCE]:
            house.subscriptions.hold(part, subscription, until, alert)
            house.deliveries.put_digest(part, alert, digest_of(subscription.id, until, now))
        house.ledger.commit(part)
        claim = house.ledger.renew(claim)
    for start in range(0, len(wanted), AT_ONCE):
        part = Transaction().fence(claim, alert.id)
        house.deliveries.put_fan_out(part, alert, wanted[start : start + AT_ONCE])
        house.ledger.commit(part)
        claim = house.ledger.renew(claim)
    final = Transaction().fence(claim, alert.id).done("alert", alert.id)
    house.alerts.fanned_out(final, alert)
    house.ledger.commit(final)
    slow = sum(d.lane == "slow" for d in wanted)
    house.bells.ring("deliver", len(wanted) - slow)
    house.bells.ring("deliver-slow", slow)
    log.info(
        "alert.told alert=%s revision=%d trigger=%s deliveries=%d", alert.id, alert.revision, alert.trigger, len(wanted)
    )
    return claim


def first_post(alert: Alert, subscription: Subscription, told: Mapping[str, int], now: datetime) -> Delivery:
    """The delivery of a revision to one subscriber, to whom it is new where nothing was told of the alert before."""
    return Delivery(
        id=delivery_id(alert.id, alert.revision, subscription.id),
        alert=alert.id,
        revision=alert.revision,
        subscription=subscription.id,
        type=alert.change if subscription.id in told else "alert.created",
        created_at=now,
        next_attempt_at=now,
        lane="slow" if subscription.failing_since else "fast",
    )


def held_until(subscription: Subscription, alert: Alert, now: datetime) -> datetime | None:
    """The end of the quiet hours that a subscription is in, where it is in any and the alert may wait."""
    quiet = subscription.filter.quiet
    return quiet_until(quiet, alert, now) if quiet is not None else None


def written(house: House, delivery: Delivery, owner: Subscription, alert: Alert | None) -> formats.Message | None:
    """What a delivery says in its subscription's format; ``None`` where nothing is kept of what it tells."""
    console = house.settings.console_url
    if delivery.type == DIGEST:
        kept = house.alerts.revisions(house.subscriptions.held(owner.id, delivery.alert))
        alerts = [a for a in kept if a is not None]
        at = datetime.fromisoformat(delivery.alert)
        return formats.digest(alerts, at, owner.format, webhook_id=delivery.id, console_url=console) if alerts else None
    if alert is None:
        return None
    return formats.message(alert, delivery.type, owner.format, webhook_id=delivery.id, console_url=console)


Flying = dict[str, tuple[Delivery, Subscription]]


def launch(house: House, sender: Sender, leases: Leases, room: int) -> Flying:
    """Claim deliveries and post them; what has lost its alert or subscription is taken off the ledger as dead."""
    ids = leases.take(room)
    found = house.deliveries.get_many(ids)
    deliveries = [d for d in found if d is not None]
    wanted = list({(d.alert, d.revision): None for d in deliveries})
    alerts = dict(zip(wanted, house.alerts.revisions(wanted), strict=True))
    owners = house.subscriptions.get_many([d.subscription for d in deliveries])
    dead = [Transaction().fence(c, i).done(c.kind, i) for i, c in _given_up(leases, ids, found)]
    flying: Flying = {}
    for delivery, owner in zip(deliveries, owners, strict=True):
        alert = alerts[delivery.alert, delivery.revision]
        active = owner is not None and owner.state != "disabled"
        told = written(house, delivery, owner, alert) if owner is not None and active else None
        if told is not None and owner is not None:
            secret, (body, kind) = house.subscriptions.secret(owner), told
            sender.start(Post(delivery_id=delivery.id, url=owner.url, secret=secret, body=body, content_type=kind))
            flying[delivery.id] = (delivery, owner)
        elif claim := leases.settle(delivery.id):
            reason = "the subscription is disabled or gone" if not active else "the alert is past its retention"
            dead.append(house.deliveries.bury(claim, delivery, reason))
    house.ledger.commit(*dead)
    return flying


def _given_up(leases: Leases, ids: Sequence[str], found: Sequence[Delivery | None]) -> list[tuple[str, Claim]]:
    """The claims of deliveries whose record is past its retention."""
    claims = [(i, leases.settle(i)) for i, delivery in zip(ids, found, strict=True) if delivery is None]
    return [(i, claim) for i, claim in claims if claim is not None]


def settle(house: House, leases: Leases, flying: Flying, outcomes: Sequence[tuple[str, Outcome]]) -> None:
    """Write attempts and what follows of each: done, due again later, dead, or the end of the subscription."""
    now = house.clock()
    transactions = []
    for item, outcome in outcomes:
        delivery, owner = flying.pop(item, (None, None))
        claim = leases.settle(item)
        if claim is None or delivery is None or owner is None:
            continue
        after = schedule.after(delivery, outcome, now=now, luck=house.luck())
        transaction = Transaction().fence(claim, item)
        house.deliveries.settle(transaction, claim, after, now)
        known = owner.after(outcome, now=now)
        if known != owner:
            house.subscriptions.put(transaction, known)
        transactions.append(transaction)
        log.info(
            "delivery.attempted delivery=%s subscription=%s status=%s error=%s state=%s since=%.3f",
            *(item, owner.id, outcome.attempt.status, outcome.attempt.error, after.state),
            (now - (delivery.begun_at or delivery.created_at)).total_seconds(),
        )
    house.ledger.commit(*transactions)
