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
_RISK: Final = re.compile(r"\b(?:risk|danger|warning|weather|red.flag|season)", re.I)
_FIRE: Final = re.compile(r"\b(?:wild)?fires?\b|\bblazes?\b|\bflames\b", re.I)
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
    if _threatened(view.words, before, start):
        return "announced" if candidate.trigger in _WARNED else "threatened"
    if near("plan", before, start) or modal:
        return "announced"
    return "active"


def _threatened(words: Words, before: int, start: int) -> bool:
    """Whether a threat stands before; "many feared dead after an explosion" fears no explosion."""
    threats = [t for t in words.spans.get("threat", ()) if t[0] < start and t[1] > before]
    return any(not words.near("arising", right, start) for _, right in threats)


def _burning(words: Words, run: str, start: int, end: int) -> bool:
    """Whether a hazard that words around it warn of has struck already."""
    if words.near("happened", start, end + 25):
        return not words.near("stand_off", start - 12, end + 12)
    return bool(_FIRE.search(run)) and not _RISK.search(run)


def settled(phase: Phase, trigger: str, run: str, core: tuple[int, int], words: Words, *, title: bool) -> Phase:
    """The phase after a second look at the words close to the run ``core`` (offsets as in ``words``).

    ``run`` is the sentence up to the end of the core.
    """
    near, (start, end) = words.near, core
    tried = near("unfinished", start - 25, end)
    if phase == "ended":
        if trigger in _LIFTED and near("undone", start - 30, start + 8):
            return "active"
        return "active" if tried and trigger in _BLOCKED else "ended"
    if phase == "announced" and trigger in _WARNED and _burning(words, run[-(end - start) :], start, end):
        return "active"
    if phase != "active":
        return phase
    if trigger != "bombing" and near("over", start, end + 25) and not near("undone", start - 25, end + 25):
        return "ended"
    if trigger in _LIFTED and not tried and near("lifted", start - 22, end + 10):
        return "announced" if near("coming", start - 35, end + 10) else "ended"
    if trigger in _FADING and near("fading", start, end + 12):
        return "ended"
    if trigger in _WARNED:
        warned = near("warned", start - 30, end + 22) and not _burning(words, run[-(end - start) :], start, end)
        return "announced" if warned else phase
    if (near("doubted", start - 28, start) and not near("arising", start - 15, start)) or near(
        "hypothetical", start - 45, start
    ):
        return "threatened"
    if near("coming", start - 30, start) or near("beginning", end, end + 45) or (title and _TO.match(run)):
        return "announced"
    return phase
