"""The dotted names that RQ stores: they never move. Each answers one ring."""

from worker.deliveries.send import Sender
from worker.pipeline import classify as _classify
from worker.pipeline import deliver as _deliver
from worker.wiring import House, Judge


def classify(house: House, judge: Judge) -> None:
    """Judge what is due and tell of it."""
    _classify(house, judge)


def deliver(house: House, sender: Sender) -> None:
    """Send what is due to endpoints that answer."""
    _deliver(house, sender, "delivery")


def deliver_slow(house: House, sender: Sender) -> None:
    """Send what is due to endpoints that failed lately."""
    _deliver(house, sender, "delivery:slow")
