"""Phase of a candidate, read from its rule and the words around it."""

import re
from typing import Final

from worker.triggers.attribution import Scene
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
_SUPPLY: Final = frozenset({"infrastructure_damage", "communications_shutdown"})
# What goes on for a while and then stops by itself or is stopped.
_LASTING: Final = _SUPPLY | {
    *("earthquake_volcano", "storm_flood_fire", "health_emergency", "industrial_transport_disaster"),
    *("ground_fighting", "air_strike", "violent_unrest", "curfew", "emergency_rule"),
}
# What people are kept away from until somebody gives the all-clear.
_GUARDED: Final = frozenset(
    {"evacuation", "airspace_airport_closure", "route_closure", "earthquake_volcano", "industrial_transport_disaster"}
    | {"cbrn", "bombing"}
)
_SOON: Final = 30
_UNTIL: Final = re.compile(
    r"\b(?:until|till|before|once|unless|if|when|hasta|antes|cuando|jusqu|avant|quand|bis|bevor|wenn|sobald|finché|prima"
    r"|quando|até|antes|пока|до|когда|если|поки|коли|якщо|حتى|قبل|إذا|kadar|önce)\b",
    re.I,
)
_PAUSE: Final = re.compile(r"[,;:–—()“”\"\n]|\b(?:that|which|who|and|y|et|und|e|и|та|і|que|qui|die)\b", re.I)
_ALONE: Final = re.compile(
    r"\s*(?:$|[.,;:!?–—)”\"\n-]|\d|(?:after|on|at|as|early|late|overnight|today|yesterday|for|by|following|with"
    r"|at last|\w+day)\b|(?-i:in (?=[A-Z])))",
    re.I,
)
# What ends in an event does not end it, as in "the march ended in riots".
_INTO: Final = re.compile(r"\s(?:en|con|em|com|in|into|with|mit|dans|par)\s(?=[a-zà-ÿ])")
_TRUCE: Final = re.compile(
    r"truce|cease-?fire|waffenruhe|feuerpause|alto el fuego|tregua|trêve|cessez-le-feu|cessar-fogo|trégua|перемири"
    r"|перемир|ateşkes|هدنة|وقف إطلاق النار",
    re.I,
)
# An event as the subject of its verb: its noun, and where it is, between whom, of what.
_SUBJECT: Final = re.compile(
    r"(?:[\w’'-]+ ){1,2}(?:(?:in|at|of|near|on|around|outside|between|across|over|off|inside)\b[^,;:–—]*|finally )?",
    re.I,
)
_ARTICLE: Final = re.compile(
    r"\s?(?:(?:de |d['’])?(?:la|el|los|las|les|l['’]|le|gli|i|il|lo|os|as|o|a|der|die|das|the))?\s?", re.I
)
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
    plans = view.words.spans.get("plan", ())
    if _threatened(candidate, view, before):
        return "announced" if candidate.trigger in _WARNED else "threatened"
    if modal or any(left < start and right > before and not near("done", right, right + 8) for left, right in plans):
        return "announced"
    return "active"


def _threatened(candidate: Candidate, view: View, before: int) -> bool:
    """Whether a threat stands before; "many feared dead after an explosion" fears no explosion."""
    near, start = view.words.near, candidate.start
    threats = [t for t in view.words.spans.get("threat", ()) if t[0] < start and t[1] > before]
    return any(
        not near("arising", right, start) and not _called(candidate, view, (left, right)) for left, right in threats
    )


def _called(candidate: Candidate, view: View, word: tuple[int, int]) -> bool:
    """Whether a call is the deed itself, as where a government urges its citizens to leave."""
    if not view.words.near("urging", *word):
        return False
    ordered = candidate.trigger == "evacuation" and view.words.near("official", candidate.sentence.start, word[0])
    return ordered or candidate.trigger == "leave_advisory"


def _burning(words: Words, run: str, start: int, end: int) -> bool:
    """Whether a hazard that words around it warn of has struck already."""
    if words.near("happened", start, end + 25):
        return not words.near("stand_off", start - 12, end + 12)
    return bool(_FIRE.search(run)) and not _RISK.search(run)


def settled(phase: Phase, trigger: str, core: tuple[int, int], scene: Scene) -> Phase:
    """The phase after a second look at the words close to the run ``core`` of a sentence."""
    near, (start, end) = scene.words.near, core
    run = scene.full[scene.sentence.start : end]
    tried = near("unfinished", start - 25, end)
    if phase == "ended":
        if trigger in _LIFTED and near("undone", start - 30, start + 8):
            return "active"
        undone = trigger in _BLOCKED and (tried or near("coming", start, end))
        return "active" if undone or _truce_over(trigger, core, scene) else "ended"
    if phase == "announced" and trigger in _WARNED and _burning(scene.words, run[start - end :], start, end):
        return "active"
    if phase != "active":
        return phase
    if trigger in _LIFTED and not tried and near("lifted", start - 22, end + 10):
        return "announced" if near("coming", start - 35, end + 10) else "ended"
    if _over(trigger, core, scene):
        return "ended"
    return _ahead(trigger, run, core, scene)


def _ahead(trigger: str, run: str, core: tuple[int, int], scene: Scene) -> Phase:
    """Whether an event that did not end is still to come: feared, ordered or warned of."""
    near, (start, end) = scene.words.near, core
    if trigger in _WARNED:
        warned = near("warned", start - 30, end + 22) and not _burning(scene.words, run[start - end :], start, end)
        return "announced" if warned else "active"
    if (near("doubted", start - 28, start) and not near("arising", start - 15, start)) or near(
        "hypothetical", start - 45, start
    ):
        return "threatened"
    if near("future", start - 12, end + _SOON):
        return "announced"
    if near("coming", start - 30, start) or near("beginning", end, end + 45):
        return "announced"
    return "announced" if scene.sentence.place == 0 and _TO.match(run) else "active"


def _over(trigger: str, core: tuple[int, int], scene: Scene) -> bool:
    """Whether words close to an event say that it ended."""
    near, (start, end) = scene.words.near, core
    if trigger != "bombing" and near("over", start, end + 25) and not near("undone", start - 25, end + 25):
        return True
    if trigger in _FADING and near("fading", start, end + 12):
        return True
    if trigger in _SUPPLY and _holds("restored", start - 45, end + 45, scene):
        return True
    if trigger in _GUARDED and _holds("cleared", start, scene.sentence.end, scene):
        return True
    return trigger in _LASTING and _ceased(core, scene)


def _ceased(core: tuple[int, int], scene: Scene) -> bool:
    """Whether a verb of ending has the event as its subject: right before it, in it, or soon after it."""
    full, (start, end) = scene.full, core
    if _UNTIL.search(full, max(scene.sentence.start, start - 40), start):
        return False
    for name in ("ceases", "stops"):
        for left, right in scene.words.spans.get(name, ()):
            if name == "stops":
                sound = left - start <= _REACH + _SOON and _SUBJECT.fullmatch(full, start, max(left, start)) is not None
                sound = sound and _ALONE.match(full, right) is not None
            elif left >= start:
                sound = left <= end + _SOON and not _PAUSE.search(full, end, max(left, end))
                sound = sound and _INTO.match(full, right) is None
            else:
                sound = right <= start and _ARTICLE.fullmatch(full, right, start) is not None
            if sound and _firm(left, right, scene):
                return True
    return False


def _truce_over(trigger: str, core: tuple[int, int], scene: Scene) -> bool:
    """Whether it is the truce that ended, so that the war goes on."""
    start, end = core
    if trigger != "war_escalation" or not _TRUCE.search(scene.full, start, end):
        return False
    ends = scene.words.spans.get("ceases", ())
    return any(start < left <= end + 20 and _firm(left, right, scene) for left, right in ends)


def _holds(name: str, start: int, end: int, scene: Scene) -> bool:
    """Whether a word of this set stands in the run and is not refused, asked for or still to come."""
    return any(
        left < end and right > start and _firm(left, right, scene) for left, right in scene.words.spans.get(name, ())
    )


def _firm(left: int, right: int, scene: Scene) -> bool:
    """Whether an end is told as a fact."""
    floor = max(scene.sentence.start, left - 18)
    if any(scene.words.near(name, floor, left) for name in ("negation", "modal", "condition", "undone", "plan")):
        return False
    return not (scene.words.near("unfinished", floor, left) or _UNTIL.search(scene.full, floor, left))
