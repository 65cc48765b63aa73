"""Which news agency a text comes from, by the places where only a credit stands."""

import re
from typing import Final

from worker.articles.agencies import AGENCIES

_CREDITED: Final = {name: agency.credited for name, agency in AGENCIES.items() if agency.credited}
_ANY: Final = "|".join(f"(?P<a{n}>{spellings})" for n, spellings in enumerate(_CREDITED.values()))
_NAMES: Final = tuple(_CREDITED)
# The name must stand where a credit stands: a part of a by-line, in brackets after the town, or closing the text.
_BETWEEN: Final = re.compile(
    r"[,/|;&()\[\]]|\b(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Mm]it|[Ww]ith|[Ff]rom|avec|con|com|met|z|via|and|und|et|y|in|der)\b"
)
_BYLINE: Final = re.compile(rf"(?:{_ANY})(?: Staff)?")
_DATELINE: Final = re.compile(rf"[^\n]{{0,60}}?[(\[/](?:{_ANY})[)\]/]")
_PLAIN_DATELINE: Final = re.compile(rf"[^\n.]{{2,40}}, (?:[^\n.]{{3,20}} )?(?:{_ANY}) ?[-–—:] ")
_OPENS: Final = tuple((re.compile(agency.opens), name) for name, agency in AGENCIES.items() if agency.opens)
_CLOSING: Final = re.compile(
    r"(?:[(\[/]|[–—-] ?|© ?|\([Cc]\) ?|(?:[Cc]opyright(?: ©)?|[Ii]nputs from|Material (?:der|von)|[Ii]nformación de"
    r"|[Ii]nformações d[aeo]|[Aa]vec(?: l')?|[Пп]о материалам|[Зз]а матеріалами) |(?:Quelle|Source|Fuente|Fonte|Bron"
    r"|Kaynak|Źródło|Zdroj|Источник|Джерело|المصدر): ?)"
    rf"(?:\d{{4}} )?(?:{_ANY})(?:[)\].]|/\w{{1,10}}| All rights reserved){{0,3}}$"
)


def credit(author: str, text: str) -> str:
    """The agency that a by-line, a dateline or the last words of a text name, by its short name; empty for none."""
    begins, ends = text[:160].lstrip(), text[-120:].rstrip()
    for found in (*_parts(author), _DATELINE.match(begins), _PLAIN_DATELINE.match(begins), _CLOSING.search(ends)):
        if found:
            return next(name for n, name in enumerate(_NAMES) if found[f"a{n}"])
    return next((name for opens, name in _OPENS if opens.match(begins)), "")


def _parts(author: str) -> list[re.Match[str] | None]:
    """Each part of a by-line as the name of an agency; "TT-AFP" has two, and "Keystone-SDA" is one."""
    parts = [part.strip(" .") for part in _BETWEEN.split(author[:120])]
    return [_BYLINE.fullmatch(name) for part in parts if part for name in (part, *part.split("-"))]
