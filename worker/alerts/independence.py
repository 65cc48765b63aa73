"""Who really tells of an event: outlets that repeat one wire, or belong to one publisher, are one witness."""

from collections.abc import Sequence

from worker.alerts.likeness import COPY
from worker.alerts.model import Trace
from worker.alerts.wording import containment, folded
from worker.triggers.model import Veracity

# A claim is confirmed by one who does not stand on the side of those who make it.
_AUTHORITIES = frozenset({"official", "monitor", "agency"})


def witnesses(traces: Sequence[Trace]) -> list[list[Trace]]:
    """The traces of each independent source together, in the order of the first of each.

    One publisher group is one source; so are texts of which one copies the other, and reports of one agency.
    """
    parent = list(range(len(traces)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, one in enumerate(traces):
        for j in range(i):
            if root(i) != root(j) and _one_source(one, traces[j]):
                low, high = sorted((root(i), root(j)))
                parent[high] = low
    groups: dict[int, list[Trace]] = {}
    for i, trace in enumerate(traces):
        groups.setdefault(root(i), []).append(trace)
    return list(groups.values())


def _one_source(a: Trace, b: Trace) -> bool:
    if a.group == b.group or (a.origin and a.origin == b.origin):
        return True
    if a.origin == b.group or b.origin == a.group:  # the agency itself, and who carries it
        return True
    return containment(a.runs, b.runs) >= COPY


def veracity(traces: Sequence[Trace]) -> Veracity:
    """Reported, claimed or denied, by what publishers of the catalogue say; unknown ones count where nobody else tells.

    A claim is confirmed where a known publisher reports it as fact, or where independent publishers rest it on
    different people of whom one is an authority. A denial holds as long as nothing confirms the claim.
    """
    known = [t for t in traces if t.known]
    if not known:
        said = {t.veracity for t in traces}
        return "denied" if "denied" in said and "reported" not in said else traces[0].veracity
    if any(t.veracity == "reported" for t in known) or _confirmed(known):
        return "reported"
    return "denied" if any(t.veracity == "denied" for t in known) else "claimed"


def _confirmed(known: Sequence[Trace]) -> bool:
    """Whether claims of independent publishers rest on different people, an authority among them."""
    claims = [t for t in known if t.veracity == "claimed" and t.attribution]
    if len(claims) < 2 or len(witnesses(claims)) < 2:
        return False
    speakers = {folded(a.who): a.role for t in claims for a in t.attribution}
    return len(speakers) > 1 and any(role in _AUTHORITIES for role in speakers.values())
