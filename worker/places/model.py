"""A place, and an event: a detection that happens somewhere."""

from collections.abc import Sequence, Set
from typing import Final, Literal, Protocol

import msgspec

from worker.triggers.model import Detection

Role = Literal["event", "origin", "target", "actor"]
Precision = Literal["point", "city", "region", "country"]
Kind = Literal["country", "region", "capital", "city", "point", "sea", "demonym", "actor", "group"]

KINDS: Final[tuple[Kind, ...]] = ("country", "region", "capital", "city", "point", "sea", "demonym", "actor", "group")
CAPS: Final = 1
"""The name counts only in capitals: US, not us."""
ANYCASE: Final = 2
"""The name counts in small letters too: russe, сирийский."""
WEAK: Final = 4
"""The name is also a common word or a first name, and needs the grammar of a place."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the map. ``country`` is ISO 3166-1 alpha-2; latitude and longitude are degrees in WGS 84."""

    name: str
    role: Role = "event"
    country: str = ""
    admin1: str | None = None
    geonames_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "country"
    radius_km: float | None = None


class Spot(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What a name may stand for: ``size`` is inhabitants (or a rank of that order), ``lat`` is NaN where unknown.

    A name's spots are read once and then the same objects, so that much can be remembered of them.
    """

    name: str
    country: str
    kind: Kind
    lat: float
    lon: float
    admin1: str
    size: int
    radius_km: int
    geonames_id: int


class Names(Protocol):
    """What the resolver needs of a gazetteer: names by their key, and first names of people.

    ``heads`` are the words with which longer names begin, ``small`` those first words that need no capital.
    """

    heads: frozenset[str]
    small: frozenset[str]

    def openings(self, words: Sequence[str]) -> list[int]:
        """The words, by number, with which a name may begin as they are written; a German genitive is not seen."""
        ...

    def find(self, key: str) -> tuple[int, tuple[Spot, ...]] | None:
        """The flags of a name and what it may stand for, largest first."""
        ...

    def scan(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and key of the names in a text whose script puts no spaces between words."""
        ...

    def given(self, word: str) -> bool:
        """Whether the folded word is a common first name."""
        ...

    def surname(self, word: str) -> bool:
        """Whether the folded word is a common family name."""
        ...

    def common(self, lang: str) -> Set[str]:
        """Those of the commonest words of a language (ISO 639-1) that are names too, in small letters."""
        ...

    def country(self, code: str) -> Spot | None:
        """The country of an ISO 3166-1 alpha-2 code."""
        ...

    def nearest(self, lat: float, lon: float, within_km: float) -> Spot | None:
        """The town next to a point (degrees, WGS 84), within so many kilometres."""
        ...


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a text names it: ``start`` and ``end`` count characters in the document's ``full`` text."""

    place: Place
    start: int
    end: int


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What one article says: a detection and where it happens. No places: the text does not tell."""

    detection: Detection
    places: tuple[Place, ...] = ()

    @property
    def country(self) -> str:
        """The country it happens in, or an empty string where that is unknown."""
        return self.places[0].country if self.places else ""

    @property
    def place(self) -> str:
        """The most exact name that the text gives, or an empty string."""
        return self.places[0].name if self.places else ""
