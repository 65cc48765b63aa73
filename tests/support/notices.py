"""Alerts, deliveries and subscriptions for tests: each takes only what the test is about."""

from typing import Any

from tests.support.builders import JORDAN, NOON
from worker.alerts.model import Alert, Evidence
from worker.deliveries.model import Attempt, Delivery, Outcome, delivery_id
from worker.subscriptions.model import Subscription

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="


def evidence(n: int = 1, **given: Any) -> Evidence:
    values: dict[str, Any] = {
        "event_id": f"ev_{n}",
        "article_id": f"ar_{n}",
        "url": f"https://news.example/{n}",
        "source": "wire",
        "group": "wire-group",
        "published_at": NOON,
        "lang": "en",
        "phase": "active",
        "veracity": "reported",
        "quote": "Jordan closed its border",
        "start": 10,
        "end": 34,
        "rule": "border_closure/closed",
    }
    return Evidence(**{**values, **given})


def alert(**given: Any) -> Alert:
    values: dict[str, Any] = {
        "id": "al_1",
        "trigger": "border_closure",
        "family": "move",
        "headline": "Jordan closes its border with Syria",
        "phase": "active",
        "veracity": "reported",
        "confidence": 0.93,
        "severity": "severe",
        "places": (JORDAN,),
        "first_reported_at": NOON,
        "last_reported_at": NOON,
        "detected_at": NOON,
        "updated_at": NOON,
        "evidence": (evidence(),),
    }
    return Alert(**{**values, **given})


def delivery(n: int = 1, **given: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": delivery_id("al_1", n, "sub_1"),
        "alert": "al_1",
        "revision": n,
        "subscription": "sub_1",
        "type": "alert.created",
        "created_at": NOON,
        "next_attempt_at": NOON,
    }
    return Delivery(**{**values, **given})


def subscription(**given: Any) -> Subscription:
    values: dict[str, Any] = {
        "id": "sub_1",
        "url": "https://example.org/hook",
        "secret": f"plain:{SECRET}",
        "state": "active",
        "created_at": NOON,
    }
    return Subscription(**{**values, **given})


def outcome(verdict: str = "delivered", **given: Any) -> Outcome:
    attempt = Attempt(at=NOON, status=given.pop("status", 204))
    return Outcome(attempt=attempt, verdict=verdict, **given)  # type: ignore[arg-type]
