"""Sets of words, and the automaton that finds their members in one pass over a text."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Final

import ahocorasick_rs

Match = tuple[int, int, int]
Hit = tuple[int, int, tuple[int, ...]]
_place: Final = itemgetter(0, 1)
_MARK: Final = re.compile(r"[^\w\s]")


class PatternError(ValueError):
    """A ``match`` line or a word that cannot be compiled."""


def normal(text: str) -> str:
    """The text in lower case with a space for every mark, of the same length plus a space at either end."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    bare = _MARK.sub(" ", low)
    for other in "_\n\t\r":
        bare = bare.replace(other, " ")
    return f" {bare} "


@lru_cache(maxsize=100_000)
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
        self.owners = [tuple(owners[form]) for form in forms]
        self._whole = [form.startswith(" ") and form.endswith(" ") for form in forms]
        self._open = [(not form.startswith(" "), not form.endswith(" "), ord(form[0]) > 0x2E00) for form in forms]
        self._search = ahocorasick_rs.AhoCorasick(forms, matchkind=ahocorasick_rs.MatchKind.Standard)

    def matches(self, norm: str) -> list[Match]:
        """Every form that stands in a normal form, by where it ends; start and end count in ``norm``."""
        found: list[Match] = self._search.find_matches_as_indexes(norm, overlapping=True)
        return found

    def hits(self, norm: str, matches: Iterable[Match] | None = None) -> list[Hit]:
        """Start, end and sets of every hit, by start; offsets count in the text that ``norm`` was made of."""
        found = []
        for form, start, end in self.matches(norm) if matches is None else matches:
            if self._whole[form]:
                found.append((start, end - 2, self.owners[form]))
                continue
            open_start, open_end, spaceless = self._open[form]
            if spaceless:
                found.append((start - 1, end - 1, self.owners[form]))
                continue
            if open_start:
                start = max(norm.rfind(" ", max(0, start - 40), start), 0)
            if open_end:
                stop = norm.find(" ", end, end + 40)
                end = (stop if stop > 0 else end) + 1
            found.append((start, end - 2, self.owners[form]))
        found.sort(key=_place)
        return found
