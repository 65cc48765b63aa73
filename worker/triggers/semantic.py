"""The semantic scorer: the chance that a sentence reports an alerting event of each trigger (edge).

``Semantic`` runs the weights in ``data/``, which training/README.md tells how to make again. An operator's own model in
their place is asked by ``remote.py``.
"""

import gzip
import importlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from worker.errors import TocsinError
from worker.triggers.model import FAMILIES
from worker.triggers.scout import Scout

DATA: Final = Path(__file__).parent / "data"
LONGEST: Final = 400
MOST_TOKENS: Final = 72
Chances = npt.NDArray[np.float32]


class Card(msgspec.Struct, frozen=True):
    """What ``scorer.json`` says: the triggers in the order of the outputs, and how logits become chances."""

    version: str
    triggers: tuple[str, ...]
    slope: float
    offsets: tuple[float, ...]


class Network:
    """One encoder with its tokenizer. Each text runs alone, so its scores do not depend on its neighbours."""

    def __init__(self, session: Any, tokenizer: Any, card: Card) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._slope = card.slope
        self._offsets = np.array(card.offsets, dtype=np.float32)

    @classmethod
    def load(cls, folder: Path) -> "Network":
        """Reads three files; raises TocsinError where the extra ``semantic`` or a file is missing."""
        try:
            runtime = importlib.import_module("onnxruntime")
            tokenizers = importlib.import_module("tokenizers")
        except ImportError as absent:
            raise TocsinError("the semantic scorer is not installed: pip install 'tocsin[semantic]'") from absent
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        card = _card(folder)
        try:
            words = gzip.decompress((folder / "tokenizer.json.gz").read_bytes()).decode()
            weights = str(folder / "scorer.onnx")
            session = runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except Exception as broken:  # the runtime's own errors have no common base class
            raise TocsinError(f"the semantic scorer's files in {folder} cannot be read: {broken}") from broken
        return cls(session, tokenizers.Tokenizer.from_str(words), card)

    def chances(self, text: str) -> Chances:
        """One chance a trigger for the first 400 characters of a text."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self._slope * self.logits(text) + self._offsets))), dtype=np.float32)

    def logits(self, text: str) -> Chances:
        """What the network says before it is calibrated."""
        ids = self._tokenizer.encode(text[:LONGEST]).ids
        kept = ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]]
        return np.asarray(self._session.run(None, {"ids": np.array([kept], dtype=np.int64)})[0][0])


def _card(folder: Path) -> Card:
    try:
        card = msgspec.json.decode((folder / "scorer.json").read_bytes(), type=Card)
    except (OSError, msgspec.MsgspecError) as broken:
        raise TocsinError(f"{folder}/scorer.json cannot be read: {broken}") from broken
    if card.triggers != tuple(FAMILIES):
        raise TocsinError(f"{folder}/scorer.json names other triggers than this version knows: train it again")
    return card


class Semantic:
    """Scores sentences with the weights that lie in this package: one network for English, one for all languages.

    The second is read when the first text comes that is not English: it takes a third of a second.
    """

    def __init__(self, english: Network, multilingual: Callable[[], Network]) -> None:
        self._english = english
        self._multilingual = cache(multilingual)

    @classmethod
    def load(cls, folder: Path = DATA) -> "Semantic":
        """Reads files, nothing from outside; raises TocsinError where one is missing or broken."""
        other = folder / "multilingual"
        english = Network.load(folder / "english")
        _card(other)
        for name in ("scorer.onnx", "tokenizer.json.gz"):
            if not (other / name).exists():
                raise TocsinError(f"{other}/{name} is missing")
        return cls(english, lambda: Network.load(other))

    def score(self, sentences: Sequence[str], langs: Sequence[str]) -> Chances:
        """Calibrated chances, one row a sentence (its first 400 characters), one column a trigger of FAMILIES."""
        chances = np.zeros((len(sentences), len(FAMILIES)), dtype=np.float32)
        seen: dict[tuple[str, bool], int] = {}
        for row, (sentence, lang) in enumerate(zip(sentences, langs, strict=True)):
            key = (sentence[:LONGEST], lang[:2].lower() == "en")
            if key in seen:
                chances[row] = chances[seen[key]]
                continue
            seen[key] = row
            chances[row] = (self._english if key[1] else self._multilingual()).chances(sentence)
        return chances


def load_scout(file: Path = DATA / "scout.npz") -> Scout:
    """Reads the scout's table; raises TocsinError where it is missing, broken or of other triggers."""
    try:
        with np.load(file) as kept:
            words = kept["words"].tobytes().decode().split("\n")
            table = kept["table"].astype(np.float32) * kept["step"]
            bias = kept["bias"].astype(np.float32)
    except (OSError, ValueError, KeyError) as broken:
        raise TocsinError(f"the scout's table {file} cannot be read: {broken}") from broken
    if table.shape != (len(words), len(FAMILIES)):
        raise TocsinError(f"{file} names other triggers than this version knows: run training.scout again")
    return Scout(words, table, bias)
