"""An alert: one real-world event from its first report to its end."""

from datetime import datetime
from typing import Literal

import msgspec

from worker.places.model import Place
from worker.triggers.model import Attribution, Family, Number, Phase, Veracity

Severity = Literal["minor", "moderate", "severe", "extreme"]
Change = Literal["alert.created", "alert.updated", "alert.ended", "alert.withdrawn"]
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "severe", "extreme")


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One article's words for this alert; ``start`` and ``end`` count characters in the article's full text."""

    event_id: str
    article_id: str
    url: str
    source: str
    group: str
    published_at: datetime | None
    lang: str
    phase: Phase
    veracity: Veracity
    quote: str
    start: int
    end: int
    rule: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One real-world event. ``revision`` counts from 1; ``change`` is what the newest revision did."""

    id: str
    revision: int = 1
    change: Change = "alert.created"
    trigger: str
    family: Family
    headline: str
    phase: Phase
    veracity: Veracity
    confidence: float
    severity: Severity
    severity_reasons: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    numbers: tuple[Number, ...] = ()
    occurred_at: datetime | None = None
    first_reported_at: datetime
    last_reported_at: datetime
    detected_at: datetime
    updated_at: datetime
    independent_sources: int = 1
    attribution: tuple[Attribution, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    changes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    merged_into: str | None = None

    @property
    def country(self) -> str:
        """The country of its first place, or an empty string where that is unknown."""
        return self.places[0].country if self.places else ""
