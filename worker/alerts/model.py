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


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What linking compares of one event, kept beside its evidence and never sent.

    ``words`` are content words of the title, the event's sentence and the lead, ``telling`` those of its sentence
    alone, ``runs`` the hashed five-word runs of the article, ``origin`` the agency that its by-line names, ``known``
    whether its publisher is one of the catalogue, ``retold`` those of the article that are it in other words.
    """

    event_id: str
    article_id: str
    trigger: str
    reported_at: datetime
    lang: str
    group: str
    known: bool
    origin: str = ""
    phase: Phase
    veracity: Veracity
    confidence: float
    headline: str
    places: tuple[Place, ...] = ()
    numbers: tuple[Number, ...] = ()
    occurred_at: datetime | None = None
    attribution: tuple[Attribution, ...] = ()
    words: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    retold: tuple[str, ...] = ()


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One real-world event. ``revision`` counts from 1; ``change`` is what the newest revision did.

    ``also`` are the other triggers that its reports were found by. ``withdrawn`` holds the reason once it was taken
    back; ``earlier`` are the numbers and times of earlier revisions. ``traces`` are there only where it was read for
    linking.
    """

    id: str
    revision: int = 1
    change: Change = "alert.created"
    trigger: str
    also: tuple[str, ...] = ()
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
    withdrawn: str = ""
    earlier: tuple[tuple[int, datetime], ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def country(self) -> str:
        """The country of its first place, or an empty string where that is unknown."""
        return self.places[0].country if self.places else ""
