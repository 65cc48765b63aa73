"""What a new revision of an alert says anew, and why."""

from datetime import datetime
from typing import Final

import msgspec

from worker.alerts.model import Alert, Change

MOST_EARLIER: Final = 20
UNTOLD: Final = "its sources no longer report it"


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
    said += [f"also reported as {t}" for t in after.also if t not in before.also]
    if after.withdrawn != before.withdrawn:
        said.append(f"withdrawn: {after.withdrawn}" if after.withdrawn else "reported again")
    return tuple(said)


def withdrawn(alert: Alert, reason: str, *, now: datetime) -> Alert:
    """The next revision of an alert, taken back for this reason."""
    after = msgspec.structs.replace(alert, withdrawn=reason[:300] or "withdrawn by the operator")
    return next_revision(alert, after, "alert.withdrawn", now)


def next_revision(before: Alert, after: Alert, change: Change, now: datetime) -> Alert:
    """The alert as it is after a change, one revision on."""
    return msgspec.structs.replace(
        after,
        revision=before.revision + 1,
        change=change,
        changes=changes_between(before, after),
        earlier=(*before.earlier, (before.revision, before.updated_at))[-MOST_EARLIER:],
        updated_at=now,
    )


def untold(alert: Alert) -> Alert:
    """The alert of which nothing is told any more."""
    return msgspec.structs.replace(alert, withdrawn=UNTOLD)


def change_of(before: Alert, after: Alert) -> Change:
    """What a revision did."""
    if after.withdrawn and not before.withdrawn:
        return "alert.withdrawn"
    if after.veracity == "denied" and before.veracity != "denied":
        return "alert.withdrawn"
    return "alert.ended" if after.phase == "ended" and before.phase != "ended" else "alert.updated"


def _name(alert: Alert) -> str:
    return alert.places[0].name if alert.places else "unknown"
