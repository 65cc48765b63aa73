"""The steps of ``classify``: reading articles, judging them, and linking their events to alerts."""

import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from worker.alerts import link, revise
from worker.alerts.model import Alert
from worker.articles import live
from worker.articles.extract import extract
from worker.articles.model import Article
from worker.errors import NotFound, PageUnreadable
from worker.judge import Judge
from worker.ledger import Claim, Transaction
from worker.places.model import Event
from worker.portions import portions
from worker.wiring import House

AT_ONCE: Final = 8  # articles judged between two renewals of their lease, and so many characters
CHARS_AT_ONCE: Final = 100_000
log = logging.getLogger("tocsin")


def judge_batch(house: House, judge: Judge, claim: Claim) -> None:
    """Judge the articles of one claim, a few at a time, and settle each."""
    articles = {a.id: a for a in house.articles.get_many(claim.ids) if a is not None}
    house.ledger.commit(*(Transaction().fence(claim, i).done("article", i) for i in claim.ids if i not in articles))
    rest = list(articles.values())
    while rest and claim.ids:
        batch, rest = rest[:AT_ONCE], rest[AT_ONCE:]
        read = []
        for article in (a for a in batch if a.id in claim.ids):
            house.progress()
            read.append(read_page(house, article))
            if article.page == "fetched":  # a hostile page can take most of a second to read
                claim = house.ledger.renew(claim)
        # A few books at a time would outlast their lease.
        for part in portions(read, _chars, CHARS_AT_ONCE, together=AT_ONCE):
            for article, events in zip(part, judged(house, judge, claim, part), strict=True):
                if events is not None:
                    settle_article(house, claim, article, events)
            claim = house.ledger.renew(claim)
            house.progress()


def _chars(article: Article) -> int:
    return len(article.summary) + len(article.text)


def judged(house: House, judge: Judge, claim: Claim, articles: Sequence[Article]) -> list[tuple[Event, ...] | None]:
    """The events of each article; an article that breaks the judge is quarantined alone and gives ``None``."""
    try:
        told = judge([a.document() for a in articles], [a.home for a in articles])
        return [judge.official(a, events) if a.notice else events for a, events in zip(articles, told, strict=True)]
    except Exception as error:
        if len(articles) > 1:
            return [judged(house, judge, claim, [a])[0] for a in articles]
        house.ledger.quarantine(claim, articles[0].id, f"{type(error).__name__}: {error}")
        log.exception("article.quarantined article=%s", articles[0].id)
        return [None]


def read_page(house: House, article: Article) -> Article:
    """The article with what its page tells: its text where that is more than the feed gave, of a live page the news."""
    if article.page != "fetched" or article.text:
        return article
    page = house.articles.pages([article.id])[0]
    try:
        extracted = extract(page or b"", article.url)
    except PageUnreadable as error:
        log.info("page.unreadable article=%s reason=%s", article.id, error)
        return msgspec.structs.replace(article, page_note=str(error)[:200])
    article = article.told(extracted)
    if article.live:
        text, blocks = live.added(extracted.text, article.blocks)
        return msgspec.structs.replace(article, text=text, blocks=blocks)
    longer = len(extracted.text) > len(article.summary)
    return msgspec.structs.replace(article, text=extracted.text) if longer else article


def settle_article(house: House, claim: Claim, article: Article, events: Sequence[Event]) -> None:
    """Link the events to alerts and write both, unless another classifier wrote there first: then link again."""
    while True:
        found = house.alerts.candidates(article, events)
        before = {a.id: a for a in found.alerts}
        changed = link.fold(article, events, found.alerts, now=house.clock(), rules=house.rules)
        transaction = Transaction().fence(claim, article.id).done("article", article.id)
        house.alerts.expect(transaction, found, changed)
        for alert in changed:
            house.alerts.put(transaction, alert, before.get(alert.id))
        if article.page == "fetched":
            house.articles.put(transaction, article)
            house.articles.delete_page(transaction, article.id)
            if live.read_again(article, house.clock()):
                transaction.make_due("page", article.id, live.LIVE_S * 1000)
        house.articles.mark_judged(transaction, article)
        if house.ledger.commit(transaction) != ["moved"]:
            break
    changed = [a for a in changed if a.id not in before or before[a.id].revision < a.revision]
    alerts = ",".join(f"{a.id}:{a.revision}" for a in changed)
    log.info(
        "article.judged article=%s revision=%d events=%d alerts=%s seconds=%.3f",
        *(article.id, article.revision, len(events), alerts),
        (house.clock() - article.first_seen_at).total_seconds(),
    )
    for alert in changed:
        if alert.changes:
            log.info(
                "alert.changed alert=%s revision=%d changes=%s", alert.id, alert.revision, "; ".join(alert.changes)
            )


def withdraw_alert(house: House, alert_id: str, reason: str) -> Alert:
    """Take an alert back for this reason; everybody who was told of it is told so. Raises NotFound."""
    while True:
        house.alerts.get(alert_id)
        (before,), versions = house.alerts.held([alert_id])
        if before.withdrawn:
            return before
        after = revise.withdrawn(before, reason, now=house.clock())
        transaction = Transaction()
        house.alerts.expect_own(transaction, versions)
        house.alerts.put(transaction, after, before)
        if house.ledger.commit(transaction) == ["ok"]:
            house.bells.ring("classify")
            log.info("alert.withdrawn alert=%s revision=%d reason=%s", after.id, after.revision, after.withdrawn)
            return after


def remove_article(house: House, article_id: str) -> None:
    """Judge an article as one that its source took back: it tells of nothing any more. Raises NotFound."""
    article = house.articles.get_many([article_id])[0]
    if article is None:
        raise NotFound(f"no article {article_id}: it never was, or is older than the retention")
    empty = msgspec.structs.replace(
        article, title="", summary="", text="", page="none", live=False, revision=article.revision + 1
    )
    transaction = Transaction().make_due("article", article_id)
    house.articles.put(transaction, empty)
    house.ledger.commit(transaction)
    house.bells.ring("classify")
