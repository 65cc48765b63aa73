"""Alerts as they are kept: the newest record, each revision that was told, and an index by trigger and country."""

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Final, cast

import msgspec

from worker.alerts.candidates import COPIED, Shelf, kin, marks_of, places_of, shelves, told_between
from worker.alerts.model import Alert, Trace
from worker.alerts.wording import marks
from worker.articles.model import Article
from worker.errors import NotFound
from worker.ledger import Ledger, Transaction, key
from worker.places.model import Event

SHELF_LIMIT: Final = 200
COPIES_S: Final = int(COPIED.total_seconds())
MAX_TRACES: Final = 4 * 1024 * 1024


class Candidates(msgspec.Struct, frozen=True):
    """The alerts that an article's events may join, with their traces, and the version of all that was read."""

    alerts: tuple[Alert, ...]
    shelves: tuple[tuple[str, str], ...]
    own: dict[str, str]


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

    def candidates(self, article: Article, events: Sequence[Event]) -> Candidates:
        """What the events of an article may join, what a copy of it told of, and what it told of before."""
        looked, marks = shelves(events, article.reported_at), marks_of(events, article)
        versions = [key("version", s.trigger, s.country) for s in looked] + [key("copied", m) for m in marks]
        read = self._versions(versions)
        found, copied = self._ids(looked, article.id, marks)
        own = self._versions([key("changed", i) for i in dict.fromkeys(found)])
        kept = self.linkable(found)
        wanted = {a.id: a for s in looked for a in told_between(kept, s)}
        wanted |= {a.id: a for a in kept if a.id in copied and kin(events, a, article.reported_at)}
        wanted |= {a.id: a for a in kept if any(t.article_id == article.id for t in a.traces)}
        return Candidates(tuple(wanted.values()), tuple(read.items()), own)

    def _versions(self, names: Sequence[str]) -> dict[str, str]:
        return {n: (v or b"").decode() for n, v in zip(names, self._ledger.get_many(names), strict=True)}

    def linkable(self, ids: Iterable[str]) -> list[Alert]:
        """The newest revisions of these alerts with the traces that linking needs; none for what is not kept."""
        pipeline = self._ledger.redis.pipeline(transaction=False)
        for alert_id in dict.fromkeys(ids):
            pipeline.hmget(key("alert", alert_id), ["r", "t"])
        return [_linkable(record, traces) for record, traces in pipeline.execute() if record]

    def _ids(self, looked: Sequence[Shelf], article_id: str, marks: Sequence[str]) -> tuple[list[str], set[str]]:
        """Alerts that an article told of, then those of copies, then those of each shelf; and which are of copies."""
        pipeline = self._ledger.redis.pipeline(transaction=False)
        pipeline.smembers(key("linked", article_id))
        for mark in marks:
            pipeline.smembers(key("copies", mark))
        for shelf in looked:
            since = shelf.since.timestamp() * 1000
            index = key("bucket", shelf.trigger, shelf.country)
            pipeline.zrevrangebyscore(index, "+inf", since, start=0, num=SHELF_LIMIT)
        answers = cast(list[Collection[bytes]], pipeline.execute())
        copied = {i.decode() for ids in answers[1 : 1 + len(marks)] for i in ids}
        told = sorted(i.decode() for i in answers[0])
        return [*told, *sorted(copied), *(i.decode() for ids in answers[1 + len(marks) :] for i in ids)], copied

    def expect(self, transaction: Transaction, found: Candidates, changed: Iterable[Alert]) -> None:
        """Let the transaction hold only while nobody wrote to what was looked at, or to what it changes."""
        for mark, version in found.shelves:
            transaction.expect(mark, version)
        for alert in changed:
            where = key("changed", alert.id)
            transaction.expect(where, found.own.get(where, ""))

    def held(self, ids: Sequence[str]) -> tuple[list[Alert], dict[str, str]]:
        """These alerts as linking reads them, and the version of each."""
        versions = self._versions([key("changed", i) for i in ids])
        return self.linkable(ids), versions

    def expect_own(self, transaction: Transaction, versions: dict[str, str]) -> None:
        """Let the transaction hold only while nobody wrote to these alerts since they were read."""
        for where, version in versions.items():
            transaction.expect(where, version)

    def put(self, transaction: Transaction, alert: Alert, before: Alert | None = None) -> None:
        """Write an alert that was read with its traces; a new revision makes its fan-out due."""
        self._write(transaction, alert)
        reported, record = int(alert.last_reported_at.timestamp() * 1000), _record(alert)
        for trigger, country in places_of(alert):
            transaction.write("ZADD", key("bucket", trigger, country), reported, alert.id)
            transaction.write("INCR", key("version", trigger, country))
        changed = key("changed", alert.id)
        transaction.write("INCR", changed).write("EXPIRE", changed, self._seconds)
        known = {t.event_id for t in before.traces} if before else set()
        self._index(transaction, alert, [t for t in alert.traces if t.event_id not in known])
        if before is None or before.revision < alert.revision:
            updated = int(alert.updated_at.timestamp() * 1000)
            transaction.write("SET", key("revision", alert.id, str(alert.revision)), record, "EX", self._seconds)
            transaction.write("ZADD", key("alerts"), updated, alert.id)
            transaction.make_due("alert", alert.id)

    def _index(self, transaction: Transaction, alert: Alert, traces: Sequence[Trace]) -> None:
        """Let an alert be found by these of its reports: by their articles, events and texts."""
        for mark in sorted({m for t in traces for m in marks(t.runs)}):
            transaction.write("SADD", key("copies", mark), alert.id).write("EXPIRE", key("copies", mark), COPIES_S)
            transaction.write("INCR", key("copied", mark)).write("EXPIRE", key("copied", mark), COPIES_S)
        for article_id in sorted({t.article_id for t in traces}):
            transaction.write("SADD", key("linked", article_id), alert.id)
            transaction.write("EXPIRE", key("linked", article_id), self._seconds)
        for trace in traces:
            transaction.write("SET", key("event", trace.event_id), alert.id, "EX", self._seconds)

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
