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
from worker.triggers.scout import Scout

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


class Network:
    """One encoder with its tokenizer. Each text runs alone, so its scores do not depend on its neighbours."""

    def __init__(self, session: Any, tokenizer: Any, card: Card) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._slope = card.slope
        self._offsets = np.array(card.offsets, dtype=np.float32)
        self.version = card.version

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

    def chances(self, text: str) -> Chances:
        """One chance a trigger for the first 400 characters of a text."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self._slope * self.logits(text) + self._offsets))), dtype=np.float32)

    def logits(self, text: str) -> Chances:
        """What the network says before it is calibrated."""
        ids = self._tokenizer.encode(text[:LONGEST]).ids
        kept = ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]]
        return np.asarray(self._session.run(None, {"ids": np.array([kept], dtype=np.int64)})[0][0])


class Semantic:
    """Scores sentences with the weights that lie in this package: one network for English, one for all languages."""

    def __init__(self, english: Network, multilingual: Network) -> None:
        self._english = english
        self._multilingual = multilingual
        self.version = f"{english.version}/{multilingual.version}"

    @classmethod
    def load(cls, folder: Path = DATA) -> "Semantic":
        """Reads both networks, nothing from outside; raises TocsinError where one is missing or broken."""
        return cls(Network.load(folder / "english"), Network.load(folder / "multilingual"))

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
            chances[row] = (self._english if key[1] else self._multilingual).chances(sentence)
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


class RemoteScorer:
    """Asks a model of the operator's own.

    It posts ``{"sentences": [...], "langs": [...], "triggers": [...]}`` and reads ``{"scores": [[25 chances], ...]}``.
    ``deadline_s`` holds for the whole exchange. Whatever fails gives no rows: the rules then stand alone.
    """

    def __init__(self, url: str, *, deadline_s: float = 2.0, token: str = "") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=deadline_s, headers=headers, follow_redirects=False)
        self._url = url
        self._deadline = deadline_s

    def score(self, sentences: Sequence[str], langs: Sequence[str]) -> Sequence[Sequence[float]]:
        """One row a sentence in the order of FAMILIES, or no rows at all when the answer is late, broken or refused."""
        asked = {"sentences": list(sentences), "langs": list(langs), "triggers": tuple(FAMILIES)}
        try:
            body = self._answer(msgspec.json.encode(asked))
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
