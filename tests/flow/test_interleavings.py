"""Two classifiers at once, either of which may die at any step: the same alerts, whatever happens when."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import redis

from tests.support.builders import HAMA, HOMS, JORDAN, NOON, article, event
from tests.support.town import house_over, let_leases_run_out
from worker import judging
from worker.alerts.memory import Memory
from worker.alerts.model import Alert
from worker.ledger import Transaction
from worker.ops.reconcile import reconcile
from worker.wiring import House

TOLD = {
    "ar_1": (article("ar_1", title="Missiles hit a market in Homs"), [event("air_strike", HOMS)]),
    "ar_2": (article("ar_2", hours=1, group="bbc", title="Homs market struck"), [event("air_strike", HOMS)]),
    "ar_3": (article("ar_3", hours=2, group="dw", title="Warplanes over Hama"), [event("air_strike", HAMA)]),
    "ar_4": (article("ar_4", hours=3), [event(), event("curfew", JORDAN)]),
    "ar_5": (article("ar_5", hours=4, group="bbc"), [event(phase="ended")]),
    "ar_6": (article("ar_6", hours=5, title="Curfew after riot"), [event("curfew", HAMA), event("bombing", HAMA)]),
}


class Dead(BaseException):
    """The process is gone."""


def facts(alerts: list[Alert]) -> set[tuple[object, ...]]:
    return {
        (frozenset(e.article_id for e in a.evidence), a.trigger, a.also, a.phase, a.severity, a.independent_sources)
        for a in alerts
        if not a.merged_into
    }


def asked(house: House, clock: Callable[[], datetime]) -> House:
    """The house with this clock, which is asked between reading and writing, and after it."""
    return House(**{**vars(house), "clock": clock})


def step(house: House, luck: random.Random, depth: int = 0) -> None:
    """A classifier claims one article and settles it; meanwhile the other one may do so, and it may die."""

    def clock() -> datetime:
        if depth < 2 and luck.random() < 0.4:
            step(house, luck, depth + 1)
        if luck.random() < 0.2:
            raise Dead
        return NOON

    claim = house.ledger.claim("article", 1)
    try:
        for name in claim.ids:
            judging.settle_article(asked(house, clock), claim, *TOLD[name])
    except Dead:
        pass


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_steps_and_deaths_ends_in_the_same_alerts(redis_client: redis.Redis, seed: int) -> None:
    luck, house = random.Random(seed), house_over(redis_client)
    transaction = Transaction()
    for name in luck.sample(list(TOLD), len(TOLD)):
        house.articles.put(transaction, TOLD[name][0])
        transaction.make_due("article", name)
    house.ledger.commit(transaction)
    for _ in range(3):
        step(house, luck)
        let_leases_run_out(redis_client)
    calm: Any = asked(house, lambda: NOON)
    while claim := house.ledger.claim("article", 1):
        if not claim.ids:
            break
        judging.settle_article(calm, claim, *TOLD[claim.ids[0]])
    undisturbed = Memory(house.rules)
    for told in TOLD.values():
        undisturbed.take(*told, NOON)
    assert facts(house.alerts.recent(100)) == facts(undisturbed.all())
    assert reconcile(house).right
