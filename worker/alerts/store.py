"""Alerts as they are kept: the newest record, each revision that was told, and an index by trigger and country."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

import msgspec

from worker.alerts.model import Alert
from worker.errors import NotFound
from worker.ledger import Ledger, Transaction, key

UNKNOWN = "ZZ"  # the country of a bucket whose events have none; ISO 3166 leaves it to its users
BUCKET_LIMIT = 200


class Bucket(msgspec.Struct, frozen=True):
    """The alerts of one trigger and country that an event may join, and the version that was read."""

    trigger: str
    country: str
    version: str
    alerts: tuple[Alert, ...]


class AlertStore:
    """Reads and writes alerts through the ledger."""

    def __init__(self, ledger: Ledger, retention_days: int) -> None:
        """A store that keeps an alert for so many days after its last revision."""
        self._ledger = ledger
        self._seconds = retention_days * 86_400

    def get(self, alert_id: str) -> Alert:
        """The newest revision; raises NotFound."""
        found = self.get_many([alert_id])[0]
        if found is None:
            raise NotFound(f"no alert {alert_id}: it never was, or is older than the retention")
        return found

    def get_many(self, ids: Iterable[str]) -> list[Alert | None]:
        """The newest revisions, in order."""
        records = self._ledger.hash_many((key("alert", i) for i in ids), "r")
        return [msgspec.json.decode(r, type=Alert) if r else None for r in records]

    def revisions(self, wanted: Iterable[tuple[str, int]]) -> list[Alert | None]:
        """Certain revisions (alert id, number), in order."""
        records = self._ledger.get_many(key("revision", i, str(n)) for i, n in wanted)
        return [msgspec.json.decode(r, type=Alert) if r else None for r in records]

    def records(self, ids: Iterable[str]) -> list[bytes | None]:
        """The newest revisions as they are kept, in JSON, in order."""
        return self._ledger.hash_many((key("alert", i) for i in ids), "r")

    def changed(self, since_ms: float = 0) -> list[tuple[str, int]]:
        """Which alerts were changed at this time or later, and when (ms), newest first."""
        rows = self._ledger.redis.zrevrangebyscore(key("alerts"), "+inf", since_ms, withscores=True)
        return [(i.decode(), int(ms)) for i, ms in cast(list[tuple[bytes, float]], rows)]

    def recent(self, limit: int = 50) -> list[Alert]:
        """The alerts that were changed last, newest first."""
        return [a for a in self.get_many(self._ledger.newest(key("alerts"), limit)) if a is not None]

    def bucket(self, trigger: str, country: str, around: datetime, window: timedelta) -> Bucket:
        """What an event of this trigger and country, reported at ``around``, may join."""
        name = country or UNKNOWN
        version = self._ledger.get_many([key("version", trigger, name)])[0] or b""
        since, until = (around - window).timestamp() * 1000, (around + window).timestamp() * 1000
        ids = self._ledger.newest(key("bucket", trigger, name), BUCKET_LIMIT, since=since, until=until)
        alerts = tuple(a for a in self.get_many(ids) if a is not None)
        return Bucket(trigger, country, version.decode(), alerts)

    def expect(self, transaction: Transaction, buckets: Iterable[Bucket]) -> None:
        """Let the transaction hold only while nobody wrote to these buckets since they were read."""
        for bucket in buckets:
            transaction.expect(key("version", bucket.trigger, bucket.country or UNKNOWN), bucket.version)

    def put(self, transaction: Transaction, alert: Alert) -> None:
        """Write a new revision and make its fan-out due."""
        record, where = msgspec.json.encode(alert), key("alert", alert.id)
        index = (alert.trigger, alert.country or UNKNOWN)
        revision = key("revision", alert.id, str(alert.revision))
        reported = int(alert.last_reported_at.timestamp() * 1000)
        updated = int(alert.updated_at.timestamp() * 1000)
        transaction.write("HSET", where, "r", record).write("EXPIRE", where, self._seconds)
        transaction.write("SET", revision, record, "EX", self._seconds)
        transaction.write("ZADD", key("bucket", *index), reported, alert.id)
        transaction.write("INCR", key("version", *index))
        transaction.write("ZADD", key("alerts"), updated, alert.id)
        for evidence in alert.evidence:
            transaction.write("SET", key("event", evidence.event_id), alert.id, "EX", self._seconds)
        transaction.make_due("alert", alert.id)

    def fanned_out(self, transaction: Transaction, alert: Alert) -> None:
        """Note that every subscription which wants this revision has its delivery."""
        transaction.write("HSET", key("alert", alert.id), "f", alert.revision)

    def unfinished(self, ids: Sequence[str]) -> list[str]:
        """Those of these alerts whose newest revision has not been fanned out."""
        records, done = self.get_many(ids), self._ledger.hash_many((key("alert", i) for i in ids), "f")
        return [a.id for a, f in zip(records, done, strict=True) if a is not None and int(f or 0) < a.revision]
