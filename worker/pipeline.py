"""The story, on one page: poll, classify, fan out, deliver, tick. It decides nothing itself.

::

    poll        claim feeds that are due → ask each → tell new entries from known → store, mark, make due → ring
                claim pages that are due → ask each → a new revision of its article is due → ring
    classify    claim articles → read their text → detect and locate events → link them to alerts → store → fan out
    fan out     claim alerts → match subscriptions → store deliveries → ring
    deliver     claim deliveries → ask the gate → post each → write the attempt, and done or the next due time
    tick        each second: what is due, or has lost its worker, rings again

Every arrow that stores is one transaction, fenced by the lease of the item that it settles: a step may die anywhere,
and is then done again by whoever claims the item next. The steps stand in ``receiving.py``, ``judging.py``,
``telling.py`` and ``sending.py``.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import redis

from worker.access import memory_share
from worker.errors import WriteRefused
from worker.feeds.model import FeedAnswer, PageAnswer
from worker.judge import Judge
from worker.keeping import sweep_if_time
from worker.ledger import Kind, Leases, Transaction, beat, refusal
from worker.queues import Name
from worker.receiving import ask, receive_feeds, receive_page
from worker.sending import Courier
from worker.telling import tell
from worker.watching import watch
from worker.wiring import House

if TYPE_CHECKING:
    from worker.deliveries.send import Sender
    from worker.feeds.fetch import Fetcher

JOB_S: Final = 30.0
FETCH_DEADLINE_S: Final = 45.0
ALERTS_AT_ONCE: Final = 20
BELLS: Final[Mapping[Name, tuple[Kind, ...]]] = {
    "classify": ("article", "alert"),
    "deliver": ("delivery",),
    "deliver-slow": ("delivery:slow",),
}
log = logging.getLogger("tocsin")


def poll(house: House, fetcher: "Fetcher") -> None:
    """Poll feeds, fetch pages and tick until the house is stopping."""
    feeds = Leases(house.ledger, "feed", FETCH_DEADLINE_S)
    pages = Leases(house.ledger, "page", FETCH_DEADLINE_S)
    ticked, full = 0.0, False
    while not house.stopping.is_set():
        if time.monotonic() - ticked >= 1.0:
            ticked = time.monotonic()
            full = crowded(house, full)
            tick(house)
        poll_turn(house, fetcher, feeds, pages, full)
    feeds.release()
    pages.release()


def poll_turn(house: House, fetcher: "Fetcher", feeds: Leases, pages: Leases, full: bool = False) -> None:
    """Start what is due unless Redis is too ``full`` for more, and receive what has come."""
    if not full:
        ask(house, fetcher, feeds, pages)
    answers = fetcher.collect(0.2)
    polls = [a for a in answers if isinstance(a, FeedAnswer)]
    receive_feeds(house, feeds, polls)
    for answer in answers:
        if isinstance(answer, PageAnswer):
            receive_page(house, pages, answer)
    if full and not fetcher.in_flight:
        house.stopping.wait(0.2)
    feeds.renew()
    pages.renew()


def crowded(house: House, before: bool) -> bool:
    """Whether Redis has so little memory left that nothing more may come in: what is inside must still get out."""
    share, limit = memory_share(house.redis), house.settings.memory_limit
    full = share >= limit - (0.05 if before else 0.0)
    if full != before:
        log.warning("polling.%s memory=%.0f%%", "paused" if full else "resumed", share * 100)
    return full


def classify(house: House, judge: Judge) -> None:
    """Judge articles and tell of alerts until nothing is due, for half a minute at most."""
    from worker.judging import judge_batch  # with the readers of pages: no other role loads them

    until = time.monotonic() + JOB_S
    while time.monotonic() < until and not house.stopping.is_set():
        claim = house.ledger.claim("article", house.settings.classify_batch)
        if claim.ids:
            judge_batch(house, judge, claim)
        if not fan_out(house) and not claim.ids:
            return
    ring_if_due(house, "classify")


def fan_out(house: House) -> bool:
    """Store a delivery of each alert that is due for each subscription that wants it; whether any was due."""
    claim = house.ledger.claim("alert", ALERTS_AT_ONCE)
    if not claim.ids:
        return False
    for alert_id, alert in zip(claim.ids, house.alerts.get_many(claim.ids), strict=True):
        if alert is not None:
            claim = tell(house, claim, alert)
        else:
            house.ledger.commit(Transaction().fence(claim, alert_id).done("alert", alert_id))
        claim = house.ledger.renew(claim)
    return True


def deliver(house: House, sender: "Sender", lane: Kind) -> None:
    """Send deliveries until nothing is due and nothing flies; what a process does that has only one job."""
    courier = Courier(house, sender, lane)
    while carry(house, courier):
        pass


def carry(house: House, courier: Courier) -> bool:
    """Send deliveries until nothing is due, for half a minute at most; whether something flies still."""
    name: Name = "deliver-slow" if courier.kind == "delivery:slow" else "deliver"
    until = time.monotonic() + JOB_S
    while time.monotonic() < until:
        if not house.stopping.is_set():
            courier.launch()
        if not courier.flying:
            ring_if_due(house, name)
            return False
        courier.settle(courier.collect(0.05))
        courier.renew()
        house.progress()
    return True


def tick(house: House) -> None:
    """Ring where something is due and no ring waits: a lost bell costs a second, never an item."""
    beat(house.redis, "poller")
    watch(house)
    sweep_if_time(house)
    for name in BELLS:
        ring_if_due(house, name)


def ring_if_due(house: House, name: Name) -> None:
    """Ring one queue where something is due for it and no ring waits."""
    if house.bells.silent(name) and any(house.ledger.due_now(kind) for kind in BELLS[name]):
        house.bells.ring(name)


def endure(house: House, role: Callable[[], None]) -> None:
    """Run a role until the house is stopping, also through a Redis that goes away and comes back."""
    while not house.stopping.is_set():
        try:
            role()
        except (redis.exceptions.RedisError, WriteRefused) as error:
            if refused := error if isinstance(error, WriteRefused) else refusal(error):
                log.error("redis.refuses error=%s", refused)
                house.stopping.wait(2.0)
            else:
                log.warning("redis.away error=%s", error)
                house.stopping.wait(0.5)
