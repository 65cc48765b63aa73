"""Whether an event is the one that an alert tells of."""

from collections.abc import Sequence
from typing import Final

from worker.alerts.facts import AFTER_END, ended_at
from worker.alerts.likeness import COMPATIBLE, LASTING, contradicts, likeness, two_of_one
from worker.alerts.model import Alert, Trace
from worker.alerts.wording import alike, comparable

FIRST_COUNTS: Final = 0.25
VAGUE_HELPS: Final = 0.5
SAME_SITE, OTHER_SITE = 1.5, -4.0


def belongs(alert: Alert, trace: Trace) -> float:
    """The log-odds that an event is the one an alert tells of.

    The likeliest of its reports counts, and its first a little, so that no chain of reports drifts from one event to
    the next. A vague report cannot tie together two exact places; the name of a crossing, and an article that says in
    other words what it said before, can.
    """
    if alert.withdrawn and not any(t.article_id == trace.article_id for t in alert.traces):
        return -9.0
    told = _of_one_kind(alert, trace)
    if not told or any(two_of_one(trace, t) for t in told) or contradicts(trace, told):
        return -9.0
    scored = [(likeness(trace, t), t) for t in told]
    odds = (1 - FIRST_COUNTS) * max(s for s, _ in scored) + FIRST_COUNTS * scored[0][0]
    site = _site_odds(alert, trace)
    one = site > 0 or any(t.event_id in trace.retold for t in alert.traces)
    if not one and exact(trace) and (known := [s for s, t in scored if exact(t)]):
        odds = min(odds, max(known) + VAGUE_HELPS)
    return odds + site - _after_its_end(alert, trace)


def _of_one_kind(alert: Alert, trace: Trace) -> Sequence[Trace]:
    """The reports of an alert that may mean the same as this one: where its evacuees went says little of its fire."""
    kinds = {trace.trigger, *COMPATIBLE[trace.trigger]}
    return [t for t in alert.traces if t.trigger in kinds] or alert.traces


def _site_odds(alert: Alert, trace: Trace) -> float:
    """What the names of crossings and bridges say: one is the other, or two of one country are two."""
    mine = _sites([trace])
    known = _sites(alert.traces) if mine else ()
    pairs = [(m, k) for m in mine for k in known if comparable(m, k)]
    if not pairs:
        return 0.0
    return SAME_SITE if any(alike(m, k) for m, k in pairs) else OTHER_SITE


def _sites(traces: Sequence[Trace]) -> set[str]:
    return {w for t in traces for w in t.words if w.startswith("@")}


def _after_its_end(alert: Alert, trace: Trace) -> float:
    """What speaks against a report that comes after the end: a border that closes again closes anew."""
    end = ended_at(alert)
    if end is None or trace.phase == "ended" or trace.reported_at - end <= AFTER_END:
        return 0.0
    if trace.occurred_at is not None and trace.occurred_at < end and trace.reported_at - end < 3 * AFTER_END:
        return 0.0
    return 9.0 if alert.trigger in LASTING else (trace.reported_at - end) / (2 * AFTER_END)


def exact(trace: Trace) -> bool:
    """Whether a report names a place within its country."""
    return bool(trace.places) and trace.places[0].precision != "country"
