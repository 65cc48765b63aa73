"""Quiet hours: when a subscriber wants nothing, and when it is told of all that came meanwhile."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from worker.alerts.model import SEVERITIES, Alert, Severity

DAY_MINUTES: Final = 1440


class Quiet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From ``start`` to ``end`` (HH:MM in ``zone``) alerts wait for one digest, unless they are this severe."""

    start: str
    end: str
    zone: str = "UTC"
    unless: Severity = "extreme"


def quiet_until(quiet: Quiet, alert: Alert, now: datetime) -> datetime | None:
    """When an alert that comes now is told of; ``None``: at once."""
    if SEVERITIES.index(alert.severity) >= SEVERITIES.index(quiet.unless):
        return None
    here = now.astimezone(ZoneInfo(quiet.zone))
    begins, ends, at = minutes(quiet.start), minutes(quiet.end), here.hour * 60 + here.minute
    held = begins <= at < ends if begins < ends else at >= begins or at < ends
    if not held:
        return None
    # Wall-clock arithmetic: the hours end when the clock on the wall says so, whatever summer time does in the night.
    day = here + timedelta(days=1) if at >= ends else here
    return day.replace(hour=ends // 60, minute=ends % 60, second=0, microsecond=0)


def minutes(clock: str) -> int:
    """Minutes since midnight of HH:MM; raises ValueError."""
    hours, colon, rest = clock.partition(":")
    if not (colon and hours.isdecimal() and rest.isdecimal() and len(rest) == 2 and int(hours) < 24 and int(rest) < 60):
        raise ValueError(f"{clock[:20]!r} is no time such as 22:00")
    return int(hours) * 60 + int(rest)
