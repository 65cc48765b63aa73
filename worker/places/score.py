"""How well a named place fits a detection: by nearness, by kind, and by its part in the sentence."""

from collections import Counter
from typing import Final, NamedTuple

from worker.places.grammar import Told
from worker.triggers.model import FAMILIES, Detection

_KIND: Final = {
    "point": 2.2,
    "city": 2.2,
    "capital": 2.1,
    "region": 2.2,
    "country": 2.0,
    "sea": 1.0,
    "demonym": 1.0,
    "actor": 0.4,
}
_CUE: Final = {
    "scene": 1.2,
    "target": 1.2,
    "origin": 0.2,
    "goal": 0.3,
    "agent": -0.8,
    "speaker": -0.6,
    "nationals": -0.2,
    "bare": 0.4,
    "link": 0.0,
}
# Acts of a state on its own ground: the one who orders it is where it happens.
_OWN: Final = frozenset(
    "border_closure airspace_airport_closure curfew emergency_rule communications_shutdown health_emergency coup".split()
)
_OUTWARD: Final = frozenset("air_strike war_escalation ground_fighting territory_change attack_on_civilians".split())


class Scene(NamedTuple):
    """A detection, the number of its sentence, and how often the text speaks of each country."""

    detection: Detection
    sentence: int
    votes: Counter[str]


def score(told: Told, scene: Scene) -> float:
    """The points of a named place for a detection; more is likelier, below one is no evidence."""
    spot, sight, detection = told.named.spot, told.named.sight, scene.detection
    points = _KIND[spot.kind] + _part(told, detection) + _near(told, scene)
    if sight.start >= detection.start and sight.end <= detection.end:
        points += 1.5
    total = sum(scene.votes.values())
    if total:
        points += 1.2 * scene.votes[spot.country] / total
    for role in detection.roles:
        if role.start <= sight.start and sight.end <= role.end:
            points += {"place": 1.5, "object": 0.5}.get(role.role, 0.0)
    return points


def _near(told: Told, scene: Scene) -> float:
    sight, detection = told.named.sight, scene.detection
    if told.sentence == scene.sentence:
        gap = max(sight.start - detection.end, detection.start - sight.end, 0)
        return 2.2 - min(gap, 200) * 0.004
    back = scene.sentence - told.sentence
    if told.sentence == 0:
        return 1.2 if back <= 3 else 0.9
    if back > 0:
        return max(1.2 - 0.25 * back, 0.0)
    return max(0.9 + 0.25 * back, 0.0)


def _part(told: Told, detection: Detection) -> float:
    trigger = detection.trigger
    points = _CUE[told.cue]
    if trigger in _OWN:
        if told.cue in ("agent", "speaker"):
            return 0.5 if told.named.spot.kind != "actor" else 0.0
        if trigger == "border_closure" and told.cue in ("link", "origin", "goal"):
            return -0.8
    if trigger in _OUTWARD and told.cue == "agent":
        return points - 1.0
    if trigger == "leave_advisory":
        if told.cue in ("scene", "goal", "target", "origin"):
            return 1.5
        if told.cue in ("agent", "speaker", "nationals"):
            return -1.2
    if trigger in ("evacuation", "mass_displacement") and told.cue == "origin":
        return 1.2
    if trigger in ("evacuation", "mass_displacement") and told.cue == "goal":
        return -0.4
    if FAMILIES[detection.trigger] == "hazard" and told.named.spot.kind == "demonym" and told.cue == "agent":
        return 0.2
    return points
