"""How rules, context and the semantic scorer make one confidence.

Log-odds are added: the trigger's own weight, the rule's strength, each reason's weight, and the scorer's log-odds.
The weights are fitted by logistic regression on labelled items; ``_judge.yaml`` says how and when.
"""

import math
from collections.abc import Iterable, Mapping

from worker.triggers.lexicon import STRENGTH


def log_odds(trigger: str, rule: str, strength: str, reasons: Iterable[str], weights: Mapping[str, float]) -> float:
    """The sum for a candidate that a rule found."""
    total = weights.get("bias", 0.0) + weights.get("strength", 1.0) * STRENGTH[strength]
    total += weights.get(f"trigger:{trigger}", 0.0) + weights.get(f"rule:{trigger}/{rule}", 0.0)
    return total + sum(weights.get(reason, 0.0) for reason in reasons)


def confidence(odds: float) -> float:
    """The chance, 0 to 1, that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
