"""A console with something to show: alerts, subscribers, deliveries and feeds, over a real server."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
import uvicorn

from tests.support.builders import article
from tests.support.notices import alert, evidence
from worker.alerts.model import Alert
from worker.api.server import create_app
from worker.articles.model import Article
from worker.deliveries.model import Attempt, Delivery, delivery_id
from worker.feeds.model import Feed, FeedDefinition
from worker.ledger import Transaction, beat
from worker.places.model import Place
from worker.subscriptions.model import Filter
from worker.triggers.model import FAMILIES, Attribution, Number
from worker.wiring import House

KEY = "k" * 20
# Headline, trigger, place, country, latitude, longitude, severity, hours ago: our own words.
RANG: tuple[tuple[str, str, str, str, float, float, str, float], ...] = (
    ("Jordan closes its last crossing with Syria", "border_closure", "Jordan", "JO", 31.0, 36.0, "severe", 0.2),
    ("Ash shuts the airport of Catania", "airspace_airport_closure", "Catania", "IT", 37.5, 15.09, "moderate", 0.9),
    ("Night curfew in Guayaquil after prison revolt", "curfew", "Guayaquil", "EC", -2.19, -79.89, "moderate", 1.4),
    ("Explosion at a market in Quetta kills at least eleven", "bombing", "Quetta", "PK", 30.2, 67.0, "extreme", 2.2),
    ("Three suburbs of Sydney told to leave as fire nears", "evacuation", "Sydney", "AU", -33.87, 151.2, "severe", 3.1),
    ("Army says it has taken power in a night address", "coup", "Niamey", "NE", 13.51, 2.11, "extreme", 4.0),
    ("Quake of magnitude 6.1 damages houses near Van", "earthquake_volcano", "Van", "TR", 38.5, 43.38, "severe", 5.5),
    ("Thousands flee fighting around Sake", "mass_displacement", "Sake", "CD", -1.57, 29.04, "severe", 6.2),
    ("Drones strike the port of Odesa", "air_strike", "Odesa", "UA", 46.48, 30.73, "severe", 7.9),
    ("Embassy sends families home", "embassy_drawdown", "Port-au-Prince", "HT", 18.54, -72.34, "severe", 9.3),
    ("Internet goes dark across Iran", "communications_shutdown", "Iran", "IR", 32.4, 53.7, "moderate", 11.0),
    ("Typhoon nears Luzon; ferries stay in port", "storm_flood_fire", "Luzon", "PH", 16.0, 121.0, "moderate", 13.5),
    ("Gunmen take pupils from a school in Zamfara", "abduction", "Zamfara", "NG", 12.1, 6.2, "moderate", 16.0),
    ("Poland shuts the road at Bobrowniki", "route_closure", "Bobrowniki", "PL", 53.1, 23.8, "moderate", 19.4),
)  # fmt: skip
ARABIC = ("الأردن يغلق معبر جابر الحدودي مع سوريا", "border_closure", "Jaber", "JO", 32.5, 36.2, "severe", 0.5)


def rang(
    row: tuple[str, str, str, str, float, float, str, float], now: datetime, **given: Any
) -> tuple[Alert, Article]:
    """An alert, and the article that it was read from."""
    headline, trigger, place, country, lat, lon, severity, hours = row
    at = now - timedelta(hours=hours)
    lang = "ar" if headline == ARABIC[0] else "en"
    name = f"{trigger}-{country}-{lang}".lower().removesuffix("-en")
    text = (
        f"Officials confirmed it late in the evening. {headline}, two officials told reporters on the spot. "
        "Aid groups said that they had been given no warning. Nobody could say how long it would last."
    )
    if lang == "ar":
        text = f"أكد مسؤولون ذلك في ساعة متأخرة من المساء. {headline}، كما قال مسؤولان للصحفيين. ولم يعرف أحد إلى متى."
    source, group = ("sahara-voice", "Sahara Voice") if lang == "ar" else ("levant-wire", "Levant Wire")
    seen = {"first_seen_at": at, "known_at": at, "published_at": at}
    told = article(f"ar_{name}", title=headline, summary=text, feed=source, group=group, lang=lang, **seen)
    start = told.document().full.index(headline, len(headline))
    row_of = evidence(
        event_id=f"ev_{name}",
        article_id=told.id,
        source=source,
        group=group,
        quote=headline,
        start=start,
        end=start + len(headline),
        published_at=at,
        lang=lang,
        rule=f"{trigger}/closed",
    )
    made = alert(
        id=f"al_{name}",
        trigger=trigger,
        family=FAMILIES[trigger],
        headline=headline,
        severity=severity,
        severity_reasons=(f"{trigger} is {severity}",),
        places=(Place(name=place, country=country, lat=lat, lon=lon, precision="city", radius_km=20.0),),
        evidence=(row_of,),
        first_reported_at=at,
        last_reported_at=at,
        detected_at=at,
        updated_at=at,
    )

    return msgspec.structs.replace(made, **given), told


def keep(house: House, *pairs: tuple[Alert, Article]) -> None:
    """Store alerts and their articles as if they had been judged."""
    for made, told in pairs:
        transaction = Transaction()
        house.articles.put(transaction, told)
        house.articles.mark_judged(transaction, told)
        house.alerts.put(transaction, made)
        house.alerts.fanned_out(transaction, made)
        house.ledger.commit(transaction, Transaction().done("alert", made.id))


def furnish(house: House) -> None:
    """A house after an ordinary day."""

    now = house.clock()
    pairs = [rang(row, now) for row in RANG]
    keep(house, *pairs)
    first, told = rang(RANG[0], now - timedelta(hours=3))
    keep(house, (first, told))
    later = msgspec.structs.replace(
        first,
        revision=2,
        change="alert.updated",
        updated_at=now - timedelta(minutes=12),
        changes=("independent sources: 1 → 2", "phase: announced → active"),
        independent_sources=2,
        confidence=0.96,
        numbers=(Number(kind="displaced", min=1000.0, max=None, approximate=True, quote="about a thousand people"),),
        attribution=(Attribution(who="Interior Ministry", role="official", quote="the ministry said"),),
        evidence=(*first.evidence, rang(ARABIC, now)[0].evidence[0]),
    )
    keep(house, (later, told), (later, rang(ARABIC, now)[1]))
    subscribe_and_deliver(house, later, now)
    feeds(house, now)
    for role in ("poller", "classifier", "sender", "sender-slow"):
        beat(house.redis, role)


def subscribe_and_deliver(house: House, made: Alert, now: datetime) -> None:
    """Two subscribers, one of whom never answers well."""
    for url, status in (("https://desk.example/hooks/tocsin", 204), ("https://old.example/hook", 500)):
        subscription, _ = house.subscriptions.new(url, Filter(countries=("JO", "SY")), now - timedelta(days=9))
        house.subscriptions.add(subscription.verified())
        attempts = tuple(
            Attempt(at=now, status=status, seconds=0.2, body="no such table" * (status > 299)) for _ in "12"
        )
        delivery = Delivery(
            id=delivery_id(made.id, made.revision, subscription.id),
            alert=made.id,
            revision=made.revision,
            subscription=subscription.id,
            type=made.change,
            state="delivered" if status < 300 else "dead",
            reason="" if status < 300 else "22 attempts in 7.5 days failed, the last with 500",
            created_at=now,
            attempts=attempts,
        )
        transaction = Transaction()
        house.deliveries.put_fan_out(transaction, made, [delivery])
        house.ledger.commit(transaction, Transaction().done("delivery", delivery.id))


def feeds(house: House, now: datetime) -> None:
    """Feeds that are well, ill and paused."""
    rows: Sequence[tuple[str, str, str, str]] = (
        ("levant-wire", "healthy", "", ""),
        ("black-sea-briefing", "healthy", "", ""),
        ("great-lakes-radio", "failing", "404: the publisher moved it", "look for the new address on the site"),
        ("old-bulletin", "paused", "paused by hand", "resume it"),
    )
    for name, health, reason, remedy in rows:
        definition = FeedDefinition(name=name, url=f"https://{name}.example/rss", language="en", group=name)
        feed = Feed(
            definition=definition,
            origin="added",
            health=health,  # type: ignore[arg-type]
            reason=reason,
            remedy=remedy,
            last_polled_at=now - timedelta(minutes=2),
            last_success_at=now - timedelta(minutes=2),
            next_poll_at=now + timedelta(minutes=3),
            polls=40,
            successes=39,
        )
        transaction = Transaction()
        house.feeds.put(transaction, feed)
        house.ledger.commit(transaction)


@contextmanager
def serving(house: House) -> Iterator[str]:
    """The address of a server over this house."""
    server = uvicorn.Server(uvicorn.Config(create_app(house), port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    house.stopping.set()
    server.should_exit = True
    thread.join(15)
