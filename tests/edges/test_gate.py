"""The gate before each endpoint, in a real Redis: rate, attempts at a time, breaker, lanes."""

from datetime import UTC, datetime

import pytest

from worker.deliveries.gate import OPEN_US, SLOW_S, Gate, Passage
from worker.ledger import Ledger, Transaction, key


@pytest.fixture
def gate(ledger: Ledger) -> Gate:
    return Gate(ledger)


def passages(count: int, sub: str = "sub_1", rate: float = 10.0, at_once: int = 100, first: int = 0) -> list[Passage]:
    return [Passage(f"msg_{sub}_{n}", sub, rate, at_once) for n in range(first, first + count)]


def settle(gate: Gate, ledger: Ledger, *names: str, good: bool, probe: bool = False, seconds: float = 0.1) -> None:
    for name in names:
        transaction = Transaction()
        gate.settle(transaction, (name, "sub_1"), good=good, probe=probe, seconds=seconds, at=datetime.now(UTC))
        ledger.commit(transaction)


def test_a_seconds_worth_leaves_at_once_and_the_rest_in_its_turn(gate: Gate) -> None:
    waits = [v.wait_us for v in gate.admit(passages(30, rate=5.0), "fast")]
    assert waits[:5] == [0] * 5
    assert waits[5:] == sorted(waits[5:])
    assert waits[-1] == pytest.approx(25 / 5 * 1e6, abs=1.5e6)


def test_one_a_second_is_one_at_a_time(gate: Gate) -> None:
    waits = [v.wait_us for v in gate.admit(passages(3, rate=1.0), "fast")]
    assert waits[0] == 0
    assert waits[1:] == [pytest.approx(1e6, abs=0.2e6), pytest.approx(2e6, abs=0.2e6)]


def test_who_was_put_off_keeps_its_turn(gate: Gate, ledger: Ledger) -> None:
    *_, late = gate.admit(passages(11), "fast")
    (again,) = gate.admit(passages(1, first=10), "fast")
    assert 0 < again.wait_us <= late.wait_us
    ledger.redis.zadd(key("waiting", "sub_1"), {"msg_sub_1_10": 1})
    (now,) = gate.admit(passages(1, first=10), "fast")
    assert now.wait_us == 0
    assert ledger.redis.zcard(key("waiting", "sub_1")) == 0


def test_each_subscription_has_a_pace_of_its_own(gate: Gate) -> None:
    verdicts = gate.admit(passages(10, "sub_1") + passages(10, "sub_2"), "fast")
    assert [v.wait_us for v in verdicts] == [0] * 20


def test_only_so_many_fly_at_a_time_and_a_place_that_is_free_is_given(gate: Gate, ledger: Ledger) -> None:
    verdicts = gate.admit(passages(4, rate=1000.0, at_once=3), "fast")
    assert [v.wait_us > 0 for v in verdicts] == [False, False, False, True]
    settle(gate, ledger, "msg_sub_1_0", good=True)
    ledger.redis.zadd(key("waiting", "sub_1"), {"msg_sub_1_3": 1})
    (now,) = gate.admit(passages(1, rate=1000.0, at_once=3, first=3), "fast")
    assert now.wait_us == 0


def test_what_a_dead_sender_had_in_flight_may_leave_again_at_once(gate: Gate) -> None:
    gate.admit(passages(1, at_once=1), "fast")
    (again,) = gate.admit(passages(1, at_once=1), "fast")
    assert again.wait_us == 0


def test_the_breaker_opens_at_seven_in_ten_and_lets_one_probe_pass(gate: Gate, ledger: Ledger) -> None:
    names = [f"msg_{n}" for n in range(10)]
    settle(gate, ledger, *names[:3], good=True)
    settle(gate, ledger, *names[3:9], good=False)
    assert gate.admit(passages(1), "slow")[0].wait_us == 0  # six of nine
    settle(gate, ledger, names[9], good=False)
    (shut,) = gate.admit(passages(1, first=1), "slow")
    assert 0 < shut.wait_us <= OPEN_US + 5_000_000
    ledger.redis.hset(key("breaker", "sub_1"), "until", "1")  # thirty seconds later
    first, *others = gate.admit(passages(5, first=2), "slow")
    assert (first.probe, first.wait_us) == (True, 0)
    assert all(v.wait_us > 0 and not v.probe for v in others)


@pytest.mark.parametrize("good", [True, False])
def test_the_probe_closes_the_breaker_or_opens_it_again(gate: Gate, ledger: Ledger, good: bool) -> None:
    settle(gate, ledger, *(f"msg_{n}" for n in range(10)), good=False)
    gate.admit(passages(1), "slow")
    ledger.redis.hset(key("breaker", "sub_1"), "until", "1")
    (probe,) = gate.admit(passages(1, first=1), "slow")
    settle(gate, ledger, "msg_sub_1_1", good=good, probe=probe.probe)
    (verdict,) = gate.admit(passages(1, first=2), "slow")
    assert (verdict.wait_us == 0) is good


def test_old_failures_are_forgotten(gate: Gate, ledger: Ledger) -> None:
    minute = int(datetime.now(UTC).timestamp() // 60) - 6
    ledger.redis.hset(key("breaker", "sub_1"), f"b{minute}", "50")
    assert gate.admit(passages(1), "slow")[0].wait_us == 0


def test_an_endpoint_that_took_long_is_for_the_slow_lane(gate: Gate, ledger: Ledger) -> None:
    gate.admit(passages(1), "fast")
    settle(gate, ledger, "msg_sub_1_0", good=True, seconds=SLOW_S + 1)
    assert gate.admit(passages(1, first=1), "fast")[0].slow
    assert gate.admit(passages(1, first=1), "slow")[0] == (0, False, False)


def test_nothing_asks_for_nothing(gate: Gate) -> None:
    assert gate.admit([], "fast") == []
