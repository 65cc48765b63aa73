"""From events to alerts: what an article says joins the alert of the same real-world event, or founds one.

An event joins the alert that it is most like (``likeness.py``), by place, time, words and figures; what is only told as
a part of another event joins the alert of that one (``breath.py``). What an alert then says follows from all its
evidence (``facts.py``), so the order in which articles come changes nothing, save which of two things that one breath
tells is the whole: the one that was known first. An article that is judged again is taken out where it no longer tells
of an alert; an alert that nobody tells of any more is withdrawn.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from worker.alerts.belonging import belongs, exact
from worker.alerts.breath import whole_of, wholes_first
from worker.alerts.facts import in_order, lacking, restated
from worker.alerts.likeness import COMPATIBLE, contradicts, two_of_one
from worker.alerts.model import Alert, Evidence, Trace
from worker.alerts.retold import retold
from worker.alerts.revise import change_of, changes_between, next_revision, untold
from worker.alerts.severity import Scale
from worker.alerts.trace import both, evidence_of, hashed, trace_of
from worker.articles.model import Article
from worker.places.model import Event
from worker.triggers.model import FAMILIES, alerts

JOINS: Final = -0.3
"""From this likeness on, an event belongs to an alert."""
MERGES: Final = 1.5
"""From this likeness to both on, an event shows that two alerts are one."""
BETTER: Final = 0.2
"""So much likelier must another alert be before a report moves to it."""
MOST_RELATED: Final = 10


class Rules(msgspec.Struct, frozen=True):
    """What an operator decides: the table of severities, and which publisher groups are known."""

    scale: Scale
    publishers: frozenset[str] = frozenset()


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
        self._events: dict[str, Event] = {}
        self._told = events
        for event in wholes_first(events):
            trace = trace_of(event, article, rules.publishers)
            evidence = evidence_of(event, article)
            if before := self._mine.get(trace.event_id):
                # A sentence that only threatens or denies undoes nothing that another one reports.
                weaker = alerts(before[0].phase, before[0].veracity) and not alerts(trace.phase, trace.veracity)
                trace, evidence = (both(trace, before[0]), before[1]) if weaker else (both(before[0], trace), evidence)
            self._mine[trace.event_id] = (trace, evidence)
            self._events.setdefault(trace.event_id, event)
        self._match_retold(events)
        self._share_magnitude()

    def _match_retold(self, events: Sequence[Event]) -> None:
        """Let each event know those that are itself in other words, except where their names or figures differ."""
        for name, (trace, evidence) in list(self._mine.items()):
            event = self._events[name]
            twice = tuple(
                i
                for i, e in self._events.items()
                if i != name and retold(event, e, events, self._article) and not contradicts(trace, [self._mine[i][0]])
            )
            self._mine[name] = (msgspec.structs.replace(trace, retold=twice), evidence)

    def _share_magnitude(self) -> None:
        """Let what the title calls M 5.7 have that magnitude in the sentence below it too, if it gives none itself."""
        told = [t for t, _ in self._mine.values()]
        for name, (trace, evidence) in list(self._mine.items()):
            same = [t for t in told if t.trigger == trace.trigger and not two_of_one(trace, t)]
            figures = trace.numbers + lacking(trace.numbers, [n for t in same for n in t.numbers])
            self._mine[name] = (msgspec.structs.replace(trace, numbers=figures), evidence)

    def result(self) -> list[Alert]:
        """Link every event, take the article out of what it no longer tells of, and count revisions."""
        homeless = [told for told in self._mine.values() if not self._joins(*told)]
        known = [self._events[i] for i in self._homes]
        for trace, evidence in homeless:
            if whole := self._whole(trace, known):
                self._settle(self._with(whole, trace, evidence), trace)
            elif not self._joins(trace, evidence):
                self._settle(self._founded(trace, evidence), trace)
        self._leave()
        self._relate()
        found = (self._settled(self._kept.get(i), self._working[i]) for i in self._touched)
        return [alert for alert in found if alert is not None]

    def _joins(self, trace: Trace, evidence: Evidence) -> bool:
        """Whether there is an alert that the event joins."""
        ranked = self._ranked(trace)
        if not ranked:
            return False
        home = self._with(self._working[ranked[0][1]], trace, evidence)
        self._put(home)
        for odds, other in ranked[1:]:
            if odds >= MERGES and self._mergeable(home.id, other):
                home = self._merge(home.id, other)
        self._settle(home, trace)
        return True

    def _settle(self, home: Alert, trace: Trace) -> None:
        self._put(home)
        if home.trigger == trace.trigger:
            self._reclaim(home)
            home = self._gathered(self._working[home.id], trace)
        self._homes[trace.event_id] = home.id

    def _whole(self, trace: Trace, known: Sequence[Event]) -> Alert | None:
        """The alert of the event that this one is told of as a part of, or is in other words."""
        settled = [e for i, e in self._events.items() if i in self._homes]
        whole = whole_of(self._events[trace.event_id], settled, known, self._told, self._article)
        twice = [i for i in trace.retold if i in self._homes]
        names = twice or [i for i, e in self._events.items() if e is whole]
        return self._working[self._homes[names[0]]] if names else None

    def _reclaim(self, home: Alert) -> None:
        """Let an alert have what others hold as a part of theirs, now that it is told of by itself."""
        for other in list(self._working.values()):
            if other.id == home.id or home.trigger not in other.also or home.trigger in COMPATIBLE[other.trigger]:
                continue
            parts = [t for t in other.traces if t.trigger == home.trigger]
            self._move(other, home, {t.event_id for t in parts if belongs(home, t) >= JOINS})
            home = self._working[home.id]

    def _gathered(self, home: Alert, trace: Trace) -> Alert:
        """The alert with those that gave no exact place, and would have joined it had it been there first."""
        if not exact(trace):
            return home
        self._drawn(home)
        home = self._working[home.id]
        for other in list(self._working.values()):
            vague = other.trigger == home.trigger and other.id != home.id and not any(map(exact, other.traces))
            if not vague or other.merged_into or other.withdrawn or not other.traces:
                continue
            if max(belongs(home, t) for t in other.traces) >= JOINS:
                home = self._merge(home.id, other.id)
        return home

    def _drawn(self, home: Alert) -> None:
        """Let the alert draw those reports without an exact place out of others that it is likelier to be."""
        for other in list(self._working.values()):
            if other.trigger != home.trigger or other.id == home.id or other.merged_into or other.withdrawn:
                continue
            vague = [t for t in other.traces if not exact(t)]
            if not vague or len(vague) == len(other.traces):
                continue
            self._move(other, home, {t.event_id for t in vague if self._likelier(home, other, t)})
            home = self._working[home.id]

    def _move(self, other: Alert, home: Alert, events: Collection[str]) -> None:
        """Take these events of another alert into this one; the other keeps the rest, of which there is some."""
        if not events:
            return
        told = _pairs(other)
        self._put(self._restated(other, [p for p in told if p[0].event_id not in events]))
        self._put(self._restated(home, [*_pairs(home), *(p for p in told if p[0].event_id in events)]))
        self._homes |= {i: home.id for i in events if i in self._homes}

    def _likelier(self, home: Alert, other: Alert, trace: Trace) -> bool:
        rest = msgspec.structs.replace(other, traces=tuple(t for t in other.traces if t is not trace))
        odds = belongs(home, trace)
        return odds >= JOINS and odds > belongs(rest, trace) + BETTER

    def _ranked(self, trace: Trace) -> list[tuple[float, str]]:
        """The alerts that the event may belong to, the likeliest first; those of its own trigger before others."""
        told = {t.trigger for t, _ in self._mine.values()}
        found = []
        for alert in self._working.values():
            own = alert.trigger == trace.trigger
            near = alert.trigger in COMPATIBLE[trace.trigger] and (
                alert.trigger not in told or trace.trigger in alert.also
            )
            if alert.merged_into or not (own or near):
                continue
            odds = belongs(alert, trace)
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
        if a.trigger != b.trigger or a.withdrawn or b.withdrawn:
            return False
        return max(belongs(a, t) for t in b.traces) >= 0.0

    def _merge(self, one: str, other: str) -> Alert:
        """Let the alert that was told of first take in the other one."""
        a, b = self._working[one], self._working[other]
        first, later = sorted((a, b), key=lambda x: (x.first_reported_at, x.id))
        self._put(msgspec.structs.replace(later, merged_into=first.id, withdrawn=f"one event with {first.id}"))
        told = {t.event_id: (t, e) for x in (later, first) for t, e in _pairs(x)}
        self._put(self._restated(first, list(told.values())))
        self._homes = {event: first.id if home == later.id else home for event, home in self._homes.items()}
        return self._working[first.id]

    def _leave(self) -> None:
        """Take the article's evidence out of every alert that its words of today do not belong to.

        An article of which only a part was read takes back nothing of what it does not tell now.
        """
        for alert in list(self._working.values()):
            stays = [(t, e) for t, e in _pairs(alert) if not self._gone(t, alert)]
            if alert.merged_into or len(stays) == len(alert.traces):
                continue
            self._put(self._restated(alert, stays) if stays else untold(alert))

    def _gone(self, trace: Trace, alert: Alert) -> bool:
        if trace.article_id != self._article.id:
            return False
        home = self._homes.get(trace.event_id)
        return home != alert.id and not (home is None and self._article.partial)

    def _relate(self) -> None:
        """Alerts that one article tells of point to each other."""
        homes = list(dict.fromkeys(self._homes.values()))
        for name in homes if len(homes) > 1 else ():
            alert = self._working[name]
            more = [h for h in homes if h != name and h not in alert.related]
            self._working[name] = msgspec.structs.replace(alert, related=(*alert.related, *more)[:MOST_RELATED])

    def _settled(self, before: Alert | None, after: Alert) -> Alert | None:
        """The alert as it is to be kept; ``None`` where nothing at all is new."""
        if before is None and after.merged_into:  # two sentences of the article told of one event
            return None
        if before is None:
            return msgspec.structs.replace(after, revision=1, change="alert.created", changes=())
        changes = changes_between(before, after)
        if not changes:
            same = (before.traces, before.evidence, before.related) == (after.traces, after.evidence, after.related)
            kept = ("revision", "change", "changes", "updated_at")
            return None if same else msgspec.structs.replace(after, **{k: getattr(before, k) for k in kept})
        return next_revision(before, after, change_of(before, after), self._now)


def _pairs(alert: Alert) -> list[tuple[Trace, Evidence]]:
    shown: Mapping[str, Evidence] = {e.event_id: e for e in alert.evidence}
    return [(t, shown[t.event_id]) for t in in_order(alert.traces)]
