"""The body of a message: what stands in it, and that it stays under 20 kB."""

from datetime import datetime
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.builders import NOON
from tests.support.notices import alert, evidence
from worker.deliveries.formats import LIMIT, body, ping_body
from worker.places.model import Place
from worker.triggers.model import Attribution, Number

FIELDS = (
    "id revision url trigger family headline phase veracity confidence severity severity_reasons places numbers "
    "occurred_at first_reported_at detected_at updated_at independent_sources attribution evidence changes related "
    "merged_into"
)


def read(message: bytes) -> Any:
    return msgspec.json.decode(message)


def test_a_message_says_what_happened_where_and_who_told() -> None:
    message = read(body(alert(revision=3), "alert.updated", NOON, "https://console.example/"))
    assert (message["type"], message["timestamp"]) == ("alert.updated", "2026-03-01T12:00:00Z")
    data = message["data"]
    assert " ".join(data) == FIELDS
    assert data["url"] == "https://console.example/alerts/al_1"
    assert data["places"] == [
        {
            "name": "Jordan",
            "role": "event",
            "country": "JO",
            "admin1": None,
            "geonames_id": None,
            "lat": 31.0,
            "lon": 36.0,
            "precision": "country",
            "radius_km": 250,
        }
    ]
    assert data["evidence"] == [
        {
            "article_id": "ar_1",
            "url": "https://news.example/1",
            "source": "wire",
            "published_at": "2026-03-01T12:00:00Z",
            "lang": "en",
            "quote": "Jordan closed its border",
            "start": 10,
            "end": 34,
            "rule": "border_closure/closed",
        }
    ]
    assert (data["occurred_at"], data["merged_into"]) == (None, None)


def test_what_is_unknown_is_null() -> None:
    unknown = alert(places=(Place(name="the front"),), evidence=(evidence(url="", lang="", published_at=None),))
    data = read(body(unknown, "alert.created", NOON, ""))["data"]
    assert data["url"] is None
    assert data["places"][0]["country"] is None
    assert [data["evidence"][0][name] for name in ("url", "lang", "published_at")] == [None, None, None]


def test_longer_evidence_is_cut_and_linked() -> None:
    many = tuple(evidence(n, quote="Grenze geschlossen " * 30) for n in range(200))
    message = body(alert(evidence=many), "alert.updated", NOON, "https://c.example")
    assert LIMIT * 0.8 < len(message) < LIMIT
    data = read(message)["data"]
    kept = [e["article_id"] for e in data["evidence"]]
    assert (kept[0], kept[-1]) == ("ar_0", "ar_199")
    assert data["evidence_omitted"] == {"count": 200 - len(kept), "url": "https://c.example/alerts/al_1"}


def test_a_small_message_omits_nothing() -> None:
    assert "evidence_omitted" not in read(body(alert(), "alert.created", NOON, ""))["data"]


ugly = st.text(alphabet=st.sampled_from('a\x00\n"\\é中🚨\u202e'), min_size=0, max_size=40).map(lambda t: t * 80)
places = st.builds(Place, name=ugly, admin1=st.none() | ugly, country=st.sampled_from(["", "JO"]))
numbers = st.builds(Number, kind=ugly, min=st.none(), max=st.none(), approximate=st.booleans(), quote=ugly)
speakers = st.builds(Attribution, who=ugly, role=ugly, quote=ugly)


@given(
    headline=ugly,
    reasons=st.lists(ugly, max_size=30),
    where=st.lists(places, max_size=30),
    counted=st.lists(numbers, max_size=30),
    said=st.lists(speakers, max_size=30),
    quotes=st.lists(ugly, max_size=30),
    at=st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(NOON.tzinfo)),  # noqa: DTZ001
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_an_article_says_the_message_stays_under_its_limit(**ugliness: Any) -> None:
    ugly_alert = alert(
        headline=ugliness["headline"],
        severity_reasons=tuple(ugliness["reasons"]),
        changes=tuple(ugliness["reasons"]),
        places=tuple(ugliness["where"]),
        numbers=tuple(ugliness["counted"]),
        attribution=tuple(ugliness["said"]),
        evidence=tuple(
            evidence(n, quote=q, url="https://e.example/" + "u" * 2000) for n, q in enumerate(ugliness["quotes"])
        ),
        related=tuple(f"al_{n}" for n in range(2000)),
    )
    message = body(ugly_alert, "alert.created", ugliness["at"], "https://c.example")
    assert len(message) < LIMIT
    assert read(message)["data"]["id"] == "al_1"


def test_a_ping_carries_its_challenge() -> None:
    message = read(ping_body("sub_1", "c0ffee", NOON))
    assert message == {
        "type": "subscription.ping",
        "timestamp": "2026-03-01T12:00:00Z",
        "data": {"subscription": "sub_1", "challenge": "c0ffee"},
    }
