"""The cost of an article in a house that is full, beside an empty one: linking, storing and matching."""

import random
from datetime import timedelta
from itertools import count

import redis

from tests.bench.measure import Figure, beside
from tests.support.builders import NOON, RULES, article, event
from tests.support.town import house_over
from worker import pipeline
from worker.alerts import link
from worker.judging import settle_article
from worker.ledger import Transaction
from worker.places.model import Event, Place
from worker.subscriptions.match import COUNTRIES
from worker.subscriptions.model import Filter
from worker.triggers.model import FAMILIES
from worker.wiring import House

ALERTS = 100_000
SUBSCRIPTIONS = 20_000
ARTICLES = 300
LANDS = sorted(COUNTRIES)
TRIGGERS = list(FAMILIES)


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


def fill(house: House, luck: random.Random) -> None:
    """Alerts of ninety days and subscriptions to a trigger in a country each, written as they are in life."""
    waiting: list[Transaction] = []
    for n in range(ALERTS):
        at = -luck.uniform(0, 90 * 24)
        told = article(f"old_{n}", hours=at, title=f"Report {n} from {luck.randrange(10**6)}")
        (alert,) = link.fold(told, [happening(luck)], [], now=NOON + timedelta(hours=at), rules=RULES)
        transaction = Transaction()
        house.alerts.put(transaction, alert)
        waiting.append(transaction.done("alert", alert.id))
        if len(waiting) == 250:
            house.ledger.commit(*waiting)
            waiting.clear()
    house.ledger.redis.delete("tocsin:due:alert")
    for _ in range(SUBSCRIPTIONS):
        wish = Filter(triggers=(luck.choice(TRIGGERS),), countries=(luck.choice(LANDS),), min_severity="extreme")
        made, _ = house.subscriptions.new("https://example.org/hook", wish, NOON)
        house.subscriptions.add(made.verified())


def crowd(client: redis.Redis) -> list[Figure]:
    """Articles that found an alert each, in a full house and in an empty one of the same server."""
    luck = random.Random(6)
    full = house_over(client)  # database 0; the empty one is database 1 of the same server
    fill(full, luck)
    pool = client.connection_pool
    beside_it = redis.ConnectionPool(pool.connection_class, **{**pool.connection_kwargs, "db": 1})
    empty = house_over(redis.Redis(connection_pool=beside_it))
    numbers = count()

    def judged(house: House) -> int:
        told = [article(f"new_{next(numbers)}", title=f"News {luck.randrange(10**9)}") for _ in range(ARTICLES)]
        transaction = Transaction()
        for one in told:
            transaction.make_due("article", one.id)
        house.ledger.commit(transaction)
        while claim := house.ledger.claim("article", 50):
            if not claim.ids:
                break
            for name in claim.ids:
                (one,) = [a for a in told if a.id == name]
                settle_article(house, claim, one, [happening(luck)])
        while pipeline.fan_out(house):
            pass
        return ARTICLES

    what = f"articles among {ALERTS:,} alerts and {SUBSCRIPTIONS:,} subscriptions"
    return [beside(what, lambda: judged(full), "the same in an empty house", lambda: judged(empty))]
