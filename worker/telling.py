"""The steps of ``fan out``: who is told of an alert."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from worker.alerts.model import Alert
from worker.deliveries.model import Delivery, delivery_id, digest_of
from worker.ledger import Claim, Transaction
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
