"""What an alert says, as a function of its evidence alone: the same whatever order the articles came in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from worker.alerts.independence import veracity, witnesses
from worker.alerts.likeness import COMPATIBLE
from worker.alerts.model import Alert, Evidence, Trace
from worker.alerts.severity import Scale, severity
from worker.places.model import Place
from worker.triggers.model import Attribution, Number, Phase

AFTER_END: Final = timedelta(hours=12)
SUPPORT: Final = 0.2  # of the reports: one that names a suburb does not make a state's fires that suburb's
EARLIEST, NEWEST = 20, 40  # evidence that is kept of each alert
MOST_SPEAKERS: Final = 8
FINENESS: Final = ("country", "region", "city", "point")
PHASE_RANK: Final[dict[Phase, int]] = {"threatened": 0, "announced": 1, "active": 2, "ended": 3}


def in_order(traces: Sequence[Trace]) -> list[Trace]:
    """By the time of their reports; those of one moment by their ids."""
    return sorted(traces, key=lambda t: (t.reported_at, PHASE_RANK[t.phase], t.event_id))


def restated(alert: Alert, evidence: Sequence[Evidence], traces: Sequence[Trace], scale: Scale) -> Alert:
    """The alert as this evidence, of which there is some, has it; its id, revision and times of its own stay."""
    ordered = in_order(traces)
    kept = ordered if len(ordered) <= EARLIEST + NEWEST else ordered[:EARLIEST] + ordered[-NEWEST:]
    shown = {e.event_id: e for e in evidence}
    first, last = kept[0], kept[-1]
    # A part of it that is over, or denied, says nothing of the whole.
    whole = [t for t in kept if t.trigger == alert.trigger or t.trigger in COMPATIBLE[alert.trigger]] or kept
    phase, truth, places, figures = phase_of(whole), veracity(whole), places_of(whole), figures_of(kept)
    grave, reasons = severity(scale, alert.trigger, phase, truth, places, figures)
    return msgspec.structs.replace(
        alert,
        also=tuple(sorted({t.trigger for t in kept} - {alert.trigger})),
        headline=_headliner(whole, places).headline,
        phase=phase,
        veracity=truth,
        confidence=max(t.confidence for t in kept),
        severity=grave,
        severity_reasons=reasons,
        places=places,
        numbers=figures,
        occurred_at=next((t.occurred_at for t in kept if t.occurred_at), None),
        first_reported_at=first.reported_at,
        last_reported_at=last.reported_at,
        independent_sources=len(witnesses(kept)),
        attribution=_speakers(kept),
        evidence=tuple(shown[t.event_id] for t in kept),
        traces=tuple(kept),
    )


def phase_of(traces: Sequence[Trace]) -> Phase:
    """How far it has come: a threat undoes nothing, and an end stands against reports that only come late."""
    phase, ended = traces[0].phase, None
    for trace in traces:
        if trace.phase == "ended":
            phase, ended = "ended", trace.reported_at
        elif ended is not None and trace.reported_at - ended <= AFTER_END:
            continue
        elif PHASE_RANK[trace.phase] > PHASE_RANK[phase] or (phase == "ended" and trace.phase == "active"):
            phase, ended = trace.phase, None
    return phase


def ended_at(alert: Alert) -> datetime | None:
    """When its end was reported first, where it has ended."""
    if alert.phase != "ended":
        return None
    return min((t.reported_at for t in alert.traces if t.phase == "ended"), default=alert.last_reported_at)


def places_of(traces: Sequence[Trace]) -> tuple[Place, ...]:
    """The most exact place that a fifth of the reports support; among equally exact ones, what most say first."""
    placed = [t.places for t in traces if t.places]
    if not placed:
        return ()
    countries: dict[str, int] = {}
    for places in placed:
        countries[places[0].country] = countries.get(places[0].country, 0) + 1
    most = max(countries.values())
    here = [p for p in placed if countries[p[0].country] == most]
    least = len(here) * SUPPORT
    for fineness in reversed(FINENESS):
        names = [p[0].name for p in here if p[0].precision == fineness]
        if names and len(names) >= least:
            return max((p for p in here if p[0].precision == fineness), key=lambda p: names.count(p[0].name))
    return here[0]


def figures_of(traces: Sequence[Trace]) -> tuple[Number, ...]:
    """The newest figure of each kind, those of known publishers before others."""
    newest: dict[str, Number] = {}
    for trace in sorted(traces, key=lambda t: t.known):
        for number in reversed(trace.numbers):
            newest[number.kind] = number
    return tuple(newest.values())


def lacking(own: Sequence[Number], others: Sequence[Number]) -> tuple[Number, ...]:
    """The magnitude that others give, where none of one's own figures is one."""
    if any(n.kind == "magnitude" for n in own):
        return ()
    return tuple(n for n in others if n.kind == "magnitude")[:1]


def _speakers(traces: Sequence[Trace]) -> tuple[Attribution, ...]:
    """Who says it, each once: those who deny it beside those who claim it."""
    found: dict[str, Attribution] = {}
    for trace in traces:
        for speaker in trace.attribution:
            found.setdefault(speaker.who.casefold(), speaker)
    return tuple(found.values())[:MOST_SPEAKERS]


def _headliner(traces: Sequence[Trace], places: Sequence[Place]) -> Trace:
    """The report whose title heads the alert: the first that names its place, is known and does not deny."""
    name = places[0].name if places else ""
    return min(
        traces,
        key=lambda t: (t.veracity == "denied", not t.known, not t.places or t.places[0].name != name, t.reported_at),
    )
