"""The dictionary form of an inflected name: Russian and Ukrainian cases, Arabic prefixes, German genitives."""

from typing import Final

# Endings of place names in the six cases, with the ending of the nominative; folded letters, so й is и and ї is і.
_SLAVIC: Final = (
    ("скои", ("ская", "ска")),
    ("ском", ("скии", "ск", "ское")),
    ("ские", ("скии",)),
    ("ским", ("скии",)),
    ("ского", ("скии", "ское")),
    ("иями", ("ия",)),
    ("иею", ("ия",)),
    ("ією", ("ія",)),
    ("ии", ("ия",)),
    ("ію", ("ія",)),
    ("іі", ("ія",)),
    ("ию", ("ия", "ии")),
    ("иеи", ("ия",)),
    ("еи", ("я", "а", "ь")),
    ("єю", ("я",)),
    ("ою", ("а",)),
    ("ои", ("а",)),
    ("ом", ("", "о")),
    ("ем", ("ь", "е", "")),
    ("єм", ("и",)),
    ("ам", ("ы", "и")),
    ("ах", ("ы", "и", "а")),
    ("ями", ("и",)),
    ("ами", ("ы", "и")),
    ("ові", ("",)),
    ("еві", ("ь",)),
    ("єві", ("іів", "ів")),
    ("єва", ("іів", "ів")),
    ("єву", ("іів", "ів")),
    ("кові", ("ків",)),
    ("кова", ("ків",)),
    ("кову", ("ків",)),
    ("вова", ("вів",)),
    ("вові", ("вів",)),
    ("а", ("", "о", "ь")),
    ("я", ("ь", "и")),
    ("у", ("", "а", "о")),
    ("ю", ("ь", "я", "и")),
    ("е", ("", "а", "ь", "о")),
    ("є", ("я", "а")),
    ("і", ("", "а", "ь", "о", "я")),
    ("ы", ("а", "")),
    ("и", ("а", "я", "ь", "і")),
)
_ARABIC: Final = ("وبال", "وال", "بال", "فال", "كال", "لل", "ال", "وب", "ول", "و", "ب", "ل", "ف", "ك")
GENITIVE: Final = frozenset({"de", "sv", "no", "nb", "da"})
BEFORE_CYRILLIC: Final = "\u03ff"
"""Folded words after this one may be inflected in any language, others only in those with a genitive."""


def bases(word: str, lang: str) -> list[str]:
    """The forms a dictionary may list for a folded word, likeliest first; at most a dozen."""
    if len(word) < 4:
        return []
    first = word[0]
    if "\u0400" <= first <= "\u04ff":
        return [word[: -len(ending)] + base for ending, ends in _SLAVIC if word.endswith(ending) for base in ends][:12]
    if "\u0600" <= first <= "\u06ff":
        bare = [word[len(p) :] for p in _ARABIC if word.startswith(p) and len(word) - len(p) > 2]
        return [form for b in bare for form in (b, "ال" + b)][:12]
    if word[-1] == "s" and lang[:2] in GENITIVE:
        return [word[:-1]]
    return []
