"""How sure a text is of what it reports: reported, claimed or denied, and by whom; with its figures and its day."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from worker.triggers import attribution, status
from worker.triggers.attribution import Saying, Scene
from worker.triggers.context import Words
from worker.triggers.denials import HEARSAY, SHORT, core
from worker.triggers.model import Detection, Number, Sentence, Veracity
from worker.triggers.numbers import numbers
from worker.triggers.occurred import occurred_at
from worker.triggers.standing import CRIME, DEEDS, WAR, at_war, rests
from worker.triggers.text import Text

# What instruments measure and everybody sees.
_SURE: Final = frozenset(
    {"earthquake_volcano", "storm_flood_fire", "industrial_transport_disaster", "health_emergency"}
)
_SCARE: Final = re.compile(r"(?:^|[\s(])['‘“\"]([^\s'’”\"]{3,20}(?: [^\s'’”\"]{1,20}){0,2})['’”\"](?=$|[\s.,;:?!)])")
# So many characters between an event and what a headline quotes of it: 'Most Russian troops' leaving Chernobyl.
BESIDE: Final = 3
_ELSEWHERE: Final = re.compile(
    r"(?:elsewhere|meanwhile|separately|further|in a separate|in another|in the (?:north|south|east|west)|en otro"
    r"|par ailleurs|ailleurs|unterdessen|derweil|altrove|intanto|между тем|тем временем|тим часом)\b",
    re.I,
)
# What stands behind these words came before the denial, and is not denied.
_THEN: Final = re.compile(r"\b(?:after|following|days after|hours after)\b")
# Who says one thing, "denying" or "and denied" another, does not deny the first.
_ALSO: Final = re.compile(r"denying|and denie[sd]$")
# A denial that names what it denies, which is read as a clause of its own.
_OWN_OBJECT: Final = re.compile(rf"(?:\w+ ){{1,4}}(?:{HEARSAY}) (?:that|of|about)\b", re.I)
_HEARSAY: Final = re.compile(rf"(?:\S+ ){{1,4}}(?:{HEARSAY})(?!\w)", re.I)
_LONG: Final = re.compile(r"\w{4,}")
# German "is said to have" and "claims to have", as "sollen" alone is an order and "wollen" a wish.
_SOLL: Final = re.compile(
    r"\bsoll(?:en)?\b.{3,80}\b(?:haben|worden sein)\b"
    r"|\b(?:will|wollen)\b.{3,80}\b(?:\w*ge\w+|(?:er|zer|ver|be|ent)\w+|\w+ier)(?:t|en) haben\b"
)
_BY: Final = re.compile(r"\s(?:carried out|committed|perpetrated|staged|planted|set off|launched|masterminded)?\s?by\b")
_VERB: Final = re.compile(r"[a-zà-ÿа-я]+(?<!ive)(?<!ed)(?<!ous)(?<!al)(?<!ic)(?<!ful)(?<!y)")


def told(text: Text, detections: Sequence[Detection]) -> tuple[Detection, ...]:
    """The detections with veracity, attribution, figures and day, each read in its sentence, the title and the next."""
    if not detections:
        return ()
    full, cut = text.full, text.cut
    places = {sentence.start: number for number, sentence in enumerate(cut)}
    title = text.words(text.title) if text.title else Words({})
    known: dict[int, _Reading] = {}
    made = []
    for one in detections:
        number = places.get(one.sentence[0])
        if number is None:
            made.append(one)
            continue
        if number not in known:
            after = text.words(cut[number + 1]) if number + 1 < len(cut) else Words({})
            words = text.words(cut[number])
            scene = Scene(full=full, sentence=cut[number], words=words, title_words=title, after=after)
            known[number] = _reading(scene, text.date)
        made.append(_read(one, known[number]))
    if len(full) <= SHORT:
        made = _doubted(text, made)
    return _agreed(full, made)


def _doubted(text: Text, made: list[Detection]) -> list[Detection]:
    """A headline's event is claimed where its text says that nobody could check it, or repeats it after a source."""
    full, cut = text.full, text.cut
    sure = [d.veracity != "reported" or d.sentence[0] != cut[0].start or d.trigger in _SURE for d in made]
    if all(sure) or cut[0].place or len(cut) < 2:
        return made
    title = text.words(cut[0])
    words = [text.words(sentence) for sentence in cut[1:6]]
    doubt = any("unverified" in found.spans for found in words) and not _taken(title)
    if not doubt and _alike(full, cut[0], cut[1]):
        lead = Scene(full=full, sentence=cut[1], words=words[0], title_words=title, after=Words({}))
        doubt = any(said.role == "unnamed" and not said.after for said in attribution.sayings(lead))
    if not doubt:
        return made
    return [d if kept else msgspec.structs.replace(d, veracity="claimed") for d, kept in zip(made, sure, strict=True)]


def _taken(title: Words) -> bool:
    """Whether a headline tells of a claim that is none about the event, such as one of responsibility."""
    return any(title.near("settled", left - 12, right + 18) for left, right in title.spans.get("assertion", ()))


def _alike(full: str, title: Sentence, lead: Sentence) -> bool:
    """Whether a lead tells again what its headline told."""
    first, second = ({w[:6] for w in _LONG.findall(full[s.start : s.end].lower())} for s in (title, lead))
    return len(first & second) * 3 >= len(first)


class _Reading(msgspec.Struct, frozen=True):
    """What a sentence tells beside its events, read once for all of them."""

    scene: Scene
    sayings: tuple[Saying, ...]
    numbers: tuple[Number, ...]
    day: datetime | None


def _reading(scene: Scene, date: datetime | None) -> _Reading:
    run = scene.full[scene.sentence.start : scene.sentence.end]
    sayings = tuple(said for said in attribution.sayings(scene) if said.role)
    return _Reading(scene, sayings, numbers(run), occurred_at(run, date))


def _read(one: Detection, reading: _Reading) -> Detection:
    scene, spot = reading.scene, core(one)
    one = msgspec.structs.replace(one, phase=status.settled(one.phase, one.trigger, spot, scene))
    said = [s for s in reading.sayings if _covers(s, spot)]
    return msgspec.structs.replace(
        one,
        veracity=_veracity(one, scene, said),
        attribution=tuple(attribution.shown(scene, s) for s in said[:3]),
        numbers=reading.numbers,
        occurred_at=reading.day if one.phase in ("active", "ended") else None,
    )


def _veracity(one: Detection, scene: Scene, said: Sequence[Saying]) -> Veracity:
    if one.veracity != "reported":
        return one.veracity
    if "admitting" in scene.words.spans:
        return "reported"
    if _denied(core(one), scene):
        return "denied"
    resting = any(rests(one, saying, scene) for saying in said) and not any(saying.role == "civil" for saying in said)
    if not (resting or _hedged(one, scene) or _unchecked(scene)):
        return "reported"
    return "denied" if _answered(scene) else "claimed"


def _covers(said: Saying, spot: tuple[int, int]) -> bool:
    inside = spot[0] >= said.who[0] and spot[1] <= said.who[1]
    beyond = said.after and spot[1] > said.end
    return said.start <= spot[1] and spot[0] < said.end and not inside and not beyond


def _hedged(one: Detection, scene: Scene) -> bool:
    """Whether a word by which the writer does not vouch for it stands just before it or in it."""
    near, spans, (start, end) = scene.words.near, scene.words.spans, core(one)
    floor = max(scene.sentence.start, start - 30)
    if any(
        floor <= left < end and not attribution.set_aside(scene, right, start) and not _BY.match(scene.full, right)
        for left, right in spans.get("hedge", ())
    ):
        return True
    if _SOLL.search(scene.full, floor, scene.sentence.end) and one.trigger in WAR | CRIME:
        return True
    if any(left < start and right >= start - 2 for left, right in spans.get("doubtful", ())):
        return True
    whole = (start, end) == (scene.sentence.start, scene.sentence.end)
    claims = [
        c
        for c in spans.get("assertion", ())
        if (floor - 20 <= c[0] < start or (whole and c[0] > start)) and not attribution.set_aside(scene, c[1], start)
    ]
    if any(not attribution.settled(scene, claim) for claim in claims):
        return True
    title_end = scene.sentence.end - 1 if scene.sentence.place == 0 else scene.sentence.end + 1
    if any(claim[1] >= title_end and not attribution.settled(scene, claim) for claim in spans.get("assertion", ())):
        return True
    if one.trigger in WAR | DEEDS and near("told_of", start, end + 12):
        return True
    if near("rumour", floor, start + 1) and not near("answering", floor - 25, start + 1):
        return True
    if one.trigger not in WAR and one.trigger not in CRIME:
        return False
    if near("hearsay", floor, start + 1) and not near("answering", floor - 25, start + 1):
        return True
    for left, right in spans.get("accusing", ()):
        last = start if scene.full.startswith(" of ", right) else end
        if floor - 15 <= left < last and not attribution.set_aside(scene, right, start):
            return one.trigger in WAR or at_war(scene)
    return _scare_quoted(one, scene)


def _scare_quoted(one: Detection, scene: Scene) -> bool:
    """Whether a headline puts the deed itself between quotation marks, or what it says of it right before or after."""
    if scene.sentence.place != 0 or not (one.trigger in WAR or one.trigger == "abduction"):
        return False
    start, end = core(one)
    marks = _SCARE.finditer(scene.full, scene.sentence.start, scene.sentence.end)
    return any(
        m.start(1) <= start < m.end(1)
        or (start <= m.start(1) and m.end(1) <= end and _VERB.fullmatch(m.group(1)))
        or (" " in m.group(1) and (0 <= m.start(1) - end <= BESIDE or 0 <= start - m.end(1) <= BESIDE))
        for m in marks
    )


def _unchecked(scene: Scene) -> bool:
    return "unverified" in scene.words.spans or "unverified" in scene.after.spans


def _answered(scene: Scene) -> bool:
    """Whether the next sentence denies what this one claims."""
    near = scene.after.near
    denials = [d for d in scene.after.spans.get("denying", ()) if not near("upheld", d[1], d[1] + 25)]
    return any(near("such", left, right + 30) and not _OWN_OBJECT.match(scene.full, left) for left, right in denials)


def _denied(spot: tuple[int, int], scene: Scene) -> bool:
    near, (start, end) = scene.words.near, spot
    for left, right in scene.words.spans.get("denying", ()):
        if near("upheld", right, right + 25):
            continue
        whole = (start, end) == (scene.sentence.start, scene.sentence.end)
        if start < left and right < end and not whole and not attribution.set_aside(scene, right, end):
            return True
        if _THEN.search(scene.full, right, max(right, start)):
            continue
        if right <= start and start - right <= 120 and not attribution.set_aside(scene, right, start):
            hearsay = _HEARSAY.match(scene.full, left)
            if not near("speech", hearsay.end() if hearsay else right, start):
                return True
            continue
        if _ALSO.search(scene.full, max(0, left - 5), right) and near("speech", scene.sentence.start, start):
            continue
        amid = scene.full.startswith("denial", left)
        if end <= left <= end + 60 and (amid or not attribution.set_aside(scene, end, left)):
            return True
    return False


def _agreed(full: str, detections: Sequence[Detection]) -> tuple[Detection, ...]:
    """What one part of a text says of another part's event.

    In a short text headline and summary tell of one event: what the headline says of it holds for both. In a long one
    a claim adds nothing to what the writer told as fact first, unless the text says that it happened elsewhere.
    """
    first: dict[str, Veracity] = {}
    made: list[Detection] = []
    for one in sorted(detections, key=lambda d: d.start):
        before, now = first.get(one.trigger), one.veracity
        if len(full) <= SHORT:
            unnamed = now == "claimed" and any(a.role == "unnamed" for a in one.attribution)
            if before is None or unnamed or (now == "denied" and before == "claimed"):
                first[one.trigger] = now
        elif before is None:
            first[one.trigger] = now
        elif now == "claimed" and before == "reported" and not _ELSEWHERE.match(full, one.sentence[0]):
            made.append(msgspec.structs.replace(one, veracity="reported"))
            continue
        made.append(one)
    if len(full) <= SHORT:
        made = [msgspec.structs.replace(d, veracity=first[d.trigger]) for d in made]
    order = {(d.trigger, d.start): n for n, d in enumerate(detections)}
    return tuple(sorted(made, key=lambda d: order[d.trigger, d.start]))
