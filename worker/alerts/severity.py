"""How grave an alert is, with the reasons: a table by trigger, raised and lowered by what the reports say."""

from typing import Final

from worker.alerts.model import SEVERITIES, Severity
from worker.places.model import Place
from worker.triggers.model import Number, Phase, Veracity

BASE: Final[dict[str, Severity]] = {
    "border_closure": "severe",
    "airspace_airport_closure": "severe",
    "route_closure": "moderate",
    "curfew": "moderate",
    "evacuation": "severe",
    "embassy_drawdown": "severe",
    "leave_advisory": "severe",
    "emergency_rule": "severe",
    "coup": "extreme",
    "communications_shutdown": "moderate",
    "air_strike": "severe",
    "ground_fighting": "severe",
    "bombing": "severe",
    "attack_on_civilians": "severe",
    "territory_change": "severe",
    "war_escalation": "extreme",
    "cbrn": "extreme",
    "abduction": "moderate",
    "mass_displacement": "severe",
    "violent_unrest": "moderate",
    "earthquake_volcano": "moderate",
    "storm_flood_fire": "moderate",
    "infrastructure_damage": "moderate",
    "industrial_transport_disaster": "moderate",
    "health_emergency": "moderate",
}
MANY_DEAD: Final = 10


def severity(
    trigger: str, phase: Phase, veracity: Veracity, places: tuple[Place, ...], numbers: tuple[Number, ...]
) -> tuple[Severity, tuple[str, ...]]:
    """The severity of an alert that says this, and the reasons in the order in which they counted."""
    rank = SEVERITIES.index(BASE[trigger])
    reasons = [f"{trigger} is {BASE[trigger]}"]
    if any(n.kind == "killed" and (n.min or 0) >= MANY_DEAD for n in numbers):
        rank += 1
        reasons.append(f"{MANY_DEAD} or more killed raises it")
    if trigger in ("border_closure", "airspace_airport_closure") and places and places[0].precision not in ("country",):
        rank -= 1
        reasons.append("one crossing or airport, not a whole country, lowers it")
    if phase == "ended":
        rank = 0
        reasons.append("it has ended")
    elif phase == "threatened":
        rank -= 1
        reasons.append("it is only threatened")
    if veracity == "denied":
        rank = 0
        reasons.append("it is denied")
    return SEVERITIES[max(0, min(rank, len(SEVERITIES) - 1))], tuple(reasons)
