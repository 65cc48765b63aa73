"""Alerts in memory, by the same index as in Redis: for trying things out, where nothing is to be kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from worker.alerts.candidates import kin, marks_of, places_of, shelves, told_between
from worker.alerts.link import Rules, fold
from worker.alerts.model import Alert
from worker.alerts.wording import marks
from worker.articles.model import Article
from worker.places.model import Event


class Taken(NamedTuple):
    """An alert that an article touched, and the revision that it had before; 0 for one that was founded."""

    before: int
    alert: Alert


class Memory:
    """The alerts of one run; each article is linked as a classifier would, without Redis."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._alerts: dict[str, Alert] = {}
        self._index: dict[tuple[str, str], dict[str, None]] = {}
        self._copies: dict[str, dict[str, None]] = {}
        self._told: dict[str, dict[str, None]] = {}

    def take(self, article: Article, events: Sequence[Event], now: datetime) -> list[Taken]:
        """Link an article's events; the alerts that it founded, changed, joined or left."""
        wanted: dict[str, Alert] = {i: self._alerts[i] for i in self._told.get(article.id, ())}
        for shelf in shelves(events, article.reported_at):
            here = self._index.get((shelf.trigger, shelf.country), ())
            wanted.update((a.id, a) for a in told_between((self._alerts[i] for i in here), shelf))
        for mark in marks_of(events, article):
            copied = (self._alerts[i] for i in self._copies.get(mark, ()))
            wanted.update((a.id, a) for a in copied if kin(events, a, article.reported_at))
        found = fold(article, events, wanted.values(), now=now, rules=self._rules)
        for alert in found:
            self._alerts[alert.id] = alert
            for place in places_of(alert):
                self._index.setdefault(place, {})[alert.id] = None
            for mark in {m for t in alert.traces for m in marks(t.runs)}:
                self._copies.setdefault(mark, {})[alert.id] = None
            for trace in alert.traces:
                self._told.setdefault(trace.article_id, {})[alert.id] = None
        return [Taken(wanted[a.id].revision if a.id in wanted else 0, a) for a in found]

    def all(self) -> list[Alert]:
        """Every alert, in the order in which they were founded."""
        return list(self._alerts.values())
