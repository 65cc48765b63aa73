"""From the bytes of a feed to its entries: a fast parser, and a thorough one wherever the fast one is not enough.

Only bytes are given to either: of text, both would take some for an address and open it. The thorough one would open
even bytes that are the name of a file, so it reads from a stream. Its sanitiser is quadratic and stays off: entries
keep their markup as it came.
"""

import io
import re
import xml.parsers.expat
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import fastfeedparser
import feedparser
import msgspec

from worker.errors import FeedUnreadable
from worker.feeds import notices
from worker.feeds.charset import to_utf8
from worker.feeds.dates import NOTHING, DateReader, Reading
from worker.feeds.model import Entry, ParsedFeed
from worker.feeds.sitemap import is_sitemap, sitemap
from worker.inflate import BadEncoding, Body

MAX_ENTRIES: Final = 10_000
MAX_FIELD: Final = 500_000
MAX_UNZIPPED: Final = 15 * 1024 * 1024
_HEAD: Final = 64 * 1024

_ROOT: Final = re.compile(rb"<(?:[\w.-]{1,20}:)?(rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)
_JSON: Final = re.compile(rb"\s*\{")
_JSON_FEED: Final = re.compile(rb'"items"\s*:\s*\[|"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org')
# Without a subset of its own, it only makes strict parsers drop the entities that they cannot look up.
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s+(?:rss|rdf|feed)[^<>\[]{0,300}>", re.IGNORECASE)
_GZIP: Final = b"\x1f\x8b"
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_HTML_TITLE: Final = re.compile(rb"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%\s+)?[^\s>]{1,100}\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))?")
_ITEM: Final = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_DATE: Final = re.compile(
    rb"<(?:[\w.-]{1,20}:)?(?:pubdate|date|published|updated|issued|modified|created|lastbuilddate)(?:\s[^<>]{0,200})?>"
    rb"\s*(?:<!\[CDATA\[)?([^<\]]{0,200})|\"date_(?:published|modified)\"\s*:\s*\"([^\"]{0,200})",
    re.IGNORECASE,
)
# Forms that both parsers read alike; whatever else a document holds as a date sends all of it to the thorough one.
_PLAIN_DATE: Final = re.compile(
    rb"(?:[a-z]{3},? )?\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (?:199\d|20\d\d) \d\d:\d\d:\d\d"
    rb" (?:GMT|UTC|UT|Z|[+-]\d{4})|(?:199\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)",
    re.IGNORECASE,
)
_TTL: Final = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD: Final = re.compile(rb"updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*<", re.IGNORECASE)
_FREQUENCY: Final = re.compile(rb"updateFrequency>\s*(\d{1,4})\s*<", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    rb"<(?:[\w.-]{1,20}:)?language>\s*(?:<!\[CDATA\[)?\s*([A-Za-z]{2,3}(?:[-_]\w{2,8}){0,2})\s*[\]<]"
    rb"|xml:lang\s*=\s*[\"']([A-Za-z]{2,3}(?:-\w{2,8}){0,2})[\"']",
    re.IGNORECASE,
)
_SKIP: Final = re.compile(rb"<skip(?:Hours|Days)\s*>(.{0,2000}?)</skip(?:Hours|Days)\s*>", re.IGNORECASE | re.DOTALL)
_SKIPPED: Final = re.compile(rb"<(?:hour|day)\s*>\s*(\w{1,9})\s*<", re.IGNORECASE)
_DAYS: Final = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_PERIODS: Final = {b"hourly": 3600, b"daily": 86400, b"weekly": 604800, b"monthly": 2592000, b"yearly": 31536000}


def parse(body: bytes, content_type: str = "") -> ParsedFeed:
    """The feed in these bytes, at most 10,000 entries of it; raises FeedUnreadable, which names what it is."""
    document = _cut(_readable(to_utf8(_unzipped(body), content_type)))
    dates = DateReader()
    if is_sitemap(document) and not _ROOT.search(document, 0, _HEAD):
        return sitemap(document, dates, MAX_ENTRIES)
    if notices.is_alert(document):
        return notices.alert(document)
    # The fast parser drops a text with an entity of the document's own.
    feed = (None if b"<!ENTITY" in document[:_HEAD] else _fast(document, dates)) or _thorough(document, dates)
    if not feed.entries and not _ROOT.search(document) and not (_JSON.match(document) and _JSON_FEED.search(document)):
        raise FeedUnreadable("this is not a feed: no RSS, Atom, RDF or JSON Feed was found in it")
    entries = feed.entries[:MAX_ENTRIES]
    if notices.speaks(document):
        forms = notices.joined(entries, notices.notices(document))
        entries = tuple(msgspec.structs.replace(e, notice=n) if n else e for e, n in zip(entries, forms, strict=True))
    head = document[: _first_item(document)]
    skipped = {word.lower() for part in _SKIP.findall(head) for word in _SKIPPED.findall(part)}
    return msgspec.structs.replace(
        feed,
        language=feed.language or _language(head),
        ttl_s=_pace(head),
        skip_hours=tuple(sorted({int(w) % 24 for w in skipped if w.isdigit() and int(w) <= 24})),
        skip_days=tuple(n for n, day in enumerate(_DAYS) if day in skipped),
        entries=_told_apart(entries),
    )


def _unzipped(body: bytes) -> bytes:
    """The document in a file that is itself gzip, as large sitemaps are (``news.xml.gz``)."""
    if not body.startswith(_GZIP):
        return body
    unpacked = Body("gzip", MAX_UNZIPPED)
    try:
        if not unpacked.feed(body):
            raise FeedUnreadable(f"the file at this address unpacks to more than {MAX_UNZIPPED} bytes")
        unpacked.finish()
    except BadEncoding as error:
        raise FeedUnreadable(f"the file at this address cannot be unpacked: {error}") from error
    return bytes(unpacked.content)


def _readable(document: bytes) -> bytes:
    if not document.strip():
        raise FeedUnreadable("the answer is empty")
    root = _ROOT.search(document)
    start = root.start() if root else len(document)
    if _HTML.search(document, 0, min(start, _HEAD)):
        title = _HTML_TITLE.search(document, 0, _HEAD)
        named = f' titled "{title[1].decode("utf-8", "replace").strip()[:100]}"' if title else ""
        raise FeedUnreadable(f"an HTML page{named} came in place of a feed")
    for found in _ENTITY.finditer(document, 0, start):
        value = found[2] or found[3] or b""
        if found[1] or found[4] or len(value) > 200 or re.search(rb"[&%](?!#)", value):
            raise FeedUnreadable("the feed defines XML entities made of others or of files (an entity bomb)")
    doctype = _DOCTYPE.search(document, 0, min(start, _HEAD))
    return document[: doctype.start()] + document[doctype.end() :] if doctype else document


def _cut(document: bytes) -> bytes:
    """The document up to its ten-thousandth item: a parser would hold all of a million in memory."""
    # No item is shorter than "<item/>".
    if len(document) <= 7 * MAX_ENTRIES:
        return document
    if document.count(b"<item") + document.count(b"<entry") + document.count(b":item") <= MAX_ENTRIES:
        return document
    for number, item in enumerate(_ITEM.finditer(document)):
        if number == MAX_ENTRIES:
            return document[: item.start()]
    return document


def _first_item(document: bytes) -> int:
    item = _ITEM.search(document, 0, _HEAD * 4)
    return item.start() if item else _HEAD


def _fast(document: bytes, dates: DateReader) -> ParsedFeed | None:
    """What the fast parser makes of it; ``None`` where that is nothing, lacks links and ids, or has doubtful dates."""
    if not _JSON.match(document) and not _well_formed(document):
        # Repaired by the fast parser, a document may lose texts and mix links up.
        return None
    try:
        found = fastfeedparser.parse(document)
    except Exception:  # it raises whatever its parts raise
        return None
    written = [(a or b).strip() for a, b in _DATE.findall(document)]
    entries = [e for e in found.entries if isinstance(e, dict)]
    dated = sum(bool(e.get("published")) + bool(e.get("updated")) for e in entries)
    plain = dated <= len(written) and all(_plain(w, dates) for w in set(written) if w)
    named = any(e.get("link") or e.get("id") for e in entries)
    if not (plain and named) and not _JSON.match(document):
        return None
    read = _exact if plain else _unread
    return _feed(
        found.feed, (_entry(e, "description", read(e.get("published")), read(e.get("updated"))) for e in entries)
    )


def _well_formed(document: bytes) -> bool:
    try:
        xml.parsers.expat.ParserCreate().Parse(document, True)
    except xml.parsers.expat.ExpatError:
        return False
    return True


def _plain(written: bytes, dates: DateReader) -> bool:
    return bool(_PLAIN_DATE.fullmatch(written)) and dates.read(written.decode()).at is not None


def _exact(iso: str | None) -> Reading:
    at = datetime.fromisoformat(iso).astimezone(UTC) if iso else None
    return Reading(at, at.date()) if at else NOTHING


def _unread(_: object) -> Reading:
    return NOTHING


def _thorough(document: bytes, dates: DateReader) -> ParsedFeed:
    found = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    read = dates.read
    # Asked for "updated" by its own method, an entry without one answers with "published" and a warning.
    entries = (
        _entry(e, "summary", read(e.get("published") or e.get("created")), read(dict.get(e, "updated")))
        for e in found.entries
    )
    return _feed(found.feed, entries)


def _feed(feed: Any, entries: Iterable[Entry]) -> ParsedFeed:
    return ParsedFeed(
        title=_text(feed.get("title"))[:500],
        link=_text(feed.get("link"))[:2000],
        language=_text(feed.get("language"))[:20],
        entries=tuple(entries),
    )


def _entry(entry: Any, summary_key: str, published: Reading, updated: Reading) -> Entry:
    content = _longest(entry.get("content"), "value")
    summary = _text(entry.get(summary_key)) or _longest(entry.get("media_content"), "description")
    # Of several links of an entry, the thorough parser names the last, and that may be a related story.
    links = [k.get("href") for k in entry.get("links") or () if isinstance(k, dict) and k.get("rel") == "alternate"]
    given = (_identifier(entry.get("id")), (links or [entry.get("link")])[0])
    guid, link = (_text(t).replace("&amp;", "&")[:2000] for t in given)
    return Entry(
        guid="" if guid == link else guid,
        link=link,
        title=_text(entry.get("title"))[:2000],
        summary=summary,
        content="" if content == summary else content,
        author=_text(entry.get("author"))[:500],
        language=_text(entry.get("language"))[:20],
        published_at=published.at,
        updated_at=updated.at,
        published_on=published.day or updated.day,
        form=_form((*(entry.get("links") or ()), *(entry.get("enclosures") or ()))),
    )


def _identifier(given: Any) -> Any:
    """An id as text, also where JSON holds it as a number."""
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given


def _form(links: Iterable[Any]) -> str:
    """The first of these links and enclosures that leads to a CAP document."""
    found = (k for k in links if isinstance(k, dict) and str(k.get("type")).lower().startswith("application/cap+xml"))
    return next((_text(k.get("href") or k.get("url"))[:2000] for k in found), "")


def _longest(contents: Any, key: str) -> str:
    values = [_text(c.get(key)) for c in contents or () if isinstance(c, dict)]
    return max(values, key=len, default="")


def _text(value: Any) -> str:
    text = value.strip()[:MAX_FIELD] if isinstance(value, str) else ""
    return text if text.isascii() else _unmangled(text)


def _unmangled(text: str) -> str:
    """The text with UTF-8 that somebody took for Latin-1 put right; right text is no UTF-8 twice."""
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _language(head: bytes) -> str:
    found = _LANGUAGE.search(head)
    return (found[1] or found[2]).decode() if found else ""


def _pace(head: bytes) -> int | None:
    """The shorter of ``ttl`` and the syndication period: where a feed says both, the fresher one is meant."""
    ttl, period, frequency = _TTL.search(head), _PERIOD.search(head), _FREQUENCY.search(head)
    asked = [int(ttl[1]) * 60] if ttl else []
    if period:
        asked.append(_PERIODS[period[1].lower()] // max(1, int(frequency[1]) if frequency else 1))
    return min(asked, default=None)


def _told_apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The same entries, with a longer guid wherever a publisher gave one guid to several."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for e in entries:
        groups.setdefault(e.guid or e.link, set()).add((e.link, e.title))
    if all(len(group) == 1 for group in groups.values()):
        return entries
    apart = []
    for e in entries:
        group = groups[e.guid or e.link]
        if len(group) > 1:
            links = len({link for link, _ in group})
            e = msgspec.structs.replace(e, guid=f"{e.guid} {e.link}" if links > 1 else f"{e.guid or e.link} {e.title}")
        apart.append(e)
    return tuple(apart)
