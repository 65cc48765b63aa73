"""Pages: a list is cut by a cursor that says where the last page ended, so that nothing is shown twice or left out."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar, cast

import msgspec

from worker.errors import QueryRefused
from worker.ledger import Ledger

Item = TypeVar("Item")
MOST = 200


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """Some items, and the ``next`` cursor where there are more."""

    items: list[Item]
    next: str | None = None


def pack(*parts: object) -> str:
    """A cursor of these parts."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def unpack(cursor: str) -> tuple[int, str]:
    """A number and a name of a cursor; raises QueryRefused for one that was not ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=tuple[int, str])
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise QueryRefused("cursor: is none of ours; leave it out to begin at the first page") from error


def milliseconds(name: str, moment: datetime | None) -> int | None:
    """A parameter's moment as the indexes have it; raises QueryRefused for one without an offset."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise QueryRefused(f"{name}: has no offset; write it as 2026-03-01T12:00:00Z")
    try:
        return int(moment.timestamp() * 1000)
    except (OverflowError, ValueError) as error:
        raise QueryRefused(f"{name}: is out of any calendar; write it as 2026-03-01T12:00:00Z") from error


def cut(items: Sequence[Item], place: Callable[[Item], tuple[int, str]], cursor: str | None, limit: int) -> Page[Item]:
    """The page after this cursor of items that stand in the order of their ``place``, smallest first."""
    start = 0
    if cursor:
        after = unpack(cursor)
        start = next((n for n, item in enumerate(items) if place(item) > after), len(items))
    page = list(items[start : start + limit])
    more = start + limit < len(items)
    return Page(page, pack(*place(page[-1])) if more and page else None)


def older(ledger: Ledger, index: str, limit: int, before: tuple[int, str] | None = None) -> list[tuple[str, int]]:
    """Ids and scores of a sorted set from the highest down, those that come after a place in it."""
    start = 0
    if before is not None:
        rank = cast(int | None, ledger.redis.zrevrank(index, before[1]))
        start = rank + 1 if rank is not None else int(ledger.redis.zcount(index, f"({before[0]}", "+inf"))
    rows = ledger.redis.zrevrange(index, start, start + limit - 1, withscores=True)
    return [(i.decode(), int(score)) for i, score in cast(list[tuple[bytes, float]], rows)]
