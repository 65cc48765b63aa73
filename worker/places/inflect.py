"""The dictionary form of an inflected name.

Cases of the Slavic, Baltic and Finnic languages, of Hungarian, Romanian and Greek; Arabic and Hebrew prefixes; German
genitives.
"""

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
    ("ові", ("", "ів")),
    ("зі", ("га",)),
    *((v + end, (v + "и",)) for v in "ао" for end in ("е", "я", "ю", "ем", "і", "єм")),
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
_HEBREW: Final = ("וב", "ול", "ומ", "שב", "וה", "מה", "ב", "ל", "מ", "ה", "ו", "ש", "כ")
_PREPOSITIONS: Final = ("وب", "ول", "ب", "ل", "و", "ב", "ל", "מ", "ו")
# The same for languages in Latin and Greek letters, folded too: ą is a, ł is l, ów is ow.
_CZECH: Final = (
    *(("ou", ("a",)), ("em", ("", "o")), ("ech", ("y",)), ("ich", ("y",)), ("ze", ("ha",)), ("ce", ("ka",))),
    *(("ii", ("ie", "ia")), ("ie", ("ia",)), ("y", ("a",)), ("e", ("a", "")), ("u", ("a", "o", "")), ("a", ("o", ""))),
)
_SERBIAN: Final = (
    *(("skoj", ("ska",)), ("koj", ("ka",)), ("om", ("a", "", "o")), ("em", ("", "e")), ("ama", ("e",))),
    *(("i", ("a",)), ("e", ("a",)), ("u", ("a", "", "o")), ("a", ("", "o"))),
)
_ESTONIAN: Final = (
    ("sse", ("",)),
    ("st", ("",)),
    ("le", ("",)),
    ("lt", ("",)),
    ("is", ("", "i")),
    ("s", ("",)),
    ("l", ("",)),
)
_CASES: Final = {
    "pl": (
        *(("sce", ("ska",)), ("dze", ("ga",)), ("czech", ("cy",)), ("rzech", ("ry",)), ("szech", ("chy",))),
        *(("cie", ("t",)), ("dzie", ("d",)), ("dniu", ("den",)), ("szku", ("szek",)), ("rozu", ("roze",))),
        *(("miec", ("mcy",)), ("gier", ("gry",)), ("ach", ("y", "i")), ("ech", ("y",)), ("owie", ("ow", "owo"))),
        *(("owa", ("ow", "owo")), ("owi", ("ow", "")), ("owem", ("ow", "owo")), ("ii", ("ia",)), ("ji", ("ja",))),
        *(
            ("ie", ("", "a", "o")),
            ("iu", ("", "ie")),
            ("em", ("", "o")),
            ("om", ("y",)),
            ("rze", ("r", "ra", "er")),
            ("ia", ("",)),
        ),
        *(("y", ("a",)), ("i", ("a", "", "ia")), ("e", ("a",)), ("u", ("", "o")), ("a", ("", "o"))),
    ),
    "cs": _CZECH,
    "sk": _CZECH,
    "hr": _SERBIAN,
    "bs": _SERBIAN,
    "sr": _SERBIAN,
    "sl": _SERBIAN,
    "hu": tuple(
        (ending, ("",))
        for ending in (
            *("ban", "ben", "bol", "nal", "nel", "rol", "hoz", "hez", "nak", "nek", "val", "vel", "tol"),
            *("ba", "be", "ra", "re", "on", "en", "ig", "n", "t"),
        )
    ),
    "fi": tuple((ending, ("", "i")) for ending in ("ssa", "sta", "lla", "lta", "lle", "an", "en", "in", "on", "n")),
    "et": _ESTONIAN,
    "lt": (
        *(("oje", ("a",)), ("eje", ("e",)), ("iuje", ("ius",)), ("os", ("a",)), ("es", ("e",)), ("iaus", ("ius",))),
        *(("uje", ("us",)), ("e", ("as",)), ("o", ("as",)), ("a", ("as",))),
    ),
    "lv": (("as", ("a",)), ("es", ("e",)), ("u", ("a", "")), ("i", ("e",))),
    "ro": (("iei", ("ia",)), ("ei", ("a",)), ("ului", ("",))),
    "el": (
        ("ας", ("α",)),
        ("ασ", ("α",)),
        ("ης", ("η",)),
        ("ησ", ("η",)),
        ("ου", ("ο", "ος", "οσ")),
        ("ο", ("ος", "οσ")),
    ),
}
GENITIVE: Final = frozenset({"de", "sv", "no", "da"})
BEFORE_CYRILLIC: Final = "\u03ff"
"""Folded words after this one may be inflected in any language, others only in those that are named here."""
INFLECTED: Final = GENITIVE | _CASES.keys()


def unprefixed(word: str) -> list[str]:
    """An Arabic or Hebrew word without the preposition that may stand before a name of several words."""
    if not "\u0590" <= word[0] <= "\u06ff":
        return []
    return [word[len(p) :] for p in _PREPOSITIONS if word.startswith(p) and len(word) - len(p) > 1]


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
    if "\u0590" <= first <= "\u05ff":
        return [word[len(p) :] for p in _HEBREW if word.startswith(p) and len(word) - len(p) > 1]
    if word[-1] == "s" and lang in GENITIVE:
        return [word[:-1]]
    ends = _CASES.get(lang, ())
    return [word[: -len(ending)] + base for ending, forms in ends if word.endswith(ending) for base in forms][:12]
