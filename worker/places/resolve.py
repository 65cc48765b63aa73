"""Where each detection happens: the place is looked for from the quote outwards, and who acts is not where."""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from worker.articles.model import Document
from worker.places.choose import choose
from worker.places.grammar import Cue, Told, cue
from worker.places.model import Event, Mention, Names, Place, Precision, Role, Spot
from worker.places.score import Scene, score
from worker.places.sight import sightings, words
from worker.triggers.model import Detection

_STOP: Final = re.compile(r"[.!?。！？؟۔]+[\"”’»)\]]*(?=\s)|\n+|(?<=[。！？])")
_LIMIT: Final = 1_000_000
_LEAST: Final = 1.0
_ROLE: Final[dict[Cue, Role]] = {"agent": "actor", "speaker": "actor", "origin": "origin", "target": "target"}
_PRECISION: Final[dict[str, Precision]] = {"point": "point", "city": "city", "capital": "city", "country": "country"}


class Resolver:
    """Finds the places that a text names, and the one where each detection happens."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def mentions(self, document: Document) -> tuple[Mention, ...]:
        """Every name that was resolved to a place, in the order of the text; people and organisations are not."""
        return tuple(
            Mention(
                place=_place(t.named.spot, _ROLE.get(t.cue, "event")), start=t.named.sight.start, end=t.named.sight.end
            )
            for t in self._read(document)[1]
            if t.named.spot.kind not in ("demonym", "actor")
        )

    def locate(self, document: Document, detections: Sequence[Detection], *, home: str = "") -> tuple[Event, ...]:
        """One event for each detection and country; without places where the text does not tell.

        ``home`` is the country of the outlet's own readers: it counts only where a text names no country at all.
        """
        if not detections:
            return ()
        stops, told = self._read(document)
        votes: Counter[str] = Counter()
        for t in told:
            if t.named.spot.country:
                votes[t.named.spot.country] += 2 if t.named.spot.kind not in ("demonym", "actor") else 1
        out: list[Event] = []
        for detection in detections:
            out.extend(self._events(detection, stops, told, votes, home))
        return tuple(out)

    def _read(self, document: Document) -> tuple[list[int], list[Told]]:
        text = document.full[:_LIMIT]
        run = words(text)
        named = choose(run, sightings(text, run, self._names, document.lang), self._names, document.lang)
        stops = [m.end() for m in _STOP.finditer(text)]
        return stops, [Told(n, cue(run, n), bisect_right(stops, n.sight.start)) for n in named]

    def _events(
        self, detection: Detection, stops: list[int], told: list[Told], votes: Counter[str], home: str
    ) -> list[Event]:
        scene = Scene(detection, bisect_right(stops, detection.start), votes)
        ranked = sorted(((score(t, scene), -i) for i, t in enumerate(told)), reverse=True)
        if not ranked or ranked[0][0] < _LEAST:
            spot = self._names.country(home) if home and not votes else None
            return [Event(detection=detection, places=(_place(spot, "event"),) if spot else ())]
        best = told[-ranked[0][1]]
        chosen = [best, *_beside(best, told, scene)]
        return [Event(detection=detection, places=_exact(t, told, ranked)) for t in chosen]


def _beside(best: Told, told: list[Told], scene: Scene) -> list[Told]:
    """Other countries named in one breath with the best: Indonesia and Thailand; Germany, Belgium."""
    return []


def _exact(best: Told, told: list[Told], ranked: list[tuple[float, int]]) -> tuple[Place, ...]:
    """The most exact name of that country in the same sentence, then the one that decided the country."""
    code = best.named.spot.country
    if best.named.spot.kind in ("country", "demonym", "actor", "region"):
        for points, index in ranked:
            t = told[-index]
            finer = (
                t.named.spot.kind in ("city", "capital", "point", "region")
                and t.named.spot.kind != best.named.spot.kind
            )
            if finer and t.named.spot.country == code and t.sentence == best.sentence and points > _LEAST:
                return (_place(t.named.spot, "event"), _place(best.named.spot, "event"))
    return (_place(best.named.spot, "event"),)


def _place(spot: Spot, role: Role) -> Place:
    known = not math.isnan(spot.lat)
    return Place(
        name=spot.name,
        role=role,
        country=spot.country,
        admin1=spot.admin1 or None,
        geonames_id=spot.geonames_id or None,
        lat=round(spot.lat, 4) if known else None,
        lon=round(spot.lon, 4) if known else None,
        precision=_PRECISION.get(spot.kind, "country" if spot.kind in ("demonym", "actor") else "region"),
        radius_km=float(spot.radius_km) if spot.radius_km else None,
    )
