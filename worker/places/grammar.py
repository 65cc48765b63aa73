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
    "camp",
    "aside",
    "nationals",
    "bare",
    "link",
    "of",
    "against",
    "border",
    "neighbour",
    "named",
    "urged",
    "dateline",
]

_DAY: Final = r"(?:, (?:[^\W\d_]{2,10}\.? \d{1,2}|\d{1,2}\.?(?: de)? [^\W\d_]{2,10}\.?))?"
_DATELINE: Final = re.compile(
    rf"(?:/[^\W\d_ ]{{2,20}})?(?:, [^\W\d_a-z][^\n.]{{0,30}})?{_DAY}(?: ?\([^)\n]{{2,30}}\))?\.? ?[-–—] "
)
_CITY_LINE: Final = re.compile(r"(?:/[^\W\d_ ]{2,20})?(?: ?\([^)\n]{2,40}\))? [-–—] ")
_WIRE: Final = re.compile(
    r"(?:\([A-Z]{2,8}\) ?[-–—] )?[^\n():!?;]{2,60}\((?:Reuters|Thomson Reuters|AP|AFP|dpa|DPA|EFE|ANSA|AA|DHA|UPI|TASS"
    r"|İHA|Xinhua|Lusa|PTI|ANI|CNN|Europa Press|Bloomberg|Рейтер|ТАСС|Интерфакс|РИА Новости|Укрінформ"
    r"|رويترز|أ ?ف ?ب|د ?ب ?أ|فرانس برس|الأناضول)[^)\n]{0,20}\)"
)
_ASIDE: Final = re.compile(
    r"\b(?:(?:divert|re-?rout|redirect|dérout|desvia|dirottat)\w*(?: [^\W\d_]+){0,4} (?:to|vers|hacia|a|para|verso)"
    r"|(?:independence|indépendance|independencia|independência|indipendenza|unabhängigkeit)"
    r" (?:from|de|vis-à-vis de|da|do|von)) (?:[^\W\d_]+,? ){0,3}$",
    re.I,
)
_AFTER_TOPIC: Final = re.compile(r" ?: ?(?:the |l['’]|la |le |les |el |los |die |der )?", re.I)
_LINE: Final = 80
_MISSION: Final = re.compile(r" (?:embassy|consulate)\b")
_ADJECTIVES: Final = frozenset({"US", "GB", ""})  # US and UK are what their embassies are called by


class Told(msgspec.Struct, frozen=True, gc=False):
    """A named place with its part in the sentence and the sentence's number."""

    named: Named
    cue: Cue
    sentence: int


def cue(run: Words, named: Named, lang: str) -> Cue:
    """The part that the name plays, by the words beside it; ``lang`` tells on which side an adjective stands."""
    before, at = _before(run, named.sight.first, lang)
    after = v.follower(run, named.sight.last)
    if before in v.CAMP:
        return "camp"
    if named.spot.kind in ("country", "demonym") and (after in v.MISSIONS or _sent(run, before, at)):
        return "camp"
    if named.spot.kind in ("demonym", "actor", "group"):
        return _people(run, named, lang, after, (before, at))
    return _place(run, named, after, (before, at))


def _place(run: Words, named: Named, after: str, led: tuple[str, int]) -> Cue:
    """The part of a place, by the word behind it and the word that leads it, with where that stands."""
    before, at = led
    if before in v.AWAY or _seat(run, before, at, after) or after in v.TALKS:
        return "away"
    if _next(run, named.sight.last) in v.BACKING:
        return "agent" if named.spot.country in v.ABROAD else "away"
    if _beyond(run, named.sight.first):
        return "neighbour"
    if after in v.BORDER and named.spot.kind != "point":
        return "border"
    owned = _next(run, named.sight.last) == "s"
    if not owned and _suffers(named, after):
        return "target"
    if after in v.FORCES and (before not in v.SCENE or before in v.OVER or _strikes(named, after)):
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


def _people(run: Words, named: Named, lang: str, after: str, led: tuple[str, int]) -> Cue:
    """The part of an adjective, a seat of power or an armed group, by the words on both sides."""
    before, at = led
    if after in v.EMBLEMS:
        return "camp"
    if _next(run, named.sight.last) in v.HOLDING:
        return "agent"
    behind = lang in v.ADJECTIVE_LAST and not v.FORCES.isdisjoint(run.folded[max(at - 1, 0) : at + 1])
    if after in v.FORCES or behind or named.spot.kind == "actor":
        return "agent"
    if _borders(run, named, lang):
        return "border"
    if after in v.NATIONALS:
        return "nationals"
    # In the Iranian plant, in der syrischen Stadt: there it lies.
    within = before in ("in", "im") and lang in ("en", "de") and named.spot.kind == "demonym"
    return "scene" if within else "bare"


def _next(run: Words, last: int) -> str:
    """The folded word right behind a name; empty where a comma or a stop parts them."""
    return run.folded[last] if last < len(run.texts) and run.tight[last - 1] else ""


def _suffers(named: Named, after: str) -> bool:
    """Whether what is told right behind the name is done to it: Idlib raids, Ukraine invasion, Syria airstrike."""
    if named.spot.kind in ("city", "region", "point"):
        return after in v.HAPPENING
    ravaged = named.spot.kind == "country" and named.spot.country in v.RAVAGED
    return after in ("invasion", "incursion") or (ravaged and after in v.RAIDS)


def _strikes(named: Named, after: str) -> bool:
    """Whether a state that fights abroad strikes: killed in a US bombardment, in Israeli raids."""
    return named.spot.kind == "country" and named.spot.country in v.ABROAD and (after in v.RAIDS or after in v.TROOPS)


def _borders(run: Words, named: Named, lang: str) -> bool:
    """Whether an adjective tells whose border: the Turkish border, la frontera turca; not Turkish border guards."""
    first, last = named.sight.first, named.sight.last
    if lang in v.ADJECTIVE_LAST:
        return first > 0 and run.tight[first - 1] and run.folded[first - 1] in v.BORDER
    if last >= len(run.texts) or not run.tight[last - 1] or run.folded[last] not in v.BORDER:
        return False
    return last + 1 == len(run.texts) or run.folded[last + 1] not in v.GUARDS


def _beyond(run: Words, first: int) -> bool:
    """Whether the name is only the neighbour: near the border with X, province bordering X, ville frontalière de X."""
    at = first - 1
    while at >= 0 and at >= first - 4 and run.tight[at] and run.folded[at] in v.SIDES:
        at -= 1
    if at < 0 or not run.tight[at]:
        return False
    word = run.folded[at]
    if word in ("neighbouring", "neighboring"):
        return at > 0 and (run.folded[at - 1] in v.AREA or not run.tight[at - 1])
    return word in v.NEIGHBOUR or (word in v.BORDER and at < first - 1)


def share(text: str, told: list[Told]) -> list[Told]:
    """The same with the parts that names joined in one breath share: across Nepal and India; US and Russian forces."""
    out = [_as(t, "dateline") if _dateline(text, t) else _as(t, "aside") if _aside(text, t) else t for t in told]
    for i, one in enumerate(out):
        if one.cue == "bare" and _topic(text, one):
            out[i] = _as(one, "scene")
            if i + 1 < len(out) and _acts_there(text, one, out[i + 1]):
                out[i + 1] = _as(out[i + 1], "agent")
    for i in range(len(out) - 2, -1, -1):
        if out[i].cue == "bare" and out[i + 1].cue in ("agent", "speaker") and joined(text, out[i], out[i + 1]):
            out[i] = _as(out[i], out[i + 1].cue)
        if out[i].cue == "of" and out[i + 1].cue == "border" and joined(text, out[i], out[i + 1]):
            out[i] = _as(out[i], "bare")
    for i in range(1, len(out)):
        if _host(text, out, i):
            out[i] = _as(out[i], "scene")
        passed = out[i - 1].cue in ("scene", "target", "origin", "goal", "link", "of", "away", "against", "neighbour")
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
    """Whether the name tells where the reporter sits: KYIV, Dec 3 (agency) –; Kyiv, Ukraine (AP) –"""
    start, end = told.named.sight.start, told.named.sight.end
    opens = text.rfind("\n", max(start - _LINE, 0), start) + 1
    if not opens and start >= _LINE:
        return False
    wire = _WIRE.match(text, opens)
    if wire:
        return end < wire.end()
    line = opens > 0 and start - opens < _LINE // 2
    return line and bool((_DATELINE if text[opens:end].isupper() else _CITY_LINE).match(text, end))


def _aside(text: str, told: Told) -> bool:
    """Whether the name only tells where flights were sent, or from whom a land became independent."""
    start = told.named.sight.start
    return bool(_ASIDE.search(text[max(start - 80, 0) : start]))


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


def _seat(run: Words, before: str, at: int, after: str) -> bool:
    """Whether somebody only has an office there: a monitor based in London."""
    return before in v.SCENE and (after in v.SEATED or (at > 0 and run.folded[at - 1] in v.SEATED))


def _sent(run: Words, before: str, at: int) -> bool:
    """Whether it is whose embassy that is: la embajada de Brasil, посольство России."""
    return before in v.MISSIONS or (before in v.OF and at > 0 and run.folded[at - 1] in v.MISSIONS)


def _before(run: Words, first: int, lang: str) -> tuple[str, int]:
    """The folded word before a name, past articles and points of the compass; empty at a comma or a stop."""
    at = first - 1
    while at >= 0 and at >= first - 4 and run.tight[at] and run.folded[at] in v.SKIP:
        if run.folded[at] == "a" and lang != "en":
            break
        at -= 1
    return (run.folded[at], at) if at >= 0 and run.tight[at] else ("", 0)


def _acts_there(text: str, topic: Told, told: Told) -> bool:
    """Whether a state opens what is said of another: Haïti : Washington ordonne; Syria: Turkey shells a town."""
    here, land = told.named.spot, topic.named.spot.country
    between = text[topic.named.sight.end : told.named.sight.start]
    state = here.kind in ("capital", "country") and here.country not in ("", land)
    return told.cue == "bare" and bool(_AFTER_TOPIC.fullmatch(between)) and state and bool(land)
