"""How a name becomes a key: folded words of one form in every script, without case, accents or marks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from worker.places.memo import Memo

# Words are runs of letters and digits; the scripts of India and Ethiopia and Arabic vowels carry marks inside words.
_INSIDE: Final = r"\w\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u0900-\u0dff\u1200-\u137f"
WORD: Final = re.compile(f"[{_INSIDE}]+")
_GAP: Final = re.compile(f"([^{_INSIDE}]+)")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

TAIL: Final = ", "
"""Before a key: the short form of a province, which counts only where it follows a town and a comma."""

PARTICLES: Final = frozenset(
    {"al", "el", "as", "ad", "an", "ar", "ash", "at", "az", "ez", "la", "le", "los", "las", "les", "il", "st"}
)
"""Small words with which a name may begin."""

_JOINS: Final = frozenset({" ", "-", "‐", "–", "'", "’", ".", ". ", "\u00a0", "ʼ", "`", " '", "' "})
# Combining classes of letters, of the vowels of Indian scripts, and of the sign that a vowel is absent.
_VOWELS: Final = (0, 9)
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, in columns; ``tight`` tells that only a joining mark parts a word from the next."""

    starts: list[int]
    ends: list[int]
    texts: list[str]
    folded: list[str]
    tight: list[bool]


def fold(word: str) -> str:
    """The word in lower case without accents; one letter for the variants that Arabic, Persian and Urdu type.

    The marks of Indian scripts are vowels, not accents, and stay: without them Peru would be Hindi for "on".
    """
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", word)
    return "".join(c for c in bare if unicodedata.combining(c) in _VOWELS).casefold().translate(_LETTERS)


_FOLDED: Final = Memo(fold, 65536)


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The folded words of a name, one space between them; a name without words gives an empty key."""
    return " ".join(fold(word) for word in WORD.findall(name.replace("ʼ", "'").replace("ʻ", "'")))


def words(text: str) -> Words:
    """The words of a text in order."""
    parts = _GAP.split(text)
    if parts[-1]:
        parts.append("")
    else:
        parts.pop()
    edges = list(accumulate(map(len, parts), initial=0))
    first = 0 if parts and parts[0] else 2
    texts = parts[first::2]
    return Words(
        starts=edges[first:-1:2],
        ends=edges[first + 1 :: 2],
        texts=texts,
        folded=list(map(_FOLDED.__getitem__, texts)),
        tight=list(map(_JOINS.__contains__, parts[first + 1 :: 2])),
    )
