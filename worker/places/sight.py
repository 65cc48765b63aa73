"""Where a text names places: words to candidates, without people, clubs and common words."""

from collections.abc import Set
from operator import attrgetter
from typing import Final

import msgspec

from worker.places.everyday import ARTICLES, COMMON, IDIOMS, NOUNS, ONLY
from worker.places.inflect import BEFORE_CYRILLIC, GENITIVE, INFLECTED, bases, unprefixed
from worker.places.model import ANYCASE, CAPS, WEAK, Names, Spot
from worker.places.names import PARTICLES, TAIL, UNSPACED, Words
from worker.places.solid import stands, whole
from worker.places.vocabulary import GENERIC, OFFICES, STORMS, TITLES

_LONGEST: Final = 5
RANK: Final = 50_000
_POSTAL: Final = CAPS | WEAK
_SLAVIC_ENDS: Final = ("ов", "ев", "ин", "ова", "ева", "ина", "енко", "скии", "ськии")


class Sighting(msgspec.Struct, frozen=True, gc=False):
    """A name where it stands: characters ``start:end``, words ``first:last``, flags, and what it may stand for."""

    start: int
    end: int
    first: int
    last: int
    flags: int
    spots: tuple[Spot, ...]


def sightings(text: str, run: Words, names: Names, lang: str) -> list[Sighting]:
    """Every name in the text, longest first at each word, none overlapping; linear in the text."""
    out: list[Sighting] = []
    after = 0
    for at in range(len(run.texts)) if lang in INFLECTED else names.openings(run.texts):
        found = _at(text, run, at, names, lang) if at >= after else None
        while found:
            out.append(found)
            after = found.last
            found = _short(text, run, found, names)
    if UNSPACED.search(text):
        out.extend(_unspaced(text, run, names))
        out.sort(key=attrgetter("start", "end"))
    return out


def _unspaced(text: str, run: Words, names: Names) -> list[Sighting]:
    out: list[Sighting] = []
    at = before = 0
    scanned = names.scan(text)
    edges = {start for start, _, _ in scanned} & {end for _, end, _ in scanned}
    for start, end, key in scanned:
        found = names.find(key)
        while at + 1 < len(run.texts) and run.ends[at] <= start:
            at += 1
        joined = bool(out) and start - before <= 1
        if found and whole(text, start, end, edges) and stands(text, start, end, *found, joined=joined):
            out.append(Sighting(start, end, at, at + 1, found[0] & ~WEAK, found[1]))
            before = end
    return out


def _at(text: str, run: Words, at: int, names: Names, lang: str) -> Sighting | None:
    initial, folded = run.texts[at][0], run.folded[at]
    small = initial.islower()
    if small and not (folded in names.small or _leads(run, at)):
        return None
    if initial.isdigit() or UNSPACED.match(initial):
        return None
    for head in (folded, *unprefixed(folded)):
        for last, key in reversed(_longer(run, at, head, names.heads)) if head in names.heads else ():
            found = names.find(key)
            # Without its prefix many a pair of words is some town's name.
            known = found and (head == folded or found[1][0].kind != "city" or found[1][0].size >= RANK)
            if found and known and (sight := _sighting(text, run, at, last, found, lang)):
                return sight
    found = names.find(folded) or _inflected(folded, names, lang)
    if not found or (small and not found[0] & ANYCASE) or run.texts[at].lower() in names.common(lang):
        return None
    return _sighting(text, run, at, at + 1, found, lang)


def _longer(run: Words, at: int, head: str, heads: Set[str]) -> list[tuple[int, str]]:
    """The keys of two words and more that begin with ``head`` in the place of a word, and where each ends."""
    keys: list[tuple[int, str]] = []
    key, last = head, at + 1
    while key in heads and run.tight[last - 1] and last < len(run.texts) and len(keys) < _LONGEST - 1:
        key = f"{key} {run.folded[last]}"
        last += 1
        keys.append((last, key))
    return keys


def _short(text: str, run: Words, town: Sighting, names: Names) -> Sighting | None:
    """A province's short form behind a town: Springfield, Ill.; Santa Fe, N.M.; Reno, NV."""
    at, start = town.last, town.end + len(TAIL)
    if at == len(run.texts) or run.starts[at] != start or not text.startswith(TAIL, town.end):
        return None
    word, end, last, key = run.texts[at], run.ends[at], at + 1, run.folded[at]
    if not word[0].isupper() or len(word) > 5:
        return None
    stop = text[end : end + 1]
    if stop == "." and last < len(run.texts) and run.starts[last] == end + 1 and run.texts[last][0].isupper():
        last, key = last + 1, f"{key} {run.folded[last]}"
    elif stop != "." and not (len(key) == 2 and word.isupper() and not run.texts[at - 1].isupper()):
        return None
    found = names.find(TAIL + key)
    return Sighting(start, run.ends[last - 1], at, last, found[0], found[1]) if found else None


def _leads(run: Words, at: int) -> bool:
    return run.folded[at] in PARTICLES and run.tight[at] and at + 1 < len(run.texts) and run.texts[at + 1][0].isupper()


def _inflected(folded: str, names: Names, lang: str) -> tuple[int, tuple[Spot, ...]] | None:
    plain = lang in INFLECTED - GENITIVE and folded < BEFORE_CYRILLIC
    for base in bases(folded, lang):
        found = names.find(base)
        # Without its ending many a word of these languages is some village's name.
        if found and (not plain or found[1][0].kind != "city" or found[1][0].size >= RANK):
            return found
    return None


def _sighting(
    text: str, run: Words, first: int, last: int, found: tuple[int, tuple[Spot, ...]], lang: str
) -> Sighting | None:
    flags, spots = found
    start, end = run.starts[first], run.ends[last - 1]
    if flags & CAPS and not flags & ANYCASE and not text[start:end].isupper():
        return None
    # The post's letters for American states, DE or LA, are words of other languages.
    if end - start == 2 and flags & _POSTAL == _POSTAL and lang not in ("", "en"):
        return None
    if _common(text, run, (first, last), spots[0].kind == "city", lang):
        return None
    if last > first + 1 and not flags & ANYCASE and run.texts[last - 1][0].islower() and not _tail(run, first, last):
        return None
    return Sighting(start, end, first, last, flags, spots)


def _common(text: str, run: Words, words: tuple[int, int], town: bool, lang: str) -> bool:
    """Whether a name is a common word of the language that the text is in, or a place only to another one."""
    first, last = words
    folded, alone = run.folded[first], last == first + 1
    if alone and lang not in ONLY.get(folded, (lang,)):
        return True
    if alone and folded.startswith("america") and _continent(run, first):
        return True
    if lang == "de":
        return alone and town and _noun(text, run, first)
    common = COMMON.get(lang, frozenset())
    if lang == "ar":
        return alone and any(form.removeprefix("ال") in common for form in (folded, *bases(folded, lang)))
    return text[run.starts[first] : run.ends[last - 1]].replace("İ", "i").lower() in common


def _continent(run: Words, at: int) -> bool:
    """Whether America is no state: South American, Latin America, America's Cup."""
    before = run.folded[at - 1] if at and run.tight[at - 1] else ""
    return before in ("south", "latin", "central") or run.folded[at + 1 : at + 3] == ["s", "cup"]


def _noun(text: str, run: Words, at: int) -> bool:
    """Whether a German word with a capital is a noun, and no town: das Buch, mit Steinen; but in Buch, das Buch-Tal."""
    before = run.folded[at - 1] if at and run.tight[at - 1] else ""
    if before in ARTICLES:
        return text[run.ends[at] : run.ends[at] + 1] != "-"
    return run.folded[at] in NOUNS and (before != "in" or run.folded[at] in IDIOMS)


def _tail(run: Words, first: int, last: int) -> bool:
    """Whether a name may end in small letters: Gaza city no, Sonoma county and other generic words yes."""
    return run.texts[first][0].isupper() or run.folded[first] in PARTICLES


def personal(run: Words, sight: Sighting, names: Names) -> bool:
    """Whether the name is a storm's or a person's: Hurricane Florence, Jack London, Jordan Peterson, Mr Lincoln."""
    at, after = sight.first, sight.last
    before = run.folded[at - 1] if at and run.texts[at - 1][0].isupper() else ""
    if before in STORMS:
        return True
    if after - at > 1:
        return False
    folded = run.folded[at]
    called = before if before and run.tight[at - 1] else ""
    if called and (called in TITLES or _calls(called, folded, names)):
        return True
    if not run.tight[at] or after >= len(run.texts):
        return False
    next_text, next_folded = run.texts[after], run.folded[after]
    if not next_text[0].isupper() or not next_text[1:].islower() or next_folded in GENERIC:
        return False
    spot, given = sight.spots[0], names.given(folded)
    if names.surname(next_folded) and (given or _named_so(run, sight, names)):
        return True
    if called in OFFICES and not _is_place(next_folded, names):
        return True
    return given and spot.kind != "country" and spot.size < 500_000 and not _is_place(next_folded, names)


def _calls(before: str, folded: str, names: Names) -> bool:
    """Whether the word before is a first name that makes a family name of this one."""
    return names.given(before) and (not _is_place(before, names) or folded.endswith(_SLAVIC_ENDS))


def _named_so(run: Words, sight: Sighting, names: Names) -> bool:
    """Whether a town's name before a family name is a first name: Derby Jones said, not Derby Hill Road."""
    last = sight.last
    if sight.spots[0].kind != "city" or sight.spots[0].size >= 1_000_000 or _is_place(run.folded[last], names):
        return False
    return not run.tight[last] or (last + 1 < len(run.texts) and run.texts[last + 1][0].islower())


def _is_place(folded: str, names: Names) -> bool:
    """Whether the word is a place of rank: small towns have people's names too often to tell."""
    found = names.find(folded)
    if not found or found[0] & WEAK:
        return False
    return any(s.kind == "country" or (s.size >= 300_000 and s.kind in ("region", "capital", "city")) for s in found[1])
