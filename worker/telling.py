"""The steps of ``fan out`` and ``deliver``: who is told of an alert, and what each answer means."""

import logging
from collections.abc import Sequence
from typing import Final

from worker.alerts.model import Alert
from worker.deliveries import formats, schedule
from worker.deliveries.model import Delivery, Outcome, Post, delivery_id
from worker.deliveries.send import Sender
from worker.ledger import Claim, Leases, Transaction
from worker.subscriptions.match import wants
from worker.subscriptions.model import Subscription
from worker.wiring import House

AT_ONCE: Final = 1000  # deliveries in one transaction
log = logging.getLogger("tocsin")


def tell(house: House, claim: Claim, alert: Alert, subscriptions: Sequence[Subscription]) -> Claim:
    """Store the deliveries of one revision, at most a thousand a transaction, to all who want it or knew the last.

    Gives the claim back, for it may have been renewed.
    """
    told = house.deliveries.told(alert.id)
    now = house.clock()
    wanted = [
        Delivery(
            id=delivery_id(alert.id, alert.revision, s.id),
            alert=alert.id,
            revision=alert.revision,
            subscription=s.id,
            type=alert.change if s.id in told else "alert.created",
            created_at=now,
            next_attempt_at=now,
            lane="slow" if s.failing_since else "fast",
        )
        for s in subscriptions
        if told.get(s.id, 0) < alert.revision and (s.id in told or wants(s.filter, alert))
    ]
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


def launch(house: House, sender: Sender, leases: Leases, room: int) -> dict[str, tuple[Delivery, Subscription]]:
    """Claim deliveries and post them; what has lost its alert or subscription is taken off the ledger as dead."""
    deliveries: list[Delivery] = []
    ids = leases.take(room)
    for item, delivery in zip(ids, house.deliveries.get_many(ids), strict=True):
        if delivery is not None:
            deliveries.append(delivery)
        elif claim := leases.settle(item):
            house.ledger.commit(Transaction().fence(claim, item).done(claim.kind, item))
    alerts = house.alerts.revisions([(d.alert, d.revision) for d in deliveries])
    owners = house.subscriptions.get_many([d.subscription for d in deliveries])
    flying: dict[str, tuple[Delivery, Subscription]] = {}
    for delivery, alert, owner in zip(deliveries, alerts, owners, strict=True):
        if alert is None or owner is None or owner.state == "disabled":
            claim = leases.settle(delivery.id)
            if claim:
                reason = "the subscription is disabled or gone" if alert else "the alert is past its retention"
                house.ledger.commit(house.deliveries.bury(claim, delivery, reason))
            continue
        body = formats.body(alert, delivery.type, alert.updated_at, house.settings.console_url)
        secret = house.subscriptions.secret(owner)
        sender.start(Post(delivery_id=delivery.id, url=owner.url, secret=secret, body=body))
        flying[delivery.id] = (delivery, owner)
    return flying


def settle(house: House, leases: Leases, delivery: Delivery, owner: Subscription, outcome: Outcome) -> None:
    """Write the attempt and what follows: done, due again later, dead, or the end of the subscription."""
    claim = leases.settle(delivery.id)
    if claim is None:
        return
    now = house.clock()
    after = schedule.after(delivery, outcome, now=now, luck=house.luck())
    transaction = Transaction().fence(claim, delivery.id)
    house.deliveries.settle(transaction, claim, after, now)
    known = owner.after(outcome, now=now)
    if known != owner:
        house.subscriptions.put(transaction, known)
    house.ledger.commit(transaction)
    attempt = outcome.attempt
    log.info(
        "delivery.attempted delivery=%s subscription=%s status=%s error=%s state=%s",
        *(delivery.id, owner.id, attempt.status, attempt.error, after.state),
    )
