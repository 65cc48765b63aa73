"""The steps of ``poll``: asking for feeds and pages, and storing what they brought."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from worker.articles import intake
from worker.articles.identity import entry_key
from worker.articles.model import Article
from worker.articles.text import wants_page
from worker.feeds import schedule
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedAnswer, FullText, PageAnswer
from worker.ledger import Leases, Transaction
from worker.wiring import House

HOST_WAIT_S: Final = 20.0  # less than a lease in flight can last
AT_ONCE: Final = 1000  # articles in one transaction
log = logging.getLogger("tocsin")


def ask(house: House, fetcher: Fetcher, feeds: Leases, pages: Leases) -> None:
    """Start a request for each feed and page that is due, as far as there is room."""
    names = feeds.take(house.settings.poll_concurrency - fetcher.in_flight)
    for name, feed in zip(names, house.feeds.get_many(names), strict=True):
        if feed is None or fetcher.wait_s(feed.definition.url) > HOST_WAIT_S:
            put_off(house, feeds, name, fetcher.wait_s(feed.definition.url) if feed else None)
        else:
            fetcher.start_feed(feed.request())
    ids = pages.take(house.settings.poll_concurrency - fetcher.in_flight)
    for article_id, article in zip(ids, house.articles.get_many(ids), strict=True):
        if article is None or fetcher.wait_s(article.url) > HOST_WAIT_S:
            put_off(house, pages, article_id, fetcher.wait_s(article.url) if article else None)
        else:
            fetcher.start_page(article.id, article.url)


def put_off(house: House, leases: Leases, item: str, wait_s: float | None) -> None:
    """Give an item back until its host has time for it, for a lease would not last so long; for ever without a time."""
    claim = leases.settle(item)
    if claim is None:
        return
    transaction = Transaction().fence(claim, item)
    if wait_s is None:
        transaction.done(claim.kind, item)
    else:
        transaction.make_due(claim.kind, item, int(wait_s * 1000))
    house.ledger.commit(transaction)


def receive_feed(house: House, leases: Leases, answer: FeedAnswer) -> None:
    """Store what one poll brought: the feed's next state, and its new and changed entries as articles that are due."""
    claim = leases.settle(answer.name)
    feed = house.feeds.get_many([answer.name])[0]
    if claim is None or feed is None:
        return
    now = house.clock()
    after = schedule.after(feed, answer, now=now, luck=house.luck(), default_interval_s=house.settings.poll_interval_s)
    articles: list[Article] = []
    final = Transaction().fence(claim, feed.name)
    if answer.feed is not None:
        entries, horizon = answer.feed.entries, timedelta(hours=house.settings.horizon_hours)
        seen = house.feeds.seen(feed.name, [entry_key(e) for e in entries])
        new = intake.sort(entries, feed.definition, seen, first=feed.successes == 0, now=now, horizon=horizon)
        articles = revised(house, new.articles)
        house.feeds.mark_seen(final, feed.name, new.marks, now)
    for start in range(0, len(articles), AT_ONCE):
        part = Transaction().fence(claim, feed.name)
        for article in articles[start : start + AT_ONCE]:
            store_article(house, part, article, feed.definition.full_text)
        house.ledger.commit(part)
    house.feeds.put(final, after)
    if after.next_poll_at is None:
        final.done("feed", feed.name)
    else:
        final.make_due("feed", feed.name, max(0, int((after.next_poll_at - now).total_seconds() * 1000)))
    house.ledger.commit(final)
    house.bells.ring("classify", len(articles))
    log.info("feed.polled feed=%s result=%s new=%d health=%s", feed.name, answer.result, len(articles), after.health)


def store_article(house: House, transaction: Transaction, article: Article, full_text: FullText) -> None:
    """Make an article due, and its page too where the feed gave too little."""
    if wants_page(article, full_text):
        article = msgspec.structs.replace(article, page="due")
        transaction.make_due("page", article.id)
    house.articles.put(transaction, article)
    transaction.make_due("article", article.id)


def revised(house: House, articles: Sequence[Article]) -> list[Article]:
    """These articles, each one revision on from what is kept of it."""
    kept = house.articles.get_many([a.id for a in articles])
    return [a if k is None else k.revised(a) for a, k in zip(articles, kept, strict=True)]


def receive_page(house: House, leases: Leases, answer: PageAnswer) -> None:
    """Store a page as a new revision of its article, which is due again; or note that it could not be had."""
    claim = leases.settle(answer.article_id)
    article = house.articles.get_many([answer.article_id])[0]
    if claim is None:
        return
    transaction = Transaction().fence(claim, answer.article_id).done("page", answer.article_id)
    if article is not None:
        found = answer.page is not None
        article = msgspec.structs.replace(
            article, page="fetched" if found else "failed", revision=article.revision + found
        )
        house.articles.put(transaction, article)
        if answer.page is not None:
            house.articles.put_page(transaction, article.id, answer.page)
            transaction.make_due("article", article.id)
    if house.ledger.commit(transaction) == ["ok"] and answer.page is not None:
        house.bells.ring("classify")
    log.info("page.fetched article=%s bytes=%d reason=%s", answer.article_id, len(answer.page or b""), answer.reason)
