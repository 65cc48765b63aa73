"""Which meaning of a name is likeliest: by what the text says of countries, by its neighbours, by size and by kind."""

import math
from collections import defaultdict
from functools import lru_cache
from typing import Final

import msgspec

from worker.places.memo import Memo
from worker.places.model import WEAK, Kind, Spot
from worker.places.names import Words, key
from worker.places.nearby import Crowd, company, inside
from worker.places.sight import Sighting
from worker.places.vocabulary import ADJECTIVE_LAST, FORCES, acts

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
VOTE: Final = {
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
SEVERAL: Final = 1.5
"""From so many names beside it on the map on, they speak for a meaning as a company, each this much louder."""
COMPANY: Final = 1.5
_FIRM: Final = frozenset({"country", "demonym", "actor", "group", "capital"})
TOWN: Final = frozenset({"city", "capital", "region"})


class Hints(msgspec.Struct, frozen=True, gc=False):
    """What helps to choose: countries by weight, the larger place that follows, the town before, readers' countries.

    ``own`` is the weight that each name has in the votes itself.
    """

    votes: dict[str, float]
    own: dict[tuple[Spot, ...], float]
    within: tuple[Spot, ...]
    surely: bool
    held: Sighting | None
    speakers: frozenset[str]
    cells: Crowd


def votes_of(run: Words, sights: list[Sighting], lang: str) -> tuple[dict[str, float], dict[tuple[Spot, ...], float]]:
    """What the text says of countries, and each name's share in it.

    A country whose forces are named, before or behind, is rarely where they are.
    """
    votes: dict[str, float] = defaultdict(float)
    own: dict[tuple[Spot, ...], float] = defaultdict(float)
    behind = lang in ADJECTIVE_LAST
    for sight in sights:
        if not sight.flags & WEAK:
            codes, calm, acting = _VOICES[sight.spots]
            led = behind and sight.first and sight.spots[0].kind == "demonym" and run.folded[sight.first - 1] in FORCES
            weight = acting if acting != calm and (led or acts(run, sight.last)) else calm
            own[sight.spots] += weight
            for code in codes:
                votes[code] += weight
    return votes, own


def _voice(spots: tuple[Spot, ...]) -> tuple[tuple[str, ...], float, float]:
    """The countries that a name speaks for, and its province; how loud, and how loud where it acts."""
    codes = {s.country for s in spots if firm(s)} or {s.country for s in spots}
    own = [s for s in spots if s.country in codes]
    spot = own[0]
    if len(codes) > 1 or (spot.kind in ("city", "point") and spot.size < 20_000):
        return tuple(codes), 0.5, 0.5
    province = (f"{spot.country}.{spot.admin1}",) if spot.admin1 and all(s.admin1 == spot.admin1 for s in own) else ()
    weight, large = VOTE[spot.kind], spot.size > 400_000 and spot.kind == "city"
    return (spot.country, *province), weight * (1.6 if large else 1), weight * 0.4


_VOICES: Final = Memo(_voice, 8192)


def firm(spot: Spot) -> bool:
    """Whether a meaning is so well known that lesser namesakes do not make the name doubtful."""
    return spot.kind in _FIRM or (spot.kind == "region" and spot.size >= 1_000_000)


def fits(spot: Spot, within: tuple[Spot, ...]) -> bool:
    """Whether a place lies in any of these larger ones."""
    return any(inside(spot, larger) for larger in within)


def best_of(sight: Sighting, word: str, hints: Hints) -> Spot:
    """The likeliest meaning of a name, whose folded words are ``word``."""
    spots = sight.spots
    if len(spots) == 1:
        return spots[0]
    famous = [key(s.name) == word for s in spots if firm(s)]
    # Pekin is a town in Illinois, but to Spanish readers Pekín is Beijing.
    foreign = bool(famous) and not any(famous)
    return max(spots, key=lambda s: _rank(s, sight, word, hints, famous=bool(famous), foreign=foreign))


def _rank(spot: Spot, sight: Sighting, word: str, hints: Hints, *, famous: bool, foreign: bool) -> float:
    near = min(company(spot, sight.spots, hints.cells), 3.0) if hints.cells else 0.0
    # Beside a famous namesake, a town's land says half as much for it where nothing of its neighbourhood is named.
    most = 3.0 if famous and near < 1.0 and not firm(spot) else 6.0
    score = (
        _prior(spot.kind, spot.size)
        + near * (COMPANY if near >= SEVERAL else 1.0)
        + min(_told(spot.country, spot, sight, hints), most)
    )
    if word and key(spot.name) == word and not (foreign and not firm(spot)):
        score += 1.0
    if spot.admin1:
        score += min(_told(f"{spot.country}.{spot.admin1}", spot, sight, hints), 4.0) * 0.5
    if hints.within:
        score += _held_by(spot, sight, hints)
    if holds(spot, hints.held):
        score += 2.5
    if spot.country in hints.speakers:
        score += 0.5
    return score


def _told(code: str, spot: Spot, sight: Sighting, hints: Hints) -> float:
    """The votes for a country or province; for a town, its province or a small one those of the other names alone."""
    votes = hints.votes.get(code, 0.0)
    if code not in _VOICES[sight.spots][0]:
        return votes
    lesser = spot.kind in ("city", "capital") or (
        spot.kind == "region" and (spot.size < 1_000_000 or any(s.kind == "capital" for s in sight.spots))
    )
    return votes - hints.own.get(sight.spots, 0.0) if lesser else votes


@lru_cache(maxsize=8192)
def _prior(kind: Kind, size: int) -> float:
    """What a place is worth that nothing is known of but its kind and size."""
    score = _PRIOR[kind] + math.log10(max(size, 500)) * 0.6
    if kind == "region" and size < 1_000_000:
        score -= 1.6
    if kind == "city" and size >= 3_000_000:
        score += 0.8
    return score


def _held_by(spot: Spot, sight: Sighting, hints: Hints) -> float:
    """What the larger place that follows is worth; in lists of countries and states it is worth little."""
    land = any(s.kind == "country" for s in sight.spots)
    if not any(spot.country == w.country and spot is not w for w in hints.within):
        return 0.0
    if spot.kind not in TOWN or (land and spot.kind != "region" and not hints.surely):
        return 0.0 if land else 3.0
    if not fits(spot, hints.within):
        return 3.0
    return 12.0 if hints.surely or not any(firm(s) and s.kind != "capital" for s in sight.spots) else 4.5


def holds(spot: Spot, held: Sighting | None) -> bool:
    """Whether the town named just before may lie in this region or country: Savannah, Georgia; Tbilisi, Georgia."""
    if held is None or spot.kind not in ("country", "region"):
        return False
    towns = [t for t in held.spots if t.kind in ("city", "capital") and t.country == spot.country]
    return any(not spot.admin1 or t.admin1 == spot.admin1 for t in towns)


def word_of(run: Words, sight: Sighting) -> str:
    """The folded words of a name."""
    return " ".join(run.folded[sight.first : sight.last])
