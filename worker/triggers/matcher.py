"""Runs every rule of the lexicon over sentences: one pass for the words, then a cheap check of each line in reach."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Final

import msgspec

from worker.triggers.lexicon import Lexicon, Rule, Section
from worker.triggers.lines import Words, read, words_of
from worker.triggers.wording import Automaton, Hit, Match, expand

MOST: Final = 12


class Found(msgspec.Struct, frozen=True, gc=False):
    """A rule that matched: offsets in the text, and whether its doer stands before it, after it or is not told."""

    trigger: str
    rule: Rule
    start: int
    end: int
    doer: str
    lang: str


class Line(msgspec.Struct, frozen=True, gc=False):
    """A compiled ``match`` line: for each element the sets that fill it, and the widest gap before it."""

    trigger: str
    rule: Rule
    slots: tuple[frozenset[int], ...]
    gaps: tuple[int, ...]
    unless: frozenset[int]
    doer: str
    lang: str


class Matcher:
    """All rules of one or more languages, ready to be run over texts."""

    def __init__(self, lexicon: Lexicon, languages: Iterable[str]) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._sizes: list[float] = []
        self._lines: list[Line] = []
        self._beside: dict[int, set[int]] = {}
        self._pairs: dict[tuple[int, int], list[int]] = {}
        self._bars: dict[str, set[int]] = {}
        for code in languages:
            shared = lexicon.shared.get(code, {})
            for file in lexicon.triggers:
                section = file.languages.get(code)
                if section is not None:
                    self._compile(file.trigger, section, {**shared, **section.words}, code)
        self._firsts = frozenset(self._beside)
        self._automaton = Automaton({number: words for words, number in self._numbers.items()})

    def _compile(self, trigger: str, section: Section, words: Words, code: str) -> None:
        known: dict[str, int] = {}

        def numbered(items: Iterable[str]) -> frozenset[int]:
            for item in items:
                if item not in known:
                    known[item] = self._number(words_of(item, words))
            return frozenset(known[item] for item in items)

        self._bars.setdefault(trigger, set()).update(numbered(section.unless))
        for rule in section.rules:
            unless = numbered((*rule.unless, *section.unless))
            for text in rule.match:
                pattern = read(text)
                slots = tuple(map(numbered, pattern.elements))
                self._index(Line(trigger, rule, slots, pattern.gaps, unless, pattern.doer, code))

    def _index(self, line: Line) -> None:
        """Under its two smallest sets, which are met least often: only where both stand is a line looked at."""
        ranked = sorted(line.slots, key=lambda slot: sum(self._sizes[number] for number in slot))
        for first, second in product(ranked[0], ranked[min(1, len(ranked) - 1)]):
            self._beside.setdefault(first, set()).add(second)
            self._pairs.setdefault((first, second), []).append(len(self._lines))
        self._lines.append(line)

    def _number(self, words: tuple[str, ...]) -> int:
        number = self._numbers.setdefault(words, len(self._numbers))
        if number == len(self._sizes):
            # Short words are common words.
            self._sizes.append(sum(len(form) ** -3 for word in words for form in expand(word)))
        return number

    def run(self, norm: str, spans: Iterable[tuple[int, int]]) -> list[list[Found]]:
        """For each span of a text in its normal form (a sentence; in order, apart) the rules that match inside it."""
        matches = self._automaton.matches(norm)
        ends = [end for _, _, end in matches]
        results: list[list[Found]] = []
        for start, end in spans:
            # A normal form begins with a space more, and a match takes in the space behind a word.
            inside = matches[bisect_right(ends, start) : bisect_right(ends, end + 2)]
            near = self._near(inside)
            hits = self._automaton.hits(norm, inside) if near else ()
            results.append(_found(near, [hit for hit in hits if start <= hit[0] and hit[1] <= end]) if near else [])
        return results

    def barred(self, norm: str, spots: Sequence[tuple[str, int, int]]) -> list[bool]:
        """For each trigger and span whether words stand there that rule it out, by whatever means it was found."""
        wanted = {number for trigger, _, _ in spots for number in self._bars.get(trigger, ())}
        hits = [hit for hit in self._automaton.hits(norm) if not wanted.isdisjoint(hit[2])] if wanted else []
        return [
            any(
                start <= hit[0] and hit[1] <= end and not self._bars.get(trigger, set()).isdisjoint(hit[2])
                for hit in hits
            )
            for trigger, start, end in spots
        ]

    def _near(self, matches: Sequence[Match]) -> list[Line]:
        """The lines whose sets all stand among these matches: few, and of most sentences none."""
        here: set[int] = set().union(*[self._automaton.owners[form] for form, _, _ in matches])
        firsts = [first for first in self._firsts & here if not self._beside[first].isdisjoint(here)]
        if not firsts:
            return []
        found = {
            number for first in firsts for second in self._beside[first] & here for number in self._pairs[first, second]
        }
        lines = (self._lines[number] for number in sorted(found))
        return [line for line in lines if not any(map(here.isdisjoint, line.slots))]


def _found(lines: Sequence[Line], hits: Iterable[Hit]) -> list[Found]:
    """What these lines find in a sentence that holds nothing that rules them out."""
    asked: set[int] = set().union(*[numbers for line in lines for numbers in (*line.slots, line.unless)])
    spots: dict[int, list[tuple[int, int]]] = {}
    for start, end, numbers in hits:
        for number in numbers:
            if number in asked:
                places = spots.setdefault(number, [])
                if len(places) < MOST:
                    places.append((start, end))
    return [
        Found(line.trigger, line.rule, start, end, line.doer, line.lang)
        for line in lines
        if line.unless.isdisjoint(spots)
        for start, end in _walk(line, spots)
    ]


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
