"""Deliveries as they are kept, and who was told of which revision.

A record is ``delivery:<id>``, found by time through ``deliveries`` and ``deliveries:<subscription>``. ``told:<alert>``
is a hash, subscription → the revision that it was told last.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

import msgspec

from worker.alerts.model import Alert
from worker.deliveries.model import Delivery, Lane
from worker.errors import NotFound
from worker.ledger import Claim, Kind, Ledger, Transaction, key

KINDS: Final[dict[Lane, Kind]] = {"fast": "delivery", "slow": "delivery:slow"}
TOLD_DAYS: Final = 120


class DeliveryStore:
    """Reads and writes deliveries through the ledger."""

    def __init__(self, ledger: Ledger, retention_days: int) -> None:
        """A store that keeps a delivery for so many days after its last attempt."""
        self._ledger = ledger
        self._seconds = retention_days * 86_400

    def told(self, alert_id: str) -> dict[str, int]:
        """The subscriptions that were told of this alert, and the last revision of each."""
        rows = cast(dict[bytes, bytes], self._ledger.redis.hgetall(key("told", alert_id)))
        return {name.decode(): int(revision) for name, revision in rows.items()}

    def put_fan_out(self, transaction: Transaction, alert: Alert, deliveries: Sequence[Delivery]) -> None:
        """Keep new deliveries of one revision, make each due in its lane, and note that these were told."""
        if not deliveries:
            return
        for delivery in deliveries:
            self.put(transaction, delivery)
            self._index(transaction, delivery)
            transaction.make_due(KINDS[delivery.lane], delivery.id)
            transaction.write("HSET", key("told", alert.id), delivery.subscription, delivery.revision)
        transaction.write("EXPIRE", key("told", alert.id), TOLD_DAYS * 86_400)
        past = int(deliveries[0].created_at.timestamp() * 1000) - self._seconds * 1000
        transaction.write("ZREMRANGEBYSCORE", key("deliveries"), "-inf", past)

    def put_digest(self, transaction: Transaction, alert: Alert, digest: Delivery) -> None:
        """Let a digest that also tells of this revision be due at the end of the subscriber's quiet hours."""
        wait = ((digest.next_attempt_at or digest.created_at) - digest.created_at).total_seconds()
        self.put(transaction, digest)
        self._index(transaction, digest)
        transaction.make_due(KINDS[digest.lane], digest.id, max(0, int(wait * 1000)))
        transaction.write("HSET", key("told", alert.id), digest.subscription, alert.revision)
        transaction.write("EXPIRE", key("told", alert.id), TOLD_DAYS * 86_400)

    def put(self, transaction: Transaction, delivery: Delivery) -> None:
        """Write a delivery's record."""
        transaction.write("SET", key("delivery", delivery.id), msgspec.json.encode(delivery), "EX", self._seconds)

    def settle(self, transaction: Transaction, claim: Claim, delivery: Delivery, now: datetime) -> None:
        """Write a delivery after an attempt: off the ledger, or due again in the lane it now has."""
        self.put(transaction, delivery)
        kind = KINDS[delivery.lane]
        if delivery.state != "due" or kind != claim.kind:
            transaction.done(claim.kind, delivery.id)
        if delivery.state == "due":
            wait = ((delivery.next_attempt_at or now) - now).total_seconds()
            transaction.make_due(kind, delivery.id, max(0, int(wait * 1000)))

    def bury(self, claim: Claim, delivery: Delivery, reason: str) -> Transaction:
        """Make a claimed delivery a dead letter without another attempt."""
        transaction = Transaction().fence(claim, delivery.id).done(claim.kind, delivery.id)
        self.put(transaction, delivery.buried(reason))
        return transaction

    def send_again(self, delivery: Delivery, now: datetime) -> Transaction:
        """Make a delivery due at once under its old id, whatever became of it."""
        transaction = Transaction()
        again = delivery.again(now)
        for kind in KINDS.values():
            transaction.done(kind, delivery.id).write("HDEL", key("quarantine", kind), delivery.id)
        self.put(transaction, again)
        return transaction.make_due(KINDS[again.lane], again.id)

    def get(self, delivery_id: str) -> Delivery:
        """One delivery; raises NotFound."""
        found = self.get_many([delivery_id])[0]
        if found is None:
            raise NotFound(f"no delivery {delivery_id}: it never was, or is older than the retention")
        return found

    def get_many(self, ids: Iterable[str]) -> list[Delivery | None]:
        """Deliveries in order; ``None`` where there is none."""
        records = self._ledger.get_many(key("delivery", i) for i in ids)
        return [msgspec.json.decode(r, type=Delivery) if r else None for r in records]

    def recent(self, limit: int, subscription: str | None = None) -> list[Delivery]:
        """The newest deliveries, of all or of one subscription."""
        where = key("deliveries", subscription) if subscription else key("deliveries")
        return [d for d in self.get_many(self._ledger.newest(where, limit)) if d is not None]

    def _index(self, transaction: Transaction, delivery: Delivery) -> None:
        at = int(delivery.created_at.timestamp() * 1000)
        own = key("deliveries", delivery.subscription)
        transaction.write("ZADD", key("deliveries"), at, delivery.id).write("ZADD", own, at, delivery.id)
        transaction.write("ZREMRANGEBYSCORE", own, "-inf", at - self._seconds * 1000)
        transaction.write("EXPIRE", own, self._seconds)
