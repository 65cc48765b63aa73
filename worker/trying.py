"""Trying a filter before it is used: of which alerts a subscriber would have been told, and by how many messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from worker.alerts.model import Alert
from worker.subscriptions.match import wants
from worker.subscriptions.model import Filter
from worker.wiring import House


class Tried(NamedTuple):
    """An alert of which a subscriber would have been told since a time, and by how many messages."""

    alert: Alert
    messages: int


def tried(house: House, wish: Filter, alerts: Sequence[Alert], since: datetime) -> list[Tried]:
    """Those of the alerts that would have been sent since a time.

    An alert is told of from the first revision that the filter wants, whatever became of it: its end, denial or
    withdrawal too.
    """
    earlier = [(a.id, n) for a in alerts for n in range(1, a.revision)]
    told: dict[str, list[Alert]] = {a.id: [] for a in alerts}
    for revision in house.alerts.revisions(earlier):
        if revision is not None:
            told[revision.id].append(revision)
    found = [Tried(a, _messages(wish, [*told[a.id], a], since)) for a in alerts]
    return [one for one in found if one.messages]


def _messages(wish: Filter, revisions: Sequence[Alert], since: datetime) -> int:
    first = next((n for n, revision in enumerate(revisions) if wants(wish, revision)), len(revisions))
    return sum(revision.updated_at >= since for revision in revisions[first:])
