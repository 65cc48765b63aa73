"""Where each detection happens: the place is looked for from the quote outwards, and who acts is not where."""

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from worker.articles.model import Document
from worker.places.choose import choose
from worker.places.grammar import Cue, Told, cue, joined, share
from worker.places.model import Event, Mention, Names, Place, Precision, Role, Spot
from worker.places.score import OUTWARD, OWN, Scene, score
from worker.places.sight import sightings, words
from worker.triggers.model import Detection

_STOP: Final = re.compile(r"[.!?؟۔]+[\"”’»)\]]*(?=\s)|[。！？]+|\n+")
_SHORT: Final = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "gov", "sen", "gen", "col", "lt", "rep", "jan", "feb", "aug", "sept", "oct", "nov", "dec"}
)
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
            for t in self._read(document)[2]
            if t.named.spot.kind not in ("demonym", "actor", "group")
        )

    def locate(self, document: Document, detections: Sequence[Detection], *, home: str = "") -> tuple[Event, ...]:
        """One event for each detection and country; without places where the text does not tell.

        ``home`` is the country of the outlet's own readers: it counts only where a text names no country at all.
        """
        if not detections:
            return ()
        text, stops, told = self._read(document)
        votes = _votes(told)
        out: list[Event] = []
        for detection in detections:
            out.extend(self._events(detection, text, stops, told, votes, home))
        return tuple(out)

    def _read(self, document: Document) -> tuple[str, list[int], list[Told]]:
        text = document.full[:_LIMIT]
        run = words(text)
        named = choose(run, sightings(text, run, self._names, document.lang), self._names, document.lang)
        stops = [m.end() for m in _STOP.finditer(text) if _ends(text, m.start(), m.end())]
        told = [Told(n, cue(run, n, document.lang), bisect_right(stops, n.sight.start)) for n in named]
        return text, stops, share(text, told)

    def _events(
        self, detection: Detection, text: str, stops: list[int], told: list[Told], votes: dict[str, float], home: str
    ) -> list[Event]:
        scene = Scene(detection, bisect_right(stops, detection.start), votes, text)
        ranked = sorted(((score(t, scene), -i) for i, t in enumerate(told)), reverse=True)
        if not ranked or ranked[0][0] < _LEAST:
            spot = self._names.country(home) if home and not votes else None
            return [Event(detection=detection, places=(_place(spot, "event"),) if spot else ())]
        if not told[-ranked[0][1]].named.spot.country and detection.trigger == "abduction":
            ranked = [r for r in ranked if told[-r[1]].cue == "agent" and r[0] >= _LEAST] or ranked
        best = told[-ranked[0][1]]
        chosen = [best, *_beside(text, -ranked[0][1], told, detection)]
        return [Event(detection=detection, places=_exact(t, told, ranked)) for t in chosen]


def _ends(text: str, start: int, end: int) -> bool:
    """Whether a stop ends a sentence: not after an initial or a short form, nor before a small letter."""
    if text[start] == "\n":
        return not text[end : end + 1].islower()
    if text[start] != ".":
        return True
    word = text[max(start - 6, 0) : start].rsplit(" ", 1)[-1].rsplit(".", 1)[-1].rsplit("\n", 1)[-1]
    return len(word) > 1 and word.lower() not in _SHORT and not text[end : end + 2].strip()[:1].islower()


def _votes(told: list[Told]) -> dict[str, float]:
    """How much the text speaks of each country; those who act or speak count little."""
    votes: dict[str, float] = defaultdict(float)
    for t in told:
        if t.named.spot.country:
            named = t.named.spot.kind not in ("demonym", "actor", "group")
            votes[t.named.spot.country] += 0.4 if t.cue in ("agent", "speaker") else 2.0 if named else 1.0
    return votes


def _beside(text: str, at: int, told: list[Told], detection: Detection) -> list[Told]:
    """Other countries named in one breath with the best: Indonesia and Thailand; Germany, Belgium."""
    best, out = told[at], []
    if detection.trigger == "war_escalation" or best.named.spot.kind not in ("country", "capital") or best.cue in ("accused", "link", "of"):
        return []
    if best.cue in ("agent", "speaker") and detection.trigger not in OWN:
        return []
    for step in (1, -1):
        here = at
        while 0 <= here + step < len(told):
            low, high = sorted((here, here + step))
            other = told[here + step]
            if _border(text, told[low], told[high], detection):
                break
            if not joined(text, told[low], told[high]) or other.named.spot.kind != best.named.spot.kind:
                break
            out.append(other)
            here += step
    codes = {best.named.spot.country}
    return [t for t in out if not (t.named.spot.country in codes or codes.add(t.named.spot.country))]


def _border(text: str, left: Told, right: Told, detection: Detection) -> bool:
    """Whether two names only tell which border: the Malaysia-Thailand border is no event in both, a clash there is."""
    gap = text[left.named.sight.end : right.named.sight.start]
    after = text[right.named.sight.end : right.named.sight.end + 8].lower()
    return gap in ("-", "–") and "border" in after and detection.trigger not in OUTWARD | {"mass_displacement"}


def _exact(best: Told, told: list[Told], ranked: list[tuple[float, int]]) -> tuple[Place, ...]:
    """The most exact name of that country in the same sentence, then the one that decided the country."""
    code = best.named.spot.country
    if best.named.spot.kind in ("country", "demonym", "actor", "group", "region"):
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
        precision=_PRECISION.get(spot.kind, "country" if spot.kind in ("demonym", "actor", "group") else "region"),
        radius_km=float(spot.radius_km) if spot.radius_km else None,
    )
