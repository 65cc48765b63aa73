"""Turns logits into chances: one slope for all triggers and an offset each, fitted on out-of-fold logits."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def fit(logits: Floats, targets: Floats, *, rounds: int = 60, pull: float = 4.0) -> tuple[float, Floats]:
    """Slope and offsets by Newton's method over known targets (-1 is unknown); ``pull`` shrinks each offset to 0."""
    slope, offsets = 1.0, np.zeros(logits.shape[1])
    known = targets >= 0
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-(slope * logits + offsets)))
        wrong = np.where(known, targets - chance, 0.0)
        spread = np.where(known, chance * (1 - chance), 0.0)
        offsets = offsets + (wrong.sum(0) - pull * offsets) / (spread.sum(0) + pull)
        slope += float((wrong * logits).sum() / ((spread * logits * logits).sum() + 1e-9))
    return slope, offsets


def error(chances: Floats, truth: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean gap between told chance and observed rate, over bins of equal width."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [abs(chances[place == b].mean() - truth[place == b].mean()) * (place == b).sum() for b in np.unique(place)]
    return float(sum(gaps) / chances.size)
