"""How rules, context and the semantic scorer make one confidence.

Log-odds are added: the trigger's own weight, the rule's strength, each reason's weight, and the scorer's log-odds.
The weights are fitted by logistic regression on labelled items; ``data/judge.json`` says how and when.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from worker.triggers.model import FAMILIES, Candidate

DENIED: Final = 0.3
STRONG: Final = 2.0


def features(candidate: Candidate) -> Iterator[str]:
    """The names whose weights are added for a candidate, its reasons among them."""
    yield "bias"
    yield f"trigger:{candidate.trigger}"
    yield f"rule:{candidate.trigger}/{candidate.rule}"
    family = FAMILIES[candidate.trigger]
    for reason in candidate.evidence:
        yield reason
        yield f"{family}|{reason}"
    yield from candidate.words


def log_odds(candidate: Candidate, weights: Mapping[str, float]) -> float:
    """The sum for a candidate that a rule found."""
    odds = candidate.strength * weights.get("strength", 1.0)
    odds += sum(weights.get(name, 0.0) for name in features(candidate))
    # A denial speaks against the event, not against somebody having denied it: it is kept, and alerts nobody.
    return max(odds, DENIED) if "before:denial" in candidate.evidence and candidate.strength >= STRONG else odds


def confidence(odds: float) -> float:
    """The chance, 0 to 1, that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
