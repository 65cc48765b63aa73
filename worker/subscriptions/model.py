"""A subscription: an endpoint, and which alerts it wants."""

from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

import msgspec

from worker.alerts.model import Severity
from worker.subscriptions.area import Near, Point
from worker.subscriptions.quiet import Quiet
from worker.triggers.model import Family, Phase, Veracity

State = Literal["unverified", "active", "disabled"]
Format = Literal["standard", "cloudevents", "geojson", "cap", "slack", "discord", "teams"]

# An endpoint whose every attempt failed for so long is not asked any more.
GIVE_UP: Final = timedelta(days=8)


class Answer(Protocol):
    """What an endpoint's answer to a delivery means for its subscription; ``deliveries.model.Outcome`` is one."""

    @property
    def verdict(self) -> str:
        """``delivered`` when the endpoint accepted the message."""

    @property
    def disables(self) -> bool:
        """Whether the endpoint asked for no more messages."""

    @property
    def reason(self) -> str:
        """By which words it did."""


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alerts are wanted. An empty tuple limits nothing; ``place_unknown`` lets in what has no known place.

    ``polygon`` is a ring of [longitude, latitude]; ``quiet`` holds alerts back for a digest, it lets none go.
    """

    triggers: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ("announced", "active", "ended")
    veracities: tuple[Veracity, ...] = ("reported", "claimed")
    min_severity: Severity = "minor"
    min_confidence: float = 0.0
    min_independent_sources: int = 1
    near: Near | None = None
    polygon: tuple[Point, ...] = ()
    quiet: Quiet | None = None
    place_unknown: bool = False


class PublicSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it may be shown: without its secret."""

    id: str
    url: str
    filter: Filter
    format: Format
    state: State
    reason: str
    created_at: datetime
    failing_since: datetime | None


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that asked to be told. ``secret`` is sealed: only ``subscriptions.store`` opens it.

    After a rotation the ``previous`` secret signs too, until ``previous_until``.
    """

    id: str
    url: str
    secret: str
    filter: Filter = Filter()
    format: Format = "standard"
    state: State = "unverified"
    reason: str = ""
    created_at: datetime
    failing_since: datetime | None = None
    previous: str = ""
    previous_until: datetime | None = None

    def verified(self) -> "Subscription":
        """The same, active and with a clean record: the endpoint has proved that it wants to be told."""
        return msgspec.structs.replace(self, state="active", reason="", failing_since=None)

    def disabled(self, reason: str) -> "Subscription":
        """The same, told of nothing any more."""
        return msgspec.structs.replace(self, state="disabled", reason=reason[:200])

    def after(self, answer: Answer, *, now: datetime) -> "Subscription":
        """The subscription after one attempt: well, failing since some time, or disabled with the reason."""
        if answer.disables:
            return self.disabled(answer.reason)
        if answer.verdict == "delivered":
            return msgspec.structs.replace(self, failing_since=None) if self.failing_since else self
        if self.failing_since is None:
            return msgspec.structs.replace(self, failing_since=now)
        if now - self.failing_since >= GIVE_UP:
            return self.disabled(f"every attempt failed since {self.failing_since:%Y-%m-%d %H:%M} UTC")
        return self

    def public(self) -> PublicSubscription:
        """What may be shown of it."""
        fields = PublicSubscription.__struct_fields__
        return PublicSubscription(**{name: getattr(self, name) for name in fields})
