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
Signing = Literal["v1", "v1a"]

CHAT_FORMATS: Final[frozenset[Format]] = frozenset({"slack", "discord", "teams"})
# Each message of these is one alert: they carry neither a digest nor a word about Tocsin itself.
ONE_EACH: Final[frozenset[Format]] = frozenset({"cap", "geojson"})

# An endpoint whose every attempt failed for so long is not asked any more; a day of it is worth a word.
GIVE_UP: Final = timedelta(days=8)
NOTICE: Final = timedelta(days=1)
RATES: Final = {"slack": 1.0}  # messages a second that a chat's own limit allows
RATE: Final = 10.0
SECRET_WORD: Final = 20


class Answer(Protocol):
    """What an endpoint's answer to a delivery means for its subscription; ``deliveries.model.Outcome`` is one."""

    @property
    def verdict(self) -> str:
        """``delivered`` when the endpoint accepted the message, ``abort`` when it wants that one no more."""

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


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is sent to: at most ``rate`` posts a second and ``at_once`` at a time, tried for ``give_up_hours``.

    ``rate`` ``None`` is that of the format. ``system`` asks to be told when Tocsin is blind, ``heartbeat`` that it is
    not, again and again.
    """

    rate: float | None = None
    at_once: int = 10
    give_up_hours: float = 180.0
    system: bool = True
    heartbeat: bool = False


class PublicSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it may be shown: without its secret, nor what in its URL may be one."""

    id: str
    url: str
    filter: Filter
    terms: Terms
    format: Format
    signing: Signing
    public_key: str
    state: State
    reason: str
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that asked to be told. ``secret`` is sealed: only ``subscriptions.store`` opens it.

    With ``v1a`` it is a private key, and ``public_key`` verifies. After a rotation the ``previous`` secrets, separated
    by spaces, sign too until ``previous_until``.
    """

    id: str
    url: str
    secret: str
    filter: Filter = Filter()
    terms: Terms = Terms()
    format: Format = "standard"
    signing: Signing = "v1"
    public_key: str = ""
    state: State = "unverified"
    reason: str = ""
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    previous: str = ""
    previous_until: datetime | None = None

    @property
    def rate(self) -> float:
        """How many posts a second it takes."""
        return self.terms.rate or RATES.get(self.format, RATE)

    @property
    def missed_since(self) -> datetime | None:
        """Since when messages may not have reached it; ``None`` where none failed."""
        return min((t for t in (self.failing_since, self.disabled_at) if t is not None), default=None)

    def verified(self) -> "Subscription":
        """The same, active and with a clean record: the endpoint has proved that it wants to be told."""
        return msgspec.structs.replace(self, state="active", reason="", failing_since=None, disabled_at=None)

    def disabled(self, reason: str, now: datetime) -> "Subscription":
        """The same, told of nothing any more."""
        return msgspec.structs.replace(self, state="disabled", reason=reason[:200], disabled_at=now)

    def after(self, answer: Answer, *, now: datetime) -> "Subscription":
        """The subscription after one attempt: well, failing since some time, or disabled with the reason."""
        if answer.disables:
            return self.disabled(answer.reason, now)
        if answer.verdict in ("delivered", "abort"):  # who refuses one message by name is there and well
            return msgspec.structs.replace(self, failing_since=None) if self.failing_since else self
        if self.failing_since is None:
            return msgspec.structs.replace(self, failing_since=now)
        if now - self.failing_since >= GIVE_UP:
            return self.disabled(f"every attempt failed since {self.failing_since:%Y-%m-%d %H:%M} UTC", now)
        return self

    def notice(self, now: datetime) -> str:
        """What its owner should hear: since when every attempt fails, once that is a day; else nothing."""
        if self.state != "active" or self.failing_since is None or now - self.failing_since < NOTICE:
            return ""
        since, until = self.failing_since, self.failing_since + GIVE_UP
        return f"every attempt failed since {since:%Y-%m-%d %H:%M} UTC; it is disabled after {until:%Y-%m-%d}"

    def public(self) -> PublicSubscription:
        """What may be shown of it."""
        fields = PublicSubscription.__struct_fields__
        return PublicSubscription(**{name: getattr(self, name) for name in fields} | {"url": shown_url(self.url)})


def shown_url(url: str) -> str:
    """A webhook's URL fit to be shown: long words of its path and its query are cut, for they often are a password."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    host, *path = rest.split("/")
    words = [w if len(w) < SECRET_WORD else w[:4] + "…" for w in path]
    return f"{scheme}://" + "/".join([host, *words]) + ("?…" if "?" in url else "")
