"""Alerts as they are kept: the newest record, each revision that was told, and an index by trigger and country."""

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Final, cast

import msgspec

from worker.alerts.candidates import Shelf, places_of, told_between
from worker.alerts.model import Alert, Trace
from worker.errors import NotFound
from worker.ledger import Ledger, Transaction, key

SHELF_LIMIT: Final = 200
MAX_TRACES: Final = 4 * 1024 * 1024


class Candidates(msgspec.Struct, frozen=True):
    """The alerts that an article's events may join, with their traces, and the version of each shelf that was read."""

    alerts: tuple[Alert, ...]
    versions: tuple[tuple[str, str], ...]


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

    def candidates(self, shelves: Sequence[Shelf], article_id: str) -> Candidates:
        """What the events of an article may join, and what the article told of before."""
        marks = [key("version", s.trigger, s.country) for s in shelves]
        versions = [(m, (v or b"").decode()) for m, v in zip(marks, self._ledger.get_many(marks), strict=True)]
        kept = self.linkable(self._ids(shelves, article_id))
        wanted = {a.id: a for s in shelves for a in told_between(kept, s)}
        mine = {a.id: a for a in kept if any(t.article_id == article_id for t in a.traces)}
        return Candidates(tuple((mine | wanted).values()), tuple(versions))

    def linkable(self, ids: Iterable[str]) -> list[Alert]:
        """The newest revisions of these alerts with the traces that linking needs; none for what is not kept."""
        pipeline = self._ledger.redis.pipeline(transaction=False)
        for alert_id in dict.fromkeys(ids):
            pipeline.hmget(key("alert", alert_id), ["r", "t"])
        return [_linkable(record, traces) for record, traces in pipeline.execute() if record]

    def _ids(self, shelves: Sequence[Shelf], article_id: str) -> list[str]:
        """Alerts that an article told of, then those of each shelf, the newest first."""
        pipeline = self._ledger.redis.pipeline(transaction=False)
        pipeline.smembers(key("linked", article_id))
        for shelf in shelves:
            since = shelf.since.timestamp() * 1000
            index = key("bucket", shelf.trigger, shelf.country)
            pipeline.zrevrangebyscore(index, "+inf", since, start=0, num=SHELF_LIMIT)
        linked, *found = cast(list[Collection[bytes]], pipeline.execute())
        return [i.decode() for ids in (sorted(linked), *found) for i in ids]

    def expect(self, transaction: Transaction, found: Candidates) -> None:
        """Let the transaction hold only while nobody wrote to these shelves since they were read."""
        for mark, version in found.versions:
            transaction.expect(mark, version)

    def put(self, transaction: Transaction, alert: Alert, told: int = 0) -> None:
        """Write an alert that was read with its traces; a new revision makes its fan-out due."""
        self._write(transaction, alert)
        reported, record = int(alert.last_reported_at.timestamp() * 1000), _record(alert)
        for trigger, country in places_of(alert):
            transaction.write("ZADD", key("bucket", trigger, country), reported, alert.id)
            transaction.write("INCR", key("version", trigger, country))
        for article_id in {t.article_id for t in alert.traces}:
            transaction.write("SADD", key("linked", article_id), alert.id)
            transaction.write("EXPIRE", key("linked", article_id), self._seconds)
        for evidence in alert.evidence:
            transaction.write("SET", key("event", evidence.event_id), alert.id, "EX", self._seconds)
        if told < alert.revision:
            updated = int(alert.updated_at.timestamp() * 1000)
            transaction.write("SET", key("revision", alert.id, str(alert.revision)), record, "EX", self._seconds)
            transaction.write("ZADD", key("alerts"), updated, alert.id)
            transaction.make_due("alert", alert.id)

    def _write(self, transaction: Transaction, alert: Alert) -> None:
        where, traces = key("alert", alert.id), zlib.compress(msgspec.msgpack.encode(alert.traces), 1)
        transaction.write("HSET", where, "r", _record(alert), "t", traces)
        transaction.write("EXPIRE", where, self._seconds)

    def fanned_out(self, transaction: Transaction, alert: Alert) -> None:
        """Note that every subscription which wants this revision has its delivery."""
        transaction.write("HSET", key("alert", alert.id), "f", alert.revision)

    def unfinished(self, ids: Sequence[str]) -> list[str]:
        """Those of these alerts whose newest revision has not been fanned out."""
        records, done = self.get_many(ids), self._ledger.hash_many((key("alert", i) for i in ids), "f")
        return [a.id for a, f in zip(records, done, strict=True) if a is not None and int(f or 0) < a.revision]


def _record(alert: Alert) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(alert, traces=()))


def _linkable(record: bytes, traces: bytes | None) -> Alert:
    alert = msgspec.json.decode(record, type=Alert)
    unpacked = zlib.decompressobj().decompress(traces, MAX_TRACES) if traces else b"\x90"
    return msgspec.structs.replace(alert, traces=msgspec.msgpack.decode(unpacked, type=tuple[Trace, ...]))
