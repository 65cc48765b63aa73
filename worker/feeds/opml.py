"""OPML, the list of feeds that every feed reader writes and reads; what it has no word for is in our own namespace."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args
from urllib.parse import urlsplit

import lxml.etree

from worker.errors import CatalogueError
from worker.feeds.hosts import scope
from worker.feeds.model import FeedDefinition, Kind

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_FEEDS: Final = 20_000
MAX_DEPTH: Final = 20
NAMESPACE: Final = "urn:tocsin:opml"
_KINDS: Final = get_args(Kind)
_OWN: Final = ("name", "group", "kind", "country", "full_text", "note", "interval_s", "subject")
_UNFIT: Final = re.compile(r"[^a-z0-9]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_INTERVAL: Final = re.compile(r"[3-9]\d|[1-9]\d{2,7}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


def read(document: bytes, language: str = "") -> tuple[FeedDefinition, ...]:
    """The feeds of an OPML document, each address once; ``language`` is for those without. Raises CatalogueError."""
    if len(document) > MAX_BYTES:
        raise CatalogueError(f"the OPML is over {MAX_BYTES} bytes")
    if b"<!ENTITY" in document or b"<!entity" in document:
        raise CatalogueError("the OPML defines XML entities: no feed reader writes such a file")
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(document, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        raise CatalogueError(f"the OPML is not XML: {error}") from error
    if root is None or root.tag != "opml":
        raise CatalogueError("this is no OPML: its first element must be <opml>")
    feeds: dict[str, FeedDefinition] = {}
    names: set[str] = set()
    for outline in _outlines(root, 0):
        url = _address(outline.get("xmlUrl", ""))
        if not url or url in feeds or len(feeds) >= MAX_FEEDS:
            continue
        definition = _definition(outline, url, language, names)
        names.add(definition.name)
        feeds[url] = definition
    return tuple(feeds.values())


def written(definitions: Sequence[FeedDefinition]) -> bytes:
    """These feeds as OPML 2.0; headers and proxies stay here, for they may hold secrets."""
    root = lxml.etree.Element("opml", version="2.0", nsmap={"tocsin": NAMESPACE})
    lxml.etree.SubElement(lxml.etree.SubElement(root, "head"), "title").text = "Feeds of Tocsin"
    body = lxml.etree.SubElement(root, "body")
    for d in definitions:
        outline = lxml.etree.SubElement(body, "outline", type="rss", text=d.name, title=d.name, xmlUrl=d.url)
        if d.language:
            outline.set("language", d.language)
        for key in _OWN:
            if getattr(d, key):
                outline.set(f"{{{NAMESPACE}}}{key}", str(getattr(d, key)))
    return bytes(lxml.etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _outlines(element: Any, depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        return
    for child in element:
        if isinstance(child.tag, str):
            if child.tag == "outline":
                yield child
            yield from _outlines(child, depth + 1)


def _definition(outline: Any, url: str, language: str, names: set[str]) -> FeedDefinition:
    own = {key: outline.get(f"{{{NAMESPACE}}}{key}", "") for key in _OWN}
    spoken = (outline.get("language") or "").strip()
    return FeedDefinition(
        name=_free(own["name"] or outline.get("title") or outline.get("text") or urlsplit(url).hostname or "", names),
        url=url,
        language=spoken if _LANGUAGE.fullmatch(spoken) else language,
        group=own["group"] or scope(url) or "unknown",
        kind=own["kind"] if own["kind"] in _KINDS else "news",
        country=own["country"] if _COUNTRY.fullmatch(own["country"]) else "",
        full_text=own["full_text"] if own["full_text"] in ("feed", "page") else "auto",
        note=own["note"],
        interval_s=int(own["interval_s"]) if _INTERVAL.fullmatch(own["interval_s"]) else None,
        subject=own["subject"],
    )


def _free(title: str, names: set[str]) -> str:
    """A name made of a title that no other feed has."""
    if _NAME.fullmatch(title) and title not in names:
        return title
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = _UNFIT.sub("-", plain).strip("-")[:50].strip("-") or "feed"
    return next(n for n in (stem, *(f"{stem}-{count}" for count in range(2, MAX_FEEDS + 3))) if n not in names)


def _address(url: str) -> str:
    """An address that a feed may have; other readers write ``feed:`` before it."""
    url = url.strip().removeprefix("feed:").removeprefix("//")
    if "://" not in url:
        url = f"https://{url}" if url else ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username and " " not in url else ""
