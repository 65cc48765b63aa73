"""Which news agency a text comes from, by the places where only a credit stands."""

import re
from typing import Final

from worker.articles.agencies import AGENCIES

_CREDITED: Final = {name: agency.credited for name, agency in AGENCIES.items() if agency.credited}
_ANY: Final = "|".join(f"(?P<a{n}>{spellings})" for n, spellings in enumerate(_CREDITED.values()))
_NAMES: Final = tuple(_CREDITED)
# The name must stand where a credit stands: alone in a by-line, in brackets after the town, or closing the text.
_BYLINE: Final = re.compile(
    rf"(?:(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Mm]it|[Ww]ith|[Ff]rom) )?(?:{_ANY})(?: ?(?:/|,|&|and|und|et|y) ?.*)?"
)
_DATELINE: Final = re.compile(rf"[^\n]{{0,60}}?[(\[/](?:{_ANY})[)\]/]")
_PLAIN_DATELINE: Final = re.compile(rf"[^\n.]{{2,40}}, (?:[^\n.]{{3,20}} )?(?:{_ANY}) ?[-–—:] ")
_CLOSING: Final = re.compile(
    rf"(?:[(\[/]|[–—-] ?|© ?|\([Cc]\) ?|(?:Quelle|Source|Fuente|Fonte): )(?:\d{{4}} )?(?:{_ANY})"
    r"(?:[)\].]|/\w{1,10}){0,3}$"
)


def credit(author: str, text: str) -> str:
    """The agency that a by-line, a dateline or the last words of a text name, by its short name; empty for none."""
    begins, ends = text[:160].lstrip(), text[-120:].rstrip()
    for found in (
        _BYLINE.fullmatch(author.strip()[:120]) if author else None,
        _DATELINE.match(begins),
        _PLAIN_DATELINE.match(begins),
        _CLOSING.search(ends),
    ):
        if found:
            return next(name for n, name in enumerate(_NAMES) if found[f"a{n}"])
    return ""
