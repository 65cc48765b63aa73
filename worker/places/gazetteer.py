"""The gazetteer: names of places, compiled once from GeoNames and our own tables, kept in one small file."""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from importlib.resources import files
from itertools import compress
from sys import intern
from typing import Any, Self

import msgspec
import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from worker.places.inflect import BEFORE_CYRILLIC
from worker.places.memo import Memo
from worker.places.model import ANYCASE, KINDS, Spot
from worker.places.names import PARTICLES, fold


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """The file: columns of places, then names in two groups (scripts with and without spaces) with their members."""

    names: str
    countries: str
    kinds: bytes
    lats: bytes
    lons: bytes
    admin1s: str
    sizes: bytes
    radii: bytes
    gids: bytes
    keys: str
    unspaced: str
    flags: bytes
    offsets: bytes
    members: bytes
    given: str
    surnames: str
    common: dict[str, str]


def _heads(keys: Iterable[str]) -> Iterator[str]:
    """The words with which keys of several words begin: of "new south wales", "new south" and "new"."""
    for key in keys:
        head = key.rpartition(" ")[0]
        while head:
            yield head
            head = head.rpartition(" ")[0]


def _column(code: str, data: bytes) -> "array[float]":
    column: array[float] = array(code)
    column.frombytes(data)
    return column


class Gazetteer:
    """Names to places. Words are looked up in a table; only scripts without spaces need the automaton."""

    def __init__(self, compiled: Compiled) -> None:
        self._names = compiled.names.split("\n")
        self._countries = [intern(code) for code in compiled.countries.split("\n")]
        self._admin1s = [intern(code) for code in compiled.admin1s.split("\n")]
        self._kinds = compiled.kinds
        self._lats, self._lons = _column("f", compiled.lats), _column("f", compiled.lons)
        self._sizes, self._radii = _column("i", compiled.sizes), _column("H", compiled.radii)
        self._gids = _column("i", compiled.gids)
        self._flags = compiled.flags
        self._offsets, self._members = _column("i", compiled.offsets), _column("i", compiled.members)
        spaced, unspaced = compiled.keys.split("\n"), compiled.unspaced.split("\n")
        self._rows = {key: row for row, key in enumerate(spaced + unspaced)}
        self._unspaced = unspaced
        self._automaton = AhoCorasick(
            unspaced,
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )
        self._given = frozenset(compiled.given.split("\n"))
        self._surnames = frozenset(compiled.surnames.split("\n"))
        self._common = {lang: frozenset(words.split("\n")) for lang, words in compiled.common.items()}
        self._by_code = {c: p for p, c in enumerate(self._countries) if KINDS[self._kinds[p]] == "country"}
        self.heads = frozenset(_heads(spaced))
        self.small = frozenset(key.partition(" ")[0] for key, row in self._rows.items() if self._flags[row] & ANYCASE)
        self._towns: list[tuple[Any, Any, Any]] = []
        self._entries = Memo(self._read, 20_000)
        self._opens = Memo(self._open, 65_536)

    @classmethod
    def load(cls) -> Self:
        """Read the file that ships with the package."""
        data = files("worker.places").joinpath("data/gazetteer.bin").read_bytes()
        return cls(msgspec.msgpack.decode(zlib.decompress(data), type=Compiled))

    def find(self, key: str) -> tuple[int, tuple[Spot, ...]] | None:
        """The flags of a name and what it may stand for, largest first; None where it is no name."""
        row = self._rows.get(key)
        return None if row is None else self._entries[row]

    def openings(self, words: Sequence[str]) -> list[int]:
        """The words, by number, with which a name may begin: few, as most stand in small letters."""
        return list(compress(range(len(words)), map(self._opens.__getitem__, words)))

    def scan(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and key of each name in a text whose script puts no spaces between words; longest first."""
        found = self._automaton.find_matches_as_indexes(text)
        return [(start, end, self._unspaced[pattern]) for pattern, start, end in found]

    def given(self, word: str) -> bool:
        """Whether the folded word is a common first name."""
        return word in self._given

    def surname(self, word: str) -> bool:
        """Whether the folded word is a common family name."""
        return word in self._surnames

    def common(self, lang: str) -> Set[str]:
        """Those of the commonest words of a language (ISO 639-1) that are names too, in small letters."""
        return self._common.get(lang, frozenset())

    def country(self, code: str) -> Spot | None:
        """The country of an ISO 3166-1 alpha-2 code; None for an unknown code."""
        place = self._by_code.get(code)
        return None if place is None else self._spot(place)

    def nearest(self, lat: float, lon: float, within_km: float) -> Spot | None:
        """The town next to a point (degrees, WGS 84), within so many kilometres; None where there is none."""
        if not self._towns:
            towns = [p for p, kind in enumerate(self._kinds) if KINDS[kind] in ("city", "capital")]
            self._towns.append((np.array(towns), *(np.radians(np.array(c)[towns]) for c in (self._lats, self._lons))))
        places, lats, lons = self._towns[0]
        north, east = lats - np.radians(lat), (lons - np.radians(lon) + np.pi) % (2 * np.pi) - np.pi
        # Flat enough for towns near a point, and without a NaN among the best.
        apart = np.nan_to_num((north**2 + (east * np.cos(np.radians(lat))) ** 2) ** 0.5 * 6371.0, nan=np.inf)
        best = int(apart.argmin())
        return self._spot(int(places[best])) if apart[best] <= within_km else None

    def _open(self, word: str) -> bool:
        folded = fold(word)
        if folded > BEFORE_CYRILLIC:
            return True
        if word == folded:
            return folded in self.small or folded in PARTICLES
        return folded in self._rows or folded in self.heads

    def _read(self, row: int) -> tuple[int, tuple[Spot, ...]]:
        first, last = int(self._offsets[row]), int(self._offsets[row + 1])
        return self._flags[row], tuple(self._spot(int(self._members[i])) for i in range(first, last))

    def _spot(self, place: int) -> Spot:
        return Spot(
            self._names[place],
            self._countries[place],
            KINDS[self._kinds[place]],
            self._lats[place],
            self._lons[place],
            self._admin1s[place],
            int(self._sizes[place]),
            int(self._radii[place]),
            int(self._gids[place]),
        )
