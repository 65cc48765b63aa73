"""How well a named place fits a detection: by nearness, by kind, and by its part in the sentence."""

import re
from typing import Final

import msgspec

from worker.places.grammar import Told
from worker.places.names import fold
from worker.places.read import Reading
from worker.places.vocabulary import ABROAD, ACT, RAVAGED, TROOPS
from worker.triggers.model import FAMILIES, Detection

KIND: Final = {
    "point": 2.2,
    "city": 2.2,
    "capital": 2.1,
    "region": 2.2,
    "country": 2.0,
    "sea": 1.0,
    "demonym": 1.0,
    "group": 1.0,
    "actor": 0.4,
}
CUE: Final = {
    "scene": 1.2,
    "target": 1.2,
    "origin": 0.2,
    "goal": 0.3,
    "agent": -0.8,
    "speaker": -0.9,
    "away": -2.0,
    "camp": -9.0,
    "aside": -3.0,
    "nationals": -0.2,
    "bare": 0.4,
    "link": 0.0,
    "of": 0.8,
    "against": 0.6,
    "border": 0.2,
    "neighbour": 0.0,
    "named": -0.6,
    "urged": -0.6,
    "dateline": 0.3,
}
POINTS: Final = {
    "quote": 1.5,
    "sentence": 2.2,
    "gap": 0.004,
    "clause": 0.3,
    "dateline": 0.9,
    "headline": 1.2,
    "lead": 0.9,
    "back": 1.2,
    "ahead": 0.9,
    "step": 0.25,
    "share": 1.2,
    "own": 0.5,
    "own_link": -2.5,
    "own_border": -0.8,
    "subject": -1.2,
    "own_subject": 1.0,
    "own_order": 0.3,
    "abroad": -5.0,
    "abroad_people": -1.6,
    "flight_from": 1.2,
    "flight_to": -0.4,
    "flight_agent": -1.8,
    "hazard_agent": 0.2,
    "hazard_speaker": -0.2,
    "attack_from": -0.8,
    "war_against": -0.4,
    "left": 1.5,
    "stays": -2.2,
    "headline_left": 1.2,
    "waters": -1.5,
    "continent": -2.8,
    "attacker": -1.8,
    "victims": -1.0,
}
"""What tells for a place and against it, tuned on labelled news."""
_ROLE: Final = {"place": 1.5, "object": 0.5}
# Acts of a state on its own ground: the one who orders it is where it happens.
OWN: Final = frozenset(
    {
        "border_closure",
        "airspace_airport_closure",
        "curfew",
        "emergency_rule",
        "communications_shutdown",
        "health_emergency",
        "coup",
    }
)
_GATES: Final = frozenset({"border_closure", "airspace_airport_closure"})
"""What a state closes to others: named places beyond the gate are not where it happens."""
OUTWARD: Final = frozenset({"air_strike", "war_escalation", "ground_fighting", "territory_change"})
_FLIGHT: Final = frozenset({"evacuation", "mass_displacement"})
_NOT_AT_HOME: Final = OUTWARD | _FLIGHT
_AT_SEA: Final = frozenset({"route_closure", "abduction", "industrial_transport_disaster", "air_strike", "bombing"})
_NEXT: Final = re.compile(r"[\s’'-]*(\w*)")
# Who is taken or killed, or did it, is called by a people's name, wherever it happened.
_PERSONS: Final = frozenset({"abduction", "attack_on_civilians", "coup"})
_HOME: Final = ("agent", "speaker")
_OTHER_SIDE: Final = ("link", "origin", "goal", "of", "scene", "border", "neighbour")
_CLAUSE: Final = (",", ";", ":", " as ", " after ", " while ", " but ", " amid ", " - ", " – ", " — ")


class Scene(msgspec.Struct, frozen=True, gc=False):
    """A detection, the number of its sentence, and the document as it was read."""

    detection: Detection
    sentence: int
    reading: Reading


def score(told: Told, scene: Scene) -> float:
    """The points of a named place for a detection; more is likelier, below one is no evidence."""
    if told.cue == "camp":
        return CUE["camp"]
    spot, sight, detection = told.named.spot, told.named.sight, scene.detection
    points = KIND[spot.kind] + _near(told, scene)
    points += POINTS["abroad"] if _invades(told, scene) else _part(told, detection)
    beyond = told.cue in _OTHER_SIDE and detection.trigger == "border_closure"
    inside = sight.start >= detection.start and sight.end <= detection.end
    if inside and not beyond and told.cue not in ("agent", "away", "aside", "dateline"):
        points += POINTS["quote"]
    if scene.reading.total:
        points += POINTS["share"] * scene.reading.votes.get(spot.country, 0.0) / scene.reading.total
    points += _position(told, scene)
    for role in detection.roles:
        if role.start <= sight.start and sight.end <= role.end:
            points += _ROLE.get(role.role, 0.0)
    if not spot.country and not (spot.kind == "sea" and detection.trigger in _AT_SEA and told.cue == "scene"):
        points += POINTS["waters" if spot.kind == "sea" else "continent"]
    return points


def _position(told: Told, scene: Scene) -> float:
    """A state named before the act is who acts: on its own ground for a closure, elsewhere for a strike."""
    if told.sentence != scene.sentence or told.cue not in ("bare", "speaker", "agent", "urged"):
        return 0.0
    spot, sight, detection = told.named.spot, told.named.sight, scene.detection
    core = next((r.start for r in detection.roles if r.role == "object"), detection.start)
    if sight.end > core:
        return 0.0
    if detection.trigger in OWN:
        return POINTS["own_subject" if detection.trigger in _GATES else "own_order"]
    state = spot.kind in ("country", "demonym", "actor") or (spot.kind == "capital" and spot.country in ABROAD)
    # An army at war in its own land fights there.
    if not state or (detection.trigger == "ground_fighting" and spot.country in RAVAGED):
        return 0.0
    if FAMILIES[detection.trigger] == "leave" and any(
        r.role == "agent" and r.start <= sight.start and sight.end <= r.end for r in detection.roles
    ):
        return POINTS["subject"] * 2
    if detection.trigger in _NOT_AT_HOME or FAMILIES[detection.trigger] == "leave":
        return POINTS["subject"]
    return 0.0


def _near(told: Told, scene: Scene) -> float:
    sight, detection = told.named.sight, scene.detection
    if told.cue == "dateline":
        return POINTS["dateline"]
    if told.sentence == scene.sentence:
        low, high = (detection.end, sight.start) if sight.start >= detection.end else (sight.end, detection.start)
        between = scene.reading.text[low : min(high, low + 200)] if high > low else ""
        points = POINTS["sentence"] - min(max(high - low, 0), 200) * POINTS["gap"]
        return points - POINTS["clause"] if any(mark in between for mark in _CLAUSE) else points
    back = scene.sentence - told.sentence
    if told.sentence == 0:
        return POINTS["headline"] if back <= 3 else POINTS["lead"]
    far = POINTS["step"] * abs(back)
    return max((POINTS["back"] if back > 0 else POINTS["ahead"]) - far, 0.0)


def _invades(told: Told, scene: Scene) -> bool:
    """Whether soldiers of a state that fights abroad do it, or its people as one: Russian troops, Russians killed."""
    spot, sight = told.named.spot, told.named.sight
    if spot.kind != "demonym" or spot.country not in ABROAD or told.cue not in ("agent", "bare"):
        return False
    if FAMILIES[scene.detection.trigger] not in ("attack", "people") and scene.detection.trigger != "evacuation":
        return False
    # "Russians", "Iranians": a whole people that acts is its army.
    after = fold(_NEXT.match(scene.reading.text, sight.end)[1])  # type: ignore[index]
    return after in TROOPS or (scene.reading.text.endswith("ians", sight.start, sight.end) and after in ACT)


def _part(told: Told, detection: Detection) -> float:
    trigger, part, kind = detection.trigger, told.cue, told.named.spot.kind
    family = FAMILIES[trigger]
    if part == "nationals" and kind == "country" and trigger == "mass_displacement":
        return POINTS["flight_from"]
    if trigger in OWN and part in _HOME and (kind == "country" or (trigger != "coup" and _leads(told, detection))):
        return 0.0 if kind == "actor" else POINTS["own"]
    if trigger == "border_closure" and part in _OTHER_SIDE:
        return {"scene": 0.0, "border": POINTS["own_border"]}.get(part, POINTS["own_link"])
    if family == "leave" and trigger != "evacuation":
        return _leaving(told)
    if part == "agent" and told.named.spot.country in ABROAD and family in ("attack", "people"):
        return POINTS["abroad"] if trigger in OUTWARD and trigger != "war_escalation" else POINTS["abroad_people"]
    if part == "agent" and trigger == "air_strike" and kind == "demonym":
        return POINTS["attacker"]
    if part == "bare" and trigger in _PERSONS and kind == "demonym":
        return CUE[part] + POINTS["victims"]
    if part == "against" and trigger in ("ground_fighting", "war_escalation"):
        return POINTS["war_against"]
    if trigger in _FLIGHT and part in ("origin", "goal", "agent"):
        return {"origin": POINTS["flight_from"], "goal": POINTS["flight_to"], "agent": POINTS["flight_agent"]}[part]
    if part == "origin" and trigger in ("air_strike", "war_escalation") and kind == "country":
        return POINTS["attack_from"]
    if family == "hazard" and part in _HOME and kind != "actor":
        return POINTS["hazard_agent" if part == "agent" else "hazard_speaker"]
    return CUE[part]


def _leads(told: Told, detection: Detection) -> bool:
    """Whether the name stands before the act, or in another sentence, so that it may be who orders it."""
    return not detection.start < told.named.sight.start < detection.sentence[1]


def _leaving(told: Told) -> float:
    """A government speaks, its nationals are to leave: the place is what is left."""
    if told.cue in ("agent", "speaker", "nationals", "away", "aside", "urged"):
        return POINTS["stays"]
    if told.cue == "bare":
        return (
            POINTS["headline_left"] if told.sentence == 0 and told.named.spot.kind not in ("demonym", "group") else 0.0
        )
    return POINTS["left"]
