"""Where a text names places: words to candidates, without people, clubs and common words."""

from typing import Final, NamedTuple

from worker.places.inflect import bases
from worker.places.model import ANYCASE, CAPS, WEAK, Names, Spot
from worker.places.names import TAIL, UNSPACED, Word
from worker.places.vocabulary import GENERIC, OFFICES, STORMS, TITLES

_LONGEST: Final = 5
_PARTICLES: Final = frozenset(
    {"al", "el", "as", "ad", "an", "ar", "ash", "at", "az", "ez", "la", "le", "los", "las", "les", "il", "st"}
)
# A word of one language that another writes as a place: Island is Iceland only to Germans and Scandinavians.
_ONLY: Final = {
    "island": frozenset({"de", "sv", "no", "nb", "da"}),
    "la": frozenset({"en"}),
    "vs": frozenset({"nl"}),
    "fas": frozenset({"tr"}),
    "cad": frozenset({"tr"}),
    "umman": frozenset({"tr"}),
    "man": frozenset[str](),
    "ege": frozenset({"tr"}),
    "fin": frozenset({"tr"}),
    "hint": frozenset({"tr"}),
    "turk": frozenset({"tr", "en"}),
    "mars": frozenset[str](),
    "car": frozenset({"en"}),
}


_SLAVIC_ENDS: Final = ("ов", "ев", "ин", "ова", "ева", "ина", "енко", "скии", "ськии")


class Sighting(NamedTuple):
    """A name where it stands: characters ``start:end``, words ``first:last``, flags, and what it may stand for."""

    start: int
    end: int
    first: int
    last: int
    flags: int
    spots: tuple[Spot, ...]


def sightings(text: str, run: list[Word], names: Names, lang: str) -> list[Sighting]:
    """Every name in the text, longest first at each word, none overlapping; linear in the text."""
    out: list[Sighting] = []
    at = 0
    small, total = names.small, len(run)
    while at < total:
        word = run[at]
        if word.text[0].islower() and word.folded not in small and word.folded not in _PARTICLES:
            at += 1
            continue
        found = _at(text, run, at, names, lang)
        if out and out[-1].end == word.start - 2 and text.startswith(TAIL, out[-1].end):
            found = _short(text, run, at, names) or found
        if found:
            out.append(found)
            at = found.last
        else:
            at += 1
    if UNSPACED.search(text):
        out.extend(_unspaced(text, run, names))
        out.sort()
    return out


def _unspaced(text: str, run: list[Word], names: Names) -> list[Sighting]:
    out, at = [], 0
    for start, end, key in names.scan(text):
        found = names.find(key)
        while at + 1 < len(run) and run[at].end <= start:
            at += 1
        if found:
            out.append(Sighting(start, end, at, at + 1, found[0], found[1]))
    return out


def _at(text: str, run: list[Word], at: int, names: Names, lang: str) -> Sighting | None:
    word = run[at]
    initial = word.text[0]
    small = initial.islower()
    if small and not (word.folded in names.small or _leads(run, at)):
        return None
    if initial.isdigit() or UNSPACED.match(initial):
        return None
    if word.folded in names.heads:
        keys, last = [word.folded], at
        while run[last].tight and last + 1 < len(run) and len(keys) < _LONGEST:
            last += 1
            keys.append(f"{keys[-1]} {run[last].folded}")
        for count in range(len(keys), 1, -1):
            found = names.find(keys[count - 1])
            if found and (sight := _sighting(text, run, at, at + count, found, lang)):
                return sight
    found = names.find(word.folded) or _inflected(word, names, lang)
    if not found or (small and not found[0] & ANYCASE):
        return None
    return _sighting(text, run, at, at + 1, found, lang)


def _short(text: str, run: list[Word], at: int, names: Names) -> Sighting | None:
    """A province's short form behind a town: Springfield, Ill.; Santa Fe, N.M.; Reno, NV."""
    word, stop = run[at], text[run[at].end : run[at].end + 1]
    if not word.text[0].isupper() or len(word.text) > 5:
        return None
    last, key = at + 1, word.folded
    if stop == "." and last < len(run) and run[last].start == word.end + 1 and run[last].text[0].isupper():
        last, key = last + 1, f"{key} {run[last].folded}"
    elif stop != "." and not (len(key) == 2 and word.text.isupper() and not run[at - 1].text.isupper()):
        return None
    found = names.find(TAIL + key)
    return Sighting(word.start, run[last - 1].end, at, last, found[0], found[1]) if found else None


def _leads(run: list[Word], at: int) -> bool:
    return run[at].folded in _PARTICLES and run[at].tight and at + 1 < len(run) and run[at + 1].text[0].isupper()


def _inflected(word: Word, names: Names, lang: str) -> tuple[int, tuple[Spot, ...]] | None:
    for base in bases(word.folded, lang):
        found = names.find(base)
        if found:
            return found
    return None


def _sighting(
    text: str, run: list[Word], first: int, last: int, found: tuple[int, tuple[Spot, ...]], lang: str
) -> Sighting | None:
    flags, spots = found
    start, end = run[first].start, run[last - 1].end
    if flags & CAPS and not flags & ANYCASE and any(c.islower() for c in text[start:end]):
        return None
    only = _ONLY.get(run[first].folded) if last == first + 1 else None
    if only is not None and lang[:2] not in only:
        return None
    if last > first + 1 and not flags & ANYCASE and run[last - 1].text[0].islower() and not _tail(run, first, last):
        return None
    return Sighting(start, end, first, last, flags, spots)


def _tail(run: list[Word], first: int, last: int) -> bool:
    """Whether a name may end in small letters: Gaza city no, Sonoma county and other generic words yes."""
    return run[first].text[0].isupper() or run[first].folded in _PARTICLES


def personal(run: list[Word], sight: Sighting, names: Names) -> bool:
    """Whether the name is a storm's or a person's: Hurricane Florence, Jack London, Jordan Peterson, Mr Lincoln."""
    before = run[sight.first - 1] if sight.first else None
    if before and before.folded in STORMS and before.text[0].isupper():
        return True
    if sight.last - sight.first > 1:
        return False
    called = before is not None and before.tight and before.text[0].isupper()
    word = run[sight.first]
    if before and called and (before.folded in TITLES or _calls(before, word, names)):
        return True
    if not word.tight or sight.last >= len(run):
        return False
    after = run[sight.last]
    if not after.text[0].isupper() or not after.text[1:].islower() or after.folded in GENERIC:
        return False
    spot = sight.spots[0]
    if names.surname(after.folded) and (names.given(word.folded) or _named_so(run, sight, names)):
        return True
    office = before is not None and before.tight and before.folded in OFFICES and before.text[0].isupper()
    if office and not _is_place(after, names):
        return True
    given = names.given(word.folded)
    return given and spot.kind != "country" and spot.size < 500_000 and not _is_place(after, names)


def _calls(before: Word, word: Word, names: Names) -> bool:
    """Whether the word before is a first name that makes a family name of this one."""
    return names.given(before.folded) and (not _is_place(before, names) or word.folded.endswith(_SLAVIC_ENDS))


def _named_so(run: list[Word], sight: Sighting, names: Names) -> bool:
    """Whether a town's name before a family name is a first name: Derby Jones said, not Derby Hill Road."""
    if sight.spots[0].kind != "city" or sight.spots[0].size >= 1_000_000 or _is_place(run[sight.last], names):
        return False
    behind = run[sight.last + 1] if sight.last + 1 < len(run) else None
    return not run[sight.last].tight or (behind is not None and behind.text[0].islower())


def _is_place(word: Word, names: Names) -> bool:
    """Whether the word is a place of rank: small towns have people's names too often to tell."""
    found = names.find(word.folded)
    if not found or found[0] & WEAK:
        return False
    return any(s.kind == "country" or (s.size >= 300_000 and s.kind in ("region", "capital", "city")) for s in found[1])
