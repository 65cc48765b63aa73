"""What Tocsin tells of itself, so that silence does not look like peace: it is blind, it sees again, it lives."""

import base64
import hashlib
from datetime import datetime
from typing import Final, Literal

import msgspec

from worker.deliveries.model import Delivery, Lane, delivery_id

NoticeType = Literal["system.degraded", "system.restored", "system.heartbeat"]
LEAST_FEEDS: Final = 3
WORDS: Final[dict[NoticeType, str]] = {
    "system.degraded": "Tocsin may be blind: silence does not mean that nothing happens",
    "system.restored": "Tocsin sees again",
    "system.heartbeat": "Tocsin is at work",
}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One word about Tocsin itself; ``reasons`` say what is wrong, ``since`` since when."""

    id: str
    type: NoticeType
    at: datetime
    since: datetime
    reasons: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The same for people."""
        return ": ".join(filter(None, (WORDS[self.type], "; ".join(self.reasons))))


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What shows whether Tocsin sees: ``late_s`` is how long the oldest item waits, ``memory`` the share in use."""

    feeds: int
    ill: int
    polled_ago_s: float
    late_s: float
    memory: float


def blindness(signs: Signs, limit_s: float, memory_limit: float) -> tuple[str, ...]:
    """Why silence would not mean peace; empty where it would."""
    reasons = []
    if signs.feeds and signs.polled_ago_s > limit_s:
        reasons.append(f"no feed has answered for {signs.polled_ago_s / 60:.0f} minutes")
    if signs.late_s > limit_s:
        reasons.append(f"the oldest item has waited for {signs.late_s / 60:.0f} minutes")
    if signs.feeds >= LEAST_FEEDS and signs.ill * 2 > signs.feeds:
        reasons.append(f"{signs.ill} of {signs.feeds} feeds fail")
    if signs.memory >= memory_limit:
        reasons.append(f"the memory of Redis is {signs.memory:.0%} full, so polling is paused")
    return tuple(reasons)


def notice(kind: NoticeType, at: datetime, since: datetime, reasons: tuple[str, ...] = ()) -> Notice:
    """A notice whose id follows from what it says and since when: said twice, it is one."""
    digest = hashlib.sha256(f"{kind}\n{since.isoformat()}\n{at.isoformat()}".encode()).digest()
    name = "no_" + base64.b32encode(digest[:10]).decode().lower()
    return Notice(id=name, type=kind, at=at, since=since, reasons=reasons)


def delivery(notice: Notice, subscription_id: str, lane: Lane) -> Delivery:
    """A notice on its way to one subscriber; its revision is 0, as of no alert."""
    return Delivery(
        id=delivery_id(notice.id, 0, subscription_id),
        alert=notice.id,
        revision=0,
        subscription=subscription_id,
        type=notice.type,
        lane=lane,
        created_at=notice.at,
        next_attempt_at=notice.at,
    )
