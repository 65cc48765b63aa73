"""A place, and an event: a detection that happens somewhere."""

from typing import Literal

import msgspec

from worker.triggers.model import Detection

Role = Literal["event", "origin", "target", "actor"]
Precision = Literal["point", "city", "region", "country"]


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
