"""Names in scripts without spaces between words: where one may stand, and which need a sign of a place beside them."""

import re
from collections.abc import Set
from typing import Final

from worker.places.model import WEAK, Spot

SMALL: Final = 200_000
"""Two signs for a town with fewer inhabitants are mostly a word, or the end of one and the start of the next."""
_KANA: Final = re.compile("[\u30a1-\u30fa\u30fc-\u30ff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_AFTER: Final = re.compile(
    "[市縣県县区區镇鎮乡鄉州村町郡府旗]|(?:시|군|구|읍|면|시내|군청|시청|지역|인근|주민들?|공항|항구|공단)(?![\uac00-\ud7a3]{2})"
    "|\\s?(?:地震|지진)"
)
_BEFORE: Final = re.compile(r"(?:[省市縣县州區区盟]|จังหวัด|จ\.|อำเภอ|อ\.|เมือง)\s?$")


def whole(text: str, start: int, end: int, edges: Set[int]) -> bool:
    """Whether a name at ``start:end`` is no part of a longer word; ``edges`` are where one name follows another."""
    for letters in (_KANA, _HANGUL):
        if letters.match(text, start) and start and letters.match(text, start - 1) and start not in edges:
            return False
    return not (_KANA.match(text, end - 1) and _KANA.match(text, end) and end not in edges)


def stands(text: str, start: int, end: int, flags: int, spots: tuple[Spot, ...], *, joined: bool) -> bool:
    """Whether the name of a place is one here, and no word of the language.

    ``joined`` tells that another place's name ends right before it, as a province's before its county's.
    """
    if not (flags & WEAK or (end - start <= 2 and spots[0].kind == "city" and spots[0].size < SMALL)):
        return True
    return joined or bool(_AFTER.match(text, end) or _BEFORE.search(text, max(0, start - 8), start))
