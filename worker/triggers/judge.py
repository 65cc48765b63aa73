"""How rules, context and the semantic scorer make one confidence.

Log-odds are added: the trigger's own weight, the rule's strength, each reason's weight, and the scorer's log-odds.
The weights are fitted by logistic regression on labelled items; ``data/judge.json`` says how and when.
"""

import math
from collections.abc import Mapping
from typing import Final

from worker.triggers.model import FAMILIES, Candidate

THRESHOLD: Final = 0.5
SUSPECTED: Final = 0.02
# What does not happen yet is written of in words that speak against its happening.
FEARED: Final = 0.15
DENIED: Final = 0.3
STRONG: Final = 2.0
UNOPPOSED: Final = 0.1
AGAINST: Final = -0.1
_DENIALS: Final = frozenset({"in:denial", "before:denial", "after:denial", "before:negation"})
_CONTEXT: Final = frozenset({"before", "after", "in", "title", "form"})


def features(candidate: Candidate) -> list[str]:
    """The names whose weights are added for a candidate, its reasons among them."""
    names = ["bias", f"trigger:{candidate.trigger}", f"rule:{candidate.trigger}/{candidate.rule}"]
    family = FAMILIES[candidate.trigger]
    for reason in candidate.evidence:
        names += (reason, f"{family}|{reason}")
    return [*names, *candidate.words]


def log_odds(candidate: Candidate, weights: Mapping[str, float]) -> float:
    """The sum for a candidate that a rule found.

    A strong rule stands where nothing in its sentence speaks against it: words alone do not outvote it. A denial speaks
    against the event, not against somebody having denied it: that is kept, and alerts nobody.
    """
    odds = candidate.strength * weights.get("strength", 1.0)
    odds += sum(filter(None, map(weights.get, features(candidate))))
    if candidate.strength < STRONG:
        return odds
    if "before:denial" in candidate.evidence:
        return max(odds, DENIED)
    against = (r for r in candidate.evidence if r.partition(":")[0] in _CONTEXT and weights.get(r, 0.0) < AGAINST)
    return odds if any(against) else max(odds, UNOPPOSED)


def floor(candidate: Candidate) -> float:
    """The least chance that counts: what somebody denies is told of on a suspicion."""
    return THRESHOLD if _DENIALS.isdisjoint(candidate.evidence) else SUSPECTED


def confidence(odds: float) -> float:
    """The chance, 0 to 1, that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
