"""News sitemaps: the list of its newest articles that a publisher makes for search engines."""

import re
from typing import Any, Final

import lxml.etree

from worker.errors import FeedUnreadable
from worker.feeds.dates import DateReader
from worker.feeds.model import Entry, ParsedFeed

_ROOT: Final = re.compile(rb"<(?:[\w.-]{1,20}:)?(urlset|sitemapindex)[\s>]")
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/"


def is_sitemap(document: bytes) -> bool:
    """Whether a document is a sitemap, of news or of anything."""
    return _ROOT.search(document, 0, 4096) is not None


def sitemap(document: bytes, dates: DateReader, most: int) -> ParsedFeed:
    """The articles of a news sitemap, at most so many; raises FeedUnreadable for any other sitemap."""
    root = _ROOT.search(document, 0, 4096)
    if root and root[1] == b"sitemapindex":
        raise FeedUnreadable("this is an index of sitemaps and not a feed: use the news sitemap that it names")
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = lxml.etree.fromstring(document, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        tree = None
    urls = [] if tree is None else [e for e in tree if _name(e) == "url"]
    found = tuple(e for e in (_entry(u, dates) for u in urls[:most]) if e)
    if not found:
        raise FeedUnreadable("this is a sitemap and not a feed: it tells no titles, as a news sitemap would")
    titles = (t for u in urls[:1] for t in [_fields(u)])
    about = next(titles, {})
    return ParsedFeed(title=about.get("name", ""), language=about.get("language", ""), entries=found)


def _entry(url: Any, dates: DateReader) -> Entry | None:
    fields = _fields(url)
    if not fields.get("title") or not fields.get("loc"):
        return None
    published, modified = dates.read(fields.get("publication_date")), dates.read(fields.get("lastmod"))
    return Entry(
        link=fields["loc"],
        title=fields["title"],
        language=fields.get("language", ""),
        published_at=published.at,
        updated_at=modified.at,
        published_on=published.day or modified.day,
    )


def _fields(url: Any) -> dict[str, str]:
    """The first text of each element of an entry; of those outside the news namespace only ``loc`` and ``lastmod``."""
    fields: dict[str, str] = {}
    for e in url.iter():
        name = _name(e)
        news = isinstance(e.tag, str) and (lxml.etree.QName(e).namespace or "").startswith(_NEWS)
        if (news or name in ("loc", "lastmod")) and e.text and e.text.strip():
            fields.setdefault(name, e.text.strip()[:2000])
    return fields


def _name(element: Any) -> str:
    return str(lxml.etree.QName(element).localname) if isinstance(element.tag, str) else ""
