"""Proving the sums: nothing that is kept has fallen off the ledger."""

from collections.abc import Iterator, Sequence
from typing import cast

import msgspec

from worker.ledger import KINDS, Kind, Transaction, key
from worker.wiring import House

PAGE = 500


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """How many items stand where; ``lost`` names what is neither done nor on the ledger nor in quarantine."""

    articles: int
    alerts: int
    deliveries: dict[str, int]
    ledger: dict[str, int]
    quarantined: dict[str, int]
    lost: dict[str, tuple[str, ...]]

    @property
    def right(self) -> bool:
        """Whether nothing is lost."""
        return not any(self.lost.values())


def reconcile(house: House, *, repair: bool = False) -> Sums:
    """Count everything, name what is lost, and with ``repair`` make that due again."""
    articles, lost_articles, lost_pages = _articles(house)
    alerts, lost_alerts = _alerts(house)
    states, lost_deliveries = _deliveries(house)
    lost: dict[Kind, list[str]] = {
        "article": lost_articles,
        "page": lost_pages,
        "alert": lost_alerts,
        "delivery": lost_deliveries,
    }
    if repair:
        for kind, items in lost.items():
            house.ledger.commit(*(Transaction().make_due(kind, item) for item in items))
    return Sums(
        articles=articles,
        alerts=alerts,
        deliveries=states,
        ledger={kind: house.ledger.scheduled(kind) for kind in KINDS},
        quarantined={kind: len(house.ledger.quarantined(kind)) for kind in KINDS},
        lost={kind: tuple(items) for kind, items in lost.items()},
    )


def _articles(house: House) -> tuple[int, list[str], list[str]]:
    count, lost, pages = 0, list[str](), list[str]()
    for ids in _ids(house, "article"):
        count += len(ids)
        lost += _off_ledger(house, ("article",), _unjudged(house, ids))
        pages += _off_ledger(house, ("page",), _unread(house, ids))
    return count, lost, pages


def _unread(house: House, ids: Sequence[str]) -> list[str]:
    """Those of these articles whose page is still to be fetched."""
    return [a.id for a in house.articles.get_many(ids) if a is not None and a.page == "due"]


def _unjudged(house: House, ids: Sequence[str]) -> list[str]:
    """Those of these articles whose newest revision nobody has judged."""
    found = zip(house.articles.get_many(ids), house.articles.judged(ids), strict=True)
    return [article.id for article, judged in found if article is not None and judged < article.revision]


def _alerts(house: House) -> tuple[int, list[str]]:
    count, lost = 0, list[str]()
    for ids in _ids(house, "alert"):
        count += len(ids)
        lost += _off_ledger(house, ("alert",), house.alerts.unfinished(ids))
    return count, lost


def _deliveries(house: House) -> tuple[dict[str, int], list[str]]:
    states, lost = {"due": 0, "delivered": 0, "dead": 0}, list[str]()
    for ids in _ids(house, "delivery"):
        found = [d for d in house.deliveries.get_many(ids) if d is not None]
        for delivery in found:
            states[delivery.state] += 1
        lost += _off_ledger(house, ("delivery", "delivery:slow"), [d.id for d in found if d.state == "due"])
    return states, lost


def _off_ledger(house: House, kinds: tuple[Kind, ...], ids: list[str]) -> list[str]:
    """Those that stand in no due set and no quarantine; looked at twice, for the world moves on between two reads."""
    for _ in range(2):
        for kind in kinds:
            known = house.ledger.quarantined(kind)
            there = house.ledger.on_ledger(kind, ids)
            ids = [i for i, on in zip(ids, there, strict=True) if not on and i not in known]
        if "article" in kinds:
            ids = _unjudged(house, ids)
        elif "page" in kinds:
            ids = _unread(house, ids)
        elif "alert" in kinds:
            ids = house.alerts.unfinished(ids)
        else:
            ids = [d.id for d in house.deliveries.get_many(ids) if d is not None and d.state == "due"]
    return ids


def _ids(house: House, prefix: str) -> Iterator[list[str]]:
    start, cursor = key(prefix, ""), 0
    while True:
        cursor, keys = house.redis.scan(cursor, match=start + "*", count=PAGE)
        if ids := [cast(bytes, k).decode()[len(start) :] for k in keys]:
            yield ids
        if cursor == 0:
            return
