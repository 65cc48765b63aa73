"""What a publisher lets programs read of its pages: its robots.txt (RFC 9309), and what a page says of itself.

A feed is published to be polled, so only article pages ask here. A robots.txt that is not there allows everything; one
that cannot be had because the server is in trouble allows nothing until it can.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from protego import Protego

AGENT: Final = "tocsin"
MAX_BYTES: Final = 512 * 1024
KEEP_S: Final = 86_400
KEEP_TROUBLE_S: Final = 3_600
LONGEST_DELAY_S: Final = 10.0
MOST_SITEMAPS: Final = 100
# A text that must not be indexed, quoted or fed to machines is not read by this one.
_FORBIDDING: Final = frozenset({"noindex", "none", "nosnippet", "noai"})
_NAMED: Final = re.compile(r"\s*([a-z][\w-]{1,40})\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_VALUED: Final = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


class Robots(msgspec.Struct, frozen=True):
    """The rules of one origin, which hold for ``keep_s``; empty where everything or nothing is allowed.

    ``unread`` says why there are none to read, which allows nothing.
    """

    everything: bool = True
    rules: str = ""
    keep_s: int = KEEP_S
    unread: str = ""

    def allows(self, url: str) -> bool:
        """Whether this URL of the origin may be read."""
        return bool(_parsed(self.rules).can_fetch(url, AGENT)) if self.rules else self.everything

    @property
    def refusal(self) -> str:
        """Why what is not allowed is not."""
        return f"its robots.txt cannot be read: {self.unread}" if self.unread else "its robots.txt forbids it"

    @property
    def delay_s(self) -> float:
        """The seconds between two requests that it asks for, up to ten."""
        asked = _parsed(self.rules).crawl_delay(AGENT) if self.rules else None
        return min(LONGEST_DELAY_S, max(0.0, float(asked or 0)))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The first addresses of sitemaps that it names."""
        return tuple(islice(_parsed(self.rules).sitemaps, MOST_SITEMAPS)) if self.rules else ()


@lru_cache(maxsize=256)
def _parsed(rules: str) -> Any:
    return Protego.parse(rules)


def robots_url(url: str) -> str:
    """Where the rules for this URL stand."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def told(status: int | None, body: bytes) -> Robots:
    """The rules that this answer to a request for robots.txt makes; ``None`` is no answer at all."""
    if status is not None and 200 <= status < 300:
        return Robots(rules=body[:MAX_BYTES].decode("utf-8", "replace"))
    if status is not None and 300 <= status < 500 and status != 429:
        return Robots()
    return Robots(everything=False, keep_s=KEEP_TROUBLE_S)


def forbids(directives: str) -> bool:
    """Whether a page that says this in its robots element or X-Robots-Tag header is not to be read by us."""
    named = _NAMED.match(directives)
    if named and named[1].lower() not in _VALUED:
        if named[1].lower() != AGENT:
            return False
        directives = named[2]
    return any(part.strip().lower() in _FORBIDDING for part in directives.split(","))
