"""Deliveries in a real Redis: fan-out, settling, lanes, dead letters."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON
from tests.support.notices import alert, delivery, outcome
from worker.deliveries import schedule
from worker.deliveries.model import delivery_id
from worker.deliveries.store import DeliveryStore
from worker.errors import NotFound
from worker.ledger import Ledger, Transaction, key


@pytest.fixture
def store(ledger: Ledger) -> DeliveryStore:
    return DeliveryStore(ledger, retention_days=30)


def fan_out(store: DeliveryStore, ledger: Ledger, *items: object) -> None:
    transaction = Transaction()
    store.put_fan_out(transaction, alert(), items)  # type: ignore[arg-type]
    assert ledger.commit(transaction) == ["ok"]


def test_a_fan_out_keeps_makes_due_and_notes_who_was_told(store: DeliveryStore, ledger: Ledger) -> None:
    fast, slow = delivery(), delivery(id="msg_2", subscription="sub_2", lane="slow", revision=2)
    fan_out(store, ledger, fast, slow)
    assert store.get(fast.id) == fast
    assert ledger.claim("delivery", 10).ids == (fast.id,)
    assert ledger.claim("delivery:slow", 10).ids == (slow.id,)
    assert store.told("al_1") == {"sub_1": 1, "sub_2": 2}
    assert store.told("al_2") == {}


def test_a_thousand_deliveries_are_one_transaction(store: DeliveryStore, ledger: Ledger) -> None:
    items = [delivery(id=f"msg_{n}", subscription=f"sub_{n}") for n in range(1000)]
    fan_out(store, ledger, *items)
    assert ledger.scheduled("delivery") == 1000
    assert len(store.told("al_1")) == 1000


def test_an_accepted_delivery_leaves_the_ledger(store: DeliveryStore, ledger: Ledger) -> None:
    fan_out(store, ledger, delivery())
    claim = ledger.claim("delivery", 1)
    done = schedule.after(delivery(), outcome(), now=NOON, luck=0.5)
    transaction = Transaction().fence(claim, done.id)
    store.settle(transaction, claim, done, NOON)
    assert ledger.commit(transaction) == ["ok"]
    assert store.get(done.id).state == "delivered"
    assert ledger.scheduled("delivery") == 0


def test_a_failed_delivery_moves_to_the_slow_lane_for_later(store: DeliveryStore, ledger: Ledger) -> None:
    fan_out(store, ledger, delivery())
    claim = ledger.claim("delivery", 1)
    later = schedule.after(delivery(), outcome("retry", status=500), now=NOON, luck=0.5)
    transaction = Transaction().fence(claim, later.id)
    store.settle(transaction, claim, later, NOON)
    assert ledger.commit(transaction) == ["ok"]
    assert (ledger.scheduled("delivery"), ledger.scheduled("delivery:slow")) == (0, 1)
    assert ledger.due_now("delivery:slow") == 0
    at = ledger.redis.zscore(key("due", "delivery:slow"), later.id)
    assert isinstance(at, float)
    assert at - ledger.now_us() == pytest.approx(5_000_000, abs=500_000)


def test_a_failed_delivery_of_the_slow_lane_stays_there(store: DeliveryStore, ledger: Ledger) -> None:
    item = delivery(lane="slow")
    fan_out(store, ledger, item)
    claim = ledger.claim("delivery:slow", 1)
    transaction = Transaction().fence(claim, item.id)
    store.settle(transaction, claim, schedule.after(item, outcome("retry"), now=NOON, luck=0.5), NOON)
    assert ledger.commit(transaction) == ["ok"]
    assert (ledger.scheduled("delivery"), ledger.scheduled("delivery:slow")) == (0, 1)


def test_who_lost_the_lease_writes_nothing(store: DeliveryStore, ledger: Ledger) -> None:
    fan_out(store, ledger, delivery())
    claim = ledger.claim("delivery", 1)
    ledger.commit(Transaction().make_due("delivery", delivery().id))
    transaction = Transaction().fence(claim, delivery().id)
    store.settle(transaction, claim, schedule.after(delivery(), outcome(), now=NOON, luck=0.5), NOON)
    assert ledger.commit(transaction, store.bury(claim, delivery(), "x")) == ["lost", "lost"]
    assert store.get(delivery().id).state == "due"


def test_a_buried_delivery_is_kept_and_can_be_sent_again(store: DeliveryStore, ledger: Ledger) -> None:
    fan_out(store, ledger, delivery(lane="slow"))
    claim = ledger.claim("delivery:slow", 1)
    assert ledger.commit(store.bury(claim, delivery(lane="slow"), "the subscription is gone")) == ["ok"]
    dead = store.get(delivery().id)
    assert (dead.state, dead.reason) == ("dead", "the subscription is gone")
    assert ledger.scheduled("delivery:slow") == 0
    assert ledger.commit(store.send_again(dead, NOON + timedelta(days=9))) == ["ok"]
    assert ledger.claim("delivery", 1).ids == (dead.id,)
    assert store.get(dead.id).state == "due"


def test_the_newest_come_first_for_all_and_for_one_subscription(store: DeliveryStore, ledger: Ledger) -> None:
    items = [
        delivery(id=f"msg_{n}", subscription=f"sub_{n % 2}", created_at=NOON + timedelta(seconds=n)) for n in range(6)
    ]
    fan_out(store, ledger, *items)
    assert [d.id for d in store.recent(3)] == ["msg_5", "msg_4", "msg_3"]
    assert [d.id for d in store.recent(2, "sub_0")] == ["msg_4", "msg_2"]
    assert store.recent(5, "sub_none") == []


def test_the_indexes_forget_what_is_past_its_retention(store: DeliveryStore, ledger: Ledger) -> None:
    fan_out(store, ledger, delivery(id="msg_old", created_at=NOON - timedelta(days=31)))
    fan_out(store, ledger, delivery(id="msg_new"))
    for index in (key("deliveries"), key("deliveries", "sub_1")):
        assert ledger.redis.zrange(index, 0, -1) == [b"msg_new"]


def test_a_delivery_that_is_not_there_is_not_found(store: DeliveryStore) -> None:
    assert store.get_many(["msg_x"]) == [None]
    with pytest.raises(NotFound, match="msg_x"):
        store.get("msg_x")


def test_the_same_fan_out_twice_makes_the_same_deliveries(store: DeliveryStore, ledger: Ledger) -> None:
    item = delivery(id=delivery_id("al_1", 1, "sub_1"))
    fan_out(store, ledger, item)
    fan_out(store, ledger, item)
    assert ledger.scheduled("delivery") == 1
