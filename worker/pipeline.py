"""The story, on one page: poll, classify, fan out, deliver, tick. It decides nothing itself.

::

    poll        claim feeds that are due → ask each → tell new entries from known → store, mark, make due → ring
                claim pages that are due → ask each → a new revision of its article is due → ring
    classify    claim articles → read their text → detect and locate events → link them to alerts → store → fan out
    fan out     claim alerts → match subscriptions → store deliveries → ring
    deliver     claim deliveries → post each → write the attempt, and done or the next due time
    tick        each second: what is due, or has lost its worker, rings again

Every arrow that stores is one transaction, fenced by the lease of the item that it settles: a step may die anywhere,
and is then done again by whoever claims the item next. The steps stand in ``receiving.py``, ``judging.py`` and
``telling.py``.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final

import redis

from worker.deliveries.send import Sender
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedAnswer
from worker.judging import judge_batch
from worker.keeping import sweep_if_time
from worker.ledger import Kind, Leases, Transaction, beat
from worker.queues import Name
from worker.receiving import ask, receive_feed, receive_page
from worker.telling import Flying, launch, settle, tell
from worker.wiring import House, Judge

JOB_S: Final = 30.0
FETCH_DEADLINE_S: Final = 45.0
SEND_DEADLINE_S: Final = 20.0
ALERTS_AT_ONCE: Final = 20
BELLS: Final[Mapping[Name, tuple[Kind, ...]]] = {
    "classify": ("article", "alert"),
    "deliver": ("delivery",),
    "deliver-slow": ("delivery:slow",),
}
log = logging.getLogger("tocsin")


def poll(house: House, fetcher: Fetcher) -> None:
    """Poll feeds, fetch pages and tick until the house is stopping."""
    feeds = Leases(house.ledger, "feed", FETCH_DEADLINE_S)
    pages = Leases(house.ledger, "page", FETCH_DEADLINE_S)
    ticked = 0.0
    while not house.stopping.is_set():
        if time.monotonic() - ticked >= 1.0:
            ticked = time.monotonic()
            tick(house)
        poll_turn(house, fetcher, feeds, pages)
    feeds.release()
    pages.release()


def poll_turn(house: House, fetcher: Fetcher, feeds: Leases, pages: Leases) -> None:
    """Start what is due, and receive what has come."""
    ask(house, fetcher, feeds, pages)
    for answer in fetcher.collect(0.2):
        if isinstance(answer, FeedAnswer):
            receive_feed(house, feeds, answer)
        else:
            receive_page(house, pages, answer)
    feeds.renew()
    pages.renew()


def classify(house: House, judge: Judge) -> None:
    """Judge articles and tell of alerts until nothing is due, for half a minute at most."""
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


def deliver(house: House, sender: Sender, lane: Kind) -> None:
    """Send deliveries until nothing is due, for half a minute at most; a slot that is free is filled at once."""
    leases = Leases(house.ledger, lane, SEND_DEADLINE_S)
    until = time.monotonic() + JOB_S
    flying: Flying = {}
    while True:
        if time.monotonic() < until and not house.stopping.is_set():
            flying.update(launch(house, sender, leases, house.settings.send_concurrency - len(flying)))
        if not flying:
            break
        settle(house, leases, flying, sender.collect(0.05))
        leases.renew()
    ring_if_due(house, "deliver-slow" if lane == "delivery:slow" else "deliver")


def tick(house: House) -> None:
    """Ring where something is due and no ring waits: a lost bell costs a second, never an item."""
    beat(house.redis, "poller")
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
        except redis.exceptions.RedisError as error:
            log.warning("redis.away error=%s", error)
            house.stopping.wait(0.5)
