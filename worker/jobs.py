"""The dotted names that RQ stores: they never move. Each answers one ring."""

from worker.judge import Judge
from worker.pipeline import carry as _carry
from worker.pipeline import classify as _classify
from worker.sending import Courier
from worker.wiring import House


def classify(house: House, judge: Judge) -> None:
    """Judge what is due, by the triggers as they stand now, and tell of it."""
    from worker.tuning import follow  # with all that judges, which a sender must not wait for

    follow(house, judge)
    _classify(house, judge)


def deliver(house: House, courier: Courier) -> bool:
    """Send what is due to endpoints that answer; whether something flies still."""
    return _carry(house, courier)


def deliver_slow(house: House, courier: Courier) -> bool:
    """Send what is due to endpoints that failed lately; whether something flies still."""
    return _carry(house, courier)
