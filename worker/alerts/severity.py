"""How grave an alert is, with the reasons: the table ``config/severity.yaml`` over what the reports say."""

from collections.abc import Iterator

import msgspec

from worker.alerts.model import SEVERITIES, Severity
from worker.places.model import Place
from worker.triggers.model import Number, Phase, Veracity


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From so many (``least``) or below so many (``under``) of a kind of figure on, so many steps up or down."""

    kind: str
    least: float | None = None
    under: float | None = None
    steps: int

    def counts(self, number: Number) -> bool:
        """Whether a figure reaches it."""
        value = number.min if number.min is not None else number.max
        if number.kind != self.kind or value is None:
            return False
        return (self.least is None or value >= self.least) and (self.under is None or value < self.under)


class Scale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table: what each trigger begins with, and what moves it.

    ``local`` are triggers of which one crossing, airport or town is a step less than a whole country.
    """

    triggers: dict[str, Severity]
    local: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    phases: dict[Phase, int] = msgspec.field(default_factory=dict)
    over: Severity = "minor"


def severity(
    scale: Scale,
    trigger: str,
    phase: Phase,
    veracity: Veracity,
    places: tuple[Place, ...],
    numbers: tuple[Number, ...],
) -> tuple[Severity, tuple[str, ...]]:
    """The severity of an alert that says this, and the reasons in the order in which they counted."""
    rank, reasons = SEVERITIES.index(scale.triggers[trigger]), [f"{trigger} is {scale.triggers[trigger]}"]
    for steps, reason in _moves(scale, trigger, phase, places, numbers):
        rank += steps
        reasons.append(reason)
    rank = max(0, min(rank, len(SEVERITIES) - 1))
    for holds, reason in ((phase == "ended", "it has ended"), (veracity == "denied", "it is denied")):
        if holds:
            rank = min(rank, SEVERITIES.index(scale.over))
            reasons.append(reason)
    return SEVERITIES[rank], tuple(reasons)


def _moves(
    scale: Scale, trigger: str, phase: Phase, places: tuple[Place, ...], numbers: tuple[Number, ...]
) -> Iterator[tuple[int, str]]:
    if trigger in scale.local and places:
        if places[0].precision == "country":
            yield 0, f"{trigger} of a whole country"
        else:
            yield -1, f"only at {places[0].name}, not in the whole country, lowers it"
    for kind in dict.fromkeys(f.kind for f in scale.figures):
        reached = [(f, n) for f in scale.figures if f.kind == kind for n in numbers if f.counts(n)]
        if reached:
            figure, number = max(reached, key=lambda pair: abs(pair[0].steps))
            yield figure.steps, f"“{number.quote}” {'raises' if figure.steps > 0 else 'lowers'} it"
    if steps := scale.phases.get(phase):
        yield steps, f"it is only {phase}"
