"""Articles and pages in a real Redis."""

from datetime import UTC, datetime

from worker.articles.model import Article
from worker.articles.store import ArticleStore
from worker.ledger import Ledger, Transaction, key

NOW = datetime(2026, 10, 21, 10, tzinfo=UTC)
ARTICLE = Article(
    id="ar_1",
    feed="posts",
    group="example",
    url="https://news.example/1",
    title="Кордон закрито",
    summary="Guards shut the post. " * 200,
    published_at=NOW,
    first_seen_at=NOW,
    known_at=NOW,
)


def stored(ledger: Ledger) -> ArticleStore:
    store, transaction = ArticleStore(ledger, 7), Transaction()
    store.put(transaction, ARTICLE)
    assert ledger.commit(transaction) == ["ok"]
    return store


def test_an_article_comes_back_as_it_was_in_the_order_asked_for(ledger: Ledger) -> None:
    assert stored(ledger).get_many(["ar_0", "ar_1"]) == [None, ARTICLE]
    assert ArticleStore(ledger, 7).get_many([]) == []


def test_an_article_is_kept_compressed_for_as_many_days_as_it_should(ledger: Ledger) -> None:
    stored(ledger)
    assert 6 * 86_400 < ledger.redis.ttl(key("article", "ar_1")) <= 7 * 86_400
    assert len(ledger.redis.hget(key("article", "ar_1"), "r") or b"") < 500


def test_the_judged_revision_is_noted_beside_the_record(ledger: Ledger) -> None:
    store, transaction = stored(ledger), Transaction()
    assert store.judged(["ar_1", "ar_2"]) == [0, 0]
    store.mark_judged(transaction, ARTICLE)
    ledger.commit(transaction)
    assert store.judged(["ar_1"]) == [1]
    assert store.get_many(["ar_1"]) == [ARTICLE]


def test_a_page_is_kept_until_it_was_read(ledger: Ledger) -> None:
    store, page = ArticleStore(ledger, 7), bytes(range(256)) * 1000
    transaction = Transaction()
    store.put_page(transaction, "ar_1", page)
    ledger.commit(transaction)
    assert store.pages(["ar_2", "ar_1"]) == [None, page]
    assert 0 < ledger.redis.ttl(key("page", "ar_1")) <= 7 * 86_400
    transaction = Transaction()
    store.delete_page(transaction, "ar_1")
    ledger.commit(transaction)
    assert store.pages(["ar_1"]) == [None]
