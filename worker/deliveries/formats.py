"""What a subscriber reads: the body of a Standard Webhooks message, in JSON, under 20 kB."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec

from worker.alerts.model import Alert, Evidence
from worker.places.model import Place

LIMIT: Final = 20_000
# Tried in turn until the alert without its evidence fits: how many of each list, how many characters of each text.
CUTS: Final = ((100, 2000), (20, 500), (5, 120), (1, 60))
EVIDENCE_ROOM: Final = 6_000
QUOTE: Final = 600

Json = dict[str, Any]


def body(alert: Alert, change: str, at: datetime, console_url: str) -> bytes:
    """The message for one revision; ``change`` such as ``alert.created``, ``at`` when it came to be (aware UTC)."""
    url = f"{console_url.rstrip('/')}/alerts/{alert.id}" if console_url else None
    for most, length in CUTS:
        data = _data(alert, url, most, partial(_short, length))
        envelope = {"type": change, "timestamp": at, "data": data}
        size = len(msgspec.json.encode(envelope))
        if size <= LIMIT - EVIDENCE_ROOM:
            break
    rows, omitted = _evidence(alert.evidence, LIMIT - size - 200)
    data["evidence"] = rows
    if omitted:
        data["evidence_omitted"] = {"count": omitted, "url": url}
    return msgspec.json.encode(envelope)


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
