"""Which of the names that stand in a text are places, and which of its meanings each has there."""

from typing import Final

import msgspec

from worker.places.model import WEAK, Names, Spot
from worker.places.names import TAIL, Words
from worker.places.nature import natural
from worker.places.nearby import company, crowd
from worker.places.rank import TOWN, VOTE, Hints, best_of, firm, fits, holds, votes_of, word_of
from worker.places.sight import RANK, Sighting, personal
from worker.places.vocabulary import OBJECT, SCENE

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
_LOCATIVE: Final = SCENE | OBJECT


class Named(msgspec.Struct, frozen=True, gc=False):
    """A place that the text names: the words and the meaning that was chosen."""

    sight: Sighting
    spot: Spot


def choose(text: str, run: Words, sights: list[Sighting], names: Names, lang: str) -> list[Named]:
    """The meaning of each name; people, and common words that no context makes a place, are left out."""
    kept = _unpeopled(text, run, natural(text, run, sights, names, lang), names)
    wholes = [_within(text, s, kept[i + 1] if i + 1 < len(kept) else None) for i, s in enumerate(kept)]
    kept = _pinned(run, kept, wholes)
    votes, own = votes_of(run, kept, lang)
    cells = crowd({word_of(run, s): s.spots for s in kept if not s.flags & WEAK}.values())
    speakers = _SPEAKERS.get(lang, frozenset())
    plain = Hints(votes, own, (), False, None, speakers, cells)
    meant: dict[tuple[Spot, ...], Spot] = {}
    out = []
    for index, (sight, (within, surely)) in enumerate(zip(kept, wholes, strict=True)):
        held = kept[index - 1] if index and text[kept[index - 1].end : sight.start] == ", " else None
        hints = Hints(votes, own, within, surely, held, speakers, cells) if within or held else plain
        best = meant.get(sight.spots) if hints is plain else None
        if best is None:
            best = best_of(sight, word_of(run, sight), hints)
            if hints is plain:
                meant[sight.spots] = best
        if _elsewhere(best, hints) or (lang != "de" and _half(text, sight, best, votes)):
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


def _pinned(run: Words, kept: list[Sighting], wholes: list[tuple[tuple[Spot, ...], bool]]) -> list[Sighting]:
    """The same where a name means everywhere what the text tells of it once: Paris, Texas, and later Paris."""
    pins: dict[str, Spot] = {}
    for sight, (within, surely) in zip(kept, wholes, strict=True):
        if within and (surely or not any(firm(s) and s.kind != "capital" for s in sight.spots)):
            fit = next((s for s in sight.spots if s.kind in TOWN and fits(s, within)), None)
            if fit:
                pins.setdefault(word_of(run, sight), fit)
    if not pins:
        return kept
    out = []
    for sight, (within, _) in zip(kept, wholes, strict=True):
        pin = pins.get(word_of(run, sight))
        out.append(msgspec.structs.replace(sight, spots=(pin,)) if pin and (not within or fits(pin, within)) else sight)
    return out


def _elsewhere(best: Spot, hints: Hints) -> bool:
    """Whether this is a village that the gazetteer lacks, in a land that it knows."""
    if not hints.within or best.kind not in ("city", "region"):
        return False
    if hints.surely:
        return not fits(best, hints.within)
    return all(w.country and w.country != best.country for w in hints.within)


def _half(text: str, sight: Sighting, best: Spot, votes: dict[str, float]) -> bool:
    """Whether a small town, in a land that nothing else speaks of, is but half of a name: the Croix-Rouge."""
    if best.kind != "city" or best.size >= RANK or votes.get(best.country, 0.0) > VOTE["city"]:
        return False
    before, after = text[max(sight.start - 2, 0) : sight.start], text[sight.end : sight.end + 2]
    return (before[1:] == "-" and before[0].isalpha()) or (after[:1] == "-" and after[1:].isupper())


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
    if fits(spot, hints.within) or holds(spot, hints.held):
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
