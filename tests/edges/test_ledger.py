"""The ledger against a real Redis: claims, leases, fences, quarantine."""

from worker.ledger import Ledger, Transaction, key


def due(ledger: Ledger, *ids: str) -> None:
    ledger.commit(*(Transaction().make_due("article", i) for i in ids))


def expire(ledger: Ledger, *ids: str) -> None:
    """The lease of these items has run out: their score lies in the past while they are still marked as leased."""
    ledger.redis.zadd(key("due", "article"), dict.fromkeys(ids, 1))


def test_a_transaction_writes_bytes_as_they_are(ledger: Ledger) -> None:
    blob = bytes(range(256)) * 40
    assert ledger.commit(Transaction().write("SET", key("x"), blob)) == ["ok"]
    assert ledger.redis.get(key("x")) == blob


def test_what_is_claimed_is_not_claimed_again(ledger: Ledger) -> None:
    due(ledger, "a", "b", "c")
    assert ledger.claim("article", 2).ids == ("a", "b")
    assert ledger.claim("article", 2).ids == ("c",)
    assert ledger.claim("article", 2).ids == ()


def test_only_the_holder_of_a_lease_can_write(ledger: Ledger) -> None:
    due(ledger, "a")
    stale = ledger.claim("article", 1)
    expire(ledger, "a")
    holder = ledger.claim("article", 1)
    late = Transaction().fence(stale, "a").write("SET", key("x"), "late").done("article", "a")
    assert ledger.commit(late) == ["lost"]
    assert ledger.redis.get(key("x")) is None
    assert ledger.commit(Transaction().fence(holder, "a").done("article", "a")) == ["ok"]
    assert ledger.scheduled("article") == 0


def test_an_item_that_lost_its_worker_is_claimed_alone(ledger: Ledger) -> None:
    due(ledger, "a", "b")
    ledger.claim("article", 2)
    expire(ledger, "a", "b")
    due(ledger, "c")
    assert ledger.claim("article", 10).ids == ("a",)
    assert ledger.claim("article", 10).ids == ("b",)
    assert ledger.claim("article", 10).ids == ("c",)


def test_after_three_tries_an_item_is_quarantined_and_can_be_retried(ledger: Ledger) -> None:
    due(ledger, "poison")
    for _ in range(3):
        assert ledger.claim("article", 10).ids == ("poison",)
        expire(ledger, "poison")
    assert ledger.claim("article", 10).ids == ()
    assert "died 3 times" in ledger.quarantined("article")["poison"]
    ledger.retry("article", "poison")
    assert ledger.quarantined("article") == {}
    assert ledger.claim("article", 10).ids == ("poison",)


def test_renewal_keeps_what_is_held_and_drops_what_was_lost(ledger: Ledger) -> None:
    due(ledger, "a", "b")
    claim = ledger.claim("article", 2)
    due(ledger, "b")
    renewed = ledger.renew(claim)
    assert renewed.ids == ("a",)
    assert renewed.lease >= claim.lease


def test_what_is_released_is_due_at_once_and_counts_no_try(ledger: Ledger) -> None:
    due(ledger, "a", "b")
    for _ in range(5):
        claim = ledger.claim("article", 2)
        assert claim.ids == ("a", "b")
        ledger.release(claim)


def test_a_transaction_is_refused_when_a_version_moved(ledger: Ledger) -> None:
    version = key("version", "coup", "NE")
    first = Transaction().expect(version, "").write("INCR", version)
    assert ledger.commit(first) == ["ok"]
    assert ledger.commit(first) == ["moved"]
    assert ledger.commit(Transaction().expect(version, "1").write("INCR", version)) == ["ok"]


def test_each_transaction_has_its_own_verdict(ledger: Ledger) -> None:
    due(ledger, "a", "b")
    claim = ledger.claim("article", 2)
    due(ledger, "a")
    verdicts = ledger.commit(*(Transaction().fence(claim, i).done("article", i) for i in ("a", "b")))
    assert verdicts == ["lost", "ok"]


def test_what_is_due_later_is_not_claimed_now(ledger: Ledger) -> None:
    ledger.commit(Transaction().make_due("delivery", "d", delay_ms=60_000))
    assert ledger.claim("delivery", 1).ids == ()
    assert ledger.due_now("delivery") == 0
    assert ledger.scheduled("delivery") == 1
