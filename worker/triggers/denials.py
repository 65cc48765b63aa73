"""What a text says did not happen, as clauses that can be judged as if they stood alone."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from worker.articles.model import Document
from worker.triggers import attribution
from worker.triggers.context import Words
from worker.triggers.lexicon import Lexicon
from worker.triggers.model import SCORER, Detection, Sentence, Span
from worker.triggers.text import Text
from worker.triggers.wording import Automaton

SHORT: Final = 700
MOST: Final = 3
TRIES: Final = 40
_SHORTEST: Final = 4
_REACH: Final = 15
# A second reading of a denied clause counts down to this part of the first.
_LESSER: Final = 4
# In these languages the verb of denying closes the sentence.
_LAST: Final = frozenset({"tr"})
_STOP: Final = re.compile(
    r"[;:—–(]|\s-\s|,(?= (?:say|said|call|insist|blam|but|ma|aber|mais|pero|mas|но|але|sagt|dice|selon|segun|laut)\w*)"
    r"|[.!?](?=[\s”\"’]|$)|,? (?:denied|denies|rejected|dismissed|disputed)\b"
    r"|\sand (?:(?:he|she|it|they) )?(?:said|says|adds|added|confirmed|confirms|announced)\s"
    r"|\s(?:but|as|after|while|despite|amid|following|though|although|calling|saying)\s"
)
HEARSAY: Final = (
    r"reports?|claims?|rumou?rs?|talk|allegations?|suggestions?|speculation|accusations?|statements?|stories|story|news"
    r"|informaciones|rumores|noticias|versiones|acusaciones|informations|rumeurs|allégations|affirmations|berichte"
    r"|gerüchte|meldungen|behauptungen|notizie|voci|accuse|notícias|boatos|informações|сообщени\w+|слух\w*|информацию"
    r"|утверждени\w+|заявлени\w+|повідомлення|чутки|інформацію|заяви|أنباء|تقارير|شائعات|مزاعم|صحة"
)
"""What is denied, named by a word that is one of saying too: denied *reports* of a retreat."""
_OPENING: Final = re.compile(
    r"[\s,:'’‘\"“«]*"
    r"(?:(?:the|all|any|media|online|social media|viral|false|fresh|persistent|los|las|les|die|i|le|os|as)\s)*"
    rf"(?:(?:{HEARSAY})\s)?"
    r"(?:(?:of|that|about|sobre|de que|que|de|del|des|du|dass|über|von|di|che|su|da|do|что|що|о|об|про|عن|أن)\s)*"
    r"(?:(?:any|all|having|being|ever|toute?|tout|jede[nrs]?|qualsiasi|qualquer|cualquier)\s)*",
    re.I,
)
_CREDIT: Final = re.compile(r"^[^:\n]{2,45}:\s|\b(?:says?|said|insists?|that)\s")
# What is said of a clause before it, unlike "denies", whose clause follows.
_PREDICATE: Final = re.compile(
    r"(?:is|was|are|were|es|son|sont|est|c.est|ist|stimmt|è|é|são|a|un|una|ein)\b|never |did not|untrue|fabricated"
    r"|baseless|debunked|falso|falsch|не соотв|не відп|не подтверд|не підтверд|غير صحيح|reports are|dis\w+ (?:by|as)",
    re.I,
)
_EMPTY: Final = re.compile(r"(?:by|it|this|them|him|her|us|lo|les?|la|es|dies|das|questo)\b|[^\w]*$", re.I)
_PLANNED: Final = re.compile(
    r"\b(?:is|are|being) (?:planned|imminent|prepared)\b|\babout to\b|\bplans?\b|\b(?:would|will)\b"
    r"|em preparação|planea|prépar"
)
# A deed whose doer is the one who denies it, as in "denies losing the airfield".
_DOING: Final = re.compile(r"\w+ing\b|(?:haber|avoir|être|ter|aver|avere|essere)\b")
_HEAD: Final = re.compile(r"^[^:\n]{2,45}:\s")
_FLAT_NO: Final = re.compile(r"^(?:No|Nein|Non|Não|Нет|Ні), ")
_BARE_NO: Final = re.compile(
    r"no (?:[\w-]+ ){1,4}(?:has|have|had|was|were) (?:been )?(?:\w+ed|given|made)\b"
    r"|(?<!\w)No [\w-]+(?: [\w-]+)?(?=[,;:])|(?<=was )no (?:bomb|coup|attack|explosion|strike|mutiny|raid)\b"
)
# A headline that is one plain no, as in "No outbreak of plague in port, ministry says"; not "No deaths in the fire".
_TITLE_NO: Final = re.compile(
    r"No (?!(?:injur|casualt|death|fatal|victim|surviv|damage|sign|word|motive|evidence|link|date|plan|deal|arrest"
    r"|tsunami|threat|one|let.up|end|major|serious|timetable|clear|new|quick|further|more|need|reason|choice)\w*)"
    r"(?:[\w'’-]+ ){1,7}[\w'’-]+(?=,? [-–—]? ?)"
)
_NEGATOR: Final = re.compile(
    r"\b(?:not|no|never|nunca|ningun[oa]?|pas|aucune?|nicht|keine?n?|non|nessuna?|não|nenhuma?|не|لم|لا|yok|değil)\b",
    re.I,
)


class Denial(msgspec.Struct, frozen=True):
    """A clause that is denied: its words, where they start in ``full``, and the denying words cut out of them."""

    text: str
    start: int
    sentence: Sentence
    cut: int = -1
    dropped: int = 0
    negated: bool = False

    @property
    def planned(self) -> bool:
        """Whether it is the plan that is denied."""
        return _PLANNED.search(self.text) is not None

    def at(self, offset: int) -> int:
        """Where in ``full`` a place in ``text`` lies."""
        return self.start + offset + (self.dropped if 0 <= self.cut <= offset else 0)

    def span(self, span: Span) -> Span:
        """A run of ``text`` as a run of ``full``."""
        return Span(span.role, self.at(span.start), self.at(span.end))

    def touches(self, start: int, end: int) -> bool:
        """Whether a run of ``text`` stands close enough to the negation, if that is what denies it."""
        return start - _REACH <= self.cut <= end if self.negated else end > max(self.cut, 0)


class Finder:
    """Finds the clauses that a document denies, in one pass for each of two sets of words."""

    def __init__(self, lexicon: Lexicon, codes: Iterable[str]) -> None:
        sets = [lexicon.context.get(code, {}) for code in codes]
        words = {
            number: [word for found in sets for word in found.get(name, ())]
            for number, name in enumerate(("denying", "negated"))
        }
        self._automaton = Automaton(words)
        self._last = _LAST.issuperset(codes)

    def find(self, text: Text) -> tuple[Denial, ...]:
        """At most ``MOST`` clauses that somebody denies or says did not happen, of the first ``TRIES`` words for it."""
        full, cut = text.full, text.cut
        if not cut:
            return ()
        starts = [sentence.start for sentence in cut]
        made: list[Denial] = []
        tries = 0
        for start, end, numbers in self._automaton.hits(text.norm):
            sentence = cut[max(0, bisect_right(starts, start) - 1)]
            if not sentence.start <= start <= end <= sentence.end or any(d.sentence == sentence for d in made):
                continue
            if 0 not in numbers and sentence.place > 1:
                continue
            tries += 1
            words = text.words(sentence)
            one = self._denied(full, sentence, words, (start, end)) if 0 in numbers else None
            if one is None and 1 in numbers and sentence.place <= 1:
                one = _negated(full, sentence, words, (start, end))
            if one is not None:
                made.append(one)
            if len(made) == MOST or tries == TRIES:
                break
        return tuple(made)

    def _denied(self, full: str, sentence: Sentence, words: Words, verb: tuple[int, int]) -> Denial | None:
        left, right = verb
        if words.near("upheld", right, right + 25):
            return None
        after, before = (right, _stop(full, right, sentence.end)), (_credited(full, sentence.start, left), left)
        flat = self._last or _PREDICATE.match(full, left, right)
        for start, end in (before, after) if flat else (after,):
            opening = _OPENING.match(full, start, end)
            start = opening.end() if opening else start
            text = full[start:end].rstrip()
            if len(text) < _SHORTEST or _EMPTY.match(text):
                continue
            if start > left and _DOING.match(text):
                doer = _credited(full, sentence.start, left)
                return Denial(full[doer:left] + text, doer, sentence, left - doer, start - left)
            return Denial(text, start, sentence)
        return None


def _stop(full: str, start: int, end: int) -> int:
    stop = _STOP.search(full, start + 1, end)
    return stop.start() if stop else end


def _credited(full: str, start: int, end: int) -> int:
    """Where a clause begins that a speaker or a colon stands before."""
    return max((m.end() for m in _CREDIT.finditer(full[start:end])), default=0) + start


def _negated(full: str, sentence: Sentence, words: Words, spot: tuple[int, int]) -> Denial | None:
    """The sentence without its negation, where a speaker stands behind it or it answers somebody with a plain no."""
    run = full[sentence.start : sentence.end]
    flat, head = _FLAT_NO.match(run), _HEAD.match(run)
    scene = attribution.Scene(full=full, sentence=sentence, words=words, title_words=Words({}), after=Words({}))
    said = [s for s in attribution.sayings(scene) if s.role and s.start <= spot[0] < s.end]
    negator = _NEGATOR.search(full, *spot)
    if not (flat or head or said) or negator is None:
        return None
    if negator.group().lower() == "no" and not flat and not _plain_no(full, sentence, words, spot[0]):
        return None
    opening = flat or (head if head and head.end() <= spot[0] - sentence.start else None)
    start = max([sentence.start + (opening.end() if opening else 0), *(s.verb[1] + 1 for s in said if s.after)])
    if spot[0] < start:
        return None
    gone = negator.end() + full[negator.end() : negator.end() + 1].isspace()
    text = full[start : negator.start()] + full[gone : _stop(full, spot[1], sentence.end)]
    return Denial(text.rstrip(), start, sentence, negator.start() - start, gone - negator.start(), True)


def _plain_no(full: str, sentence: Sentence, words: Words, at: int) -> bool:
    """Whether a "no" denies a deed, as in "no curfew has been declared", and does not tell of a want."""
    if full.startswith(": ", at - 2):
        return any(words.near(role, sentence.start, at) for role in attribution.ROLES)
    if at == sentence.start and sentence.place == 0 and _TITLE_NO.match(full, at, sentence.end):
        return True
    return _BARE_NO.match(full, at, sentence.end) is not None


def clause(denial: Denial, document: Document) -> Document:
    """The clause as a headline of its own."""
    return Document(title=denial.text, lang=document.lang, date=document.date)


def likeliest(denied: Sequence[Detection]) -> tuple[Detection, ...]:
    """Without those that are much less likely than the likeliest: who denies one thing seldom denies two."""
    best = max((d.confidence for d in denied), default=0.0)
    return tuple(d for d in denied if d.confidence * _LESSER >= best)


def added(full: str, told: Sequence[Detection], denial: Denial, alone: Sequence[Detection]) -> tuple[Detection, ...]:
    """What a document tells, with what its denied clause would report alone, unless something else confirms that."""
    kept = list(told)
    by_rule = likeliest([d for d in alone if d.rule != SCORER])
    for one in by_rule or sorted(alone, key=lambda d: -d.confidence)[:1]:
        start, end = denial.at(one.start), denial.at(one.end)
        same = [d for d in kept if d.trigger == one.trigger]
        here = [d for d in same if d.start < end and start < d.end]
        others = [d for d in same if d not in here and d.veracity != "denied"]
        headline = denial.sentence.place == 0 and len(full) <= SHORT
        if not denial.touches(*core(one)) or any(d.veracity == "reported" or not headline for d in others):
            continue
        kept = [_refused(d) if d in others else d for d in kept if d not in here]
        kept.append(_moved(full, one, denial, (start, end)))
    return tuple(kept)


def _refused(one: Detection) -> Detection:
    """What somebody claims and the headline denies."""
    return msgspec.structs.replace(one, veracity="denied")


def core(one: Detection) -> tuple[int, int]:
    """The run that the rule itself matched, without the clause around it."""
    return next(((s.start, s.end) for s in one.roles if s.role == "object"), (one.start, one.end))


def _moved(full: str, one: Detection, denial: Denial, run: tuple[int, int]) -> Detection:
    return msgspec.structs.replace(
        one,
        veracity="denied",
        phase="threatened" if denial.planned else one.phase,
        quote=full[run[0] : run[1]],
        start=run[0],
        end=run[1],
        sentence=(denial.sentence.start, denial.sentence.end),
        roles=tuple(denial.span(span) for span in one.roles),
        attribution=(),
    )
