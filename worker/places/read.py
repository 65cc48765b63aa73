"""A document read for places: its sentences, the names with their parts, and how often it speaks of each country."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Final

import msgspec

from worker.articles.language import spoken
from worker.articles.model import Document
from worker.places.choose import choose
from worker.places.grammar import Told, cue, share
from worker.places.model import Names
from worker.places.names import words
from worker.places.organisation import led
from worker.places.sight import sightings

# One set of marks stands first, so that a search passes over all other letters at once.
_STOP: Final = re.compile(r"[.!?؟۔。！？\n](?:(?<=[.!?؟۔])[.!?؟۔]*[\"”’»)\]]*(?=\s)|(?<=[。！？])[。！？]*|(?<=\n)\n*)")
_SHORT: Final = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "gov",
        "sen",
        "gen",
        "col",
        "lt",
        "rep",
        "jan",
        "feb",
        "aug",
        "sept",
        "oct",
        "nov",
        "dec",
    }
)
_PLACED: Final = frozenset({"scene", "of", "bare", "target", "link"})
_LIMIT: Final = 250_000
_HEAD, _BEFORE, _AFTER = 12, 40, 20


class Reading(msgspec.Struct, frozen=True, gc=False):
    """Text, ends of its sentences, names in order, and the weight of each country with their sum."""

    text: str
    stops: list[int]
    told: list[Told]
    votes: dict[str, float]
    total: float

    def sentence(self, at: int) -> int:
        """The number of the sentence at a character."""
        return bisect_right(self.stops, at)

    def around(self, at: int) -> list[int]:
        """The names that may tell of something at a character: the first ones and those nearby; bounded."""
        middle = bisect_left(self.told, at, key=lambda t: t.named.sight.start)
        near = range(max(middle - _BEFORE, 0), min(middle + _AFTER, len(self.told)))
        return [*range(min(_HEAD, near.start)), *near]


def read(document: Document, names: Names) -> Reading:
    """The names of a document with the part that each plays, from its first 250,000 letters; linear in the text."""
    text, lang = document.full[:_LIMIT], spoken(document.lang)
    run = words(text)
    named = choose(text, run, sightings(text, run, names, lang), names, lang)
    stops = [m.end() for m in _STOP.finditer(text) if _ends(text, m.start(), m.end())]
    told = share(text, [Told(n, cue(run, n, lang), bisect_right(stops, n.sight.start)) for n in named])
    told = [_named(text, t) for t in told]
    votes = _votes(told)
    return Reading(text, stops, told, votes, sum(votes.values()))


def _ends(text: str, start: int, end: int) -> bool:
    """Whether a stop ends a sentence: not after an initial or a short form, nor before a small letter."""
    if text[start] == "\n":
        return not text[end : end + 1].islower()
    if text[start] != ".":
        return True
    word = text[max(start - 6, 0) : start].replace("\n", " ").replace(".", " ").rpartition(" ")[2]
    return len(word) > 1 and word.lower() not in _SHORT and not text[end : end + 2].strip()[:1].islower()


def _named(text: str, told: Told) -> Told:
    """The same, or as part of the name of a school or a paper, which may stand anywhere: Universidad de Lisboa."""
    sight = told.named.sight
    if told.cue in _PLACED and led(text, sight.start):
        return msgspec.structs.replace(told, cue="named")
    return told


def _votes(told: list[Told]) -> dict[str, float]:
    """How much the text speaks of each country; those who act or speak count little."""
    votes: dict[str, float] = defaultdict(float)
    for t in told:
        if t.named.spot.country and t.cue != "camp":
            named = t.named.spot.kind not in ("demonym", "actor", "group")
            votes[t.named.spot.country] += 0.4 if t.cue in ("agent", "speaker") else 2.0 if named else 1.0
    return dict(votes)
