"""The steps of ``fan out``: who is told of an alert."""

import logging
from collections.abc import Sequence
from typing import Final

from worker.alerts.model import Alert
from worker.deliveries.model import Delivery, delivery_id
from worker.ledger import Claim, Transaction
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
