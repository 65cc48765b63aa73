"""From events to alerts: what an article says joins the alert of the same real-world event, or founds one.

An event joins the alert that it is most like (``likeness.py``), by place, time, words and figures. What the alert then
says follows from all its evidence (``facts.py``), so the order in which articles come changes nothing. An article that
is judged again is taken out where it no longer tells of an alert; an alert that nobody tells of any more is withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from worker.alerts.facts import AFTER_END, ended_at, in_order, restated
from worker.alerts.likeness import COMPATIBLE, LASTING, Meaning, apart, likeness
from worker.alerts.model import Alert, Change, Evidence, Trace
from worker.alerts.severity import Scale
from worker.alerts.trace import both, evidence_of, hashed, trace_of
from worker.articles.model import Article
from worker.places.model import Event
from worker.triggers.model import FAMILIES, alerts

JOINS: Final = -0.3
"""From this likeness on, an event belongs to an alert."""
MERGES: Final = 1.5
"""From this likeness to both on, an event shows that two alerts are one."""
FIRST_COUNTS: Final = 0.25
MOST_RELATED: Final = 10
MOST_EARLIER: Final = 20
UNTOLD: Final = "its sources no longer report it"


class Rules(msgspec.Struct, frozen=True):
    """What an operator decides: the table of severities, and which publisher groups are known.

    ``meaning`` compares words of different languages where something that can is installed.
    """

    scale: Scale
    publishers: frozenset[str] = frozenset()
    meaning: Meaning | None = None


def fold(
    article: Article, events: Sequence[Event], candidates: Iterable[Alert], *, now: datetime, rules: Rules
) -> list[Alert]:
    """The alerts that these events found, join or leave, in the order in which they were touched.

    ``candidates`` are read with their traces: those of the events' shelves, and those that this article told of
    before. An alert that says something new is one revision on; one whose evidence alone grew keeps its revision.
    """
    return Folding(article, events, candidates, now, rules).result()


class Folding:
    """One article being linked: the alerts as they were, and as they become."""

    def __init__(
        self, article: Article, events: Sequence[Event], candidates: Iterable[Alert], now: datetime, rules: Rules
    ) -> None:
        self._rules, self._now, self._article = rules, now, article
        self._kept = {a.id: a for a in candidates}
        self._working = dict(self._kept)
        self._touched: dict[str, None] = {}
        self._homes: dict[str, str] = {}
        self._mine: dict[str, tuple[Trace, Evidence]] = {}
        for event in events:
            trace = trace_of(event, article, rules.publishers)
            evidence = evidence_of(event, article)
            if before := self._mine.get(trace.event_id):
                # A sentence that only threatens or denies undoes nothing that another one reports.
                weaker = alerts(before[0].phase, before[0].veracity) and not alerts(trace.phase, trace.veracity)
                trace, evidence = (both(trace, before[0]), before[1]) if weaker else (both(before[0], trace), evidence)
            self._mine[trace.event_id] = (trace, evidence)

    def result(self) -> list[Alert]:
        """Link every event, take the article out of what it no longer tells of, and count revisions."""
        for trace, evidence in self._mine.values():
            self._place(trace, evidence)
        self._leave()
        self._relate()
        found = (self._settled(self._kept.get(i), self._working[i]) for i in self._touched)
        return [alert for alert in found if alert is not None]

    def _place(self, trace: Trace, evidence: Evidence) -> None:
        ranked = self._ranked(trace)
        if ranked and ranked[0][0] >= JOINS:
            home = self._working[ranked[0][1]]
            self._put(self._with(home, trace, evidence))
            for odds, other in ranked[1:]:
                if odds >= MERGES and self._mergeable(home.id, other):
                    self._merge(home.id, other)
                    home = self._working[home.id]
        else:
            home = self._founded(trace, evidence)
            self._put(home)
        self._homes[trace.event_id] = self._working[home.id].merged_into or home.id

    def _ranked(self, trace: Trace) -> list[tuple[float, str]]:
        """The alerts that the event may belong to, the likeliest first; those of its own trigger before others."""
        told = {t.trigger for t, _ in self._mine.values()}
        found = []
        for alert in self._working.values():
            own = alert.trigger == trace.trigger
            if alert.merged_into or not (
                own or (alert.trigger in COMPATIBLE[trace.trigger] and alert.trigger not in told)
            ):
                continue
            odds = belongs(alert, trace, self._rules.meaning)
            if odds >= JOINS:
                found.append((not own, -odds, alert.first_reported_at, alert.id))
        return [(-odds, name) for _, odds, _, name in sorted(found)]

    def _with(self, alert: Alert, trace: Trace, evidence: Evidence) -> Alert:
        told = [(t, e) for t, e in _pairs(alert) if t.event_id != trace.event_id]
        return self._restated(alert, [*told, (trace, evidence)])

    def _restated(self, alert: Alert, told: Sequence[tuple[Trace, Evidence]]) -> Alert:
        return restated(alert, [e for _, e in told], [t for t, _ in told], self._rules.scale)

    def _put(self, alert: Alert) -> None:
        self._working[alert.id] = alert
        self._touched.setdefault(alert.id)

    def _founded(self, trace: Trace, evidence: Evidence) -> Alert:
        name = "al_" + hashed(trace.event_id)
        before = self._working.get(name)
        if before is not None:  # it was withdrawn when its article no longer told of it, and is told of again
            return self._restated(msgspec.structs.replace(before, withdrawn=""), [(trace, evidence)])
        bare = Alert(
            id=name,
            revision=0,
            trigger=trace.trigger,
            family=FAMILIES[trace.trigger],
            headline=trace.headline,
            phase=trace.phase,
            veracity=trace.veracity,
            confidence=trace.confidence,
            severity="minor",
            first_reported_at=trace.reported_at,
            last_reported_at=trace.reported_at,
            detected_at=self._now,
            updated_at=self._now,
        )
        return self._restated(bare, [(trace, evidence)])

    def _mergeable(self, one: str, other: str) -> bool:
        """Whether nothing in two alerts of one trigger speaks against their being one."""
        a, b = self._working[one], self._working[other]
        if a.trigger != b.trigger or a.withdrawn or b.withdrawn or (a.phase == "ended") != (b.phase == "ended"):
            return False
        return max(belongs(a, t, self._rules.meaning) for t in b.traces) >= 0.0

    def _merge(self, one: str, other: str) -> None:
        """Let the alert that was told of first take in the other one."""
        a, b = self._working[one], self._working[other]
        first, later = sorted((a, b), key=lambda x: (x.first_reported_at, x.id))
        self._put(msgspec.structs.replace(later, merged_into=first.id, withdrawn=f"one event with {first.id}"))
        told = {t.event_id: (t, e) for x in (later, first) for t, e in _pairs(x)}
        self._put(self._restated(first, list(told.values())))

    def _leave(self) -> None:
        """Take the article's evidence out of every alert that its words of today do not belong to."""
        for alert in list(self._working.values()):
            stays = [(t, e) for t, e in _pairs(alert) if not self._gone(t, alert)]
            if alert.merged_into or len(stays) == len(alert.traces):
                continue
            self._put(self._restated(alert, stays) if stays else _untold(alert))

    def _gone(self, trace: Trace, alert: Alert) -> bool:
        if trace.article_id != self._article.id:
            return False
        home = self._homes.get(trace.event_id)
        return home is None or (self._working[home].merged_into or home) != alert.id

    def _relate(self) -> None:
        """Alerts that one article tells of point to each other."""
        homes = list(dict.fromkeys(self._homes.values()))
        for name in homes if len(homes) > 1 else ():
            alert = self._working[name]
            more = [h for h in homes if h != name and h not in alert.related]
            self._working[name] = msgspec.structs.replace(alert, related=(*alert.related, *more)[:MOST_RELATED])

    def _settled(self, before: Alert | None, after: Alert) -> Alert | None:
        """The alert as it is to be kept; ``None`` where nothing at all is new."""
        if before is None:
            return msgspec.structs.replace(after, revision=1, change="alert.created", changes=())
        changes = changes_between(before, after)
        if not changes:
            same = (before.traces, before.evidence, before.related) == (after.traces, after.evidence, after.related)
            kept = ("revision", "change", "changes", "updated_at")
            return None if same else msgspec.structs.replace(after, **{k: getattr(before, k) for k in kept})
        return _next(before, after, _change(before, after), self._now)


def belongs(alert: Alert, trace: Trace, meaning: Meaning | None = None) -> float:
    """The log-odds that an event is the one an alert tells of.

    The likeliest of its reports counts, and its first a little, so that no chain of reports drifts from one event to
    the next. A vague report cannot tie together two exact places.
    """
    if alert.withdrawn and not any(t.article_id == trace.article_id for t in alert.traces):
        return -9.0
    if any(t.article_id == trace.article_id and apart(t.places, trace.places) for t in alert.traces):
        return -9.0
    scored = [(likeness(trace, t, meaning), t) for t in alert.traces]
    if not scored:
        return -9.0
    odds = (1 - FIRST_COUNTS) * max(s for s, _ in scored) + FIRST_COUNTS * scored[0][0]
    if _exact(trace) and (exact := [s for s, t in scored if _exact(t)]):
        odds = min(odds, max(exact) + 1.5)
    return odds - _after_its_end(alert, trace)


def _after_its_end(alert: Alert, trace: Trace) -> float:
    """What speaks against a report that comes after the end: a border that closes again closes anew."""
    end = ended_at(alert)
    if end is None or trace.phase == "ended" or trace.reported_at - end <= AFTER_END:
        return 0.0
    if trace.occurred_at is not None and trace.occurred_at < end and trace.reported_at - end < 3 * AFTER_END:
        return 0.0
    return 9.0 if alert.trigger in LASTING else (trace.reported_at - end) / (2 * AFTER_END)


def changes_between(before: Alert, after: Alert) -> tuple[str, ...]:
    """What an alert says anew, each with its cause; empty where it says nothing that its subscribers do not know."""
    pairs = [
        (what, getattr(before, field), getattr(after, field))
        for what, field in (
            ("phase", "phase"),
            ("veracity", "veracity"),
            ("severity", "severity"),
            ("independent sources", "independent_sources"),
        )
    ]
    pairs.insert(3, ("place", _name(before), _name(after)))
    said = [f"{what}: {old} → {new}" for what, old, new in pairs if old != new]
    if before.severity != after.severity:
        causes = [r for r in after.severity_reasons if r not in before.severity_reasons]
        gone = [f"no longer: {r}" for r in before.severity_reasons if r not in after.severity_reasons]
        said = [f"{s} ({'; '.join(causes or gone)})" if s.startswith("severity") else s for s in said]
    if after.withdrawn != before.withdrawn:
        said.append(f"withdrawn: {after.withdrawn}" if after.withdrawn else "reported again")
    return tuple(said)


def withdrawn(alert: Alert, reason: str, *, now: datetime) -> Alert:
    """The next revision of an alert, taken back for this reason."""
    after = msgspec.structs.replace(alert, withdrawn=reason[:300] or "withdrawn by the operator")
    return _next(alert, after, "alert.withdrawn", now)


def _next(before: Alert, after: Alert, change: Change, now: datetime) -> Alert:
    return msgspec.structs.replace(
        after,
        revision=before.revision + 1,
        change=change,
        changes=changes_between(before, after),
        earlier=(*before.earlier, (before.revision, before.updated_at))[-MOST_EARLIER:],
        updated_at=now,
    )


def _untold(alert: Alert) -> Alert:
    return msgspec.structs.replace(alert, withdrawn=UNTOLD)


def _change(before: Alert, after: Alert) -> Change:
    if after.withdrawn and not before.withdrawn:
        return "alert.withdrawn"
    if after.veracity == "denied" and before.veracity != "denied":
        return "alert.withdrawn"
    return "alert.ended" if after.phase == "ended" and before.phase != "ended" else "alert.updated"


def _pairs(alert: Alert) -> list[tuple[Trace, Evidence]]:
    shown: Mapping[str, Evidence] = {e.event_id: e for e in alert.evidence}
    return [(t, shown[t.event_id]) for t in in_order(alert.traces)]


def _exact(trace: Trace) -> bool:
    return bool(trace.places) and trace.places[0].precision != "country"


def _name(alert: Alert) -> str:
    return alert.places[0].name if alert.places else "unknown"
