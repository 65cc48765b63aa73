"""Who says what a sentence tells: speakers before and after a verb of saying, after a dash, before a colon."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from worker.triggers.context import Words
from worker.triggers.model import Attribution, Sentence

REACH: Final = 70
MOST: Final = 8
# A longer run before a verb at the end of a sentence is no speaker, but what is said.
_LONGEST: Final = 35
ROLES: Final = ("civil", "unnamed", "fighters", "monitor", "military", "government", "witness", "agency")
_SHOWN: Final = {"fighters": "armed group", "civil": "official", "government": "official", "named": "official"}
_CUT: Final = re.compile(
    r"[,;:–—()“”\"\n]| - | ['‘]|(?<!s)['’] |\b(?:[Bb]ut|[Aa]nd|[Aa]s|[Aa]fter|[Ww]hile|[Ww]hen|[Ww]hich|[Tt]hat"
    r"|[Bb]ecause|[Aa]mid|[Ww]here|[Ee]lsewhere|[Ee]arlier|[Mm]eanwhile|[Ww]hat|[Mm]ais|[Pp]ero|aber|dass|che|que|qui|wie)\b"
)
_HELP: Final = re.compile(
    r"(?:\s+(?:has|have|had|was|were|is|are|also|later|earlier|separately|it|they|he|she|not|been|denied|denies|rejected|rejects|dismissed|ha|han|a|ont|hat|haben|"
    r"there|still|already|on [A-Z]\w+day))*\s*$"
)
_STOP: Final = re.compile(rf"{_CUT.pattern}|\b(?:wurden?|ist|sind|ha[bt]en?|sei(?:en)?|hat|were|was|has|have)\b")
_PRONOUN: Final = re.compile(r"(?:^|\s)(?:it|he|she|they|who|which|we|I|you|lo|il|er|sie|ils|elle)$", re.I)
_TAIL: Final = re.compile(r"\s[-–—|]{1,2}\s?([^-–—|\n]{2,45})(?=$|\s[-–—|]\s)|\s-([A-Z][\w’'-]{2,20})$")
_HEAD: Final = re.compile(r"^([^:\n]{2,45}):\s")
_LAST: Final = re.compile(r":\s([^:\n]{2,30})$")
_TURN: Final = re.compile(r"[,;]? (?:but|although|though|mais|pero|aber|ma|но) ")
_NAME: Final = re.compile(r"[A-ZÀ-ÞА-ЯЁІЇЄ]")
_ELSE: Final = re.compile(
    r"\s*(?:it|its|he|his|she|her|they|their|we|that|there|this|these|those|no|not|il|elle|ils|er|sie|es)\b", re.I
)
_SCENE: Final = re.compile(r"\s(?:on|in|at|under|after|with|to|over|into|as|of the)\s")
_DAYS: Final = re.compile(
    r"\s*(?:(?:to )?(?:the )?[A-ZÀ-Þ][\w.]+(?: [A-Z][\w.]+){0,2}(?= on \w+day|[\s.,;!?”’\"']*$|,))?"
    r"\s*(?:on \w+day|\w+day|this week|today|late|early|in a statement|as)?[\s.,;!?”’\"']*"
    r"(?:[-–—|] [^-–—|]{2,40}$)?",
    re.I,
)
_UNSAID: Final = re.compile(r"(?:n['’]t|\bnot|\bcannot|\bdeclined to|\brefused to)$", re.I)
_NAMELESS: Final = re.compile(r"\b(?:unnamed|anonymous|unidentified)\b", re.I)
_OFFICIAL: Final = re.compile(
    r"\b(?:official (?:sources?|media|reports)|sources? officielles?|fuentes? oficial(?:es)?|fonti ufficiali"
    r"|fontes oficiais)\b",
    re.I,
)
# What Arabic verbs of saying begin with.
_VERB_FIRST: Final = frozenset("أاقذصنيتتوكز")
_BOTH: Final = re.compile(r"(?:^|[,;:–—(] ?)((?:\S+ ){1,4}and )$")


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence with the context words in it, in the title and in the sentence after it."""

    full: str
    sentence: Sentence
    words: Words
    title_words: Words
    after: Words


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """One speaker of a sentence and the run that rests on it; ``aside`` words end a run that follows the verb."""

    who: tuple[int, int]
    role: str
    start: int
    end: int
    verb: tuple[int, int]
    after: bool


def sayings(scene: Scene) -> tuple[Saying, ...]:
    """Every speaker that the sentence names, at most ``MOST``."""
    spans, sentence = scene.words.spans, scene.sentence
    found: list[Saying] = []
    claims = [span for span in spans.get("assertion", ()) if not settled(scene, span)]
    for verb in (*spans.get("speech", ()), *claims)[:MOST]:
        one = _spoken(scene, verb)
        if one is not None:
            found.append(one)
    for left, right in spans.get("according", ())[:MOST]:
        stop = _STOP.search(scene.full, right + 1, min(sentence.end, right + REACH))
        who = (right, stop.start() if stop else min(sentence.end, right + REACH))
        found.append(_saying(scene, who, sentence.start, sentence.end, (left, right), after=False))
    if sentence.place == 0 or sentence.start <= 1:
        found.extend(_headline(scene))
    return tuple(found)


def _spoken(scene: Scene, verb: tuple[int, int]) -> Saying | None:
    full, sentence = scene.full, scene.sentence
    rest = full[verb[1] : min(sentence.end, verb[1] + REACH)]
    floor = max(sentence.start, verb[0] - REACH)
    before = full[floor : verb[0]].rstrip()
    if full[verb[0]] in _VERB_FIRST and (who := _behind(scene, verb[1])):
        return _saying(scene, who, who[1], sentence.end, verb, after=True)
    if before.endswith("-") or not before or _UNSAID.search(before):
        return None
    if before.endswith((",", "”", '"', "’", "'", "»")) and (stop := _inverted(rest)):
        return _saying(scene, (verb[1], verb[1] + stop), sentence.start, verb[0], verb, after=False)
    who = _before(scene, floor, floor + len(before.rstrip(" ,")))
    if who is None:
        return None
    closing = verb[1] + len(_DAYS.match(rest).group()) >= min(sentence.end, verb[1] + REACH)  # type: ignore[union-attr]
    pause = _CUT.search(rest)
    short = full[max(sentence.start, who[0] - 2) : who[0]].startswith(",") and pause is not None and pause.start() <= 25
    if closing or short or rest.startswith((",", ".", "”")):
        who = _subject(scene, who) if closing and who[1] - who[0] > _LONGEST else who
        return _saying(scene, who, sentence.start, sentence.end, verb, after=False)
    turn = _TURN.search(full, verb[1], sentence.end)
    return _saying(scene, who, verb[1], turn.start() if turn else sentence.end, verb, after=True)


def _subject(scene: Scene, said: tuple[int, int]) -> tuple[int, int]:
    """Who says it where the verb closes a whole sentence, as in Turkish: the speaker that opens it, if one does."""
    start = scene.sentence.start
    spots = (spot for role in ROLES for spot in scene.words.spans.get(role, ()) if start <= spot[0] < start + _LONGEST)
    return min(spots, default=said)


def _behind(scene: Scene, at: int) -> tuple[int, int] | None:
    """The speaker who follows the verb at once, as in Arabic."""
    spans = scene.words.spans
    return next((s for role in ROLES for s in spans.get(role, ()) if at <= s[0] <= at + 3), None)


def set_aside(scene: Scene, start: int, end: int) -> bool:
    """Whether a word between two places, such as "amid", marks that what follows is told by the writer."""
    near, spans = scene.words.near, scene.words.spans.get("aside", ())
    return any(start <= left and right <= end and not near("within", left, right) for left, right in spans)


def sides(scene: Scene, run: tuple[int, int]) -> set[str]:
    """The sides, such as states at war, that a run of a sentence names."""
    return {name for name in scene.words.spans if name.startswith("side ") and scene.words.near(name, *run)}


def settled(scene: Scene, claim: tuple[int, int]) -> bool:
    """Whether a word of claiming has another object, as in "claims responsibility" or "claims lives"."""
    return scene.words.near("settled", claim[0] - 12, claim[1] + 18)


def _inverted(rest: str) -> int:
    """Where a speaker ends who follows the verb, as in ", says Kyiv"; 0 where none does."""
    if _ELSE.match(rest):
        return 0
    stop = _CUT.search(rest, 1)
    end = stop.start() if stop else len(rest)
    return end if 2 < end <= 45 else 0


def _before(scene: Scene, floor: int, end: int) -> tuple[int, int] | None:
    full = scene.full
    helps = _HELP.search(full, floor, end)
    end = helps.start() if helps else end
    cut = max((m.end() for m in _CUT.finditer(full, floor, end)), default=floor)
    both = _BOTH.search(full[floor : cut + 1])
    cut = floor + both.start(1) if both else cut
    while cut < end and full[cut] in " '’‘":
        cut += 1
    if cut < end and not _PRONOUN.search(full[cut:end]):
        return cut, end
    spots = [s for role in ROLES for s in scene.words.spans.get(role, ()) if floor <= s[0] and s[1] <= end]
    return max(spots) if spots else None


def _headline(scene: Scene) -> Iterator[Saying]:
    sentence = scene.sentence
    title = scene.full[sentence.start : sentence.end]
    head, last = _HEAD.match(title), _LAST.search(title)
    for match in [*(m for m in (head, last) if m), *_TAIL.finditer(title)]:
        group = 1 if match.group(1) else 2
        who = (sentence.start + match.start(group), sentence.start + match.end(group))
        one = _saying(scene, who, sentence.start, sentence.end, who, after=False)
        small = len(match.group(group).split()) <= 3
        if match is head and _SCENE.search(match.group(group)):
            continue
        if one.role in {"unnamed", "fighters", "military", "government", "monitor"} or (
            (match not in (head, last) or (match is last and sides(scene, who))) and small and one.role == "named"
        ):
            yield one


def _saying(scene: Scene, who: tuple[int, int], start: int, end: int, verb: tuple[int, int], *, after: bool) -> Saying:
    return Saying(who=who, role=_role(scene.full, scene.words, who), start=start, end=end, verb=verb, after=after)


def _role(full: str, words: Words, who: tuple[int, int]) -> str:
    if _NAMELESS.search(full, *who):
        return "unnamed"
    if _OFFICIAL.search(full, *who):
        return "government"
    for role in ROLES:
        if words.near(role, who[0], who[1]):
            return role
    return "named" if _NAME.search(full, who[0], who[1]) else ""


def shown(scene: Scene, said: Saying) -> Attribution:
    """The speaker as programs read it."""
    who = " ".join(scene.full[said.who[0] : said.who[1]].split()).strip(" ,.’'\"")
    quote = scene.full[min(said.who[0], said.verb[0]) : max(said.who[1], said.verb[1])]
    return Attribution(who=who, role=_SHOWN.get(said.role, said.role or "unnamed"), quote=quote.strip())
