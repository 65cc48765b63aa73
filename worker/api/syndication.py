"""Alerts for maps and feed readers: GeoJSON and Atom."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree as Xml

import msgspec

from worker.alerts.model import Alert

ATOM: Final = "http://www.w3.org/2005/Atom"
SAID: Final = ("headline", "trigger", "family", "phase", "veracity", "severity", "confidence", "revision")


def features(alerts: Sequence[Alert], following: str | None, console_url: str) -> bytes:
    """A FeatureCollection with a point for each place that is known, and none for an alert without one."""
    rows: list[dict[str, Any]] = []
    for alert in alerts:
        said = {name: getattr(alert, name) for name in SAID}
        said |= {"alert": alert.id, "updated_at": alert.updated_at, "first_reported_at": alert.first_reported_at}
        if console_url:
            said["url"] = f"{console_url.rstrip('/')}/alerts/{alert.id}"
        for number, place in enumerate(alert.places or (None,)):
            at = place is not None and place.lat is not None and place.lon is not None
            row: dict[str, Any] = {"type": "Feature", "id": f"{alert.id}.{number}", "geometry": None}
            if place is not None and at:
                row["geometry"] = {"type": "Point", "coordinates": [place.lon, place.lat]}
            told = {"place": place.name, "role": place.role, "country": place.country or None} if place else {}
            row["properties"] = {**said, **told}
            rows.append(row)
    return msgspec.json.encode({"type": "FeatureCollection", "features": rows, "next": following})


def atom(alerts: Sequence[Alert], here: str, console_url: str) -> bytes:
    """An Atom feed; each revision of an alert updates its entry."""
    feed = Xml.Element(f"{{{ATOM}}}feed")
    Xml.register_namespace("", ATOM)
    _add(feed, "id", f"{here}/v1/alerts.atom")
    _add(feed, "title", "Tocsin alerts")
    _add(feed, "link", rel="self", href=f"{here}/v1/alerts.atom")
    newest = max((a.updated_at for a in alerts), default=datetime(1970, 1, 1, tzinfo=UTC))
    _add(feed, "updated", newest.isoformat())
    _add(_add(feed, "author"), "name", "Tocsin")
    for alert in alerts:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:tocsin:{alert.id}")
        _add(entry, "title", f"{alert.headline} ({alert.phase}, {alert.veracity})")
        _add(entry, "updated", alert.updated_at.isoformat())
        _add(entry, "published", alert.first_reported_at.isoformat())
        _add(entry, "link", rel="alternate", href=f"{console_url.rstrip('/')}/alerts/{alert.id}")
        _add(entry, "category", term=alert.trigger)
        _add(entry, "category", term=alert.severity)
        quotes = "\n".join(f"“{e.quote}” – {e.source}" for e in alert.evidence[:5])
        _add(entry, "summary", quotes)
    made: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        element.text = "".join(c for c in text if c in "\t\n" or 0x20 <= ord(c) < 0xD800 or 0xDFFF < ord(c) < 0xFFFE)
    return element
