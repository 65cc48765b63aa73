"""The 25 triggers, and what a text says of one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec

Phase = Literal["threatened", "announced", "active", "ended"]
Veracity = Literal["reported", "claimed", "denied"]
Family = Literal["move", "leave", "state", "attack", "people", "hazard"]

FAMILIES: Final[dict[str, Family]] = {
    "border_closure": "move",
    "airspace_airport_closure": "move",
    "route_closure": "move",
    "curfew": "move",
    "evacuation": "leave",
    "embassy_drawdown": "leave",
    "leave_advisory": "leave",
    "emergency_rule": "state",
    "coup": "state",
    "communications_shutdown": "state",
    "air_strike": "attack",
    "ground_fighting": "attack",
    "bombing": "attack",
    "attack_on_civilians": "attack",
    "territory_change": "attack",
    "war_escalation": "attack",
    "cbrn": "attack",
    "abduction": "attack",
    "mass_displacement": "people",
    "violent_unrest": "people",
    "earthquake_volcano": "hazard",
    "storm_flood_fire": "hazard",
    "infrastructure_damage": "hazard",
    "industrial_transport_disaster": "hazard",
    "health_emergency": "hazard",
}

PHASES: Final[tuple[Phase, ...]] = ("threatened", "announced", "active", "ended")
VERACITIES: Final[tuple[Veracity, ...]] = ("reported", "claimed", "denied")
SCORER: Final = "semantic scorer"
"""The rule of a detection that only the scorer found."""
FAMILIAR: Final = frozenset({"ar", "de", "en", "es", "fr", "it", "pt", "ru", "tr", "uk"})
"""Languages of which the scorer has read most; in others the rules are more often right than it is."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """A run of a document's ``full`` text that plays a role, such as the one who closes (``agent``) a border."""

    role: str
    start: int
    end: int


class Attribution(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Who says it, and in what role: official, military, armed group, monitor, agency, witness, unnamed."""

    who: str
    role: str
    quote: str


class Number(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A figure with the words beside it, such as at least 12 killed."""

    kind: str
    min: float | None
    max: float | None
    approximate: bool
    quote: str


class Detection(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One trigger that a text reports, before its place is known.

    ``quote`` is ``full[start:end]``; ``sentence`` the run it stands in; ``rule`` names the pattern or model that
    found it and ``because`` what raised or lowered it. ``confidence`` is the chance that it is right, 0 to 1.
    """

    trigger: str
    phase: Phase
    veracity: Veracity
    quote: str
    start: int
    end: int
    sentence: tuple[int, int]
    rule: str
    confidence: float
    roles: tuple[Span, ...] = ()
    because: tuple[str, ...] = ()
    attribution: tuple[Attribution, ...] = ()
    numbers: tuple[Number, ...] = ()
    occurred_at: datetime | None = None


def alerts(phase: Phase, veracity: Veracity) -> bool:
    """Whether this is sent to every subscriber: threats and denials go only to those who ask for them."""
    return phase != "threatened" and veracity != "denied"


class Scorer(Protocol):
    """Judges sentences: 25 probabilities for each, in the order of ``FAMILIES``."""

    def score(self, sentences: Sequence[str], langs: Sequence[str]) -> Sequence[Sequence[float]]:
        """One row a sentence, whose language is told beside it; called with the sentences of many documents at once."""
        ...


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence of a document's ``full`` text; ``place`` 0 is the title, 1 the first sentence of the text."""

    start: int
    end: int
    place: int


class Candidate(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A run of text that may report a trigger, with all that speaks for and against it.

    ``evidence`` holds the named reasons that context rules gave, ``words`` the words of its sentence and of the title,
    ``strength`` the rule's own log-odds.
    """

    trigger: str
    rule: str
    strength: float
    start: int
    end: int
    sentence: Sentence
    phase: Phase = "active"
    veracity: Veracity = "reported"
    roles: tuple[Span, ...] = ()
    evidence: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    attribution: tuple[Attribution, ...] = ()
    confidence: float = 0.0


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a text rings or stays silent: its sentences, every candidate with its reasons, and what was found."""

    lang: str
    sentences: tuple[Sentence, ...]
    candidates: tuple[Candidate, ...]
    detections: tuple[Detection, ...]
