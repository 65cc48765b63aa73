"""A subscription: an endpoint, and which alerts it wants."""

from datetime import datetime
from typing import Literal

import msgspec

from worker.alerts.model import Severity
from worker.triggers.model import Phase, Veracity

State = Literal["unverified", "active", "disabled"]


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alerts are wanted. An empty tuple limits nothing; ``place_unknown`` lets in what has no country."""

    triggers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ("announced", "active", "ended")
    veracities: tuple[Veracity, ...] = ("reported", "claimed")
    min_severity: Severity = "minor"
    min_confidence: float = 0.0
    place_unknown: bool = False


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that asked to be told. ``secret`` is sealed: only ``subscriptions.store`` opens it."""

    id: str
    url: str
    secret: str
    filter: Filter = Filter()
    format: Literal["standard"] = "standard"
    state: State = "unverified"
    reason: str = ""
    created_at: datetime
    failing_since: datetime | None = None
