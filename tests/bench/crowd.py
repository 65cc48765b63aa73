"""The cost of an article in a house that is full, beside an empty one: linking, storing and matching."""

import random
from datetime import datetime, timedelta
from itertools import count

import msgspec
import redis

from tests.bench.measure import Figure, beside, sized
from tests.support.builders import NOON, RULES, article, event
from tests.support.town import house_over
from worker import pipeline
from worker.alerts import link
from worker.alerts.model import Alert
from worker.articles.model import Article
from worker.judging import settle_article
from worker.ledger import Transaction
from worker.places.model import Event, Place
from worker.subscriptions.area import Near
from worker.subscriptions.match import COUNTRIES
from worker.subscriptions.model import Filter
from worker.triggers.model import FAMILIES
from worker.wiring import House

ALERTS = sized(100_000, 3_000)
ARTICLES = sized(300, 60)
AT_ONCE = 250
MOULDS = 500
LANDS = sorted(COUNTRIES)
TRIGGERS = list(FAMILIES)
CIRCLES, SQUARES = 0.1, 0.1
"""The shares of subscriptions that want what lies around a point, or in a square over a border."""
_ARTICLES = range(ARTICLES)


def happening(luck: random.Random) -> Event:
    """An event somewhere, of a town that nobody else tells of."""
    country = luck.choice(LANDS)
    town = Place(
        name=f"Town {luck.randrange(10**6)}",
        country=country,
        lat=luck.uniform(-60, 60),
        lon=luck.uniform(-180, 180),
        precision="city",
    )
    return event(luck.choice(TRIGGERS), town)


def found(told: Article, luck: random.Random, now: datetime) -> Alert:
    """The alert that an article founds."""
    (alert,) = link.fold(told, [happening(luck)], [], now=now, rules=RULES)
    return alert


def again(alert: Alert, name: str, luck: random.Random) -> Alert:
    """The same alert under another name, at another time of the last ninety days, told of by another article."""
    at = NOON - timedelta(hours=luck.uniform(0, 90 * 24))
    given = {"event_id": f"ev_{name}", "article_id": name}
    (evidence,), (trace,) = alert.evidence, alert.traces
    return msgspec.structs.replace(
        alert,
        id=f"al_{name}",
        evidence=(msgspec.structs.replace(evidence, **given, published_at=at),),
        traces=(msgspec.structs.replace(trace, **given, reported_at=at),),
        **dict.fromkeys(("first_reported_at", "last_reported_at", "detected_at", "updated_at"), at),
    )


def fill(house: House, luck: random.Random, alerts: range, subscriptions: int) -> None:
    """Alerts of ninety days and subscriptions to a trigger somewhere each, written as they are in life."""
    waiting: list[Transaction] = []
    moulds = [found(article(title=f"Report {n}"), luck, NOON) for n in range(MOULDS)]
    for n in alerts:
        transaction = Transaction()
        house.alerts.put(transaction, alert := again(luck.choice(moulds), f"old_{n}", luck))
        waiting.append(transaction.done("alert", alert.id))
        if len(waiting) == AT_ONCE or n == alerts[-1]:
            house.ledger.commit(*waiting)
            waiting.clear()
    house.ledger.redis.delete("tocsin:due:alert")
    for _ in range(subscriptions):
        made, _ = house.subscriptions.new("https://example.org/hook", wished(luck), NOON)
        house.subscriptions.add(made.verified())


def wished(luck: random.Random) -> Filter:
    """What one subscriber wants: a trigger in a country, or within some kilometres, or in a square over a border."""
    trigger, lat, lon, kind = luck.choice(TRIGGERS), luck.uniform(-60, 60), luck.uniform(-180, 180), luck.random()
    if kind < CIRCLES:
        circle = Near(lat=lat, lon=lon, km=luck.choice((50.0, 100.0, 300.0)))
        return Filter(triggers=(trigger,), near=circle, min_severity="extreme")
    if kind < CIRCLES + SQUARES:
        corners = ((lon - 1, lat - 1), (lon + 1, lat - 1), (lon + 1, lat + 1), (lon - 1, lat + 1))
        return Filter(triggers=(trigger,), polygon=corners, min_severity="extreme")
    return Filter(triggers=(trigger,), countries=(luck.choice(LANDS),), min_severity="extreme")


def beside_it(client: redis.Redis) -> House:
    """An empty house in another database of the same server."""
    pool = client.connection_pool
    other = redis.ConnectionPool(pool.connection_class, **{**pool.connection_kwargs, "db": 1})
    return house_over(redis.Redis(connection_pool=other))


def growth(client: redis.Redis) -> list[Figure]:
    """Articles that found an alert each, in a house that grows tenfold twice, and in an empty one beside it."""
    luck, numbers = random.Random(6), count()
    full, empty = house_over(client), beside_it(client)

    def judged(house: House) -> int:
        told = {a.id: a for a in (article(f"new_{next(numbers)}", title=f"News {luck.random()}") for _ in _ARTICLES)}
        transaction = Transaction()
        for name in told:
            transaction.make_due("article", name)
        house.ledger.commit(transaction)
        while claim := house.ledger.claim("article", 50):
            if not claim.ids:
                break
            for name in claim.ids:
                settle_article(house, claim, told[name], [happening(luck)])
        while pipeline.fan_out(house):
            pass
        return ARTICLES

    figures, there = [], 0
    for size in (ALERTS // 100, ALERTS // 10, ALERTS):
        fill(full, luck, range(there, size), (size - there) // 5)
        what, there = f"articles linked, stored, matched among {size:,} alerts, {size // 5:,} subscriptions", size
        figures.append(beside(what, lambda: judged(full), "in an empty house", lambda: judged(empty), floor=0.5))
    return figures
