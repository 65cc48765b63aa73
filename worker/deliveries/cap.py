"""An alert as CAP 1.2 (OASIS Common Alerting Protocol): for systems of civil protection, marked as no authority's."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from worker.alerts.model import Alert
from worker.deliveries.plain import plain, web
from worker.places.model import Place

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER_NAME: Final = "Tocsin, an automatic reader of news; not an alerting authority"
RESTRICTION: Final = "For the subscriber only: taken from news reports by a program, not issued by an authority"
FAMILY_CATEGORIES: Final = {
    "move": ("Transport", "Security"),
    "leave": ("Security", "Safety"),
    "state": ("Security",),
    "attack": ("Security",),
    "people": ("Security", "Safety"),
}
CATEGORIES: Final = {
    "cbrn": ("CBRNE",),
    "communications_shutdown": ("Infra",),
    "earthquake_volcano": ("Geo",),
    "storm_flood_fire": ("Met", "Fire"),
    "infrastructure_damage": ("Infra",),
    "industrial_transport_disaster": ("Transport", "Fire"),
    "health_emergency": ("Health",),
}
RESPONSES: Final = {
    "evacuation": "Evacuate",
    "curfew": "Shelter",
    "border_closure": "Avoid",
    "airspace_airport_closure": "Avoid",
    "route_closure": "Avoid",
}
MESSAGES: Final = {
    "alert.created": "Alert",
    "alert.updated": "Update",
    "alert.ended": "Update",
    "alert.withdrawn": "Cancel",
}
URGENCIES: Final = {"threatened": "Future", "announced": "Expected", "active": "Immediate", "ended": "Past"}
AREA_KM: Final = {"point": 5.0, "city": 15.0, "region": 100.0, "country": 500.0}
LANGUAGE: Final = "en"


def cap(alert: Alert, change: str, url: str | None) -> bytes:
    """The alert as one CAP message; an update or cancellation refers to every earlier revision."""
    sender = f"tocsin@{(urlsplit(url).hostname if url else None) or 'localhost'}"
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(root, "identifier", f"{alert.id}.{alert.revision}")
    _add(root, "sender", sender)
    _add(root, "sent", moment(alert.updated_at))
    _add(root, "status", "Actual")
    _add(root, "msgType", MESSAGES[change])
    _add(root, "scope", "Restricted")
    _add(root, "restriction", RESTRICTION)
    earlier = " ".join(f"{sender},{alert.id}.{number},{moment(at)}" for number, at in alert.earlier)
    if MESSAGES[change] != "Alert":
        _add(root, "references", earlier or f"{sender},{alert.id}.{alert.revision},{moment(alert.updated_at)}")
    _add(root, "incidents", alert.id)
    _info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), alert, change, url)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def moment(at: datetime) -> str:
    """A time as CAP wants it: to the second, with an offset, never with Z."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _info(info: etree._Element, alert: Alert, change: str, url: str | None) -> None:
    over = alert.phase == "ended"
    _add(info, "language", LANGUAGE)
    for category in CATEGORIES.get(alert.trigger) or FAMILY_CATEGORIES[alert.family]:
        _add(info, "category", category)
    _add(info, "event", alert.trigger.replace("_", " "))
    _add(info, "responseType", "AllClear" if over else RESPONSES.get(alert.trigger, "Monitor"))
    _add(info, "urgency", "Past" if over else URGENCIES[alert.phase])
    _add(info, "severity", alert.severity.capitalize())
    _add(info, "certainty", _certainty(alert))
    _named(info, "eventCode", "tocsin", alert.trigger)
    if alert.occurred_at:
        _add(info, "onset", moment(alert.occurred_at))
    _add(info, "senderName", SENDER_NAME)
    _add(info, "headline", plain(alert.headline, 160))
    _add(info, "description", _description(alert, change))
    if address := web(url):
        _add(info, "web", address)
    for name, value in (
        ("veracity", alert.veracity),
        ("phase", alert.phase),
        ("confidence", f"{alert.confidence:.3f}"),
        ("independent_sources", str(alert.independent_sources)),
        *((("merged_into", alert.merged_into),) if alert.merged_into else ()),
    ):
        _named(info, "parameter", name, value)
    for place in alert.places[:10]:
        _area(etree.SubElement(info, f"{{{NAMESPACE}}}area"), place)


def _certainty(alert: Alert) -> str:
    if alert.veracity != "reported":
        return "Possible" if alert.veracity == "claimed" else "Unlikely"
    return "Observed" if alert.phase in ("active", "ended") else "Likely"


def _description(alert: Alert, change: str) -> str:
    lines = [plain(alert.headline, 300)]
    if alert.changes and change != "alert.created":
        lines.append("Changed: " + plain("; ".join(alert.changes[:8]), 600))
    told = (*alert.evidence[:1], *alert.evidence[1:][-4:])
    return "\n".join([*lines, *(f"“{plain(e.quote, 300)}” ({plain(e.source, 60)})" for e in told)])


def _area(area: etree._Element, place: Place) -> None:
    _add(area, "areaDesc", plain(f"{place.name}, {place.country}".strip(", "), 200) or "unknown")
    if place.lat is not None and place.lon is not None:
        radius = place.radius_km or AREA_KM[place.precision]
        _add(area, "circle", f"{place.lat:.4f},{place.lon:.4f} {radius:.1f}")
    if place.country:
        _named(area, "geocode", "ISO 3166-1", plain(place.country, 10))


def _named(parent: etree._Element, kind: str, name: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{NAMESPACE}}}{kind}")
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text
