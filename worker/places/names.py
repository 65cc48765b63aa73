"""How a name becomes a key: folded words of one form in every script, without case, accents or marks."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

# Words are runs of letters and digits; the scripts of India and Ethiopia and Arabic vowels carry marks inside words.
_INSIDE: Final = r"\w\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u0900-\u0dff\u1200-\u137f"
WORD: Final = re.compile(f"[{_INSIDE}]+")
_WORD_AND_GAP: Final = re.compile(f"([{_INSIDE}]+)([^{_INSIDE}]*)")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

TAIL: Final = ", "
"""Before a key: the short form of a province, which counts only where it follows a town and a comma."""

_JOINS: Final = frozenset({" ", "-", "‐", "–", "'", "’", ".", ". ", "\u00a0", "ʼ", "`", " '", "' "})
_LETTERS: Final = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ə": "e",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ة": "ه",
        "ۃ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ک": "ك",
        "ګ": "گ",
        "ـ": None,
    }
)


class Word(NamedTuple):
    """One word of the text, folded; ``tight`` tells that only a joining mark stands between it and the next."""

    start: int
    end: int
    text: str
    folded: str
    tight: bool


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word in lower case without accents; one letter for the variants that Arabic, Persian and Urdu type."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", word)
    return "".join(c for c in bare if unicodedata.category(c) != "Mn").casefold().translate(_LETTERS)


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The folded words of a name, one space between them; a name without words gives an empty key."""
    return " ".join(fold(word) for word in WORD.findall(name.replace("ʼ", "'").replace("ʻ", "'")))


def words(text: str) -> list[Word]:
    """The words of a text in order."""
    first = WORD.search(text)
    at = first.start() if first else 0
    out = []
    for raw, gap in _WORD_AND_GAP.findall(text):
        end = at + len(raw)
        out.append(Word(at, end, raw, raw.lower() if raw.isascii() else fold(raw), gap in _JOINS))
        at = end + len(gap)
    return out
