"""What a name does in its sentence: the scene, the one who acts or speaks, the target, the origin, the goal."""

import re
from typing import Final, Literal

import msgspec

from worker.places import vocabulary as v
from worker.places.choose import Named
from worker.places.names import Words

Cue = Literal[
    "scene",
    "target",
    "origin",
    "goal",
    "agent",
    "speaker",
    "away",
    "nationals",
    "bare",
    "link",
    "of",
    "against",
    "border",
    "urged",
    "dateline",
]

_DATELINE: Final = re.compile(
    r"(?:, [A-Z][^\n.]{0,30})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: ?\([^)\n]{2,30}\))? ?[-–—] "
)
_MISSION: Final = re.compile(r" (?:embassy|consulate)\b")
_ADJECTIVES: Final = frozenset({"US", "GB", ""})  # US and UK are what their embassies are called by
_ADJECTIVE_LAST: Final = frozenset({"es", "fr", "it", "pt", "ar", "fa", "ro", "ca"})


class Told(msgspec.Struct, frozen=True, gc=False):
    """A named place with its part in the sentence and the sentence's number."""

    named: Named
    cue: Cue
    sentence: int


def cue(run: Words, named: Named, lang: str) -> Cue:
    """The part that the name plays, by the words beside it; ``lang`` tells on which side an adjective stands."""
    before, at = _before(run, named.sight.first, lang)
    after = v.follower(run, named.sight.last)
    if named.spot.kind in ("demonym", "actor", "group"):
        behind = lang[:2] in _ADJECTIVE_LAST and not v.FORCES.isdisjoint(run.folded[max(at - 1, 0) : at + 1])
        if after in v.FORCES or behind or named.spot.kind == "actor":
            return "agent"
        return "nationals" if after in v.NATIONALS else "bare"
    if before in v.AWAY:
        return "away"
    if after in v.BORDER:
        return "border"
    owned = named.sight.last < len(run.texts) and run.folded[named.sight.last] == "s"
    town = named.spot.kind in ("city", "region", "point")
    if not owned and after in v.HAPPENING and (town or after in ("invasion", "incursion")):
        return "target"
    if after in v.FORCES and (before not in v.SCENE or before in v.OVER):
        return "agent"
    if after in v.NATIONALS and named.spot.kind == "country" and before not in v.SCENE:
        return "nationals"
    if before in v.URGED:
        return "urged"
    if _of_area(run, named.sight.first):
        return "scene"
    found = _led(before, at, run)
    if found:
        return found
    if after in v.SPEAK:
        return "speaker"
    return "agent" if after in v.ACT else "bare"


def share(text: str, told: list[Told]) -> list[Told]:
    """The same with the parts that names joined in one breath share: across Nepal and India; US and Russian forces."""
    out = [_as(t, "dateline") if _dateline(text, t) else t for t in told]
    out = [_as(t, "scene") if t.cue == "bare" and _topic(text, t) else t for t in out]
    for i in range(len(out) - 2, -1, -1):
        if out[i].cue == "bare" and out[i + 1].cue in ("agent", "speaker") and joined(text, out[i], out[i + 1]):
            out[i] = _as(out[i], out[i + 1].cue)
        if out[i].cue == "of" and out[i + 1].cue == "border" and joined(text, out[i], out[i + 1]):
            out[i] = _as(out[i], "bare")
    for i in range(1, len(out)):
        if _host(text, out, i):
            out[i] = _as(out[i], "scene")
        passed = out[i - 1].cue in ("scene", "target", "origin", "goal", "link", "of", "away", "against")
        if out[i].cue == "bare" and passed and joined(text, out[i - 1], out[i]):
            out[i] = _as(out[i], out[i - 1].cue)
    return out


def _host(text: str, told: list[Told], i: int) -> bool:
    """Whether the land before the word embassy is where it stands: Dutch close Mali embassy; not US embassy."""
    here, before = told[i], told[i - 1]
    if here.cue != "agent" or here.named.spot.kind != "country" or before.sentence != here.sentence:
        return False
    last = i + 1 == len(told) or told[i + 1].sentence != here.sentence
    lands = {before.named.spot.country, here.named.spot.country}
    mission = _MISSION.match(text, here.named.sight.end)
    return bool(last and len(lands) == 2 and mission and here.named.spot.country not in _ADJECTIVES)


def _as(told: Told, cue: Cue) -> Told:
    return msgspec.structs.replace(told, cue=cue)


def _dateline(text: str, told: Told) -> bool:
    """Whether the name tells where the reporter sits: KYIV, Dec 3 (agency) –"""
    start, end = told.named.sight.start, told.named.sight.end
    if not text[start:end].isupper():
        return False
    opens = text.rfind("\n", max(start - 40, 0), start)
    return opens >= 0 and bool(_DATELINE.match(text, end))


def _topic(text: str, told: Told) -> bool:
    """Whether a line opens with the name and a colon: Ecuador: oil spill in the jungle."""
    start, end = told.named.sight.start, told.named.sight.end
    opens = start == 0 or text[start - 1] == "\n"
    return (
        opens and told.named.spot.kind not in ("demonym", "actor", "group") and text[end : end + 2].strip()[:1] == ":"
    )


def joined(text: str, left: Told, right: Told) -> bool:
    """Whether nothing but a comma, a dash or a word for and stands between two names."""
    gap = text[left.named.sight.end : right.named.sight.start]
    return len(gap) <= 12 and gap.lower().removesuffix("the ").strip() in v.AND


def _led(before: str, at: int, run: Words) -> Cue | None:
    """What the word before the name makes of it."""
    if before in v.ORIGIN:
        return "origin"
    if before in v.AGAINST:
        return "against"
    if before in v.TARGET or before in v.OBJECT:
        return "away" if at and run.folded[at - 1] in v.PRESSURE else "target"
    if before in v.SCENE:
        return "goal" if at and run.folded[at - 1] in v.MEETING else "scene"
    if before in v.GOAL:
        return "goal"
    if before in v.OF:
        return "of"
    return "link" if before in v.LINK else None


def _of_area(run: Words, first: int) -> bool:
    """Whether the name follows a kind of place: city of Homs, norte de Gaza, region around Kherson."""
    at = first - 1
    if at >= 0 and run.folded[at] in v.OF:
        at -= 1
        while at >= 0 and at >= first - 3 and run.folded[at] in ("the", "la", "el", "s"):
            at -= 1
        return at >= 0 and run.folded[at] in v.AREA
    return at >= 0 and run.folded[at] in v.AREA and run.texts[at].islower()


def _before(run: Words, first: int, lang: str) -> tuple[str, int]:
    """The folded word before a name, past articles and points of the compass; empty at a comma or a stop."""
    at = first - 1
    while at >= 0 and at >= first - 4 and run.tight[at] and run.folded[at] in v.SKIP:
        if run.folded[at] == "a" and lang[:2] != "en":
            break
        at -= 1
    return (run.folded[at], at) if at >= 0 and run.tight[at] else ("", 0)
