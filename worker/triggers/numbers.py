"""Figures beside what happened: killed, injured, missing, displaced, evacuated, magnitude."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

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
_AFTER: Final = tuple(
    (
        kind,
        re.compile(_any(words, plain=False), re.I),
        re.compile(rf"{_OPEN}{_FIGURE}{_STEP}{{0,5}}?[ \u00a0](?:{_any(words, plain=False)})\b", re.I),
    )
    for kind, words in f.AFTER.items()
)
_BEFORE: Final = tuple(
    (
        kind,
        re.compile(_any(words, plain=False), re.I),
        re.compile(rf"\b(?:{_any(words, plain=False)})(?: (?:{_any(f.MORE)}))? {_FIGURE}(?=[\s,.;:!?)]|$)", re.I),
    )
    for kind, words in f.BEFORE.items()
)
_TOLL: Final = re.compile(
    rf"\b(?:{_any(f.TOLL)})\b(?: [^\s,.;:()\d]{{1,16}}){{0,7}}? {_FIGURE}(?=[\s,.;:!?)'’]|$)", re.I
)
_TOLL_SIGN: Final = re.compile(_any(f.TOLL), re.I)
_MAGNITUDE: Final = re.compile(
    r"\b(?:magnitudes?|magnitud|magnitudo|stärke|магнитудой|магнітудою|بقوة|قوته)[ -](?:of |de |von )?"
    r"(?P<a>\d(?:[.,]\d)?)(?![\d.,]*\d)"
    r"|\b(?P<b>\d[.,]\d)[ -](?:magnitude|quake|earthquake|büyüklüğünde|richter|on the richter)",
    re.I,
)
_SIGN: Final = re.compile(r"\d|" + _any([*f.VAGUE, *f.EXACT]), re.I)


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
    taken: set[tuple[int, int]] = set()
    if _TOLL_SIGN.search(run):
        for match in _TOLL.finditer(run):
            taken.add(_figure(match))
            one = _number("killed", match)
            yield msgspec.structs.replace(one, min=one.max) if (match.group("how") or "").lower() == "до" else one
    for patterns in (_AFTER, _BEFORE):
        used = set(taken)
        for kind, sign, pattern in patterns:
            if not sign.search(run):
                continue
            for match in pattern.finditer(run):
                if _figure(match) not in used:
                    taken.add(_figure(match))
                    yield _number(kind, match)


def _figure(match: re.Match[str]) -> tuple[int, int]:
    return match.span("low") if match.group("low") else match.span("from")


def _number(kind: str, match: re.Match[str]) -> Number:
    quote = match.group().strip()
    if match.group("from"):
        low, high = _value(match.group("from").lower()), _value(match.group("upto").lower())
        return Number(kind=kind, min=min(low, high), max=max(low, high), approximate=True, quote=quote)
    how, words = (match.group("how") or "").lower(), match.group("low").lower()
    value = _value(words)
    top = _value(match.group("high").lower()) if match.group("high") else None
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
