"""Data for tests: each builder gives a whole value, and takes only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.paths import CONFIG
from worker.alerts import catalogue
from worker.alerts.link import Rules
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import Detection

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RULES = Rules(catalogue.load(CONFIG / "severity.yaml"), frozenset({"bbc", "reuters", "dw", "tass"}))
JORDAN = Place(name="Jordan", country="JO", lat=31.0, lon=36.0, precision="country", radius_km=250)
HOMS = Place(name="Homs", country="SY", lat=34.73, lon=36.72, precision="city", geonames_id=169577)
HAMA = Place(name="Hama", country="SY", lat=35.13, lon=36.76, precision="city", geonames_id=170017)
SYRIA = Place(name="Syria", country="SY", lat=35.0, lon=38.0, precision="country", radius_km=300)


def article(id: str = "ar_1", *, hours: float = 0, **given: Any) -> Article:
    at = NOON + timedelta(hours=hours)
    values: dict[str, Any] = {
        "feed": "wire",
        "group": "wire",
        "url": f"https://news.example/{id}",
        "title": "Jordan closes its border with Syria",
        "lang": "en",
        "published_at": at,
        "first_seen_at": at,
        "known_at": at,
    }
    return Article(id=id, **{**values, **given})


def event(
    trigger: str = "border_closure", *places: Place, quote: str = "Jordan closes its border", **given: Any
) -> Event:
    values: dict[str, Any] = {
        "phase": "active",
        "veracity": "reported",
        "start": 0,
        "end": len(quote),
        "sentence": (0, len(quote)),
        "rule": f"{trigger}/test",
        "confidence": 0.9,
    }
    return Event(detection=Detection(trigger=trigger, quote=quote, **{**values, **given}), places=places or (JORDAN,))
