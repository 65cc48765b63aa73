"""Texts from the web made fit to be shown in other people's tools: without marks that command, turn round or hide."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

# Marks that turn the direction of writing or hide letters are left out, but for the two joiners that some scripts need.
_JOINERS: Final = "\u200c\u200d"
_SPACES: Final = re.compile(r"\s+")
_FORBIDDEN: Final = frozenset({"Cc", "Cs", "Cn", "Co"})
_SAFE: Final = "-._~:/?#@!$&*+,;=%"


def plain(text: str, most: int) -> str:
    """One line of at most so many UTF-16 units, as Slack, Discord and Teams count; a cut one ends in an ellipsis."""
    shown = "".join(map(_shown, text[: most * 8 + 64]))
    return cut(_SPACES.sub(" ", shown).strip(), most)


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return sign if sign in _JOINERS else ""
    return " " if kind in _FORBIDDEN else sign


def cut(text: str, most: int) -> str:
    """The text in at most so many UTF-16 units."""
    if units(text) <= most:
        return text
    raw = text.encode("utf-16-le")[: 2 * (most - 1)]
    return raw.decode("utf-16-le", "ignore").rstrip() + "…"


def units(text: str) -> int:
    """How long a text is in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def web(url: str | None, most: int = 2000) -> str | None:
    """The address where it is one of the web, with every sign escaped that markup could break out by; else ``None``."""
    if not url or not url.lower().startswith(("http://", "https://")) or any(c.isspace() for c in url):
        return None
    safe = quote(url.encode("utf-8", "replace"), safe=_SAFE)
    return safe if len(safe) <= most else None
