"""Which sentences of a long text are worth the scorer's time, told by their words alone.

A linear model over the words of a sentence, learned from what the scorer learns from (``training/scout.py``). It reads
an article in a third of a millisecond; it is far too weak to decide, and good enough to say where to look.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

_SOLID: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff]")
Leanings = npt.NDArray[np.float32]


class Scout:
    """The log-odds that a sentence reports each trigger, as far as its words tell."""

    def __init__(self, words: Sequence[str], table: Leanings, bias: Leanings) -> None:
        """``table`` has a row of weights a word, one column a trigger of FAMILIES; ``bias`` one weight a trigger."""
        self._words = {word: n for n, word in enumerate(words)}
        self._table = table
        self._bias = bias

    def read(self, sentences: Sequence[str]) -> Leanings:
        """One row of log-odds a sentence in normal form, one column a trigger of FAMILIES; linear in the text."""
        known = self._words
        rows = [[known[word] for word in tokens(sentence) if word in known] for sentence in sentences]
        made = np.tile(self._bias, (len(rows), 1))
        counts = [len(row) for row in rows]
        full = [n for n, count in enumerate(counts) if count]
        if full:
            ends = np.cumsum([counts[n] for n in full])
            found = self._table[[number for row in rows for number in row]]
            made[full] += np.add.reduceat(found, [0, *ends[:-1]])
        return made


def tokens(sentence: str) -> set[str]:
    """The words of a sentence in normal form, each once; pairs of signs where a script sets no spaces; numbers as 0."""
    found = {"0" if word.isdigit() else word for word in sentence.split()}
    if _SOLID.search(sentence):
        solid = {word for word in found if _SOLID.match(word)}
        found -= solid
        found.update(pair for word in solid for pair in map("".join, pairwise(word)))
    return found
