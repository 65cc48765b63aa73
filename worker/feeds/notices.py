"""The forms that official sources fill in beside their words: CAP 1.2 (also inside Atom and RSS), GeoRSS, GDACS.

Read from a tree without entities and without network; the caller has refused documents that define entities.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

import lxml.etree

from worker.feeds.model import Entry, Notice, ParsedFeed

CAP: Final = b"urn:oasis:names:tc:emergency:cap"
MARKS: Final = (CAP, b"georss.org/georss", b"w3.org/2003/01/geo", b"gdacs.org", b"<cap:", b"<georss:")
MAX_AREAS: Final = 20
MAX_FORM: Final = 512 * 1024
KM_A_DEGREE: Final = 111.2
_ALERT: Final = re.compile(rb"<(?:[\w.-]{1,20}:)?alert[\s>]")
_ITEMS: Final = frozenset({"item", "entry"})
_GDACS_EVENTS: Final = {
    "EQ": ("Geo", "Earthquake"),
    "TS": ("Geo", "Tsunami"),
    "VO": ("Geo", "Volcano"),
    "TC": ("Met", "Tropical cyclone"),
    "FL": ("Met", "Flood"),
    "WF": ("Fire", "Wildfire"),
    "DR": ("Met", "Drought"),
}
_LEVELS: Final = {"red": "Extreme", "orange": "Severe", "green": "Minor"}


def speaks(document: bytes) -> bool:
    """Whether a document may hold forms."""
    return any(mark in document for mark in MARKS)


def is_alert(document: bytes) -> bool:
    """Whether a document is one CAP alert itself."""
    head = document[:4096]
    return CAP in head and _ALERT.search(head) is not None


def form(document: bytes) -> bytes:
    """The document where it is one CAP alert of a size that one has, without entities; empty for any other."""
    return document if len(document) <= MAX_FORM and b"<!ENTITY" not in document and is_alert(document) else b""


def notices(document: bytes) -> list[tuple[str, Notice | None]]:
    """For each item of a feed, in order, its guid or link and its form."""
    root = _root(document)
    items = [] if root is None else [e for e in root.iter() if _name(e) in _ITEMS]
    return [(_first(_texts(e), "guid", "id", "identifier", "link"), _notice(e)) for e in items]


def joined(entries: tuple[Entry, ...], found: list[tuple[str, Notice | None]]) -> list[Notice | None]:
    """The form of each entry: by their order where both counts agree, else by guid."""
    if len(entries) == len(found):
        return [notice for _, notice in found]
    named = dict(found)
    return [named.get(e.guid) or named.get(e.link) for e in entries]


def alert(document: bytes) -> ParsedFeed:
    """One CAP alert as a feed of one entry, in English where it is told in several languages."""
    root = _root(document)
    if root is None:
        return ParsedFeed()
    infos = [e for e in root if _name(e) == "info"]
    english = (i for i in infos if _texts(i).get("language", "en").lower().startswith("en"))
    info = next(english, infos[0] if infos else root)
    said, told = _texts(root), _texts(info)
    entry = Entry(
        guid=said.get("identifier", ""),
        link=told.get("web", ""),
        title=told.get("headline", "") or told.get("event", ""),
        summary="\n".join(t for t in (told.get("description", ""), told.get("instruction", "")) if t),
        author=told.get("sendername", "") or said.get("sender", ""),
        language=told.get("language", ""),
        published_at=_time(said.get("sent", "")),
        notice=_notice(info, said),
    )
    return ParsedFeed(title=entry.author, language=entry.language, entries=(entry,))


def _root(document: bytes) -> Any:
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return lxml.etree.fromstring(document, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None


def _name(element: Any) -> str:
    """The local name in small letters without underlines: msgType and message_type are told by the caller."""
    return lxml.etree.QName(element).localname.lower().replace("_", "") if isinstance(element.tag, str) else ""


def _texts(element: Any) -> dict[str, str]:
    """The first text of each name below an element."""
    texts: dict[str, str] = {}
    for e in element.iter():
        name, text = _name(e), (e.text or "").strip()
        if name and text:
            texts.setdefault(name, text[:2000])
    return texts


def _notice(item: Any, above: Mapping[str, str] = MappingProxyType({})) -> Notice | None:
    texts = {**above, **_texts(item)}
    lat, lon, radius_km = _where(texts)
    official = any(n in texts for n in ("msgtype", "messagetype", "certainty", "areadesc", "eventtype", "alertlevel"))
    if not official and lat is None:
        return None
    category, event = _GDACS_EVENTS.get(texts.get("eventtype", "").upper(), ("", ""))
    areas = dict.fromkeys((e.text or "").strip()[:300] for e in item.iter() if _name(e) in ("areadesc", "country"))
    return Notice(
        category=_cap(texts, "category") if official and not category else category,
        event=(event or texts.get("event", ""))[:200],
        areas=tuple(a for a in areas if a)[:MAX_AREAS],
        status=_cap(texts, "status"),
        message=_cap(texts, "msgtype", "messagetype"),
        urgency=_cap(texts, "urgency"),
        severity=_LEVELS.get(texts.get("alertlevel", "").lower(), "") or (_cap(texts, "severity") if not event else ""),
        certainty=_cap(texts, "certainty"),
        lat=lat,
        lon=lon,
        radius_km=radius_km,
        expires=_time(texts.get("expires", "")),
    )


def _first(texts: dict[str, str], *names: str) -> str:
    return next((texts[n] for n in names if n in texts), "")


def _cap(texts: dict[str, str], *names: str) -> str:
    word = _first(texts, *names)
    return word.capitalize() if word.isalpha() and len(word) < 20 else ""


def _where(texts: dict[str, str]) -> tuple[float | None, float | None, float | None]:
    """Latitude, longitude and radius of the point, or of the middle of the circle, box or polygon."""
    for name in ("point", "pos"):
        if points := _points(texts.get(name, "")):
            return (*points[0], None)
    if points := _points(f"{texts.get('lat', '')} {texts.get('long', '') or texts.get('lon', '')}"):
        return (*points[0], None)
    if (circle := texts.get("circle", "").split()) and len(circle) == 2 and (points := _points(circle[0])):
        return (*points[0], _number(circle[1]))
    for name in ("polygon", "poslist", "box"):
        if points := _points(texts.get(name, "")):
            lat, lon = _middle(p[0] for p in points), _middle(p[1] for p in points)
            narrow = math.cos(math.radians(lat))
            reach = max(math.hypot(a - lat, (b - lon) * narrow) for a, b in points)
            return lat, lon, round(reach * KM_A_DEGREE, 1)
    return None, None, None


def _points(text: str) -> list[tuple[float, float]]:
    numbers = [_number(w) for w in re.split(r"[\s,]+", text.strip())]
    if len(numbers) < 2 or any(n is None for n in numbers):
        return []
    pairs = [(float(a or 0), float(b or 0)) for a, b in zip(numbers[::2], numbers[1::2], strict=False)]
    return pairs if all(abs(a) <= 90 and abs(b) <= 180 for a, b in pairs) else []


def _middle(values: Iterable[float]) -> float:
    known = list(values)
    return round((min(known) + max(known)) / 2, 5)


def _number(word: str) -> float | None:
    try:
        number = float(word)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
