"""The words and rules by which a trigger is found, and the automaton that finds them all in one pass.

A rule's ``match`` is a line that an analyst can read: ``@ {close} its {border}``. ``{close}`` is a set of words;
bare words stand for themselves; what stands side by side may have two short words between; `` ... `` lets about
ten stand there; ``{a|b}`` is either set; ``@`` at the front or the end says that the one who does it is named there.
In a set ``evacuat*`` is every word that begins so, ``*angriff`` every word that ends so, ``close~`` stands for
close, closes, closed, closing and ``border(s)`` for border, borders.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import ahocorasick_rs
import msgspec

from worker.triggers.model import Phase, Veracity

NEAR: Final = 16
FAR: Final = 60
MOST: Final = 12
STRENGTH: Final = {"strong": 2.0, "medium": 0.5, "weak": -1.0, "faint": -2.5}

_TOKEN: Final = re.compile(r"\{[^{}]+\}|\.\.\.|@|[^\s{}@]+")
_NOT_WORD: Final = re.compile(r"[^\w\s]|_|\n|\t|\r")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which news tells of a trigger. ``unless`` are words that must not stand in the same sentence."""

    name: str
    match: tuple[str, ...]
    strength: str = "medium"
    phase: Phase | None = None
    veracity: Veracity | None = None
    unless: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one language says: sets of words, and rules over them."""

    words: dict[str, tuple[str, ...]] = {}
    rules: tuple[Rule, ...] = ()


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence of our own wording that a trigger's rules must find, or must leave."""

    text: str
    lang: str = "en"
    phase: Phase = "active"
    veracity: Veracity = "reported"


class TriggerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trigger as an analyst writes it."""

    trigger: str
    about: str
    not_this: str = ""
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()
    languages: dict[str, Section] = {}


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """Every trigger file, the words they share, the words that context rules look for, and the judge's weights."""

    triggers: tuple[TriggerFile, ...]
    shared: dict[str, dict[str, tuple[str, ...]]] = {}
    context: dict[str, dict[str, tuple[str, ...]]] = {}
    weights: dict[str, float] = {}

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that have rules."""
        return frozenset(code for file in self.triggers for code in file.languages)


class Found(msgspec.Struct, frozen=True):
    """A rule that matched: offsets in the text, and whether its doer stands before it, after it or is not told."""

    trigger: str
    rule: Rule
    start: int
    end: int
    doer: str
    lang: str


class Line(msgspec.Struct, frozen=True):
    """A compiled ``match`` line: for each element the sets that fill it, and the widest gap before it."""

    trigger: str
    rule: Rule
    slots: tuple[frozenset[int], ...]
    gaps: tuple[int, ...]
    unless: frozenset[int]
    doer: str
    lang: str


class PatternError(ValueError):
    """A ``match`` line or a word that cannot be compiled."""


def normal(text: str) -> str:
    """The text in lower case with a space for every mark, of the same length plus a space at either end."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return f" {_NOT_WORD.sub(' ', low)} "


def expand(word: str) -> tuple[str, ...]:
    """The forms that a word of a set stands for, padded where a word must begin or end."""
    if "(" in word:
        left, _, rest = word.partition("(")
        inner, _, right = rest.partition(")")
        return expand(left + right) + expand(left + inner + right)
    if "~" in word:
        stem = word[: word.index("~")].rpartition(" ")[2]
        return tuple(f for form in _verb_forms(stem) for f in expand(word.replace(f"{stem}~", form, 1)))
    if "*" in word[1:-1]:
        raise PatternError(f"the word {word!r} has a star in its midst")
    start, end = ("" if word.startswith("*") else " "), ("" if word.endswith("*") else " ")
    middle = normal(word.strip("*")).strip()
    if not middle:
        raise PatternError(f"the word {word!r} is empty")
    if ord(middle[0]) > 0x2E00:
        start = end = ""
    return (start + " ".join(middle.split()) + end,)


def _verb_forms(stem: str) -> tuple[str, ...]:
    if stem.endswith("e"):
        return stem, stem + "s", stem + "d", stem[:-1] + "ing"
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"
    if stem.endswith(("s", "sh", "ch", "x", "z")):
        return stem, stem + "es", stem + "ed", stem + "ing"
    return stem, stem + "s", stem + "ed", stem + "ing"


class Automaton:
    """Finds the members of many sets of words in one pass over a text."""

    def __init__(self, sets: Mapping[int, Iterable[str]]) -> None:
        owners: dict[str, list[int]] = {}
        for number, words in sets.items():
            for word in words:
                for form in expand(word):
                    known = owners.setdefault(form, [])
                    if number not in known:
                        known.append(number)
        forms = list(owners)
        self._owners = [tuple(owners[form]) for form in forms]
        self._open = [(not form.startswith(" "), not form.endswith(" "), ord(form[0]) > 0x2E00) for form in forms]
        self._search = ahocorasick_rs.AhoCorasick(forms, matchkind=ahocorasick_rs.MatchKind.Standard)

    def hits(self, norm: str) -> list[tuple[int, int, tuple[int, ...]]]:
        """Start, end and sets of every hit, by start; offsets count in the text that ``norm`` was made of."""
        found = []
        for form, start, end in self._search.find_matches_as_indexes(norm, overlapping=True):
            open_start, open_end, spaceless = self._open[form]
            if spaceless:
                found.append((start - 1, end - 1, self._owners[form]))
                continue
            if open_start:
                start = max(norm.rfind(" ", max(0, start - 40), start), 0)
            if open_end:
                stop = norm.find(" ", end, end + 40)
                end = (stop if stop > 0 else end) + 1
            found.append((start, end - 2, self._owners[form]))
        found.sort(key=lambda hit: (hit[0], hit[1]))
        return found


class Matcher:
    """All rules of one or more languages, ready to be run over texts."""

    def __init__(self, lexicon: Lexicon, languages: Iterable[str]) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._sizes: list[int] = []
        self._by_anchor: dict[int, list[Line]] = {}
        for code in languages:
            shared = lexicon.shared.get(code, {})
            for file in lexicon.triggers:
                section = file.languages.get(code)
                if section is not None:
                    self._compile(file.trigger, section, {**shared, **section.words}, code)
        self._automaton = Automaton({number: words for words, number in self._numbers.items()})

    def _compile(self, trigger: str, section: Section, words: Mapping[str, tuple[str, ...]], code: str) -> None:
        for rule in section.rules:
            unless = frozenset(self._number(_words_of(item, words)) for item in rule.unless)
            for text in rule.match:
                slots, gaps, doer = self._parse(text, words)
                line = Line(trigger, rule, slots, gaps, unless, doer, code)
                # The smallest set is met least often: only where it stands is the rest of the line looked for.
                anchor = min(slots, key=lambda slot: sum(self._sizes[number] for number in slot))
                for number in anchor:
                    self._by_anchor.setdefault(number, []).append(line)

    def _number(self, words: tuple[str, ...]) -> int:
        number = self._numbers.setdefault(words, len(self._numbers))
        if number == len(self._sizes):
            self._sizes.append(len(words))
        return number

    def _parse(
        self, text: str, words: Mapping[str, tuple[str, ...]]
    ) -> tuple[tuple[frozenset[int], ...], tuple[int, ...], str]:
        slots: list[frozenset[int]] = []
        gaps: list[int] = []
        gap, doer = NEAR, ""
        literal: list[str] = []
        for item in [*_TOKEN.findall(text), "@end"]:
            special = item[0] in "{@" or item == "..."
            if literal and (special or literal[-1].endswith("*")):
                slots.append(frozenset([self._number((" ".join(literal),))]))
                gaps.append(gap)
                gap, literal = NEAR, []
            if item == "...":
                gap = FAR
            elif item == "@":
                doer = "after" if slots else "before"
            elif item[0] == "{":
                names = item[1:-1].split("|")
                slots.append(frozenset(self._number(_words_of("{" + name + "}", words)) for name in names))
                gaps.append(gap)
                gap = NEAR
            if not special:
                literal.append(item)
        if not slots:
            raise PatternError(f"the line {text!r} names nothing to look for")
        return tuple(slots), tuple(gaps), doer

    def run(self, full: str, spans: Iterable[tuple[int, int]]) -> list[list[Found]]:
        """For each span (a sentence; in order, apart) the rules that match inside it."""
        hits = self._automaton.hits(normal(full))
        results: list[list[Found]] = []
        at, count = 0, len(hits)
        for start, end in spans:
            while at < count and hits[at][0] < start:
                at += 1
            first = at
            while at < count and hits[at][0] < end:
                at += 1
            inside = [hit for hit in hits[first:at] if hit[1] <= end]
            results.append(self._match(inside) if inside else [])
        return results

    def _match(self, hits: list[tuple[int, int, tuple[int, ...]]]) -> list[Found]:
        spots: dict[int, list[tuple[int, int]]] = {}
        for start, end, numbers in hits:
            for number in numbers:
                places = spots.setdefault(number, [])
                if len(places) < MOST:
                    places.append((start, end))
        found: list[Found] = []
        for number in spots:
            for line in self._by_anchor.get(number, ()):
                if _possible(line, spots):
                    found.extend(
                        Found(line.trigger, line.rule, start, end, line.doer, line.lang)
                        for start, end in _walk(line, spots)
                    )
        return found


def _words_of(item: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if not item.startswith("{"):
        return (item,)
    name = item.strip("{}")
    if name not in words:
        raise PatternError(f"there is no set of words called {name!r}")
    return words[name]


def _possible(line: Line, spots: Mapping[int, object]) -> bool:
    """Whether every element of the line stands somewhere in the sentence, and nothing that rules it out."""
    for slot in line.slots:
        for number in slot:
            if number in spots:
                break
        else:
            return False
    return line.unless.isdisjoint(spots)


def _walk(line: Line, spots: Mapping[int, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Every way from a first to a last element with no gap too wide; for each start the nearest end."""
    if len(line.slots) == 1:
        return [spot for number in line.slots[0] for spot in spots.get(number, ())]
    runs = [(start, end, end) for number in line.slots[0] for start, end in spots.get(number, ())]
    for slot, gap in zip(line.slots[1:], line.gaps[1:], strict=True):
        options = [spot for number in slot for spot in spots.get(number, ())]
        grown = []
        for first, _, last in runs:
            near = [spot for spot in options if last <= spot[0] <= last + gap + 1]
            if near:
                start, end = min(near)
                grown.append((first, start, end))
        runs = grown
    return sorted({(first, last) for first, _, last in runs})
