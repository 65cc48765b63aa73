"""Figures beside what happened: killed, injured, missing, displaced, evacuated, magnitude."""

import re
from collections.abc import Iterator
from typing import Final

from worker.triggers.model import Number

MOST: Final = 6
_WORDS: Final = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
# The least that each vague word can mean; a headline's "dozens" is two dozen or more.
_VAGUE: Final = {
    "hundreds of thousands": 100_000.0,
    "tens of thousands": 10_000.0,
    "millions": 1_000_000.0,
    "thousands": 1_000.0,
    "hundreds": 100.0,
    "scores": 40.0,
    "dozens": 24.0,
    "a dozen": 12.0,
    "miles": 1_000.0,
    "cientos": 100.0,
    "decenas": 20.0,
    "des milliers": 1_000.0,
    "des centaines": 100.0,
    "des dizaines": 20.0,
    "tausende": 1_000.0,
    "hunderte": 100.0,
    "dutzende": 24.0,
    "migliaia": 1_000.0,
    "centinaia": 100.0,
    "decine": 20.0,
    "milhares": 1_000.0,
    "centenas": 100.0,
    "dezenas": 20.0,
    "тысячи": 1_000.0,
    "сотни": 100.0,
    "десятки": 20.0,
}
_SCALE: Final = {"thousand": 1e3, "million": 1e6, "mil": 1e3, "millón": 1e6, "millones": 1e6, "тысяч": 1e3}
_FLOOR: Final = frozenset(
    "at least|more than|over|upwards of|al menos|más de|au moins|plus de|mindestens|mehr als|über|almeno|più di|"  # noqa: SIM905
    "pelo menos|mais de|не менее|более".split("|")
)
_CEILING: Final = frozenset(
    ["up to", "as many as", "at most", "fewer than", "less than", "hasta", "jusqu'à", "bis zu", "fino a", "até", "до"]
)
_ABOUT: Final = frozenset(
    "about|around|approximately|roughly|some|nearly|almost|close to|an estimated|estimated|unos|unas|cerca de|casi|"  # noqa: SIM905
    "environ|près de|etwa|rund|fast|circa|quasi|около|почти".split("|")
)
_ANY: Final = "|".join(sorted(map(re.escape, _FLOOR | _CEILING | _ABOUT), key=len, reverse=True))
_VALUE: Final = (
    r"(?:\d{1,3}(?:[,.\u00a0 ]\d{3}){1,3}|\d{1,7}(?:\.\d)?)(?![\w.,%°-]*[\d%-])(?: (?:"
    + "|".join(_SCALE)
    + r")\b)?|\b(?:"
    + "|".join(sorted([*_VAGUE, *_WORDS], key=len, reverse=True))
    + r")\b(?!-)"
)
_FIGURE: Final = rf"(?:(?P<how>{_ANY}) )?(?P<low>{_VALUE})(?:(?: to | and |-|–)(?P<high>\d{{1,7}})\b(?=[\s]))?"
_GAP: Final = r"(?: (?!and\b|but\b|as\b|after\b|when\b|where\b|closed\b|for\b|y\b|et\b|und\b)[^\s,.;:()\d]{1,20}){0,5}?"
_AFTER: Final = {
    "killed": r"killed|dead|died|die|dies|deaths|fatalities|slain|massacred|muertos|muertas|fallecidos|morts|tués|tote"
    r"|toten|getötet|morti|uccisi|mortos|погибли|погибших|убиты|ölü|öldü|загинули",
    "injured": r"injured|wounded|hurt|injuries|heridos|heridas|blessés|verletzte|verletzt|feriti|feridos|ранены|раненых"
    r"|yaralı|поранені",
    "missing": r"missing|unaccounted|desaparecidos|disparus|vermisste|vermisst|dispersi|desaparecidos|пропали",
    "displaced": r"displaced|flee|fled|fleeing|homeless|uprooted|forced from|driven from|driven out|desplazados"
    r"|déplacés|vertrieben|vertriebene|sfollati|deslocados|expelled",
    "evacuated": r"evacuated|evacuees|evacuate|evacuados|évacués|evakuiert|evacuati|evacuadas|эвакуированы"
    r"|эвакуировали",
}
_BEFORE: Final = {
    "killed": r"kill(?:s|ed|ing)?|death toll (?:\w+ ){0,3}?(?:to|at|of|reaches|hits|passes)|claim(?:s|ed) the lives of"
    r"|matan? a|tuant|tötet|uccid\w+|leav\w+ dead",
    "injured": r"injur(?:es|ed|ing)|wound(?:s|ed|ing)|hurt(?:s|ing)?",
    "displaced": r"displac(?:es|ed|ing)|uproot(?:s|ed|ing)|forc(?:es|ed|ing)",
    "evacuated": r"evacuat(?:es|ed|ing)|evacuation of",
}
_PATTERNS: Final = tuple(
    (kind, re.compile(words, re.I), re.compile(rf"(?<![\w$€£.,]){_FIGURE}{_GAP} (?:{words})\b", re.I))
    for kind, words in _AFTER.items()
) + tuple(
    (kind, re.compile(words, re.I), re.compile(rf"\b(?:{words}) {_FIGURE}(?=[\s,.;:!?)]|$)", re.I))
    for kind, words in _BEFORE.items()
)
_MAGNITUDE: Final = re.compile(
    r"\b(?:magnitudes?|magnitud|magnitudo|stärke|магнитудой|büyüklüğünde)[ -](?:of |de |von )?(?P<a>\d(?:[.,]\d)?)"
    r"(?![\d.,]*\d)"
    r"|\b(?P<b>\d[.,]\d)[ -](?:magnitude|quake|earthquake|büyüklüğünde|richter)",
    re.I,
)
_SIGN: Final = re.compile(r"\d|" + "|".join(sorted([*_VAGUE, *_WORDS], key=len, reverse=True)), re.I)


def numbers(run: str) -> tuple[Number, ...]:
    """The figures that a sentence gives, at most ``MOST``; the first of each kind and value."""
    if not _SIGN.search(run):
        return ()
    found: dict[tuple[str, float | None, float | None], Number] = {}
    for one in _all(run):
        found.setdefault((one.kind, one.min, one.max), one)
    return tuple(found.values())[:MOST]


def _all(run: str) -> Iterator[Number]:
    for match in _MAGNITUDE.finditer(run):
        size = float((match.group("a") or match.group("b")).replace(",", "."))
        yield Number(kind="magnitude", min=size, max=size, approximate=False, quote=match.group().strip())
    for kind, sign, pattern in _PATTERNS:
        if not sign.search(run):
            continue
        for match in pattern.finditer(run):
            yield _number(kind, match)


def _number(kind: str, match: re.Match[str]) -> Number:
    how, low = (match.group("how") or "").lower(), match.group("low").lower()
    value = _value(low)
    high = float(match.group("high")) if match.group("high") else None
    quote = match.group().strip()
    if high is not None and high >= value:
        return Number(kind=kind, min=value, max=high, approximate=True, quote=quote)
    if how in _CEILING:
        return Number(kind=kind, min=None, max=value, approximate=True, quote=quote)
    if low in _VAGUE or how in _FLOOR:
        return Number(kind=kind, min=value, max=None, approximate=low in _VAGUE, quote=quote)
    return Number(kind=kind, min=value, max=value, approximate=how in _ABOUT, quote=quote)


def _value(text: str) -> float:
    if text in _VAGUE:
        return _VAGUE[text]
    if text in _WORDS:
        return _WORDS[text]
    figure, _, scale = text.partition(" ")
    if scale and scale not in _SCALE:
        figure, scale = text, ""
    digits = re.sub(r"[,.\u00a0 ](?=\d{3}\b)", "", figure)
    return float(digits.replace(",", ".")) * _SCALE.get(scale, 1.0)
