"""Figures beside what happened: killed, injured, missing, displaced, evacuated, magnitude."""

import re
from collections.abc import Iterable, Iterator, Set
from functools import cache
from typing import Final

import ahocorasick_rs
import msgspec

from worker.triggers import figures as f
from worker.triggers.model import Number

MOST: Final = 6


def _any(words: Iterable[str], *, plain: bool = True) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, ordered) if plain else ordered)


_DIGITS: Final = r"(?:\d{1,3}(?:[,.\u00a0\u202f ]\d{3}){1,3}|\d{1,7}(?:[.,]\d{1,2})?)"
_ENDS: Final = r"(?![\w.,%°-]*[\d%-])(?!\s?(?:%|per cent|percent|years?\b|días|hours))"
_SCALED: Final = rf"(?:[ \u00a0]?(?:{_any(f.SCALE)})\b)?"
_SPELT: Final = rf"\b(?:{_any([*f.VAGUE, *f.EXACT])})\b(?:-(?:{_any(f.EXACT)})\b)?(?!-){_SCALED}"
_VALUE: Final = rf"(?:{_DIGITS}{_SCALED}{_ENDS}|{_SPELT})"
_HIGH: Final = rf"(?:\d{{1,7}}\b|\b(?:{_any(f.EXACT)})\b)"
_FIGURE: Final = (
    rf"(?:(?:(?:{_any(f.BETWEEN)}) (?P<from>{_HIGH}) (?:{_any(f.AND)}) ?(?P<upto>{_HIGH}))"
    rf"|(?:(?P<how>{_any((*f.FLOOR, *f.CEILING, *f.ABOUT))}) ?)?(?:(?<![\w$€£.,])|(?<=\bو))(?P<low>{_VALUE})"
    rf"(?:(?: to |-|–| a | bis )(?P<high>{_HIGH})(?=\s))?)"
)
_OPEN: Final = r"(?<![$€£.,\d])(?<!\bno )(?:\b|(?<=\bو))"
_STEP: Final = rf"(?:[ \u00a0](?!(?:{_any(f.STOP)})\b)[^\s,.;:()\d]{{1,20}})"
_MAGNITUDE: Final = re.compile(
    r"\b(?:magnitudes?|magnitud|magnitudo|stärke|магнитудой|магнітудою|بقوة|قوته)[ -](?:of |de |von )?"
    r"(\d(?:[.,]\d)?)(?![\d.,]*\d)"
    r"|\b(\d[.,]\d)[ -](?:magnitude|quake|earthquake|büyüklüğünde|richter|on the richter)"
    r"|(?:quake|tremor|sismo|temblor|terremoto|séisme|beben),? (?:measuring|measured at|put at|of|de|di|von) "
    r"(\d[.,]\d)(?![\d.,]*\d| ?(?:k?m\b|million|mill|mil\b))",
    re.I,
)
_DIGIT: Final = re.compile(r"\d")
# In what the forms of a word differ: groups, sets of letters, letters that may be absent.
_LOOSE: Final = re.compile(r"\((?:[^()]|\([^()]*\))*\)[?*+]?|\[[^\]]*\][?*+]?|\\w[?*+]?|.[?*]")


@cache
def _toll() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(f.TOLL)})\b(?: [^\s,.;:()\d]{{1,16}}){{0,7}}? {_FIGURE}(?=[\s,.;:!?)'’]|$)", re.I)


@cache
def _after(kind: str) -> re.Pattern[str]:
    """A figure and what it counts; compiled when a text first wants it, as are all such: together it takes 0.4 s."""
    return re.compile(rf"{_OPEN}{_FIGURE}{_STEP}{{0,5}}?[ \u00a0](?:{_any(f.AFTER[kind], plain=False)})\b", re.I)


@cache
def _before(kind: str) -> re.Pattern[str]:
    words = _any(f.BEFORE[kind], plain=False)
    return re.compile(rf"\b(?:{words})(?: (?:{_any(f.MORE)}))? {_FIGURE}(?=[\s,.;:!?)]|$)", re.I)


def _stem(word: str) -> str:
    """The longest run of letters that every form of a word has: "disparu" of "disparu[es]*"."""
    return max(_LOOSE.split(word), key=len)


_SIGNS: Final = [
    (sign, word)
    for sign, words in (
        ("figure", (*f.VAGUE, *f.EXACT)),
        ("magnitude", f.MAGNITUDE),
        ("toll", f.TOLL),
        *((f"{kind} after", map(_stem, words)) for kind, words in f.AFTER.items()),
        *((f"{kind} before", map(_stem, words)) for kind, words in f.BEFORE.items()),
    )
    for word in words
]
_SEARCH: Final = ahocorasick_rs.AhoCorasick([word for _, word in _SIGNS])


def _signs(run: str) -> set[str]:
    """What a run may tell of: one pass for the stems of all words, so that few patterns are tried in vain."""
    return {_SIGNS[number][0] for number, _, _ in _SEARCH.find_matches_as_indexes(f.even(run), overlapping=True)}


def numbers(run: str) -> tuple[Number, ...]:
    """The figures that a sentence gives, at most ``MOST``; the first of each kind and value."""
    signs = _signs(run)
    if "figure" not in signs and not _DIGIT.search(run):
        return ()
    found: dict[tuple[str, float | None, float | None], Number] = {}
    for one in _all(run, signs):
        found.setdefault((one.kind, one.min, one.max), one)
    return tuple(found.values())[:MOST]


def _all(run: str, signs: Set[str]) -> Iterator[Number]:
    for match in _MAGNITUDE.finditer(run) if "magnitude" in signs else ():
        size = float(next(g for g in match.groups() if g).replace(",", "."))
        yield Number(kind="magnitude", min=size, max=size, approximate=False, quote=match.group().strip())
    taken: set[tuple[int, int]] = set()
    for match in _toll().finditer(run) if "toll" in signs else ():
        taken.add(_figure(match))
        one = _number("killed", match)
        yield msgspec.structs.replace(one, min=one.max) if f.even(match.group("how") or "") == "до" else one
    for side, kinds, pattern in (("after", f.AFTER, _after), ("before", f.BEFORE, _before)):
        used = set(taken)
        for kind in kinds:
            for match in pattern(kind).finditer(run) if f"{kind} {side}" in signs else ():
                if _figure(match) not in used:
                    taken.add(_figure(match))
                    yield _number(kind, match)


def _figure(match: re.Match[str]) -> tuple[int, int]:
    return match.span("low") if match.group("low") else match.span("from")


def _number(kind: str, match: re.Match[str]) -> Number:
    quote = match.group().strip()
    if match.group("from"):
        low, high = _value(f.even(match.group("from"))), _value(f.even(match.group("upto")))
        return Number(kind=kind, min=min(low, high), max=max(low, high), approximate=True, quote=quote)
    how, words = f.even(match.group("how") or ""), f.even(match.group("low"))
    value = _value(words)
    top = _value(f.even(match.group("high"))) if match.group("high") else None
    if top is not None and top >= value:
        return Number(kind=kind, min=value, max=top, approximate=True, quote=quote)
    vague = words in f.VAGUE
    if how in f.CEILING:
        return Number(kind=kind, min=None, max=value, approximate=True, quote=quote)
    if vague or how in f.FLOOR:
        return Number(kind=kind, min=value, max=None, approximate=vague, quote=quote)
    return Number(kind=kind, min=value, max=value, approximate=how in f.ABOUT, quote=quote)


def _value(text: str) -> float:
    if text in f.VAGUE:
        return f.VAGUE[text]
    if text in f.EXACT:
        return f.EXACT[text]
    for scale in sorted(f.SCALE, key=len, reverse=True):
        if text.endswith(scale):
            return _value(text.removesuffix(scale).strip(" \u00a0")) * f.SCALE[scale]
    tens, dash, units = text.partition("-")
    if dash:
        return _value(tens) + _value(units)
    digits = re.sub(r"[,.\u00a0\u202f ](?=\d{3}\b)", "", text)
    return float(digits.replace(",", "."))
