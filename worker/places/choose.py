"""Which of the places that share a name is meant: by what the text says of countries, by size and by kind."""

import math
from collections import defaultdict
from typing import Final, NamedTuple

from worker.places.model import WEAK, Names, Spot
from worker.places.names import Word, key
from worker.places.sight import Sighting, personal
from worker.places.vocabulary import OBJECT, SCENE, acts

_PRIOR: Final = {
    "country": 3.0,
    "capital": 2.2,
    "region": 1.4,
    "sea": 2.0,
    "point": 1.6,
    "city": 0.0,
    "demonym": 3.0,
    "actor": 2.5,
    "group": 2.5,
}
_VOTE: Final = {
    "country": 3.0,
    "capital": 2.0,
    "region": 2.0,
    "city": 1.0,
    "point": 1.5,
    "sea": 0.0,
    "demonym": 2.0,
    "actor": 1.0,
    "group": 1.6,
}
_SPEAKERS: Final = {
    "es": frozenset(
        {"ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC", "BO", "GT", "CU", "HN", "SV", "NI", "PY", "UY", "CR"}
    ),
    "pt": frozenset({"BR", "PT", "AO", "MZ"}),
    "de": frozenset({"DE", "AT", "CH"}),
    "fr": frozenset({"FR", "BE", "CH", "CA"}),
    "it": frozenset({"IT"}),
    "tr": frozenset({"TR"}),
    "ru": frozenset({"RU", "UA", "BY", "KZ"}),
    "uk": frozenset({"UA"}),
    "ar": frozenset({"EG", "SY", "IQ", "LB", "JO", "SA", "YE", "LY", "SD", "TN", "DZ", "MA", "PS"}),
}


_IN: Final = frozenset({"in", "in the", "in northern", "in southern", "in eastern", "in western", "en", "im"})
_PEOPLE: Final = frozenset({"demonym", "actor", "group"})


class Named(NamedTuple):
    """A place that the text names: the words and the meaning that was chosen."""

    sight: Sighting
    spot: Spot


class Hints(NamedTuple):
    """What helps to choose: countries by weight, the larger place that follows, the town before, the language."""

    votes: dict[str, float]
    within: Spot | None
    held: Sighting | None
    lang: str


def choose(text: str, run: list[Word], sights: list[Sighting], names: Names, lang: str) -> list[Named]:
    """The meaning of each name; people, and common words that no context makes a place, are left out."""
    people = {run[s.first].folded for s in sights if s.spots[0].size < 500_000 and personal(run, s, names)}
    kept = [
        s
        for s in sights
        if not (s.last == s.first + 1 and run[s.first].folded in people)
        and not (s.spots[0].kind not in _PEOPLE and personal(run, s, names))
    ]
    votes = _votes(run, kept)
    out = []
    for index, sight in enumerate(kept):
        within = _within(text, sight, kept[index + 1] if index + 1 < len(kept) else None)
        held = kept[index - 1] if index and text[kept[index - 1].end : sight.start] == ", " else None
        word = " ".join(run[i].folded for i in range(sight.first, sight.last)) if len(sight.spots) > 1 else ""
        hints = Hints(votes, within, held, lang)
        best = max(sight.spots, key=lambda s: _rank(s, word, hints))
        given = _named_after(run, sight, names)
        if within and within.country and best.country != within.country and best.kind in ("city", "region"):
            continue  # a village that the gazetteer lacks, in a land that it knows
        if _stands(run, sight, best, hints, given):
            out.append(Named(sight, best))
    return out


def _votes(run: list[Word], sights: list[Sighting]) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for sight in sights:
        codes = {s.country for s in sight.spots if _firm(s)} or {s.country for s in sight.spots}
        if sight.flags & WEAK:
            continue
        if len(codes) > 1:
            for code in codes:
                votes[code] += 0.5
            continue
        spot = next(s for s in sight.spots if s.country in codes)
        if spot.kind in ("city", "point") and spot.size < 20_000:
            votes[spot.country] += 0.5
            continue
        weight = _VOTE[spot.kind] * (
            0.4 if acts(run, sight.last) else 1.6 if spot.size > 400_000 and spot.kind == "city" else 1
        )
        votes[spot.country] += weight
        if spot.admin1:
            votes[f"{spot.country}.{spot.admin1}"] += weight
    return votes


def _firm(spot: Spot) -> bool:
    """Whether a meaning is so well known that lesser namesakes do not make the name doubtful."""
    return spot.kind in ("country", "demonym", "actor", "group", "capital") or (
        spot.kind == "region" and spot.size >= 1_000_000
    )


def _within(text: str, sight: Sighting, after: Sighting | None) -> Spot | None:
    """The larger place that follows at once: London, Ontario; Paris in Texas; Cambridge, Mass."""
    if after is None or after.start - sight.end > 14:
        return None
    gap = text[sight.end : after.start]
    if gap not in (", ", " (") and gap.strip().lower() not in _IN:
        return None
    larger = [s for s in after.spots if s.kind in ("country", "region")]
    return larger[0] if larger else None


def _rank(spot: Spot, word: str, hints: Hints) -> float:
    votes, within = hints.votes, hints.within
    score = _PRIOR[spot.kind] + math.log10(max(spot.size, 500)) * 0.6
    if spot.kind == "region" and spot.size < 1_000_000:
        score -= 1.6
    if spot.kind == "city" and spot.size >= 3_000_000:
        score += 0.8
    score += min(votes.get(spot.country, 0.0), 6.0) * 1.0
    if word and key(spot.name) == word:
        score += 1.0
    if spot.admin1:
        score += min(votes.get(f"{spot.country}.{spot.admin1}", 0.0), 4.0) * 0.5
    if within and spot.country == within.country:
        score += 4.0 + (2.0 if spot.admin1 and spot.admin1 == within.admin1 else 0.0)
    if _holds(spot, hints.held):
        score += 2.5
    if spot.country in _SPEAKERS.get(hints.lang[:2], ()):
        score += 0.5
    return score


def _holds(spot: Spot, held: Sighting | None) -> bool:
    """Whether the town named just before may lie in this region or country: Savannah, Georgia; Tbilisi, Georgia."""
    if held is None or spot.kind not in ("country", "region"):
        return False
    towns = [t for t in held.spots if t.kind in ("city", "capital") and t.country == spot.country]
    return any(not spot.admin1 or t.admin1 == spot.admin1 for t in towns)


def _named_after(run: list[Word], sight: Sighting, names: Names) -> bool:
    """Whether the name is one word that people are called by, or that may be an abbreviation: Barrett, NATO."""
    if sight.last > sight.first + 1:
        return False
    word = run[sight.first]
    return names.given(word.folded) or names.surname(word.folded) or (len(word.text) <= 5 and word.text.isupper())


def _stands(run: list[Word], sight: Sighting, spot: Spot, hints: Hints, given: bool) -> bool:
    """Whether a weak or small name has the context of a place; ``given`` tells that it is a person's too."""
    small = spot.kind == "city" and spot.size < 15_000
    weak = bool(sight.flags & WEAK)
    if not (weak or small or (given and spot.size < 100_000)):
        return True
    if (hints.within and hints.within.country == spot.country) or _holds(spot, hints.held):
        return True
    locative = sight.first > 0 and run[sight.first - 1].folded in SCENE | OBJECT
    support = hints.votes.get(spot.country, 0.0)
    if weak:
        return (locative and (support >= 2.0 or not small)) or (support >= 2.0 and spot.size >= 100_000)
    return locative or (support >= 1.0 and not given)
