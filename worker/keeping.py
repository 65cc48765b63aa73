"""Retention: records end by themselves, and what points to them is swept away after them."""

import logging
from collections.abc import Iterable
from typing import Final, cast

from worker.ledger import key
from worker.wiring import House

EVERY_S: Final = 600
DAY_MS: Final = 86_400_000
log = logging.getLogger("tocsin")


def sweep_if_time(house: House) -> bool:
    """Sweep, unless this or another poller did so within ten minutes."""
    if not house.redis.set(key("swept"), "1", nx=True, ex=EVERY_S):
        return False
    count = sweep(house)
    log.info("indexes.swept entries=%d", count)
    return True


def sweep(house: House) -> int:
    """Take out of the indexes what is older than its retention; how many entries went."""
    settings, now = house.settings, int(house.clock().timestamp() * 1000)
    # An alert's last report can be older than its last change by as long as reports are linked.
    ages = {
        "alerts": settings.alert_days,
        "bucket:*": settings.alert_days + 7,
        "articles": settings.article_days,
        "articles:*": settings.article_days,
        "deliveries": settings.delivery_days,
        "deliveries:*": settings.delivery_days,
    }
    gone = 0
    for name, days in ages.items():
        for where in _keys(house, key(name)):
            gone += int(house.redis.zremrangebyscore(where, "-inf", now - days * DAY_MS))
    return gone


def _keys(house: House, pattern: str) -> Iterable[bytes | str]:
    if not pattern.endswith("*"):
        return [pattern]
    return cast(Iterable[bytes], house.redis.scan_iter(match=pattern, count=1000, _type="zset"))
