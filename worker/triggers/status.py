"""Phase of a candidate, read from its rule and the words around it."""

import re
from typing import Final

from worker.triggers.context import View, Words
from worker.triggers.model import Candidate, Phase

_REACH: Final = 40
_WARNED: Final = frozenset({"storm_flood_fire", "earthquake_volcano"})
_FADING: Final = frozenset({"storm_flood_fire", "health_emergency", "earthquake_volcano"})
_LIFTED: Final = frozenset(
    {"curfew", "emergency_rule", "border_closure", "airspace_airport_closure", "route_closure", "evacuation"}
    | {"communications_shutdown", "leave_advisory", "embassy_drawdown", "infrastructure_damage"}
)
_BLOCKED: Final = frozenset({"route_closure", "infrastructure_damage"})
# A headline that begins with who is to do it, as in "Dutch to enter lockdown"; not "police told residents to leave".
_TO: Final = re.compile(
    r"^(?:\w+: )?"
    r"(?!.*\b(?:tell|told|urge|order|ask|warn|force|advise|allow|help|agree|move|return|come|near|due|next)\w* )"
    r"[^:,;]{0,25}?\b(?:[A-ZÀ-Þ][\w’'-]*|gov.?t|government|police|army|troops|officials|authorities|minister) to "
    r"(?!(?:the|a|an|ground|hospital|death)\b)(?=[a-z])(?!.*\b(?:after|as|amid|but|following|over)\b)"
)


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


def settled(phase: Phase, trigger: str, run: str, core: tuple[int, int], words: Words, *, title: bool) -> Phase:
    """The phase after a second look at the words close to the run ``core`` (offsets as in ``words``).

    ``run`` is the sentence up to the end of the core.
    """
    near, (start, end) = words.near, core
    tried = near("unfinished", start - 25, end)
    if phase == "ended":
        return "active" if tried and trigger in _BLOCKED else "ended"
    if phase != "active":
        return phase
    if trigger in _LIFTED and not tried and near("lifted", start - 22, end + 10):
        return "announced" if near("coming", start - 35, end + 10) else "ended"
    if trigger in _FADING and near("fading", start, end + 12):
        return "ended"
    if trigger in _WARNED:
        return "announced" if near("warned", start - 30, end + 22) else phase
    if near("doubted", start - 28, start) or near("hypothetical", start - 45, start):
        return "threatened"
    if near("coming", start - 30, start) or near("beginning", end, end + 45) or (title and _TO.match(run)):
        return "announced"
    return phase
