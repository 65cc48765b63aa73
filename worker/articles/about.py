"""What a page says of itself: in its head, and in the JSON-LD that publishers write for search engines."""

import re
from collections.abc import Iterator
from typing import Any, Final

import lxml.etree
import msgspec

from worker.articles.text import language_of
from worker.errors import PageUnreadable

MAX_ATTRIBUTES: Final = 1_000
MAX_LINKED: Final = 300_000
MAX_NODES: Final = 400
_PUBLISHED: Final = frozenset(
    {"article:published_time", "og:article:published_time", "datepublished", "pubdate", "date"}
)
_MODIFIED: Final = frozenset({"article:modified_time", "og:updated_time", "datemodified", "lastmod"})
_AUTHOR: Final = frozenset({"author", "article:author", "parsely-author", "dc.creator", "byl"})
_LINKED_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{1,60})"')
_ARTICLES: Final = re.compile(r"\w*(?:Article|BlogPosting|Report|Posting|WebPage)$")


class About(msgspec.Struct, kw_only=True):
    """What was said, as it was written; ``free`` is ``None`` where the page does not say whether it costs."""

    title: str = ""
    lang: str = ""
    canonical: str = ""
    author: str = ""
    credit: str = ""
    site: str = ""
    published: str = ""
    modified: str = ""
    robots: list[str] = []
    free: bool | None = None
    live: bool = False


def read(html: str) -> About:
    """What a page says of itself; raises PageUnreadable for what is no HTML that was made for readers."""
    reader = _Reader()
    parser = lxml.etree.HTMLParser(target=reader)
    try:
        parser.feed(html)
        parser.close()
    except (lxml.etree.LxmlError, ValueError) as error:
        raise PageUnreadable(f"not HTML: {type(error).__name__}") from error
    if reader.most_attributes > MAX_ATTRIBUTES:
        raise PageUnreadable(f"an element with {reader.most_attributes} attributes: no page for readers has one")
    for document in reader.linked:
        _learn(reader.about, document)
    return reader.about


class _Reader:
    """Collects it without a tree, since a tree is quadratic in the attributes of an element."""

    def __init__(self) -> None:
        self.about = About(robots=[])
        self.most_attributes = 0
        self.linked: list[str] = []
        self._room = MAX_LINKED
        self._within = ""
        self._heading = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.most_attributes = max(self.most_attributes, len(attributes))
        self._within = tag
        if tag == "html" and not self.about.lang:
            self.about.lang = language_of(attributes.get("lang", "") or attributes.get("xml:lang", ""))
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            self._meta(name, attributes.get("content", "")[:1000])
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.about.canonical = self.about.canonical or attributes.get("href", "")[:2000]
        elif tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._within = "ld+json"
            self.linked.append("")

    def _meta(self, name: str, content: str) -> None:
        about = self.about
        if name == "og:title":
            about.title = content
        elif name == "og:site_name":
            about.site = content
        elif name == "og:url":
            about.canonical = about.canonical or content
        elif name in ("robots", "tocsin"):
            about.robots.append(content)
        elif name in _PUBLISHED:
            about.published = about.published or content[:60]
        elif name in _MODIFIED:
            about.modified = about.modified or content[:60]
        elif name in _AUTHOR and "://" not in content:
            about.author = about.author or content[:200]
        elif name in ("article:content_tier", "isaccessibleforfree"):
            about.free = content.strip().lower() in ("free", "true")

    def end(self, _: str) -> None:
        self._within = ""

    def data(self, text: str) -> None:
        if self._within == "title" and len(self._heading) < 500:
            self._heading += text
        elif self._within == "ld+json" and self._room > 0:
            self.linked[-1] += text[: self._room]
            self._room -= len(text)

    def comment(self, _: str) -> None:
        pass

    def close(self) -> None:
        self.about.title = self.about.title or self._heading


def _learn(about: About, document: str) -> None:
    """Take in what a JSON-LD document tells of the article; one that is broken still tells its date."""
    try:
        tree = msgspec.json.decode(document.strip().encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        found = _LINKED_DATE.search(document)
        about.published = about.published or (found[1] if found else "")
        return
    for node in _nodes(tree):
        kinds = [k for k in _listed(node.get("@type")) if isinstance(k, str)]
        about.live = about.live or "LiveBlogPosting" in kinds
        if any(_ARTICLES.match(k) for k in kinds) or (not kinds and "datePublished" in node):
            _article(about, node)


def _article(about: About, node: dict[str, Any]) -> None:
    about.published = about.published or _word(node.get("datePublished"), 60)
    about.modified = about.modified or _word(node.get("dateModified"), 60)
    about.author = about.author or ", ".join(n for n in map(_called, _listed(node.get("author"))[:5]) if n)[:200]
    about.site = about.site or _called(node.get("publisher"))
    about.credit = about.credit or _called(node.get("sourceOrganization")) or _word(node.get("creditText"), 100)
    free = node.get("isAccessibleForFree")
    if about.free is None and free is not None:
        about.free = str(free).strip().lower() not in ("false", "0", "no")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD document that may be an article, a few hundred at most."""
    waiting, seen = [tree], 0
    while waiting and seen < MAX_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting += node[:MAX_NODES]
        elif isinstance(node, dict):
            yield node
            waiting += [
                node[k] for k in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(node.get(k), list | dict)
            ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _called(value: Any) -> str:
    return _word(value.get("name") if isinstance(value, dict) else value, 100)


def _word(value: Any, most: int) -> str:
    return value.strip()[:most] if isinstance(value, str) else ""
