"""Where a site's feeds are: those that its page or its Link header declares, its news sitemaps, else those that it
links to, else the usual places."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urldefrag, urljoin

import lxml.etree
import msgspec

MOST: Final = 20
MOST_MAPS: Final = 5
MAX_HEADER: Final = 4000
_WEB: Final = ("http://", "https://")
_TYPES: Final = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|text/xml|application/xml", re.IGNORECASE)
_LIKELY: Final = re.compile(
    r"(?:^|[/._-])(?:rss2?|atom|feeds?|rdf)(?:[/._?-]|$)|\.(?:rss|rdf|atom)$|feed=|format=(?:rss|atom)|news-?sitemap",
    re.IGNORECASE,
)
# RFC 8288: <address>; name=value; name="value", …
_LINK: Final = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))?)*)")
_PARAMETER: Final = re.compile(r";\s*([\w-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")
_USUAL: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/news-sitemap.xml")


class Found(msgspec.Struct, frozen=True):
    """A place where a feed may be, and why it may."""

    url: str
    title: str
    why: str


def found(page: bytes, url: str, links: str = "", sitemaps: Sequence[str] = ()) -> list[Found]:
    """The feeds that a page or its Link header declares, and the news sitemaps that its robots.txt names.

    Where there are none, those that it links to and its other sitemaps; else the usual places.
    """
    reader = _Reader(url)
    parser = lxml.etree.HTMLParser(target=reader)
    try:
        parser.feed(page.decode("utf-8", "replace"))
        parser.close()
    except (lxml.etree.LxmlError, ValueError):
        pass  # what was read until then is what there is
    reader.header(links)
    maps = [Found(m, "", "its robots.txt names it") for m in sitemaps if m.startswith(_WEB)]
    news = [m for m in maps if "news" in m.url.lower()][:MOST_MAPS]
    places = _once([*reader.declared, *news]) or _once([*reader.linked, *maps[:MOST_MAPS]])
    return places or [Found(urljoin(url, path), "", "a usual place") for path in _USUAL]


def _once(links: list[Found]) -> list[Found]:
    first: dict[str, Found] = {}
    for link in links:
        first.setdefault(link.url, link)
    return list(first.values())[:MOST]


class _Reader:
    """Collects links, without a tree."""

    def __init__(self, url: str) -> None:
        self.declared: list[Found] = []
        self.linked: list[Found] = []
        self._base = self._url = url

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "").strip()
        if tag == "base" and href:
            self._base = urljoin(self._base, href)
        elif tag == "link" and "alternate" in attributes.get("rel", "").lower().split():
            if _TYPES.match(attributes.get("type", "")):
                self._keep(self.declared, href, attributes.get("title", ""), "the page declares it")
        elif tag == "a" and _LIKELY.search(href):
            self._keep(self.linked, href, attributes.get("title", ""), "the page links to it")

    def header(self, links: str) -> None:
        """Collect what a Link header declares, which stands for the page's address whatever its base is."""
        self._base = self._url
        for link in _LINK.finditer(links[:MAX_HEADER]):
            said = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(link[2])}
            if "alternate" in said.get("rel", "").lower().split() and _TYPES.match(said.get("type", "")):
                self._keep(self.declared, link[1].strip(), said.get("title", ""), "its Link header declares it")

    def _keep(self, links: list[Found], href: str, title: str, why: str) -> None:
        try:
            url = urldefrag(urljoin(self._base, href))[0]
        except ValueError:
            return
        if url.startswith(_WEB) and len(links) < 1000:
            links.append(Found(url, title.strip()[:200], why))

    def end(self, _: str) -> None:
        pass

    def data(self, _: str) -> None:
        pass

    def comment(self, _: str) -> None:
        pass

    def close(self) -> None:
        pass
