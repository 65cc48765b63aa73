"""What the words around a candidate say for and against it. Pure rules; each gives a named reason."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from worker.triggers.lexicon import Lexicon
from worker.triggers.model import FAMILIAR, Candidate, Sentence
from worker.triggers.wording import Automaton

_BEFORE: Final = 45
_AFTER: Final = 40
_YEAR: Final = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_NEAR: Final = frozenset(
    "negation denial condition modal threat plan ended drill history figure plot planning person".split()  # noqa: SIM905
)
_TOPICS: Final = frozenset(
    "court sport culture market opinion statistic politics drill history relief figure claim denial condition "  # noqa: SIM905
    "plot reaction advisory planning person science".split()
)
# That something could not be checked, or nobody would speak of it, does not say that it did not happen.
_UNSURE: Final = frozenset({"unverified", "silent"})
# Where these end with a day, as "from Sunday", the day is none to come in "from Sunday's blast".
_DATES: Final = frozenset({"plan", "coming", "beginning", "future"})
# The month, which doubts nothing; the dates of datelines stand so.
_MAY: Final = re.compile(r" may (?=\d)|\d may |\b(?:in|of|since|until|late|early|mid|last|next) may ")
_DOUBTS: Final = frozenset({"negation", "modal", "condition"})
_POSITIVE: Final = frozenset(["toll", "recent", "official"])
_QUESTION: Final = re.compile(r"^\W*(why|how|what|who|when|where|is|are|can|could|should|will|does|do|did)\b", re.I)


class Words(msgspec.Struct, frozen=True, gc=False):
    """The context words of one sentence: category to the spans where its words stand, offsets in ``full``."""

    spans: dict[str, tuple[tuple[int, int], ...]]

    def near(self, category: str, start: int, end: int) -> bool:
        """Whether a word of this category touches the run."""
        spans = self.spans.get(category)
        return spans is not None and any(left < end and right > start for left, right in spans)

    def apart(self) -> "Words":
        """Without the negations and conditionals in phrases such as "could not be verified"."""
        unsure = [span for name in _UNSURE for span in self.spans.get(name, ())]
        kept = {
            name: tuple(s for s in spans if not any(left < s[1] and s[0] < right for left, right in unsure))
            for name, spans in self.spans.items()
            if name in _DOUBTS
        }
        return Words({name: kept.get(name, spans) for name, spans in self.spans.items() if kept.get(name, spans)})


class ContextReader:
    """Finds the context words of one language in sentences."""

    def __init__(self, lexicon: Lexicon, languages: Iterable[str]) -> None:
        merged: dict[str, list[str]] = {}
        for code in languages:
            for category, words in lexicon.context.get(code, {}).items():
                merged.setdefault(category, []).extend(words)
        self._names = sorted(merged)
        self._dates = {number for number, name in enumerate(self._names) if name in _DATES}
        self._automaton = Automaton({number: merged[name] for number, name in enumerate(self._names)})

    def words(self, norm: str, at: int = 0) -> Words:
        """The context words of a run in normal form that begins at this offset."""
        spans: dict[int, list[tuple[int, int]]] = {}
        if " may " in norm:
            norm = _MAY.sub(lambda found: found.group().replace("may", "mai"), norm)
        for start, end, numbers in self._automaton.hits(norm):
            spot = (start + at, end + at)
            for number in numbers:
                if number not in self._dates or not norm.startswith("s ", end + 2):
                    spans.setdefault(number, []).append(spot)
        return Words({self._names[number]: tuple(found) for number, found in spans.items()})


class View(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a candidate is judged in: its document, the words of its sentence and of the title.

    ``setting`` are the reasons that hold for every candidate of the sentence.
    """

    full: str
    title: Sentence | None
    date: datetime | None
    words: Words
    title_words: Words
    lang: str
    said: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()


def evidence(candidate: Candidate, view: View) -> tuple[str, ...]:
    """Every reason for or against a candidate, by name."""
    sentence = candidate.sentence
    reasons = [f"at:{_position(sentence.place, view.title is not None)}"]
    before, after = max(sentence.start, candidate.start - _BEFORE), min(sentence.end, candidate.end + _AFTER)
    words = view.words if _UNSURE.isdisjoint(view.words.spans) else view.words.apart()
    for name in words.spans:
        if name in _NEAR:
            if words.near(name, before, candidate.start):
                reasons.append(f"before:{name}")
            if words.near(name, candidate.end, after):
                reasons.append(f"after:{name}")
        if name in _TOPICS or name in _POSITIVE:
            reasons.append(f"in:{name}")
    reasons.extend(view.setting)
    if _quoted(view.full[sentence.start : candidate.start]):
        reasons.append("form:quoted")
    if len(view.full) > 1500:
        reasons.append("form:long text")
    if view.lang != "en":
        reasons.append("form:not English")
    if view.lang not in FAMILIAR:
        reasons.append("form:unfamiliar language")
    return tuple(reasons)


def _position(place: int, titled: bool) -> str:
    if place == 0:
        return "title"
    if place <= 2:
        return "lead" if titled or place == 1 else "early"
    return "early" if place <= 5 else "late"


def _old_years(view: View, sentence: Sentence) -> list[str]:
    now = view.date.year if view.date else 0
    years = [int(found) for found in _YEAR.findall(view.full, sentence.start, sentence.end)]
    if any(year < now - 1 if now else year < 2000 for year in years):
        return ["in:old year"]
    return ["in:last year"] if now and any(year == now - 1 for year in years) else []


def _quoted(before: str) -> bool:
    return before.count("“") > before.count("”")


def setting(view: View, sentence: Sentence) -> tuple[str, ...]:
    """The reasons that hold for every candidate of a sentence: what its title is about, years long ago, questions."""
    reasons = [f"title:{name}" for name in view.title_words.spans if name in _TOPICS] if sentence.place else []
    reasons.extend(_old_years(view, sentence))
    if view.full[sentence.start : sentence.end].rstrip().endswith("?"):
        reasons.append("form:question")
    title = view.full[view.title.start : view.title.end] if view.title else ""
    if title and (title.rstrip().endswith("?") or _QUESTION.match(title)):
        reasons.append("form:title asks")
    return tuple(reasons)


def plain_words(sentence: str, title: str) -> tuple[str, ...]:
    """The words of a sentence and of its title, each once, as reasons ``word:`` and ``title word:``."""
    own, above = dict.fromkeys(sentence.split()[:60]), dict.fromkeys(title.split()[:30])
    return (*(f"word:{word}" for word in own), *(f"title word:{word}" for word in above))


def together(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with what they say of one another: more rules, more sentences, other triggers beside them."""
    rules: dict[tuple[str, int], set[str]] = {}
    spread: dict[str, set[int]] = {}
    beside: dict[int, set[str]] = {}
    for one in candidates:
        rules.setdefault((one.trigger, one.sentence.start), set()).add(one.rule)
        spread.setdefault(one.trigger, set()).add(one.sentence.start)
        beside.setdefault(one.sentence.start, set()).add(one.trigger)
    made = []
    for one in candidates:
        reasons = list(one.evidence)
        if len(rules[one.trigger, one.sentence.start]) > 1:
            reasons.append("more:rules")
        if len(spread[one.trigger]) > 1:
            reasons.append("more:sentences")
        if len(beside[one.sentence.start]) > 1:
            reasons.append("more:triggers")
        reasons.append(f"is:{one.phase}")
        made.append(msgspec.structs.replace(one, evidence=tuple(reasons)))
    return made
