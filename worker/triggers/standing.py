"""Whose word stands for itself, and whose needs another's: sides in a fight, bystanders, authorities."""

import re
from typing import Final

from worker.triggers import attribution
from worker.triggers.attribution import Saying, Scene
from worker.triggers.denials import core
from worker.triggers.model import Detection

WAR: Final = frozenset({"air_strike", "ground_fighting", "territory_change", "war_escalation", "cbrn"})
CRIME: Final = frozenset(
    {"bombing", "attack_on_civilians", "abduction", "coup", "infrastructure_damage", "mass_displacement", "evacuation"}
    | {"route_closure", "communications_shutdown", "violent_unrest"}
)
DEEDS: Final = frozenset({"bombing", "attack_on_civilians", "abduction", "coup", "infrastructure_damage"})
_OWN: Final = frozenset({"air_strike", "ground_fighting", "war_escalation"})
_PARTIES: Final = frozenset({"military", "government", "named", "witness", "monitor"})
# Of a plot that came to nothing only those tell whom it was aimed at; to foil a coup is an act of the state itself.
_PLOTTED: Final = frozenset({"attack_on_civilians"})
# What people on the spot tell of, with no authority to ask.
_SEEN: Final = frozenset({"communications_shutdown"})
_NAME: Final = re.compile(r"\b[A-ZÀ-ÞА-ЯЁІЇЄ][\w]{3,}")
_POSSESSIVE: Final = re.compile(r"(?:['’]s|s['’]) $")
# Of its own dead an army is the authority: it names no side where it means its own.
_OWN_DEAD: Final = re.compile(
    r" (?:that )?(?:at least |about |some )?(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|its|dozens of)"
    r" (?:of its )?(?:\w+ )?(?:soldiers?|troops|servicem[ae]n|policem[ae]n|officers?|guards?|marines?)\b"
)
_AGED: Final = re.compile(r",\s(?:aged\s|who\s)?\d\d\b")


def rests(one: Detection, said: Saying, scene: Scene) -> bool:
    """Whether the speaker is one whose word needs another's: a side in the fight, or nobody by name."""
    near, (start, end) = scene.words.near, core(one)
    if said.after and attribution.set_aside(scene, said.verb[1], start):
        return False
    if near("presupposing", start, end + 10) or _owned(start, said, scene):
        return False
    if said.role == "unnamed":
        return True
    if one.phase == "threatened" and near("conditional", said.start, said.end):
        return False
    if said.role == "fighters":
        owned = one.trigger in ("bombing", "attack_on_civilians") and near("own_act", said.verb[1], end)
        return (one.trigger in WAR or one.trigger in CRIME) and not owned
    if one.trigger in _PLOTTED and said.role in _PARTIES and near("foiled", start - 25, end + 25):
        return True
    if _own(one, said, scene):
        return False
    if said.role in ("witness", "monitor") and one.trigger in _SEEN:
        return True
    if said.role not in _PARTIES or _bystander(said, scene) or _loss(one, said, scene):
        return False
    if one.trigger in WAR:
        return one.trigger != "cbrn" or said.role != "named" or at_war(scene)
    if one.trigger not in DEEDS:
        return False
    return said.role == "monitor" or (at_war(scene) if said.role == "witness" else _hostile(scene))


def _owned(start: int, said: Saying, scene: Scene) -> bool:
    """Whether the event is somebody's, as in "Sunday's raid"; not where the run begins with the speaker's name."""
    inside = said.who[0] <= start < said.who[1]
    return not inside and _POSSESSIVE.search(scene.full, max(0, start - 3), start) is not None


def _own(one: Detection, said: Saying, scene: Scene) -> bool:
    """Whether the speaker tells of its own side's deed, of which it is the authority; not of a success in the fight.

    As in "Israel to call up reservists, says Israeli army".
    """
    near, (_, end) = scene.words.near, core(one)
    if one.trigger == "territory_change":
        return one.phase == "announced"
    if one.trigger == "ground_fighting" and near("success", said.start, end + 10):
        return False
    if one.trigger == "coup" or one.trigger in _OWN:
        mine = said.role in ("military", "government") and not attribution.sides(scene, said.who) and not said.after
        if mine and near("military", said.start, min(said.who[0], said.start + 40)) and not _hostile(scene):
            return True
        return (
            near("own_act", said.verb[1], end)
            or bool(_first_side(said.start, end, said.who, scene) & attribution.sides(scene, said.who))
            or _same(said, scene)
        )
    return False


def _first_side(start: int, end: int, who: tuple[int, int], scene: Scene) -> set[str]:
    """The side that a deed names first: the one that does it."""
    spots = [
        (left, name)
        for name, spans in scene.words.spans.items()
        if name.startswith("side ")
        for left, _ in spans
        if start <= left < end and not who[0] <= left < who[1]
    ]
    return {name for left, name in spots if left == min(spots)[0]}


def _same(said: Saying, scene: Scene) -> bool:
    if said.after or said.who[0] <= said.start:
        return False
    doer = _NAME.search(scene.full, said.start, min(said.end, said.start + 25))
    words = scene.full[said.who[0] : said.who[1]].lower().split()
    return doer is not None and any(word[:5] == doer.group()[:5].lower() for word in words if len(word) > 3)


def _bystander(said: Saying, scene: Scene) -> bool:
    """Whether a person with an age tells what came to pass before the own door."""
    return said.role == "named" and bool(_AGED.match(scene.full, said.who[1]))


def _loss(one: Detection, said: Saying, scene: Scene) -> bool:
    """Whether an authority tells of its own dead, or a governor of a blow that no doer is named for."""
    near, (start, end) = scene.words.near, core(one)
    if said.role not in ("military", "government"):
        return False
    if _OWN_DEAD.match(scene.full, said.verb[1]) and near("toll", said.verb[1], end + 10):
        return True
    if _hostile(scene):
        return False
    if near("local", *said.who):
        return True
    return not near("fighters", start, end + 10) and near("own_loss", start, end + 25) and near("toll", start, end + 10)


def at_war(scene: Scene) -> bool:
    """Whether a sentence or its title has a sign of war."""
    return "war" in scene.words.spans or "war" in scene.title_words.spans


def _hostile(scene: Scene) -> bool:
    return "hostile" in scene.words.spans or "hostile" in scene.title_words.spans
