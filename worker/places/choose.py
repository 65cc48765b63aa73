"""Which of the places that share a name is meant: by what the text says of countries, by size and by kind."""

import math
from collections import defaultdict
from functools import lru_cache
from typing import Final

import msgspec

from worker.places.memo import Memo
from worker.places.model import WEAK, Kind, Names, Spot
from worker.places.names import TAIL, Words, key
from worker.places.nature import natural
from worker.places.nearby import Crowd, company, crowd, inside
from worker.places.sight import RANK, Sighting, personal
from worker.places.vocabulary import ADJECTIVE_LAST, FORCES, OBJECT, SCENE, acts

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
_FIRM: Final = frozenset({"country", "demonym", "actor", "group", "capital"})
_TOWN: Final = frozenset({"city", "capital", "region"})
_LOCATIVE: Final = SCENE | OBJECT


class Named(msgspec.Struct, frozen=True, gc=False):
    """A place that the text names: the words and the meaning that was chosen."""

    sight: Sighting
    spot: Spot


class Hints(msgspec.Struct, frozen=True, gc=False):
    """What helps to choose: countries by weight, the larger place that follows, the town before, readers' countries."""

    votes: dict[str, float]
    within: tuple[Spot, ...]
    surely: bool
    held: Sighting | None
    speakers: frozenset[str]
    cells: Crowd


def choose(text: str, run: Words, sights: list[Sighting], names: Names, lang: str) -> list[Named]:
    """The meaning of each name; people, and common words that no context makes a place, are left out."""
    kept = _unpeopled(text, run, natural(text, run, sights, names, lang), names)
    wholes = [_within(text, s, kept[i + 1] if i + 1 < len(kept) else None) for i, s in enumerate(kept)]
    kept = _pinned(run, kept, wholes)
    votes, cells = _votes(run, kept, lang), crowd({_word(run, s): s.spots for s in kept if not s.flags & WEAK}.values())
    speakers = _SPEAKERS.get(lang[:2], frozenset())
    plain = Hints(votes, (), False, None, speakers, cells)
    meant: dict[tuple[Spot, ...], Spot] = {}
    out = []
    for index, (sight, (within, surely)) in enumerate(zip(kept, wholes, strict=True)):
        held = kept[index - 1] if index and text[kept[index - 1].end : sight.start] == ", " else None
        hints = Hints(votes, within, surely, held, speakers, cells) if within or held else plain
        best = meant.get(sight.spots) if hints is plain else None
        if best is None:
            best = _best(sight, _word(run, sight), hints)
            if hints is plain:
                meant[sight.spots] = best
        if _elsewhere(best, hints) or (lang[:2] != "de" and _half(text, sight, best, votes)):
            continue
        if _stands(run, sight, best, hints, names):
            out.append(Named(sight, best))
    return out


def _unpeopled(text: str, run: Words, sights: list[Sighting], names: Names) -> list[Sighting]:
    """The names without those of people; a town that the text also puts on the map stays where it stands alone."""
    persons = {s.first for s in sights if personal(run, s, names)}
    placed = {run.folded[s.first] for s in sights if s.first not in persons and _placed(text, run, s)}
    people = {run.folded[s.first] for s in sights if s.first in persons and s.spots[0].size < 500_000} - placed
    return [
        s
        for s in sights
        if not (s.last == s.first + 1 and run.folded[s.first] in people)
        and not (s.spots[0].kind not in _PEOPLE and s.first in persons)
    ]


def _placed(text: str, run: Words, sight: Sighting) -> bool:
    """Whether the words beside a name make it a place: in Jackson; Jackson, Miss."""
    if sight.first and run.tight[sight.first - 1] and run.folded[sight.first - 1] in SCENE:
        return True
    return text.startswith(TAIL, sight.end) and text[sight.end + 2 : sight.end + 8].find(".") > 1


def _word(run: Words, sight: Sighting) -> str:
    return " ".join(run.folded[sight.first : sight.last])


def _pinned(run: Words, kept: list[Sighting], wholes: list[tuple[tuple[Spot, ...], bool]]) -> list[Sighting]:
    """The same where a name means everywhere what the text tells of it once: Paris, Texas, and later Paris."""
    pins: dict[str, Spot] = {}
    for sight, (within, surely) in zip(kept, wholes, strict=True):
        if within and (surely or not any(_firm(s) and s.kind != "capital" for s in sight.spots)):
            fit = next((s for s in sight.spots if s.kind in _TOWN and _fits(s, within)), None)
            if fit:
                pins.setdefault(_word(run, sight), fit)
    if not pins:
        return kept
    out = []
    for sight, (within, _) in zip(kept, wholes, strict=True):
        pin = pins.get(_word(run, sight))
        out.append(
            msgspec.structs.replace(sight, spots=(pin,)) if pin and (not within or _fits(pin, within)) else sight
        )
    return out


def _fits(spot: Spot, within: tuple[Spot, ...]) -> bool:
    return any(inside(spot, larger) for larger in within)


def _elsewhere(best: Spot, hints: Hints) -> bool:
    """Whether this is a village that the gazetteer lacks, in a land that it knows."""
    if not hints.within or best.kind not in ("city", "region"):
        return False
    if hints.surely:
        return not _fits(best, hints.within)
    return all(w.country and w.country != best.country for w in hints.within)


def _half(text: str, sight: Sighting, best: Spot, votes: dict[str, float]) -> bool:
    """Whether a small town, in a land that nothing else speaks of, is but half of a name: the Croix-Rouge."""
    if best.kind != "city" or best.size >= RANK or votes.get(best.country, 0.0) > _VOTE["city"]:
        return False
    before, after = text[max(sight.start - 2, 0) : sight.start], text[sight.end : sight.end + 2]
    return (before[1:] == "-" and before[0].isalpha()) or (after[:1] == "-" and after[1:].isupper())


def _votes(run: Words, sights: list[Sighting], lang: str) -> dict[str, float]:
    """What the text says of countries; one whose forces are named, before or behind, is rarely where they are."""
    votes: dict[str, float] = defaultdict(float)
    behind = lang[:2] in ADJECTIVE_LAST
    for sight in sights:
        if not sight.flags & WEAK:
            codes, calm, acting = _VOICES[sight.spots]
            led = behind and sight.first and sight.spots[0].kind == "demonym" and run.folded[sight.first - 1] in FORCES
            weight = acting if acting != calm and (led or acts(run, sight.last)) else calm
            for code in codes:
                votes[code] += weight
    return votes


def _voice(spots: tuple[Spot, ...]) -> tuple[tuple[str, ...], float, float]:
    """The countries that a name speaks for, and its province; how loud, and how loud where it acts."""
    codes = {s.country for s in spots if _firm(s)} or {s.country for s in spots}
    own = [s for s in spots if s.country in codes]
    spot = own[0]
    if len(codes) > 1 or (spot.kind in ("city", "point") and spot.size < 20_000):
        return tuple(codes), 0.5, 0.5
    province = (f"{spot.country}.{spot.admin1}",) if spot.admin1 and all(s.admin1 == spot.admin1 for s in own) else ()
    weight, large = _VOTE[spot.kind], spot.size > 400_000 and spot.kind == "city"
    return (spot.country, *province), weight * (1.6 if large else 1), weight * 0.4


_VOICES: Final = Memo(_voice, 8192)


def _firm(spot: Spot) -> bool:
    """Whether a meaning is so well known that lesser namesakes do not make the name doubtful."""
    return spot.kind in _FIRM or (spot.kind == "region" and spot.size >= 1_000_000)


def _within(text: str, sight: Sighting, after: Sighting | None) -> tuple[tuple[Spot, ...], bool]:
    """The larger places that may follow at once, and whether in short: London, Ontario; Cambridge, Mass."""
    if after is None or after.start - sight.end > 14:
        return (), False
    gap = text[sight.end : after.start]
    if gap not in (", ", " (") and gap.strip().lower() not in _IN:
        return (), False
    surely = gap == ", " and (text[after.end : after.end + 1] == "." or text[sight.end + 2 : after.end].isupper())
    short = surely and after.end - after.start <= 5 and all(s.kind == "region" for s in after.spots)
    return tuple(s for s in after.spots if s.kind in ("country", "region")), short


def _best(sight: Sighting, word: str, hints: Hints) -> Spot:
    if len(sight.spots) == 1:
        return sight.spots[0]
    return max(sight.spots, key=lambda s: _rank(s, sight, word, hints))


def _rank(spot: Spot, sight: Sighting, word: str, hints: Hints) -> float:
    votes, score = hints.votes, _prior(spot.kind, spot.size)
    score += min(votes.get(spot.country, 0.0), 6.0) * 1.0
    if word and key(spot.name) == word:
        score += 1.0
    if spot.admin1:
        score += min(votes.get(f"{spot.country}.{spot.admin1}", 0.0), 4.0) * 0.5
    if hints.within:
        score += _held_by(spot, sight, hints)
    if hints.cells and len(sight.spots) > 1:
        score += min(company(spot, sight.spots, hints.cells), 3.0)
    if _holds(spot, hints.held):
        score += 2.5
    if spot.country in hints.speakers:
        score += 0.5
    return score


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
    if spot.kind not in _TOWN or (land and spot.kind != "region" and not hints.surely):
        return 0.0 if land else 3.0
    if not _fits(spot, hints.within):
        return 3.0
    return 12.0 if hints.surely or not any(_firm(s) and s.kind != "capital" for s in sight.spots) else 4.5


def _holds(spot: Spot, held: Sighting | None) -> bool:
    """Whether the town named just before may lie in this region or country: Savannah, Georgia; Tbilisi, Georgia."""
    if held is None or spot.kind not in ("country", "region"):
        return False
    towns = [t for t in held.spots if t.kind in ("city", "capital") and t.country == spot.country]
    return any(not spot.admin1 or t.admin1 == spot.admin1 for t in towns)


def _named_after(run: Words, sight: Sighting, names: Names) -> bool:
    """Whether the name is one word that people are called by, or that may be an abbreviation: Barrett, NATO."""
    if sight.last > sight.first + 1:
        return False
    folded, word = run.folded[sight.first], run.texts[sight.first]
    return names.given(folded) or names.surname(folded) or (len(word) <= 5 and word.isupper())


def _stands(run: Words, sight: Sighting, spot: Spot, hints: Hints, names: Names) -> bool:
    """Whether a weak or small name, or one that is a person's too, has the context of a place."""
    small = spot.kind == "city" and spot.size < 15_000
    weak = bool(sight.flags & WEAK)
    if not (weak or small or spot.size < 100_000):
        return True
    given = _named_after(run, sight, names)
    if not (weak or small or given):
        return True
    if _fits(spot, hints.within) or _holds(spot, hints.held):
        return True
    locative = sight.first > 0 and run.folded[sight.first - 1] in _LOCATIVE
    support = hints.votes.get(spot.country, 0.0)
    if weak:
        return (locative and (support >= 2.0 or not small)) or (support >= 2.0 and spot.size >= 100_000)
    if locative:
        return True
    if spot.size < 5_000 and spot.kind == "city":  # a village needs its own province or its neighbours beside it
        support = hints.votes.get(f"{spot.country}.{spot.admin1}", 0.0)
    return support >= (3.0 if given else 1.0) or company(spot, sight.spots, hints.cells) >= (2.0 if given else 1.0)
