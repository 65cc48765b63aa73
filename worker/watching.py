"""The step of ``watch``: is Tocsin blind, and who must hear of it. Every role does it, for any of them may be dead."""

import logging
from datetime import datetime
from typing import Final

import msgspec
import redis

from worker.access import memory_share
from worker.deliveries import notices
from worker.deliveries.notices import Notice, Signs
from worker.errors import WriteRefused
from worker.ledger import KINDS, Transaction, key
from worker.subscriptions.model import ONE_EACH
from worker.wiring import House

EVERY_S: Final = 10
AT_ONCE: Final = 1000
ILL: Final = ("failing", "gone")
log = logging.getLogger("tocsin")


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """Since when Tocsin is blind, and why."""

    since: datetime
    reasons: tuple[str, ...]


def watch(house: House) -> None:
    """Look every ten seconds, whoever comes first; tell subscribers when Tocsin goes blind, sees again, or lives."""
    if not house.redis.set(key("watched"), "1", nx=True, ex=EVERY_S):
        return
    now, before = house.clock(), sight(house)
    limits = (float(house.settings.blind_after_s), house.settings.memory_limit)
    reasons = notices.blindness(_signs(house, now), *limits)
    if reasons and before is None:
        log.warning("system.degraded reasons=%s", "; ".join(reasons))
        _tell(house, notices.notice("system.degraded", now, now, reasons), None)
    elif before is not None and not reasons:
        log.warning("system.restored since=%s", before.since)
        _tell(house, notices.notice("system.restored", now, before.since), before)
    elif before is None:
        _heartbeat(house, now)


def sight(house: House) -> Sight | None:
    """Why Tocsin is blind; ``None`` where it is not."""
    raw = house.ledger.get_many([key("system")])[0]
    return msgspec.json.decode(raw, type=Sight) if raw else None


def poll_noted(now: datetime) -> Transaction:
    """Note that a feed has answered."""
    return Transaction().write("SET", key("polled"), now.isoformat())


def _signs(house: House, now: datetime) -> Signs:
    # Where nothing is noted yet, the first look is as good as a poll.
    house.redis.set(key("polled"), now.isoformat(), nx=True)
    polled = house.ledger.get_many([key("polled")])[0] or now.isoformat().encode()
    feeds = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None and f.health != "paused"]
    return Signs(
        feeds=len(feeds),
        ill=sum(f.health in ILL for f in feeds),
        polled_ago_s=(now - datetime.fromisoformat(polled.decode())).total_seconds(),
        # Who fails has the slow lane, and its queue is no blindness of ours.
        late_s=max(house.ledger.oldest_s(kind) for kind in KINDS if kind not in ("feed", "page", "delivery:slow")),
        memory=memory_share(house.redis),
    )


def _tell(house: House, notice: Notice, before: Sight | None) -> None:
    """Store a notice for everybody who wants it, and then what is so from now on: dying between, it is said again."""
    _store(house, notice, "system")
    state = Sight(since=notice.since, reasons=notice.reasons)
    transaction = Transaction().expect(key("system"), msgspec.json.encode(before).decode() if before else "")
    if notice.type == "system.degraded":
        transaction.write("SET", key("system"), msgspec.json.encode(state))
    else:
        transaction.write("DEL", key("system"))
    house.ledger.commit(transaction)


def _heartbeat(house: House, now: datetime) -> None:
    minutes = house.settings.heartbeat_minutes
    if minutes and house.redis.set(key("heartbeat"), "1", nx=True, ex=minutes * 60):
        _store(house, notices.notice("system.heartbeat", now, now), "heartbeat")


def _store(house: House, notice: Notice, wish: str) -> None:
    active = (s for s in house.subscriptions.all() if s.state == "active" and s.format not in ONE_EACH)
    owners = [s for s in active if getattr(s.terms, wish)]
    made = [notices.delivery(notice, s.id, "slow" if s.failing_since else "fast") for s in owners]
    for start in range(0, len(made), AT_ONCE):
        transaction = Transaction()
        house.deliveries.put_notice(transaction, notice, made[start : start + AT_ONCE])
        house.ledger.commit(transaction)
    house.bells.ring("deliver", sum(d.lane == "fast" for d in made))
    house.bells.ring("deliver-slow", sum(d.lane == "slow" for d in made))


def look_on(house: House) -> None:
    """Watch, from a role that has other work: a Redis that is away is seen soon enough by that work itself."""
    try:
        watch(house)
    except (redis.exceptions.RedisError, WriteRefused) as error:
        log.debug("watch.away error=%s", error)
