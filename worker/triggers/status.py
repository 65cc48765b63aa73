"""Phase of a candidate, read from its rule and the words around it."""

from typing import Final

from worker.triggers.context import View
from worker.triggers.model import Candidate, Phase

_REACH: Final = 40
_WARNED: Final = frozenset({"storm_flood_fire", "earthquake_volcano"})


def phase(candidate: Candidate, ruled: Phase | None, view: View) -> Phase:
    """The rule's own phase where it has one, otherwise what stands before the candidate says."""
    if ruled is not None and ruled != "active":
        return ruled
    near, start, end = view.words.near, candidate.start, candidate.end
    before = max(candidate.sentence.start, start - _REACH)
    if ruled == "active":
        return "active"
    if near("condition", max(candidate.sentence.start, start - 60), start):
        return "threatened"
    modal = near("modal", before, end)
    if modal and candidate.trigger not in _WARNED:
        return "threatened"
    if candidate.trigger not in _WARNED and near("fears", end, min(candidate.sentence.end, end + 12)):
        return "threatened"
    if near("threat", before, start):
        return "announced" if candidate.trigger in _WARNED else "threatened"
    if near("plan", before, start) or modal:
        return "announced"
    return "active"
