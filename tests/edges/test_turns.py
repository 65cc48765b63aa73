"""Turns to ask a host, dealt out over all pollers by a real Redis."""

from itertools import pairwise

import pytest

from worker.feeds.turns import LASTS_US, Turns
from worker.ledger import Ledger, Transaction, key

A, B, ELSEWHERE = "https://rss.news.example/a", "https://www.news.example/b", "https://other.example/"


@pytest.fixture
def turns(ledger: Ledger) -> Turns:
    return Turns(ledger, most=2, spacing_s=5.0)


def give_back(ledger: Ledger, turns: Turns, item: str, url: str = A) -> None:
    transaction = Transaction()
    turns.give_back(transaction, "feed", item, url)
    ledger.commit(transaction)


def hold(ledger: Ledger, turns: Turns, item: str, seconds: float, url: str = A) -> None:
    transaction = Transaction()
    turns.hold(transaction, item, url, seconds)
    assert ledger.commit(transaction) == ["ok"]


def test_a_host_is_asked_by_two_at_once_a_spacing_apart_and_others_wait_in_line(ledger: Ledger, turns: Turns) -> None:
    other_poller = Turns(ledger, most=2, spacing_s=5.0)
    first, second = turns.take("feed", [("one", A)])[0], other_poller.take("feed", [("two", B)])[0]
    assert (first.granted, first.wait_s) == (True, 0)
    assert second.granted
    assert 4.0 < second.wait_s <= 5.0
    refused = turns.take("feed", [("three", A), ("four", A)]) + other_poller.take("page", [("five", B)])
    assert not any(t.granted for t in refused)
    waits = [t.wait_s for t in refused]
    assert all(4.0 < later - earlier < 6.0 for earlier, later in pairwise(waits))
    assert turns.take("feed", [("six", ELSEWHERE)])[0] == (True, 0)


def test_a_turn_that_was_given_back_is_anothers(ledger: Ledger) -> None:
    turns = Turns(ledger, most=1, spacing_s=0.0)
    assert [t.granted for t in turns.take("feed", [("one", A), ("two", A)])] == [True, False]
    give_back(ledger, turns, "one")
    assert turns.take("feed", [("two", A)])[0].granted


def test_a_turn_of_a_poller_that_died_is_free_after_a_minute(ledger: Ledger) -> None:
    turns = Turns(ledger, most=1, spacing_s=0.0)
    turns.take("feed", [("one", A)])
    ledger.redis.zincrby(key("asking", "news.example"), -LASTS_US, "feed:one")
    assert turns.take("feed", [("two", A)])[0].granted


def test_one_feeds_retry_after_is_its_own_and_that_of_two_is_the_hosts(ledger: Ledger, turns: Turns) -> None:
    hold(ledger, turns, "one", 900)
    assert turns.take("feed", [("two", A)])[0].granted
    hold(ledger, turns, "two", 300, B)
    turn = turns.take("feed", [("three", A)])[0]
    assert not turn.granted
    assert 290 < turn.wait_s <= 300
    assert turns.take("feed", [("four", ELSEWHERE)])[0].granted


def test_what_a_host_asked_for_is_over_when_its_time_is(ledger: Ledger, turns: Turns) -> None:
    hold(ledger, turns, "one", 900)
    hold(ledger, turns, "two", 0)
    assert turns.take("feed", [("three", A)])[0].granted


def test_a_thousand_feeds_of_one_host_are_spread_and_not_crowded(ledger: Ledger) -> None:
    turns = Turns(ledger, most=2, spacing_s=1.0)
    dealt = turns.take("feed", [(f"f{n}", A) for n in range(1000)])
    assert sum(t.granted for t in dealt) == 2
    waits = sorted(round(t.wait_s) for t in dealt if not t.granted)
    assert waits == list(range(waits[0], waits[0] + 998))


def test_nothing_wanted_is_nothing_dealt(turns: Turns) -> None:
    assert turns.take("feed", []) == []
