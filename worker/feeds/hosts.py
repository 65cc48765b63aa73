"""Whose machine a URL asks: the registrable domain, for a publisher's subdomains mostly share one.

Where subdomains are separate publishers (blogs under one roof), the public suffix list says so, in its private part.
"""

from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

KEPT: Final = 20_000


@lru_cache(maxsize=KEPT)
def scope(url: str) -> str:
    """The name under which requests to this URL are counted and spaced; empty where it has no host."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    # An address is its own scope: its last label is a number, which no domain's is.
    if ":" in host or host.rpartition(".")[2].isdigit():
        return host
    return domain(host) or host


def at_home(url: str, home: str) -> bool:
    """Whether a URL leads to the very server of another one, or to the same host over TLS."""
    try:
        there, here = urlsplit(url), urlsplit(home)
        same = there.hostname == here.hostname
        return same and (there.scheme, there.port) in ((here.scheme, here.port), ("https", None))
    except ValueError:
        return False


def domain(host: str) -> str:
    """The registrable domain of a host name; empty where it has none."""
    return _suffixes().privatesuffix(host) or ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
