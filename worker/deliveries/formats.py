"""What a subscriber reads: a message in the format that it chose, under 20 kB."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec

from worker.alerts.model import SEVERITIES, Alert, Evidence
from worker.deliveries import chat
from worker.deliveries.cap import cap
from worker.places.model import Place
from worker.subscriptions.model import Format

CHAT_FORMATS: Final = frozenset({"slack", "discord", "teams"})
SOURCE: Final = "tocsin"
LIMIT: Final = 20_000
MOST_FEATURES: Final = 4
CONTENT_TYPES: Final[dict[Format, str]] = {
    "standard": "application/json",
    "cloudevents": "application/cloudevents+json",
    "geojson": "application/geo+json",
    "cap": "application/cap+xml",
    "slack": "application/json",
    "discord": "application/json",
    "teams": "application/json",
}
# Tried in turn until the alert without its evidence fits: how many of each list, how many characters of each text.
CUTS: Final = ((100, 2000), (20, 500), (5, 120), (1, 60))
EVIDENCE_SHARE: Final = 0.3
QUOTE: Final = 600

Json = dict[str, Any]


class Message(NamedTuple):
    """A body and what it is."""

    body: bytes
    content_type: str


def message(alert: Alert, change: str, form: Format, *, webhook_id: str, console_url: str) -> Message:
    """One revision of an alert in a subscription's format; the same bytes each time it is asked for."""
    url = f"{console_url.rstrip('/')}/alerts/{alert.id}" if console_url else None
    if form == "standard":
        made = body(alert, change, alert.updated_at, console_url)
    elif form == "cloudevents":
        made = _cloudevent(alert, change, webhook_id, console_url)
    elif form == "geojson":
        made = _features(alert, change, url)
    elif form == "cap":
        made = cap(alert, change, url)
    else:
        write = {"slack": chat.slack, "discord": chat.discord, "teams": chat.teams}[form]
        made = msgspec.json.encode(write(alert, change, url))
    return Message(made, CONTENT_TYPES[form])


def digest(alerts: Sequence[Alert], at: datetime, form: Format, *, webhook_id: str, console_url: str) -> Message:
    """What came in a subscriber's quiet hours, in one message: the gravest first."""
    ranked = sorted(alerts, key=lambda a: (-SEVERITIES.index(a.severity), a.first_reported_at, a.id))
    if form in CHAT_FORMATS:
        return Message(msgspec.json.encode(chat.digest(form, ranked)), CONTENT_TYPES[form])
    rows = [_line(a, console_url) for a in ranked]
    while len(msgspec.json.encode(rows)) > LIMIT - 1000:
        rows.pop()
    data = {"alerts": rows, "omitted": len(alerts) - len(rows), "until": at}
    if form != "cloudevents":
        return Message(msgspec.json.encode({"type": "alert.digest", "timestamp": at, "data": data}), "application/json")
    source = console_url or SOURCE
    head = {"specversion": "1.0", "id": webhook_id, "source": source, "type": "alert.digest", "time": at}
    return Message(
        msgspec.json.encode(head | {"datacontenttype": "application/json", "data": data}), CONTENT_TYPES[form]
    )


def _line(alert: Alert, console_url: str) -> Json:
    """An alert in short."""
    return {
        "id": alert.id,
        "revision": alert.revision,
        "type": alert.change,
        "url": f"{console_url.rstrip('/')}/alerts/{alert.id}" if console_url else None,
        "trigger": alert.trigger,
        "headline": _short(200, alert.headline),
        "place": _short(100, alert.places[0].name) if alert.places else None,
        "country": alert.country or None,
        "phase": alert.phase,
        "veracity": alert.veracity,
        "severity": alert.severity,
    }


def ping(subscription_id: str, nonce: str, at: datetime, form: Format) -> Message:
    """The message that asks an endpoint whether it wants to be told; a chat tool gets a line for people."""
    if form in CHAT_FORMATS:
        words = f"Tocsin will post alerts here (subscription {subscription_id})."
        return Message(msgspec.json.encode(chat.challenge(form, words)), CONTENT_TYPES[form])
    return Message(ping_body(subscription_id, nonce, at), "application/json")


def _cloudevent(alert: Alert, change: str, webhook_id: str, console_url: str) -> bytes:
    """CloudEvents 1.0 in structured mode."""
    data = msgspec.json.decode(body(alert, change, alert.updated_at, console_url))["data"]
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": webhook_id,
            "source": console_url or SOURCE,
            "type": change,
            "subject": alert.id,
            "time": alert.updated_at,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def _features(alert: Alert, change: str, url: str | None) -> bytes:
    """A GeoJSON feature for each place; one without a geometry where no place is known."""
    places: Sequence[Place | None] = alert.places[:MOST_FEATURES] or (None,)
    envelope, _ = _within(alert, change, alert.updated_at, url, (LIMIT - 400) // len(places) - 400)
    features = []
    for number, place in enumerate(places):
        point = place is not None and place.lat is not None and place.lon is not None
        properties = envelope["data"] | {"type": change, "timestamp": alert.updated_at}
        if place is not None:
            properties["place"] = _place(place, partial(_short, 200))
        features.append(
            {
                "type": "Feature",
                "id": f"{alert.id}.{number}",
                "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]} if place and point else None,
                "properties": properties,
            }
        )
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def body(alert: Alert, change: str, at: datetime, console_url: str) -> bytes:
    """The message for one revision; ``change`` such as ``alert.created``, ``at`` when it came to be (aware UTC)."""
    url = f"{console_url.rstrip('/')}/alerts/{alert.id}" if console_url else None
    return msgspec.json.encode(_within(alert, change, at, url, LIMIT)[0])


def _within(alert: Alert, change: str, at: datetime, url: str | None, limit: int) -> tuple[Json, int]:
    """The envelope in at most so many bytes, and how many those are without evidence."""
    for most, length in CUTS:
        data = _data(alert, url, most, partial(_short, length))
        envelope = {"type": change, "timestamp": at, "data": data}
        size = len(msgspec.json.encode(envelope))
        if size <= limit * (1 - EVIDENCE_SHARE):
            break
    rows, omitted = _evidence(alert.evidence, limit - size - 200)
    data["evidence"] = rows
    if omitted:
        data["evidence_omitted"] = {"count": omitted, "url": url}
    return envelope, size


def ping_body(subscription_id: str, challenge: str, at: datetime) -> bytes:
    """The message that asks an endpoint whether it wants to be told; it answers 2xx with the challenge in its body."""
    data = {"subscription": subscription_id, "challenge": challenge}
    return msgspec.json.encode({"type": "subscription.ping", "timestamp": at, "data": data})


def _data(alert: Alert, url: str | None, most: int, short: Callable[[str], str]) -> Json:
    def texts(values: Iterable[str]) -> list[str]:
        return [short(v) for v in tuple(values)[:most]]

    return {
        "id": alert.id,
        "revision": alert.revision,
        "url": url,
        "trigger": alert.trigger,
        "family": alert.family,
        "headline": short(alert.headline),
        "phase": alert.phase,
        "veracity": alert.veracity,
        "confidence": round(alert.confidence, 3),
        "severity": alert.severity,
        "severity_reasons": texts(alert.severity_reasons),
        "places": [_place(p, short) for p in alert.places[:most]],
        "numbers": [_shortened(msgspec.structs.asdict(n), short) for n in alert.numbers[:most]],
        "occurred_at": alert.occurred_at,
        "first_reported_at": alert.first_reported_at,
        "detected_at": alert.detected_at,
        "updated_at": alert.updated_at,
        "independent_sources": alert.independent_sources,
        "attribution": [_shortened(msgspec.structs.asdict(a), short) for a in alert.attribution[:most]],
        "evidence": [],
        "changes": texts(alert.changes),
        "related": list(alert.related[:most]),
        "merged_into": alert.merged_into,
    }


def _place(place: Place, short: Callable[[str], str]) -> Json:
    row = _shortened(msgspec.structs.asdict(place), short)
    return row | {"country": place.country or None}


def _shortened(row: Json, short: Callable[[str], str]) -> Json:
    return {name: short(value) if isinstance(value, str) else value for name, value in row.items()}


def _evidence(evidence: Sequence[Evidence], room: int) -> tuple[list[Json], int]:
    """As many rows as fit, in order, the first report before all others and then the newest; and how many do not."""
    kept: dict[int, Json] = {}
    order = [0, *range(len(evidence) - 1, 0, -1)] if evidence else []
    for index in order:
        row = _witness(evidence[index])
        size = len(msgspec.json.encode(row)) + 1
        if size > room:
            break
        room -= size
        kept[index] = row
    return [kept[i] for i in sorted(kept)], len(evidence) - len(kept)


def _witness(evidence: Evidence) -> Json:
    return {
        "article_id": evidence.article_id,
        "url": evidence.url or None,
        "source": evidence.source,
        "published_at": evidence.published_at,
        "lang": evidence.lang or None,
        "quote": _short(QUOTE, evidence.quote),
        "start": evidence.start,
        "end": evidence.end,
        "rule": evidence.rule,
    }


def _short(length: int, text: str) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
