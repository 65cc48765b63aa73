"""Where each detection happens: the place is looked for from the quote outwards, and who acts is not where."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from worker.articles.model import Document
from worker.places.grammar import Cue, Told, joined
from worker.places.model import Event, Mention, Names, Place, Precision, Role, Spot
from worker.places.nearby import apart
from worker.places.organisation import organised
from worker.places.read import Reading, read
from worker.places.score import OUTWARD, OWN, Scene, score
from worker.triggers.model import Detection

_LEAST: Final = 1.0
_REACH: Final = 16
_ROLE: Final[dict[Cue, Role]] = {
    "agent": "actor",
    "speaker": "actor",
    "away": "actor",
    "camp": "actor",
    "aside": "origin",
    "origin": "origin",
    "target": "target",
    "against": "target",
}
_PRECISION: Final[dict[str, Precision]] = {
    "point": "point",
    "city": "city",
    "capital": "city",
    "region": "region",
    "sea": "region",
}
_PEOPLE: Final = frozenset({"demonym", "actor", "group"})
_APART: Final = frozenset({"away", "camp", "aside", "link", "of", "dateline", "neighbour"})
"""Parts that names joined in one breath do not share with an event."""
_NOT_HERE: Final = frozenset(
    {
        *("agent", "speaker", "away", "camp", "aside", "urged"),
        *("nationals", "link", "border", "neighbour", "named", "dateline"),
    }
)
_FINER: Final = frozenset({"city", "capital", "point", "region"})


_DOMESTIC: Final = frozenset(
    {
        "airspace_airport_closure",
        "attack_on_civilians",
        "curfew",
        "emergency_rule",
        "evacuation",
        "industrial_transport_disaster",
        "infrastructure_damage",
        "route_closure",
        "violent_unrest",
    }
)


class Found(NamedTuple):
    """A detection's places: one tuple for each country; ``sure`` when its own sentence names them."""

    detection: Detection
    places: list[tuple[Place, ...]]
    sure: bool


class Resolver:
    """Finds the places that a text names, and the one where each detection happens."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def mentions(self, document: Document) -> tuple[Mention, ...]:
        """Every name that was resolved to a place, in the order of the text, and who comes from where as actors.

        Seats of power, armed groups, and names inside those of papers, clubs and schools are none.
        """
        reading = read(document, self._names)
        return tuple(
            Mention(
                place=_place(t.named.spot, "actor" if t.named.spot.kind == "demonym" else _ROLE.get(t.cue, "event")),
                start=t.named.sight.start,
                end=t.named.sight.end,
            )
            for t in reading.told
            if t.named.spot.kind not in ("actor", "group")
            and not organised(reading.text, t.named.sight.start, t.named.sight.end)
        )

    def country(self, code: str) -> list[Place]:
        """The country of an ISO 3166-1 alpha-2 code as a place; none for an unknown code."""
        spot = self._names.country(code)
        return [_place(spot, "event")] if spot else []

    def nearest(self, lat: float, lon: float, within_km: float) -> Spot | None:
        """The town next to a point, within so many kilometres."""
        return self._names.nearest(lat, lon, within_km)

    def locate(self, document: Document, detections: Sequence[Detection], *, home: str = "") -> tuple[Event, ...]:
        """One event for each detection and country; without places where the text does not tell.

        ``home`` is the country of the outlet's readers: it counts where a text names no place at all and the trigger
        is one that outlets report so from their own country, such as a power cut; never for wars or travel advice.
        """
        if not detections:
            return ()
        reading = read(document, self._names)
        spot = self._names.country(home) if home and not reading.told else None
        found = [_find(d, reading) for d in detections]
        sure = {f.detection.trigger: f for f in reversed(found) if f.sure}
        out: list[Event] = []
        for f in found:
            places = f.places if f.sure or f.detection.trigger not in sure else sure[f.detection.trigger].places[:1]
            at_home = spot is not None and f.detection.trigger in _DOMESTIC
            places = places or ([(_place(spot, "event"),)] if spot and at_home else [()])
            out.extend(Event(detection=f.detection, places=p) for p in places)
        return tuple(out)


def _find(detection: Detection, reading: Reading) -> Found:
    scene = Scene(detection, reading.sentence(detection.start), reading)
    scored = [(score(reading.told[i], scene), i) for i in reading.around(detection.start)]
    scored.sort(key=lambda r: (-r[0], r[1]))
    ranked = [r for r in scored if r[0] >= _LEAST]
    if detection.trigger == "abduction" and ranked and not reading.told[ranked[0][1]].named.spot.country:
        # A ship that is seized in a strait is where the one who seizes it takes it.
        ranked = [r for r in ranked if reading.told[r[1]].cue == "agent"] or ranked
    if not ranked:
        return Found(detection, [], False)
    at = _here(ranked[0][1], [i for _, i in scored], scene)
    best = reading.told[at]
    chosen = [best, *_beside(reading, at, detection)]
    sure = bool(best.named.spot.country) and best.sentence == scene.sentence and best.named.spot.kind not in _PEOPLE
    return Found(detection, [_exact(t, reading, [i for _, i in ranked]) for t in chosen], sure)


def _here(at: int, ranked: list[int], scene: Scene) -> int:
    """The best name, or a lesser one where the best is but a dateline or the neighbour beyond a border."""
    told = scene.reading.told
    best = told[at]
    doubt = best.cue in ("border", "neighbour") and scene.detection.trigger != "border_closure"
    if not doubt and best.cue != "dateline":
        return at
    for i in ranked:
        other = told[i]
        land = other.named.spot.country not in ("", best.named.spot.country)
        if not land or other.cue in _NOT_HERE or other.sentence not in (0, scene.sentence):
            continue
        if best.cue == "dateline" and other.named.spot.kind in _PEOPLE:
            continue
        if not _hyphened(scene.reading.text, told, min(at, i), max(at, i)):
            return i
    return at


def _hyphened(text: str, told: list[Told], low: int, high: int) -> bool:
    """Whether two names only tell which border: the Kenya-Somalia border."""
    return high == low + 1 and text[told[low].named.sight.end : told[high].named.sight.start] in ("-", "–", "/")


def _beside(reading: Reading, at: int, detection: Detection) -> list[Told]:
    """Other countries named in one breath with the best: Indonesia and Thailand; Germany, Belgium."""
    told, best = reading.told, reading.told[at]
    if best.named.spot.kind not in ("country", "capital") or best.cue in _APART:
        return []
    if detection.trigger == "war_escalation" or (best.cue in ("agent", "speaker") and detection.trigger not in OWN):
        return []
    out: dict[str, Told] = {}
    for step in (1, -1):
        for here in range(at + step, at + step * _REACH, step):
            if not 0 <= here < len(told) or told[here].named.spot.kind != best.named.spot.kind:
                break
            low, high = sorted((here - step, here))
            pair = told[low], told[high]
            if not joined(reading.text, *pair) or _border(reading.text, *pair, detection):
                break
            out.setdefault(told[here].named.spot.country, told[here])
    out.pop(best.named.spot.country, None)
    return list(out.values())


def _border(text: str, left: Told, right: Told, detection: Detection) -> bool:
    """Whether two names only tell which border: the Malaysia-Thailand border is no event in both, a clash there is."""
    gap = text[left.named.sight.end : right.named.sight.start]
    after = text[right.named.sight.end : right.named.sight.end + 8].lower()
    return gap in ("-", "–") and "border" in after and detection.trigger not in OUTWARD | {"mass_displacement"}


def _exact(best: Told, reading: Reading, ranked: list[int]) -> tuple[Place, ...]:
    """The most exact name of that country in the same sentence, then the one that decided the country.

    A capital in the dateline is where the reporter sits, and more exact than what the sentence itself names it is not.
    """
    spot = best.named.spot
    if spot.kind in ("country", "region") or spot.kind in _PEOPLE:
        for t in (reading.told[i] for i in ranked):
            other = t.named.spot
            finer = other.kind in _FINER and other.kind != spot.kind and other.country == spot.country
            finer = finer and (t.cue, other.kind) != ("dateline", "capital")
            if (
                finer
                and t.sentence == best.sentence
                and (spot.kind != "region" or apart(other, spot) <= spot.radius_km * 1.2)
            ):
                return (_place(other, "event"), _place(spot, "event"))
    return (_place(spot, "event"),)


def _place(spot: Spot, role: Role) -> Place:
    known = not math.isnan(spot.lat)
    return Place(
        name=spot.name,
        role=role,
        country=spot.country,
        admin1=(spot.country == "US" and spot.admin1) or None,
        geonames_id=spot.geonames_id or None,
        lat=round(spot.lat, 4) if known else None,
        lon=round(spot.lon, 4) if known else None,
        precision=_PRECISION.get(spot.kind, "country"),
        radius_km=float(spot.radius_km) if spot.radius_km else None,
    )
