"""A ``match`` line as it is read: its elements in order, how far apart they may stand, and where the doer stands."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from worker.triggers.lexicon import Section
from worker.triggers.wording import PatternError, expand

NEAR: Final = 16
FAR: Final = 60

_TOKEN: Final = re.compile(r"\{[^{}]+\}|\.\.\.|@|[^\s{}@]+")
Words = Mapping[str, tuple[str, ...]]


class Pattern(NamedTuple):
    """For each element the items that fill it (``{name}`` of a set, or bare words), and the widest gap before it."""

    elements: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]
    doer: str


def read(text: str) -> Pattern:
    """A line taken apart; raises PatternError for one that names nothing."""
    elements: list[tuple[str, ...]] = []
    gaps: list[int] = []
    gap, doer = NEAR, ""
    literal: list[str] = []
    for item in [*_TOKEN.findall(text), "@end"]:
        special = item[0] in "{@" or item == "..."
        if literal and (special or literal[-1].endswith("*")):
            elements.append((" ".join(literal),))
            gaps.append(gap)
            gap, literal = NEAR, []
        if item == "...":
            gap = FAR
        elif item == "@":
            doer = "after" if elements else "before"
        elif item[0] == "{":
            elements.append(tuple("{" + name + "}" for name in item[1:-1].split("|")))
            gaps.append(gap)
            gap = NEAR
        if not special:
            literal.append(item)
    if not elements:
        raise PatternError(f"the line {text!r} names nothing to look for")
    return Pattern(tuple(elements), tuple(gaps), doer)


def words_of(item: str, words: Words) -> tuple[str, ...]:
    """The words that an item stands for: those of its set, or itself; raises PatternError for an unknown set."""
    if not item.startswith("{"):
        return (item,)
    name = item.strip("{}")
    if name not in words:
        raise PatternError(f"there is no set of words called {name!r}")
    return words[name]


def check(section: Section, shared: Words) -> None:
    """Raises PatternError where a line or a word of a section cannot be compiled."""
    words = {**shared, **section.words}
    items = dict.fromkeys(section.unless)
    for rule in section.rules:
        items.update(dict.fromkeys(rule.unless))
        items.update((item, None) for line in rule.match for element in read(line).elements for item in element)
    for word in {word for item in items for word in words_of(item, words)}:
        expand(word)
