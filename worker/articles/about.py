"""What a page says of itself: in its head, and in the JSON-LD that publishers write for search engines."""

import html as markup
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import lxml.etree
import msgspec

from worker.articles.text import language_of
from worker.errors import PageUnreadable

MAX_ATTRIBUTES: Final = 1_000
MAX_LINKED: Final = 300_000
MAX_NODES: Final = 400
_PUBLISHED: Final = frozenset(
    {"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "pubdate", "date"}
    | {"dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued", "parsely-pub-date", "sailthru.date"}
    | {"cxenseparse:recs:publishtime"}
)
_MODIFIED: Final = frozenset(
    {"article:modified_time", "og:updated_time", "datemodified", "lastmod", "dc.date.modified", "dcterms.modified"}
)
_AUTHOR: Final = frozenset(
    {"author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author", "cxenseparse:author"}
)
_LINKED_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{1,60})"')
_ARTICLES: Final = re.compile(r"\w*(?:Article|BlogPosting|Report|Posting|WebPage)$")
_LIVE: Final = "LiveBlogPosting"
# How publishers call the box that asks for money; extractors leave it out, for it is no part of the article.
_GATE: Final = re.compile(
    r"paywall|regwall|piano|barrier|subscri|abonn|premium|prenumer|suscri|assin|locked", re.IGNORECASE
)
MAX_GATE: Final = 600
_AROUND: Final = frozenset({"nav", "header", "footer"})
# What hides JSON-LD from browsers that are long gone, and a comma too many.
_OPENING: Final = re.compile(r"(?:\s|//|/\*|\*/|<!--|<!\[CDATA\[)*")
_CLOSING: Final = " \t\r\n;/*"
_SPARE_COMMA: Final = re.compile(r",\s*([}\]])")


class About(msgspec.Struct, kw_only=True):
    """What was said, as it was written; ``free`` is ``None`` where the page does not say whether it costs.

    ``gate`` are the first words of the boxes that seem to ask for a subscription.
    """

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
    gate: str = ""


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
    _learn(reader.about, reader.linked)
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
        self._around = 0
        self._gated = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.most_attributes = max(self.most_attributes, len(attributes))
        self._within = tag
        self._around += tag in _AROUND
        if not self._around and _GATE.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"[:300]):
            self._gated = True
        if tag == "html" and not self.about.lang:
            self.about.lang = language_of(attributes.get("lang", "") or attributes.get("xml:lang", ""))
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            self._meta(name, attributes.get("content", "")[:1000])
        elif "itemprop" in attributes or "pubdate" in attributes:
            self._time(attributes)
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.about.canonical = self.about.canonical or attributes.get("href", "")[:2000]
        elif tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._within = "ld+json"
            self.linked.append("")

        if attributes.get("itemtype", "").endswith(_LIVE):
            self.about.live = True

    def _time(self, attributes: dict[str, str]) -> None:
        """Take a time that stands in the page as microdata, or as HTML once had it."""
        given = (attributes.get("datetime") or attributes.get("content") or "")[:60]
        name = attributes.get("itemprop", "").lower()
        if name == "datepublished" or "pubdate" in attributes:
            self.about.published = self.about.published or given
        elif name == "datemodified":
            self.about.modified = self.about.modified or given

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

    def end(self, tag: str) -> None:
        self._within = ""
        self._around -= tag in _AROUND and self._around > 0

    def data(self, text: str) -> None:
        if self._within == "title" and len(self._heading) < 500:
            self._heading += text
        elif self._within == "ld+json" and self._room > 0:
            self.linked[-1] += text[: self._room]
            self._room -= len(text)
        elif self._gated and not self._around and self._within not in ("script", "style"):
            self.about.gate = f"{self.about.gate}{text}"[:MAX_GATE]

    def comment(self, _: str) -> None:
        pass

    def close(self) -> None:
        self.about.title = self.about.title or self._heading


def _learn(about: About, documents: Sequence[str]) -> None:
    """Take in what JSON-LD documents tell of the article; one that is broken beyond repair still tells its date."""
    nodes: list[tuple[list[str], dict[str, Any]]] = []
    for document in documents:
        tree = _tree(document)
        if tree is None:
            found = _LINKED_DATE.search(document)
            about.published = about.published or (found[1] if found else "")
        nodes += [(_kinds(node), node) for node in _nodes(tree)]
    # What the article says goes before what the page around it says.
    for kinds, node in sorted(nodes, key=lambda known: "WebPage" in known[0]):
        about.live = about.live or _LIVE in kinds
        if any(_ARTICLES.match(k) for k in kinds) or (not kinds and "datePublished" in node):
            _article(about, node)


def _tree(document: str) -> Any:
    """The JSON of a script element, also in a comment, with line breaks in its strings or a comma too many."""
    text = document.strip()
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        opening = _OPENING.match(text)
        text = text[opening.end() if opening else 0 :].rstrip(_CLOSING)
        text = text.removesuffix("-->").removesuffix("]]>").rstrip(_CLOSING)
    try:
        return json.loads(_SPARE_COMMA.sub(r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _kinds(node: dict[str, Any]) -> list[str]:
    """The types of an object without their namespace, which may be an address or a prefix."""
    return [re.split(r"[/#:]", k)[-1] for k in _listed(node.get("@type")) if isinstance(k, str)]


def _article(about: About, node: dict[str, Any]) -> None:
    about.published = about.published or _word(node.get("datePublished"), 60)
    about.modified = about.modified or _word(node.get("dateModified"), 60)
    about.author = about.author or ", ".join(n for n in map(_called, _listed(node.get("author"))[:5]) if n)[:200]
    about.site = about.site or _called(node.get("publisher"))
    about.credit = about.credit or _called(node.get("sourceOrganization")) or _word(node.get("creditText"), 100)
    if about.free is None:
        about.free = _free(node)


def _free(node: dict[str, Any]) -> bool | None:
    """Whether an article may be read for nothing; where only a part of it is said to cost, it does."""
    parts = [p for p in _listed(node.get("hasPart"))[:MAX_NODES] if isinstance(p, dict)]
    said = [n.get("isAccessibleForFree") for n in (node, *parts)]
    told = [re.split(r"[/#:]", str(s).strip().lower())[-1] not in ("false", "0", "no") for s in said if s is not None]
    if said[0] is not None:
        return told[0]
    return None if all(told) else False


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
    return markup.unescape(value.strip())[:most] if isinstance(value, str) else ""
