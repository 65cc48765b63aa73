"""Chooses which pieces of the encoder's vocabulary are kept: a sixth of it reads what our languages write."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from training.e5 import E5File

SIZE = 40_000
SPECIAL = 4
_LETTER_SCORE = -13.2
# How much rarer a piece may be than a Latin one before it is dropped, by script.
_HANDICAP = {"LATIN": 0.0, "CYRILLIC": 0.0, "ARABIC": 0.0, "": 0.0, "CJK": 0.0, "HIRAGANA": 0.0, "KATAKANA": 0.0}
_SOME = {"HANGUL", "DEVANAGARI", "GREEK", "HEBREW", "THAI", "BENGALI"}


def _script(piece: str) -> str:
    letter = next((char for char in piece if char.isalpha()), "")
    return unicodedata.name(letter, "?").split()[0] if letter else ""


def _rank(piece: str, score: float) -> float:
    script = _script(piece)
    return score - _HANDICAP.get(script, 1.0 if script in _SOME else 2.5)


def choose(source: E5File, texts: Mapping[str, Iterable[str]], size: int = SIZE) -> npt.NDArray[np.int64]:
    """Ids to keep, sorted: pieces that the texts use (by language code), single letters, then the most frequent."""
    pieces: Sequence[str] = source.pieces
    kept = set(range(SPECIAL))
    letters = (i for i, p in enumerate(pieces) if len(p.replace("▁", "")) <= 1 and source.scores[i] > _LETTER_SCORE)
    kept.update(letters)
    tokenizer = source.tokenizer(np.arange(len(pieces)))
    for lang, given in texts.items():
        counts = Counter(i for coded in tokenizer.encode_batch(list(given)) for i in coded.ids)
        kept.update(i for i, n in counts.items() if n >= (3 if lang == "en" else 1))
    likely = np.argsort(-source.scores[SPECIAL:])[:150_000] + SPECIAL
    ranked = sorted(((_rank(pieces[i], float(source.scores[i])), int(i)) for i in likely), reverse=True)
    for _, i in ranked:
        if len(kept) >= size:
            break
        if pieces[i] != "<mask>":
            kept.add(i)
    return np.array(sorted(kept))
