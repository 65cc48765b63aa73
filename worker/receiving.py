"""The steps of ``poll``: asking for feeds and pages, and storing what they brought."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from worker.articles import intake
from worker.articles.live import LIVE_S, read_again
from worker.articles.model import Article
from worker.articles.text import wants_page
from worker.feeds import rhythm, schedule
from worker.feeds.fetch import Fetcher
from worker.feeds.model import Feed, FeedAnswer, FullText, PageAnswer
from worker.ledger import Claim, Leases, Transaction
from worker.wiring import House

Kept = TypeVar("Kept", Feed, Article)
BUSY: Final = frozenset({429, 503})
TOGETHER: Final = 16  # feeds settled in one script: their leases must outlast the work on all of them
AT_ONCE: Final = 1000  # articles in one transaction
PAGE_PATIENCE: Final = timedelta(hours=6)
PAGE_BUSY_S: Final = 300
log = logging.getLogger("tocsin")


def ask(house: House, fetcher: Fetcher, feeds: Leases, pages: Leases) -> None:
    """Start a request for each feed and page that is due and whose host's turn it is, as far as there is room."""
    names = feeds.take(house.settings.poll_concurrency - fetcher.in_flight)
    due = _known(house, feeds, dict(zip(names, house.feeds.get_many(names), strict=True)))
    dealt = house.turns.take("feed", [(name, feed.url) for name, feed in due.items()])
    put_off(house, feeds, {name: t.wait_s for name, t in zip(due, dealt, strict=True) if not t.granted})
    for feed, turn in zip(due.values(), dealt, strict=True):
        if turn.granted:
            fetcher.start_feed(feed.request(), turn.wait_s)
    ids = pages.take(house.settings.poll_concurrency - fetcher.in_flight)
    wanted = _known(house, pages, dict(zip(ids, house.articles.get_many(ids), strict=True)))
    dealt = house.turns.take("page", [(i, article.url) for i, article in wanted.items()])
    put_off(house, pages, {i: t.wait_s for i, t in zip(wanted, dealt, strict=True) if not t.granted})
    for article, turn in zip(wanted.values(), dealt, strict=True):
        if turn.granted:
            fetcher.start_page(article.page_request(), turn.wait_s)


def _known(house: House, leases: Leases, found: Mapping[str, Kept | None]) -> dict[str, Kept]:
    """What is still kept of these items; the others are taken off the ledger."""
    gone = {item: leases.settle(item) for item, record in found.items() if record is None}
    house.ledger.commit(*(Transaction().fence(c, i).done(c.kind, i) for i, c in gone.items() if c))
    return {item: record for item, record in found.items() if record is not None}


def put_off(house: House, leases: Leases, waits: Mapping[str, float]) -> None:
    """Give items back until their hosts have time for them, for a lease would not last so long."""
    claims = {item: leases.settle(item) for item in waits}
    house.ledger.commit(
        *(Transaction().fence(c, i).make_due(c.kind, i, int(waits[i] * 1000)) for i, c in claims.items() if c)
    )


def receive_feeds(house: House, leases: Leases, answers: Sequence[FeedAnswer]) -> None:
    """Store what polls brought: each feed's next state, and its new and changed entries as articles that are due."""
    for start in range(0, len(answers), TOGETHER):
        batch = answers[start : start + TOGETHER]
        kept = house.feeds.get_many([a.name for a in batch])
        finals, news = [], 0
        for answer, feed in zip(batch, kept, strict=True):
            claim = leases.settle(answer.name)
            if claim is not None and feed is not None:
                final, count = _received(house, claim, feed, answer)
                finals.append(final)
                news += count
        house.ledger.commit(*finals)
        house.bells.ring("classify", news)


def _received(house: House, claim: Claim, feed: Feed, answer: FeedAnswer) -> tuple[Transaction, int]:
    """The last write of one poll, and how many articles it made due before."""
    now = house.clock()
    articles: list[Article] = []
    final = Transaction().fence(claim, feed.name)
    house.turns.give_back(final, "feed", feed.name, feed.url)
    if answer.retry_after_s and answer.status in BUSY:
        house.turns.hold(final, feed.name, feed.url, answer.retry_after_s)
    if answer.feed is not None:
        entries, horizon = answer.feed.entries, timedelta(hours=house.settings.horizon_hours)
        known = house.feeds.seen(feed.name, intake.known_by(entries))
        seen = {name: digest for name, (digest, _) in known.items()}
        new = intake.sort(entries, feed.definition, seen, first=feed.successes == 0, now=now, horizon=horizon)
        articles = revised(house, new.articles)
        house.feeds.mark_seen(final, feed.name, new.marks, known, now)
        feed = msgspec.structs.replace(feed, rhythm=rhythm.heard(feed.rhythm, new.published, now))
    after = schedule.after(feed, answer, now=now, luck=house.luck(), default_interval_s=house.settings.poll_interval_s)
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
    log.info(
        "feed.polled feed=%s host=%s result=%s new=%d health=%s",
        *(feed.name, urlsplit(feed.definition.url).hostname, answer.result, len(articles), after.health),
    )
    return final, len(articles)


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
        house.turns.give_back(transaction, "page", article.id, article.url)
        _page_came(house, transaction, article, answer)
    if house.ledger.commit(transaction) == ["ok"] and answer.page is not None:
        house.bells.ring("classify")
    log.info("page.fetched article=%s bytes=%d reason=%s", answer.article_id, len(answer.page or b""), answer.reason)


def _page_came(house: House, transaction: Transaction, article: Article, answer: PageAnswer) -> None:
    if answer.page is not None:
        house.articles.put(transaction, article.fetched(answer.etag))
        house.articles.put_page(transaction, article.id, answer.page)
        transaction.make_due("article", article.id)
    elif answer.unchanged and read_again(article, house.clock()):
        transaction.make_due("page", article.id, LIVE_S * 1000)
    elif answer.unchanged:
        return
    elif answer.retry_after_s and house.clock() - article.first_seen_at < PAGE_PATIENCE:
        house.turns.hold(transaction, article.id, article.url, answer.retry_after_s)
        transaction.make_due("page", article.id, max(PAGE_BUSY_S, answer.retry_after_s) * 1000)
    else:
        house.articles.put(transaction, msgspec.structs.replace(article, page="failed", page_note=answer.reason))
