"""Cuts a text into sentences, in time linear in its length."""

import re
from typing import Final

from worker.triggers.model import Sentence

LIMIT: Final = 1_000_000
LONGEST: Final = 600

_STOP: Final = re.compile(r"""[.!?…]{1,3}["”’»')\]]{0,2}(?=[ \t\r\n\u00a0])|[。！？]|\n+|۔""")
_SHORT: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "sr",
        "jr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "sgt",
        "capt",
        "cpl",
        "adm",
        "rev",
        "hon",
        "gov",
        "sen",
        "rep",
        "no",
        "nos",
        "vs",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "d.c",
        "a.m",
        "p.m",
        "i.e",
        "e.g",
        "n.j",
        "n.y",
        "l.a",
        "fla",
        "calif",
        "mt",
        "ft",
        "approx",
        "est",
        "av",
        "bzw",
        "ca",
        "d.h",
        "z.b",
        "nr",
        "dra",
        "sra",
        "ee.uu",
        "mme",
        "mlle",
        "art",
    ]
)
_WORD_BEFORE: Final = re.compile(r"[^\s(\[\"“«]+$")


def split(title: str, full: str) -> tuple[Sentence, ...]:
    """Sentences of ``full``, which is the title, a line feed and the text; a title is one sentence of its own."""
    head = len(title)
    found: list[Sentence] = []
    if title.strip():
        found.extend(_pieces(full, 0, min(head, LIMIT), 0))
    start, place, size = head, 1, min(len(full), LIMIT)
    while start < size:
        end = _next_end(full, start, size)
        pieces = _pieces(full, start, end, place)
        found.extend(pieces)
        place += bool(pieces)
        start = end
    return tuple(found)


def _next_end(full: str, start: int, size: int) -> int:
    at = start
    while True:
        stop = _STOP.search(full, at, size)
        if stop is None:
            return size
        if stop.group()[0] != "." or not _is_abbreviation(full, start, stop.start()):
            return stop.end()
        at = stop.end()


def _is_abbreviation(full: str, start: int, dot: int) -> bool:
    word = _WORD_BEFORE.search(full, max(start, dot - 12), dot)
    if word is None:
        return False
    text = word.group()
    return (len(text) == 1 and text.isupper()) or text.lower() in _SHORT


def _pieces(full: str, start: int, end: int, place: int) -> list[Sentence]:
    """The run without the white space around it, cut where it is longer than any sentence people write."""
    pieces = []
    while start < end:
        stop = end
        if end - start > LONGEST:
            cut = full.rfind(" ", start + LONGEST // 2, start + LONGEST)
            stop = cut if cut > 0 else start + LONGEST
        run = full[start:stop]
        left = start + len(run) - len(run.lstrip())
        right = start + len(run.rstrip())
        if right > left:
            pieces.append(Sentence(left, right, place))
        start = stop
    return pieces
