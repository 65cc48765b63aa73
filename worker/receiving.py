"""The steps of ``poll``: asking for feeds and pages, and storing what they brought."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from worker.articles import intake
from worker.articles.live import LIVE_S, read_again
from worker.articles.model import Article
from worker.articles.text import wants_page
from worker.errors import SettingsError
from worker.feeds import rhythm, schedule
from worker.feeds.credentials import page_of
from worker.feeds.model import Entry, Feed, FeedAnswer, FullText, PageAnswer
from worker.feeds.store import Marks
from worker.ledger import Claim, Leases, Transaction
from worker.portions import portions
from worker.watching import poll_noted
from worker.wiring import House

if TYPE_CHECKING:
    from worker.feeds.fetch import Fetcher

Kept = TypeVar("Kept", Feed, Article)
BUSY: Final = frozenset({429, 503})
TOGETHER: Final = 128  # feeds settled in one script: their leases must outlast the work on all of them
AT_ONCE: Final = 1000  # articles in one transaction
PAGE_PATIENCE: Final = timedelta(hours=6)
PAGE_BUSY_S: Final = 300
log = logging.getLogger("tocsin")


class Poll(NamedTuple):
    """What came of asking a feed that is ours to settle."""

    claim: Claim
    feed: Feed
    answer: FeedAnswer

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that it shows now."""
        return self.answer.feed.entries if self.answer.feed else ()

    def names(self) -> list[str]:
        """Every name under which they may be known."""
        return intake.known_by(self.entries)


def ask(house: House, fetcher: "Fetcher", feeds: Leases, pages: Leases) -> None:
    """Start a request for each feed and page that is due and whose host's turn it is, as far as there is room."""
    names = feeds.take(house.settings.poll_concurrency - fetcher.in_flight)
    due = _known(house, feeds, dict(zip(names, house.feeds.get_many(names), strict=True)))
    dealt = house.turns.take("feed", [(name, feed.url) for name, feed in due.items()])
    put_off(house, feeds, {name: t.wait_s for name, t in zip(due, dealt, strict=True) if not t.granted})
    locked = []
    for feed, turn in zip(due.values(), dealt, strict=True):
        if turn.granted and (reason := _start_feed(house, fetcher, feed, turn.wait_s)):
            locked.append(FeedAnswer(name=feed.name, result="failed", reason=reason))
    receive_feeds(house, feeds, locked)
    ask_pages(house, fetcher, pages)


def ask_pages(house: House, fetcher: "Fetcher", pages: Leases) -> None:
    """Start a request for each page that is due and whose host's turn it is, as far as there is room."""
    ids = pages.take(house.settings.poll_concurrency - fetcher.in_flight)
    wanted = _known(house, pages, dict(zip(ids, house.articles.get_many(ids), strict=True)))
    dealt = house.turns.take("page", [(i, article.page_url) for i, article in wanted.items()])
    put_off(house, pages, {i: t.wait_s for i, t in zip(wanted, dealt, strict=True) if not t.granted})
    names = list({article.feed for article in wanted.values()})
    of = dict(zip(names, house.feeds.get_many(names), strict=True))
    for article, turn in zip(wanted.values(), dealt, strict=True):
        if turn.granted and (reason := _start_page(house, fetcher, article, of[article.feed], turn.wait_s)):
            receive_page(house, pages, PageAnswer(article_id=article.id, reason=reason))


def _start_feed(house: House, fetcher: "Fetcher", feed: Feed, after_s: float) -> str:
    """Ask for a feed, or say why it cannot be asked as it should."""
    try:
        fetcher.start_feed(house.feeds.revealed(feed).request(), after_s)
    except SettingsError as error:
        return str(error)
    return ""


def _start_page(house: House, fetcher: "Fetcher", article: Article, feed: Feed | None, after_s: float) -> str:
    """Ask for a page as its feed is asked, or say why that cannot be."""
    try:
        request = article.page_request()
        fetcher.start_page(page_of(house.feeds.revealed(feed), request) if feed else request, after_s)
    except SettingsError as error:
        return str(error)
    return ""


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
    for batch in portions(answers, _entries, AT_ONCE, together=TOGETHER):
        kept = house.feeds.get_many([a.name for a in batch])
        polls = [
            Poll(claim, feed, answer)
            for answer, feed in zip(batch, kept, strict=True)
            if (claim := leases.settle(answer.name)) is not None and feed is not None
        ]
        _receive(house, polls)


def _entries(answer: FeedAnswer) -> int:
    return len(answer.feed.entries) if answer.feed else 0


def _receive(house: House, polls: Sequence[Poll]) -> None:
    """All that these polls brought, in one write where that is not too much for one."""
    read = [p for p in polls if p.answer.feed is not None]
    # A feed that was never read has no marks.
    known = house.feeds.seen_by({p.feed.name: p.names() if p.feed.successes else () for p in read})
    now = house.clock()
    news = {p.feed.name: _sorted(house, p, known[p.feed.name], now) for p in read}
    told = revised(house, [article for new in news.values() for article in new.articles])
    due: dict[str, list[Article]] = {}
    for article in told:
        due.setdefault(article.feed, []).append(article)
    finals = []
    for poll in polls:
        name, new = poll.feed.name, news.get(poll.feed.name)
        final = _final(house, poll, _stored(house, poll, due.get(name, [])), new, now)
        if new is not None:
            house.feeds.mark_seen(final, name, new.marks, known[name], now)
        finals.append(final)
    if any(p.answer.result != "failed" for p in polls):
        finals.append(poll_noted(now))
    house.ledger.commit(*finals)
    house.bells.ring("classify", len(told))


def _sorted(house: House, poll: Poll, known: Marks, now: datetime) -> intake.Intake:
    """The new and changed entries of a poll."""
    seen = {name: digest for name, (digest, _) in known.items()}
    first, horizon = poll.feed.successes == 0, timedelta(hours=house.settings.horizon_hours)
    return intake.sort(poll.entries, poll.feed.definition, seen, first=first, now=now, horizon=horizon)


def _stored(house: House, poll: Poll, articles: Sequence[Article]) -> Transaction:
    """The last write of a poll, with its articles in it; of very many, all but the last are written before."""
    transaction = Transaction().fence(poll.claim, poll.feed.name)
    for start in range(0, len(articles), AT_ONCE):
        if start:
            house.ledger.commit(transaction)
            transaction = Transaction().fence(poll.claim, poll.feed.name)
        store_articles(house, transaction, articles[start : start + AT_ONCE], poll.feed.definition.full_text)
    return transaction


def _final(house: House, poll: Poll, final: Transaction, new: intake.Intake | None, now: datetime) -> Transaction:
    """The last write of a poll with the feed's next state and its next poll."""
    feed, answer = poll.feed, poll.answer
    house.turns.give_back(final, "feed", feed.name, feed.url)
    if answer.retry_after_s and answer.status in BUSY:
        house.turns.hold(final, feed.name, feed.url, answer.retry_after_s)
    if new is not None:
        feed = msgspec.structs.replace(feed, rhythm=rhythm.heard(feed.rhythm, new.published, now))
    after = schedule.after(feed, answer, now=now, luck=house.luck(), default_interval_s=house.settings.poll_interval_s)
    house.feeds.put(final, after)
    host, count = urlsplit(feed.definition.url).hostname, len(new.articles) if new else 0
    log.info(
        "feed.polled feed=%s host=%s result=%s new=%d health=%s",
        *(feed.name, host, answer.result, count, after.health),
    )
    if after.next_poll_at is None:
        return final.done("feed", feed.name)
    return final.make_due("feed", feed.name, max(0, int((after.next_poll_at - now).total_seconds() * 1000)))


def store_articles(house: House, transaction: Transaction, articles: Sequence[Article], full_text: FullText) -> None:
    """Make articles due, and the pages too of those that the feed gave too little of."""
    kept = [msgspec.structs.replace(a, page="due") if wants_page(a, full_text) else a for a in articles]
    house.articles.put(transaction, *kept)
    for article in kept:
        if article.page == "due":
            transaction.make_due("page", article.id)
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
        house.turns.give_back(transaction, "page", article.id, article.page_url)
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
        house.turns.hold(transaction, article.id, article.page_url, answer.retry_after_s)
        transaction.make_due("page", article.id, max(PAGE_BUSY_S, answer.retry_after_s) * 1000)
    else:
        house.articles.put(transaction, msgspec.structs.replace(article, page="failed", page_note=answer.reason))
