"""The semantic scorer: the chance that a sentence reports an alerting event of each trigger (edge).

Two ways to fill the seam ``Scorer``: ``Semantic`` runs the weights in ``data/``, which training/README.md tells how to
make again; ``RemoteScorer`` asks a model of the operator's own over HTTP.
"""

import gzip
import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import numpy as np
import numpy.typing as npt

from worker.errors import TocsinError
from worker.triggers.model import FAMILIES

DATA: Final = Path(__file__).parent / "data"
LONGEST: Final = 400
MOST_TOKENS: Final = 72
MAX_ANSWER: Final = 4_000_000
Chances = npt.NDArray[np.float32]


class Card(msgspec.Struct, frozen=True):
    """What ``scorer.json`` says: the triggers in the order of the outputs, and how logits become chances."""

    version: str
    triggers: tuple[str, ...]
    slope: float
    offsets: tuple[float, ...]


class Semantic:
    """Scores sentences with the weights that lie in this package; reads nothing from the network.

    Each text runs alone, so its scores do not depend on its neighbours in the call.
    """

    def __init__(self, session: Any, tokenizer: Any, card: Card) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._slope = card.slope
        self._offsets = np.array(card.offsets, dtype=np.float32)
        self.version = card.version

    @classmethod
    def load(cls, folder: Path = DATA) -> "Semantic":
        """Reads the weights; raises TocsinError where the extra ``semantic`` or a file of it is missing."""
        try:
            runtime = importlib.import_module("onnxruntime")
            tokenizers = importlib.import_module("tokenizers")
        except ImportError as absent:
            raise TocsinError("the semantic scorer is not installed: pip install 'tocsin[semantic]'") from absent
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            card = msgspec.json.decode((folder / "scorer.json").read_bytes(), type=Card)
            words = gzip.decompress((folder / "tokenizer.json.gz").read_bytes()).decode()
            weights = str(folder / "scorer.onnx")
            session = runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except Exception as broken:  # the runtime's own errors have no common base class
            raise TocsinError(f"the semantic scorer's files in {folder} cannot be read: {broken}") from broken
        if card.triggers != tuple(FAMILIES):
            raise TocsinError(f"{folder}/scorer.json names other triggers than this version knows: train it again")
        return cls(session, tokenizers.Tokenizer.from_str(words), card)

    def score(self, sentences: Sequence[str]) -> Chances:
        """Calibrated chances, one row a sentence (its first 400 characters), one column a trigger of FAMILIES."""
        logits = np.zeros((len(sentences), len(FAMILIES)), dtype=np.float32)
        seen: dict[str, int] = {}
        for row, sentence in enumerate(sentences):
            text = sentence[:LONGEST]
            if text in seen:
                logits[row] = logits[seen[text]]
                continue
            seen[text] = row
            ids = self._tokenizer.encode(text).ids
            kept = ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]]
            logits[row] = self._session.run(None, {"ids": np.array([kept], dtype=np.int64)})[0][0]
        return np.asarray(1.0 / (1.0 + np.exp(-(self._slope * logits + self._offsets))), dtype=np.float32)


class RemoteScorer:
    """Asks a model of the operator's own.

    It posts ``{"sentences": [...], "triggers": [...]}`` and reads ``{"scores": [[25 chances], ...]}``. ``deadline_s``
    holds for the whole exchange. Whatever fails gives no rows: the rules then stand alone.
    """

    def __init__(self, url: str, *, deadline_s: float = 2.0, token: str = "") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=deadline_s, headers=headers, follow_redirects=False)
        self._url = url
        self._deadline = deadline_s

    def score(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        """One row a sentence in the order of FAMILIES, or no rows at all when the answer is late, broken or refused."""
        try:
            body = self._answer(msgspec.json.encode({"sentences": list(sentences), "triggers": tuple(FAMILIES)}))
            scores = msgspec.json.decode(body, type=dict[str, list[list[float]]])["scores"]
        except (httpx.HTTPError, msgspec.MsgspecError, KeyError, TimeoutError):
            return ()
        fits = len(scores) == len(sentences) and all(len(row) == len(FAMILIES) for row in scores)
        return scores if fits and all(0.0 <= chance <= 1.0 for row in scores for chance in row) else ()

    def _answer(self, body: bytes) -> bytes:
        """The body of a 2xx answer of at most 4 MB that is complete before the deadline."""
        end = time.monotonic() + self._deadline
        headers = {"content-type": "application/json"}
        read = bytearray()
        with self._client.stream("POST", self._url, content=body, headers=headers) as reply:
            reply.raise_for_status()
            for part in reply.iter_bytes():
                read += part
                if len(read) > MAX_ANSWER or time.monotonic() > end:
                    raise TimeoutError(self._url)
        return bytes(read)

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()
