"""Feeds and the marks of their entries in a real Redis."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from worker.errors import NotFound, SettingsError
from worker.feeds.model import Feed, FeedDefinition
from worker.feeds.store import FeedStore
from worker.ledger import Ledger, Transaction, key
from worker.vault import Vault

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
NOW = datetime(2026, 10, 21, 10, tzinfo=UTC)
POSTS = FeedDefinition(name="posts", url="https://news.example/feed", language="en", group="example")
OTHER = replace(POSTS, name="other", url="https://other.example/feed")


@pytest.fixture
def store(ledger: Ledger) -> FeedStore:
    return FeedStore(ledger, Vault(KEY))


def digests(store: FeedStore, names: list[str]) -> dict[str, str]:
    return {name: digest for name, (digest, _) in store.seen("posts", names).items()}


def put(ledger: Ledger, store: FeedStore, feed: Feed) -> None:
    transaction = Transaction()
    store.put(transaction, feed)
    ledger.commit(transaction)


def mark(ledger: Ledger, store: FeedStore, marks: dict[str, str], now: datetime = NOW) -> None:
    transaction = Transaction()
    store.mark_seen(transaction, "posts", marks, store.seen("posts", list(marks)), now)
    assert ledger.commit(transaction) == ["ok"]


def test_a_feed_comes_back_as_it_was(ledger: Ledger, store: FeedStore) -> None:
    feed = Feed(definition=POSTS, etag='W/"é"', next_poll_at=NOW, pace="every 5 min")
    put(ledger, store, feed)
    assert store.get("posts") == feed
    assert store.get_many(["none", "posts"]) == [None, feed]
    assert store.names() == ["posts"]


SECRET = replace(POSTS, headers={"Authorization": "Bearer hush"}, proxy="http://me:hush@proxy.example:3128")


def test_what_is_secret_of_a_feed_is_sealed_apart_and_opened_only_for_the_poller(
    ledger: Ledger, store: FeedStore
) -> None:
    store.sync([SECRET])
    kept = store.get("posts")
    assert kept.definition.headers == {"Authorization": "***"}
    assert kept.definition.proxy == "http://***@proxy.example:3128"
    assert store.revealed(kept).definition == SECRET
    assert not [
        k for k in ledger.redis.scan_iter() if ledger.redis.type(k) == b"string" and b"hush" in ledger.redis.get(k)
    ]
    put(ledger, store, replace(kept, polls=1))  # what the poller keeps leaves it alone
    assert store.revealed(store.get("posts")).request().headers == {"authorization": "Bearer hush"}
    store.sync([POSTS])
    assert (store.get("posts").definition, ledger.redis.exists(key("credentials", "posts"))) == (POSTS, 0)


def test_a_secret_that_cannot_be_opened_is_told_with_its_remedy(ledger: Ledger, store: FeedStore) -> None:
    store.sync([SECRET])
    with pytest.raises(SettingsError, match="TOCSIN_SECRETS_KEY"):
        FeedStore(ledger, Vault("")).revealed(store.get("posts"))
    ledger.redis.delete(key("credentials", "posts"))
    with pytest.raises(SettingsError, match="feed posts are lost"):
        store.revealed(store.get("posts"))


def test_a_feed_that_is_not_there_is_named(store: FeedStore) -> None:
    with pytest.raises(NotFound, match="'none'"):
        store.get("none")


def test_a_removed_feed_leaves_nothing_behind(ledger: Ledger, store: FeedStore) -> None:
    store.sync([POSTS])
    mark(ledger, store, {"a": "1"})
    store.remove("posts")
    assert (store.names(), digests(store, ["a"]), ledger.scheduled("feed")) == ([], {}, 0)


def test_the_feeds_of_the_catalogue_are_due_at_once_and_only_once(ledger: Ledger, store: FeedStore) -> None:
    store.sync([POSTS, OTHER])
    assert sorted(ledger.claim("feed", 10).ids) == ["other", "posts"]
    store.sync([POSTS, OTHER])
    assert ledger.claim("feed", 10).ids == ()
    assert {store.get(n).origin for n in store.names()} == {"config"}


def test_the_catalogue_wins_for_its_names_and_keeps_what_polling_taught(ledger: Ledger, store: FeedStore) -> None:
    store.sync([POSTS])
    put(ledger, store, replace(store.get("posts"), etag='"a"', successes=3, health="healthy"))
    store.sync([replace(POSTS, interval_s=60)])
    feed = store.get("posts")
    assert (feed.definition.interval_s, feed.etag, feed.successes, feed.health) == (60, '"a"', 3, "healthy")


def test_another_url_starts_a_feed_anew_but_not_its_marks(ledger: Ledger, store: FeedStore) -> None:
    store.sync([POSTS])
    mark(ledger, store, {"a": "1"})
    claim = ledger.claim("feed", 1)
    put(ledger, store, replace(store.get("posts"), etag='"a"', health="gone", successes=3))
    ledger.commit(Transaction().fence(claim, "posts").done("feed", "posts"))
    store.sync([replace(POSTS, url="https://news.example/new")])
    feed = store.get("posts")
    assert (feed.etag, feed.health, feed.successes) == ("", "new", 3)
    assert ledger.claim("feed", 1).ids == ("posts",)
    assert digests(store, ["a"]) == {"a": "1"}


def test_a_feed_that_left_the_catalogue_is_removed_and_one_added_by_hand_stays(
    ledger: Ledger, store: FeedStore
) -> None:
    store.sync([POSTS])
    put(ledger, store, Feed(definition=OTHER, origin="added"))
    store.sync([])
    assert store.names() == ["other"]
    assert ledger.claim("feed", 10).ids == ("other",)


@pytest.mark.parametrize("health", ["paused", "gone"])
def test_a_feed_that_is_not_polled_is_not_made_due(ledger: Ledger, store: FeedStore, health: str) -> None:
    put(ledger, store, Feed(definition=POSTS, origin="config", health=health))  # type: ignore[arg-type]
    store.sync([POSTS])
    assert ledger.scheduled("feed") == 0


def test_marks_tell_the_digest_of_what_was_seen(ledger: Ledger, store: FeedStore) -> None:
    mark(ledger, store, {"a": "1", "b": "1"})
    mark(ledger, store, {"b": "2"})
    assert digests(store, ["a", "b", "c"]) == {"a": "1", "b": "2"}
    assert digests(store, []) == {}


def test_marks_that_did_not_change_are_written_once_a_day(ledger: Ledger, store: FeedStore) -> None:
    mark(ledger, store, {"a": "1"})
    transaction = Transaction()
    store.mark_seen(transaction, "posts", {"a": "1"}, store.seen("posts", ["a"]), NOW + timedelta(hours=3))
    assert transaction.packed()[2] == []


def test_a_mark_is_kept_while_its_entry_is_shown_and_thirty_days_more(ledger: Ledger, store: FeedStore) -> None:
    mark(ledger, store, {"old": "1", "still": "1"})
    for days in (10, 29, 30):
        mark(ledger, store, {"still": "1"}, NOW + timedelta(days=days))
        assert digests(store, ["old", "still"]) == {"old": "1", "still": "1"}
    mark(ledger, store, {"still": "1", "new": "1"}, NOW + timedelta(days=31))
    assert digests(store, ["old", "still", "new"]) == {"still": "1", "new": "1"}


def test_ten_thousand_marks_are_written_and_pruned(ledger: Ledger, store: FeedStore) -> None:
    many = {f"{n:024x}": f"{n:016x}" for n in range(10_000)}
    mark(ledger, store, {**many, "x": "1"})
    assert ledger.redis.hlen(key("seen", "posts")) == 10_001
    mark(ledger, store, {"x": "1"}, NOW + timedelta(days=40))
    assert ledger.redis.hlen(key("seen", "posts")) == 1
