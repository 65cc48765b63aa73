"""Hostile peers in a process of their own: ``python -m tests.bench.hostile`` prints its address and serves."""

import sys
from typing import Final

from tests.support.publishers import (
    ENTITY_BOMB,
    Page,
    Publisher,
    document,
    drip,
    flood,
    gzip_bomb,
    item,
    rss,
    silent,
    status,
)

PAGES: Final[dict[str, Page]] = {
    "endless": flood,
    "drip": drip,
    "silent": silent,
    "loop": status(302, Location="/loop/0"),
    "inside": status(302, Location="http://10.0.0.1/"),
    "gzip-bomb": gzip_bomb,
    "entity-bomb": document(ENTITY_BOMB),
    "million": document(rss("<item/>" * 1_000_000)),
    "nul": document(rss(item(1)).replace(b"closes", b"clo\0ses")),
    "charset": document(rss(item(1)).replace(b"utf-8", b"utf-16")),
}
READABLE: Final = frozenset({"million", "nul", "charset"})


EACH: Final = 3


def addresses(base: str) -> dict[str, tuple[str, str]]:
    """Some feeds of each hostile kind, by name: kind and address; two kinds need no server."""
    sites = {**dict.fromkeys(PAGES, base), "tls": base.replace("http:", "https:"), "dns": "http://nowhere.invalid"}
    return {f"{kind}-{n}": (kind, f"{site}/{kind}/{n}") for kind, site in sites.items() for n in range(EACH)}


def main() -> None:
    """Serve until the standard input ends."""
    pages = {f"/{kind}/{n}": page for kind, page in PAGES.items() for n in range(EACH)}
    with Publisher(pages) as publisher:
        sys.stdout.write(f"{publisher.url('')}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
