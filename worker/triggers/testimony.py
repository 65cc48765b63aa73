"""How sure a text is of what it reports: reported, claimed or denied, and by whom."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from worker.triggers import attribution
from worker.triggers.attribution import Saying, Scene
from worker.triggers.context import ContextReader, Words
from worker.triggers.model import Detection, Sentence, Veracity

SHORT: Final = 700
_WAR: Final = frozenset({"air_strike", "ground_fighting", "territory_change", "war_escalation", "cbrn"})
_CRIME: Final = frozenset(
    {"bombing", "attack_on_civilians", "abduction", "coup", "infrastructure_damage", "mass_displacement", "evacuation"}
    | {"route_closure", "communications_shutdown", "violent_unrest"}
)
_DEEDS: Final = frozenset({"bombing", "attack_on_civilians", "abduction", "coup", "infrastructure_damage"})
_OWN: Final = frozenset({"air_strike", "ground_fighting", "war_escalation"})
_PARTIES: Final = frozenset({"military", "government", "named", "witness", "monitor"})
_SCARE: Final = re.compile(r"(?:^|[\s(])['‘“\"]([^'’”\"\n]{3,60})['’”\"](?=$|[\s.,;:?!)])")
_VERB: Final = re.compile(r"[a-zà-ÿа-я]+")


def told(
    full: str, cut: Sequence[Sentence], reader: ContextReader, detections: Sequence[Detection]
) -> tuple[Detection, ...]:
    """The detections with veracity and attribution, each read in its own sentence, the title and the next sentence."""
    if not detections:
        return ()
    places = {sentence.start: number for number, sentence in enumerate(cut)}
    title = reader.words(full, cut[0]) if cut[0].place == 0 else Words({})
    made = []
    for one in detections:
        number = places.get(one.sentence[0])
        if number is None:
            made.append(one)
            continue
        after = reader.words(full, cut[number + 1]) if number + 1 < len(cut) else Words({})
        words = title if cut[number].place == 0 else reader.words(full, cut[number])
        made.append(_read(one, Scene(full=full, sentence=cut[number], words=words, title_words=title, after=after)))
    return _agreed(full, made)


def _read(one: Detection, scene: Scene) -> Detection:
    said = [s for s in attribution.sayings(scene) if s.role and _covers(s, _core(one))]
    return msgspec.structs.replace(
        one,
        veracity=_veracity(one, scene, said),
        attribution=tuple(attribution.shown(scene, s) for s in said[:3]),
    )


def _core(one: Detection) -> tuple[int, int]:
    """The run that the rule itself matched, without the clause around it."""
    return next(((s.start, s.end) for s in one.roles if s.role == "object"), (one.start, one.end))


def _veracity(one: Detection, scene: Scene, said: Sequence[Saying]) -> Veracity:
    if one.veracity != "reported":
        return one.veracity
    if _denied(_core(one), scene):
        return "denied"
    if _hedged(one, scene) or _unchecked(scene):
        return "claimed"
    if any(_rests(one, saying, scene) for saying in said) and not any(saying.role == "civil" for saying in said):
        return "claimed"
    return "reported"


def _covers(said: Saying, core: tuple[int, int]) -> bool:
    inside = core[0] >= said.who[0] and core[1] <= said.who[1]
    return said.start <= core[1] and core[0] < said.end and not inside


def _rests(one: Detection, said: Saying, scene: Scene) -> bool:
    """Whether the speaker is one whose word needs another's: a side in the fight, or nobody by name."""
    start, end = _core(one)
    if said.after and attribution.set_aside(scene, said.verb[1], start):
        return False
    if said.role == "unnamed":
        return True
    if one.phase == "threatened" and said.after:
        return False
    if said.role == "fighters":
        return one.trigger in _WAR or one.trigger in _CRIME
    if one.trigger in _OWN and scene.words.near("own_act", said.verb[1], end):
        return False
    return said.role in _PARTIES and (one.trigger in _WAR or (one.trigger in _DEEDS and _at_war(scene)))


def _at_war(scene: Scene) -> bool:
    return "war" in scene.words.spans or "war" in scene.title_words.spans


def _hedged(one: Detection, scene: Scene) -> bool:
    """Whether a word by which the writer does not vouch for it stands just before it or in it."""
    near, spans, (start, end) = scene.words.near, scene.words.spans, _core(one)
    floor = max(scene.sentence.start, start - 30)
    if any(floor <= left < end and not attribution.set_aside(scene, right, start) for left, right in spans.get("hedge", ())):
        return True
    claims = [c for c in spans.get("assertion", ()) if floor - 20 <= c[0] < start and not attribution.set_aside(scene, c[1], start)]
    if any(not attribution.settled(scene, claim) for claim in claims):
        return True
    if one.trigger not in _WAR and one.trigger not in _CRIME:
        return False
    if near("hearsay", floor, start + 1) and not near("answering", floor - 25, start + 1):
        return True
    for left, right in spans.get("accusing", ()):
        if floor - 15 <= left < end and not attribution.set_aside(scene, right, start):
            return one.trigger in _WAR or _at_war(scene)
    return _scare_quoted(one, scene)


def _scare_quoted(one: Detection, scene: Scene) -> bool:
    """Whether a headline puts the deed itself between quotation marks."""
    if scene.sentence.place != 0 or not (one.trigger in _WAR or one.trigger == "abduction"):
        return False
    start, end = _core(one)
    marks = _SCARE.finditer(scene.full, scene.sentence.start, scene.sentence.end)
    return any(
        m.start(1) <= start < m.end(1) or (start <= m.start(1) and m.end(1) <= end and _VERB.fullmatch(m.group(1)))
        for m in marks
    )


def _unchecked(scene: Scene) -> bool:
    return "unverified" in scene.words.spans or "unverified" in scene.after.spans


def _denied(core: tuple[int, int], scene: Scene) -> bool:
    near, (start, end) = scene.words.near, core
    for left, right in scene.words.spans.get("denying", ()):
        if near("upheld", right, right + 25):
            continue
        if right <= start and start - right <= 120 and not attribution.set_aside(scene, right, start):
            return True
        if end <= left <= end + 60:
            return True
    return False


def _agreed(full: str, detections: Sequence[Detection]) -> tuple[Detection, ...]:
    """In a short text headline and summary tell of one event: what the headline says of it holds for both."""
    if len(full) > SHORT:
        return tuple(detections)
    first: dict[str, Veracity] = {}
    for one in sorted(detections, key=lambda d: d.start):
        if one.veracity == "denied" and first.get(one.trigger) != "reported":
            first[one.trigger] = "denied"
        if one.veracity == "claimed" and any(a.role == "unnamed" for a in one.attribution):
            first[one.trigger] = "claimed"
        first.setdefault(one.trigger, one.veracity)
    return tuple(msgspec.structs.replace(d, veracity=first[d.trigger]) for d in detections)
