"""Subscriptions in a real Redis, and the vault that seals their secrets."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.support.builders import NOON
from tests.support.notices import outcome, subscription
from worker.errors import NotFound, SettingsError
from worker.ledger import Ledger, Transaction, key
from worker.subscriptions.model import Filter
from worker.subscriptions.store import SubscriptionStore
from worker.vault import Vault

KEY, OTHER = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture
def store(ledger: Ledger) -> SubscriptionStore:
    return SubscriptionStore(ledger, Vault(KEY))


def test_what_is_added_is_found_whole(store: SubscriptionStore) -> None:
    wish = Filter(triggers=("coup",), countries=("NE",), min_severity="severe", phases=("active",))
    made, secret = store.new("https://example.org/hook", wish, NOON)
    assert (made.state, made.id[:4], secret[:6]) == ("unverified", "sub_", "whsec_")
    with pytest.raises(NotFound):
        store.get(made.id)
    store.add(made.verified())
    found = store.get(made.id)
    assert found == made.verified()
    assert store.secret(found) == secret


def test_secrets_are_unlike_and_sealed_at_rest(store: SubscriptionStore, ledger: Ledger) -> None:
    made = [store.new("https://example.org/", Filter(), NOON) for _ in range(5)]
    assert len({secret for _, secret in made}) == len({s.id for s, _ in made}) == 5
    for one, secret in made:
        store.add(one)
        kept = ledger.redis.get(key("subscription", one.id))
        assert isinstance(kept, bytes)
        assert secret.removeprefix("whsec_").encode() not in kept


def test_all_lists_the_oldest_first_and_not_the_removed(store: SubscriptionStore) -> None:
    for name in ("sub_b", "sub_a", "sub_c"):
        store.add(subscription(id=name))
    store.remove("sub_c")
    assert [s.id for s in store.all()] == ["sub_a", "sub_b"]
    assert store.get_many(["sub_c", "sub_a"])[0] is None


def test_a_failing_endpoint_is_remembered_and_forgiven(store: SubscriptionStore, ledger: Ledger) -> None:
    store.add(subscription())
    transaction = Transaction()
    store.put(transaction, store.get("sub_1").after(outcome("retry"), now=NOON))
    ledger.commit(transaction)
    assert store.get("sub_1").failing_since == NOON
    assert store.all()[0].failing_since == NOON
    transaction = Transaction()
    store.put(transaction, store.get("sub_1").after(outcome(), now=NOON))
    ledger.commit(transaction)
    assert store.get("sub_1").failing_since is None


def test_a_late_answer_neither_revives_a_removed_nor_a_disabled_one(store: SubscriptionStore, ledger: Ledger) -> None:
    store.add(subscription())
    stale = store.get("sub_1")
    transactions = [Transaction(), Transaction()]
    store.put(transactions[0], stale.after(outcome("gone", disables=True, reason="410"), now=NOON))
    store.put(transactions[1], stale.after(outcome("retry"), now=NOON))
    ledger.commit(*transactions)
    assert (store.get("sub_1").state, store.get("sub_1").reason) == ("disabled", "410")
    store.remove("sub_1")
    ledger.commit(*transactions)
    assert store.all() == []
    with pytest.raises(NotFound):
        store.get("sub_1")


def test_an_operators_change_is_not_written_away(store: SubscriptionStore, ledger: Ledger) -> None:
    store.add(subscription())
    stale = store.get("sub_1")
    store.add(msgspec.structs.replace(stale, url="https://example.org/new"))
    transaction = Transaction()
    store.put(transaction, stale.after(outcome("retry"), now=NOON))
    ledger.commit(transaction)
    assert store.get("sub_1").url == "https://example.org/new"


def test_without_a_key_secrets_are_marked_plain() -> None:
    vault = Vault("")
    assert not vault.sealing
    assert vault.seal("whsec_x") == "plain:whsec_x"
    assert vault.open("plain:whsec_x") == "whsec_x"


def test_with_a_key_secrets_kept_plain_before_still_open() -> None:
    assert Vault(KEY).sealing
    assert Vault(KEY).open("plain:whsec_x") == "whsec_x"


def test_a_new_key_opens_what_the_old_one_sealed() -> None:
    sealed = Vault(OTHER).seal("whsec_x")
    assert Vault(f"{KEY}, {OTHER}").open(sealed) == "whsec_x"
    assert Vault(KEY).open(Vault(f"{KEY},{OTHER}").seal("whsec_y")) == "whsec_y"


@pytest.mark.parametrize("keys", ["", KEY], ids=["no key", "another key"])
def test_a_lost_key_is_named(keys: str) -> None:
    with pytest.raises(SettingsError, match="TOCSIN_SECRETS_KEY"):
        Vault(keys).open(Vault(OTHER).seal("whsec_x"))


@pytest.mark.parametrize("keys", ["password", "AAAA" + KEY, "ü" * 44, KEY[:-8]], ids=["words", "long", "odd", "short"])
def test_a_bad_key_is_refused_without_repeating_it(keys: str) -> None:
    with pytest.raises(SettingsError, match="TOCSIN_SECRETS_KEY") as caught:
        Vault(keys)
    assert keys not in str(caught.value)


def test_after_a_rotation_both_secrets_sign_for_a_while(store: SubscriptionStore) -> None:
    made, old = store.new("https://example.org/", Filter(), NOON)
    now = datetime.now(UTC)
    changed, new = store.rotated(made, now, timedelta(hours=24))
    store.add(changed)
    assert store.secret(store.get(made.id)) == f"{new} {old}"
    assert store.secret(store.rotated(made, now - timedelta(hours=25), timedelta(hours=24))[0]) not in (old, new)
    assert " " not in store.secret(store.rotated(made, now - timedelta(hours=25), timedelta(hours=24))[0])
