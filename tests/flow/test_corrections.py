"""Alerts kept true in Redis: two classifiers make no twins, corrections reach all, quiet hours end in a digest."""

import json
from typing import Any

import msgspec
import pytest
import redis

from tests.support.builders import HOMS, NOON, article, event
from tests.support.town import house_over, let_leases_run_out
from worker import judging, pipeline
from worker.articles.model import Article
from worker.deliveries import formats
from worker.ledger import Claim, Transaction
from worker.ops.reconcile import reconcile
from worker.places.model import Event
from worker.sending import written
from worker.subscriptions.model import Filter
from worker.subscriptions.quiet import Quiet
from worker.wiring import House

STRIKE = event("air_strike", HOMS, quote="Missiles hit a market")


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    made = house_over(redis_client)
    subscription, _ = made.subscriptions.new("https://example.org/hook", Filter(), made.clock())
    made.subscriptions.add(subscription.verified())
    return made


def due(house: House, *articles: Article) -> None:
    transaction = Transaction()
    for one in articles:
        house.articles.put(transaction, one)
        transaction.make_due("article", one.id)
    house.ledger.commit(transaction)


def classify(house: House, found: dict[str, list[Event]]) -> None:
    """Judge what is due as a reader who finds these events; nothing in an article that was emptied."""

    def judge(documents: Any, homes: Any = ()) -> list[tuple[Event, ...]]:
        return [tuple(found[d.id]) if d.title else () for d in documents]

    pipeline.classify(house, judge)  # type: ignore[arg-type]


def told(house: House) -> list[tuple[str, int]]:
    return sorted((d.type, d.revision) for d in house.deliveries.recent(100))


def test_an_article_that_is_corrected_withdraws_what_rested_on_it_alone(house: House) -> None:
    due(house, article("ar_1"))
    classify(house, {"ar_1": [STRIKE]})
    due(house, article("ar_1", revision=2, title="Fireworks heard over Homs"))
    classify(house, {"ar_1": []})
    (alert,) = house.alerts.recent()
    assert (alert.change, alert.revision, alert.withdrawn) == ("alert.withdrawn", 2, "its sources no longer report it")
    assert told(house) == [("alert.created", 1), ("alert.withdrawn", 2)]
    assert reconcile(house).right


@pytest.mark.parametrize("part", [{"page": "due"}, {"live": True}], ids=["its page is to come", "a live page"])
def test_an_article_of_which_a_part_was_read_takes_nothing_back(house: House, part: dict[str, Any]) -> None:
    due(house, article("ar_1"))
    classify(house, {"ar_1": [STRIKE]})
    due(house, msgspec.structs.replace(article("ar_1", revision=2, title="What we know"), **part))
    classify(house, {"ar_1": []})
    assert told(house) == [("alert.created", 1)]
    judging.remove_article(house, "ar_1")
    classify(house, {"ar_1": []})
    assert told(house) == [("alert.created", 1), ("alert.withdrawn", 2)]


def test_an_article_that_was_removed_takes_only_its_own_evidence_away(house: House) -> None:
    due(house, article("ar_1"), article("ar_2", group="bbc", title="Market in Homs struck by missiles at noon"))
    classify(house, {"ar_1": [STRIKE], "ar_2": [STRIKE]})
    judging.remove_article(house, "ar_1")
    classify(house, {"ar_1": [STRIKE], "ar_2": [STRIKE]})
    (alert,) = house.alerts.recent()
    assert [e.article_id for e in alert.evidence] == ["ar_2"]
    assert (alert.change, alert.withdrawn) == ("alert.updated", "")
    assert "independent sources: 2 → 1" in alert.changes


def test_an_operator_withdraws_an_alert_and_everybody_who_got_it_is_told(house: House) -> None:
    due(house, article("ar_1"))
    classify(house, {"ar_1": [STRIKE]})
    (alert,) = house.alerts.recent()
    after = judging.withdraw_alert(house, alert.id, "it was a film set")
    classify(house, {})
    assert after.changes == ("withdrawn: it was a film set",)
    assert told(house) == [("alert.created", 1), ("alert.withdrawn", 2)]
    assert judging.withdraw_alert(house, alert.id, "again").revision == 2


def test_two_classifiers_at_once_make_one_alert(redis_client: redis.Redis, house: House) -> None:
    one, other = article("ar_1"), article("ar_2", group="bbc", title="Market in Homs struck")
    due(house, one, other)
    first, second = house.ledger.claim("article", 1), house.ledger.claim("article", 1)

    class Late(House):
        """A house whose clock, asked between reading and writing, lets the other classifier finish first."""

    went = False

    def clock() -> Any:
        nonlocal went
        if not went:
            went = True
            judging.settle_article(house, second, other, [STRIKE])
        return NOON

    slow = Late(**{**vars(house), "clock": clock})
    judging.settle_article(slow, first, one, [STRIKE])
    (alert,) = house.alerts.recent()
    assert {e.article_id for e in alert.evidence} == {"ar_1", "ar_2"}
    assert house.ledger.scheduled("article") == 0


def test_a_lease_that_was_lost_writes_nothing(redis_client: redis.Redis, house: House) -> None:
    one = article("ar_1")
    due(house, one)
    stale = house.ledger.claim("article", 1)
    let_leases_run_out(redis_client)
    house.ledger.claim("article", 1)
    judging.settle_article(house, Claim("article", stale.ids, stale.lease), one, [STRIKE])
    assert house.alerts.recent() == []


def test_what_comes_in_quiet_hours_is_told_in_one_digest(house: House) -> None:
    for kept in house.subscriptions.all():
        house.subscriptions.remove(kept.id)
    quiet = Quiet(start="10:00", end="14:00")
    subscription, _ = house.subscriptions.new("https://example.org/hook", Filter(quiet=quiet), NOON)
    house.subscriptions.add(subscription.verified())
    calm = House(**{**vars(house), "clock": lambda: NOON})
    due(calm, article("ar_1"), article("ar_2", title="Jordan closes its border"))
    classify(calm, {"ar_1": [STRIKE], "ar_2": [event()]})
    (digest,) = house.deliveries.recent(10)
    assert (digest.type, digest.next_attempt_at) == ("alert.digest", NOON.replace(hour=14))
    owner = house.subscriptions.get(subscription.id)
    for form in ("standard", "cloudevents", "slack", "discord", "teams"):
        message = written(calm, digest, msgspec.structs.replace(owner, format=form), None)
        assert isinstance(message, formats.Message)
        assert len(message.body) < formats.LIMIT
    body = json.loads(written(calm, digest, owner, None).body)  # type: ignore[union-attr]
    assert {a["trigger"] for a in body["data"]["alerts"]} == {"air_strike", "border_closure"}
    assert reconcile(calm).right
