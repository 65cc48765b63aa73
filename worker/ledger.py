"""Everything that is kept and what is due: claims, leases and commits in Redis, the truth behind the queue.

Keys, all under ``tocsin:``
    due:<kind>             sorted set, id → due again at (Redis µs); the score of a leased item is its lease's end
    leased:<kind>          hash, id → how often it was claimed since it was last made due
    quarantine:<kind>      hash, id → reason
    feed:<name>            feed record                        feeds                set of names
    seen:<feed>            hash, entry → digest and day
    article:<id>           hash: r record, j judged revision  page:<id>            page as fetched, compressed
    alert:<id>             hash: r record, t traces, f fanned-out revision   alerts   sorted set, id → updated at (ms)
    revision:<alert>:<n>   record of one revision              told:<alert>    hash, subscription → revision
    bucket:<trigger>:<cc>  sorted set, alert → reported at (ms)   version:<trigger>:<cc>   counter of that bucket
    changed:<alert>        counter of its writes     copies:<mark>, copied:<mark>   alerts of a text, and counter
    event:<id>             alert that the event belongs to          linked:<article>   set of alerts
    subscription:<id>      subscription record                 subscriptions        set of ids
    failing:<subscription>   since when its endpoint fails
    alive:<role>:<host>    the sign of life of a role          schema  swept      version of all this; when it was swept
    articles  articles:<feed>   sorted sets, id → first seen at (ms)
    apikey:<id>  apikeys  session:<hash>   who may ask          counts:<role>:<process>   what a process counted
    polled, watched, system, heartbeat, notice:<id>   what ``watching.py`` knows and tells
    pace, waiting, flying, breaker, slow :<subscription>   the gate before an endpoint: ``deliveries/gate.py``
    delivery:<id>          delivery record                     deliveries           sorted set, id → created at (ms)
    deliveries:<subscription>   sorted set, the same of one subscription

A lease is 3 s. ``claim`` gives ids and the lease's end; ``renew`` and the fences of a ``Transaction`` hold only while
the score still equals it, so a worker that lost its lease cannot write. Ledger time is Redis ``TIME``.
"""

import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Final, Literal, cast

import msgspec
import redis

from worker.errors import WriteRefused

Kind = Literal["feed", "page", "article", "alert", "delivery", "delivery:slow"]
Verdict = Literal["ok", "lost", "moved"]
Field = str | bytes | int | float

PREFIX: Final = "tocsin:"
LEASE_US: Final = 3_000_000
RENEW_S: Final = 1.0
ALIVE_S: Final = 90  # a job may hold its worker for a minute between two signs of life
KINDS: Final[tuple[Kind, ...]] = ("feed", "page", "article", "alert", "delivery", "delivery:slow")
# A feed is never given up: its parser runs in a process of its own.
MAX_TRIES: Final[Mapping[Kind, int]] = {
    "feed": 0,
    "page": 3,
    "article": 3,
    "alert": 3,
    "delivery": 6,
    "delivery:slow": 6,
}
# A lost article is judged alone at once. Nothing of others can harm a fan-out, so that its second loss is early enough.
# Posts fly side by side: one by one they would wait for another's endpoint.
ALONE_AFTER: Final[Mapping[Kind, int]] = dict.fromkeys(KINDS, 1) | {"alert": 2, "delivery": 3, "delivery:slow": 3}

REFUSALS: Final = {
    "OOM ": "its memory is full: raise maxmemory, or keep less (TOCSIN_ARTICLE_DAYS)",
    "MISCONF": "it cannot write to its disk: make room there, or mend it",
    "READONLY": "it is a replica: set TOCSIN_REDIS_URL to the primary",
    "NOPERM": "its user may not: give it the rights that RELIABILITY.md lists",
}


def key(*parts: str) -> str:
    """The Redis key of these parts: ``key("feed", "bbc")`` is ``tocsin:feed:bbc``."""
    return PREFIX + ":".join(parts)


def refusal(error: Exception) -> WriteRefused | None:
    """What this error says in our words, where it says that Redis takes no writes."""
    reason = next((words for sign, words in REFUSALS.items() if sign in str(error)), "")
    return WriteRefused(f"Redis refuses to write: {reason}") if reason else None


class Claim(msgspec.Struct, frozen=True):
    """Items that are ours until ``lease`` (Redis µs, so that no two claims of an item share one)."""

    kind: Kind
    ids: tuple[str, ...]
    lease: int


class Transaction:
    """Writes that happen wholly or not at all, and only while its fences and expectations hold."""

    def __init__(self) -> None:
        """An empty transaction: it writes nothing and always holds."""
        self._fences: list[tuple[Kind, str, int]] = []
        self._expects: list[tuple[str, str]] = []
        self._writes: list[tuple[Field | msgspec.Raw, ...]] = []
        self._due: list[tuple[Kind, str, int]] = []
        self._done: list[tuple[Kind, str]] = []

    def fence(self, claim: Claim, item: str) -> "Transaction":
        """Hold only while this item's lease is ours."""
        self._fences.append((claim.kind, item, claim.lease))
        return self

    def expect(self, where: str, version: str) -> "Transaction":
        """Hold only while this string key has this value (empty: the key is absent)."""
        self._expects.append((where, version))
        return self

    def write(self, command: str, where: str, *arguments: Field) -> "Transaction":
        """Run one plain Redis command of 6.2 or older."""
        self._writes.append((command, where, *[_raw(a) if isinstance(a, bytes) else a for a in arguments]))
        return self

    def make_due(self, kind: Kind, item: str, delay_ms: int = 0) -> "Transaction":
        """Let the item be due after so many milliseconds; whoever holds a lease on it loses it."""
        self._due.append((kind, item, delay_ms * 1000))
        return self

    def done(self, kind: Kind, item: str) -> "Transaction":
        """Take the item off the ledger."""
        self._done.append((kind, item))
        return self

    def packed(self) -> tuple[object, ...]:
        """The transaction as ``commit.lua`` reads it."""
        return (self._fences, self._expects, self._writes, self._due, self._done)


def _raw(value: bytes) -> msgspec.Raw:
    # The MessagePack that Redis carries knows one kind of string, which holds any bytes.
    return msgspec.Raw(b"\xdb" + len(value).to_bytes(4, "big") + value)


class Ledger:
    """The one door to Redis for all that is kept and due."""

    def __init__(self, client: redis.Redis) -> None:
        """A ledger over a connected client that returns bytes."""
        self.redis = client
        self._claim, self._renew, self._commit, self._hashes = (
            client.register_script(resources.files("worker").joinpath("lua", f"{name}.lua").read_text())
            for name in ("claim", "renew", "commit", "hashes")
        )

    def now_us(self) -> int:
        """Redis ``TIME`` in microseconds."""
        seconds, micros = self.redis.time()
        return seconds * 1_000_000 + micros

    def claim(self, kind: Kind, limit: int) -> Claim:
        """Take up to ``limit`` items that are due, oldest first, for one lease; an item that lost its worker, alone."""
        if limit <= 0:
            return Claim(kind, (), 0)
        keys = [key("due", kind), key("leased", kind), key("quarantine", kind)]
        lease, *ids = self._written(
            self._claim, keys=keys, args=[min(limit, 1000), LEASE_US, MAX_TRIES[kind], ALONE_AFTER[kind]]
        )
        return Claim(kind, tuple(i.decode() for i in ids), int(lease))

    def renew(self, claim: Claim) -> Claim:
        """The same claim with a fresh lease, less the items that were lost."""
        if not claim.ids:
            return claim
        lease, *ids = self._written(
            self._renew, keys=[key("due", claim.kind)], args=[claim.lease, LEASE_US, *claim.ids]
        )
        return Claim(claim.kind, tuple(i.decode() for i in ids), int(lease))

    def release(self, claim: Claim) -> None:
        """Give back what was not done, at once and without counting a try."""
        self.commit(*(Transaction().fence(claim, i).make_due(claim.kind, i) for i in claim.ids))

    def commit(self, *transactions: Transaction) -> list[Verdict]:
        """Write each transaction wholly or not at all; a verdict for each, in order."""
        if not transactions:
            return []
        # One word instead of thousands: the client spends a microsecond or two on each.
        words = [msgspec.msgpack.encode([t.packed() for t in transactions])]
        verdicts = self._written(self._commit, keys=[PREFIX], args=words)
        return [v.decode() for v in verdicts]

    @staticmethod
    def _written(script: Any, **given: Any) -> list[Any]:
        """What a script that writes gives; raises WriteRefused where Redis takes no writes."""
        try:
            return cast(list[Any], script(**given))
        except redis.exceptions.ResponseError as error:
            if named := refusal(error):
                raise named from error
            raise

    def due_now(self, kind: Kind) -> int:
        """How many items are due or have lost their worker."""
        return int(self.redis.zcount(key("due", kind), "-inf", self.now_us()))

    def oldest_s(self, kind: Kind) -> float:
        """For how many seconds the oldest item has been due; 0 where nothing is."""
        rows = cast(list[tuple[bytes, float]], self.redis.zrange(key("due", kind), 0, 0, withscores=True))
        return max(0.0, (self.now_us() - rows[0][1]) / 1e6) if rows else 0.0

    def scheduled(self, kind: Kind) -> int:
        """How many items are on the ledger: due, leased or due later."""
        return int(self.redis.zcard(key("due", kind)))

    def on_ledger(self, kind: Kind, ids: Sequence[str]) -> list[bool]:
        """Whether each id is due, leased or due later."""
        if not ids:
            return []
        return [score is not None for score in cast(list[Any], self.redis.zmscore(key("due", kind), list(ids)))]

    def quarantined(self, kind: Kind) -> dict[str, str]:
        """Items that were given up, with the reason."""
        rows = cast(dict[bytes, bytes], self.redis.hgetall(key("quarantine", kind)))
        return {i.decode(): reason.decode() for i, reason in rows.items()}

    def quarantine(self, claim: Claim, item: str, reason: str) -> Verdict:
        """Give an item up with a reason; it can be retried."""
        transaction = Transaction().fence(claim, item).done(claim.kind, item)
        return self.commit(transaction.write("HSET", key("quarantine", claim.kind), item, reason[:500]))[0]

    def retry(self, kind: Kind, item: str) -> None:
        """Take an item out of quarantine and make it due."""
        self.commit(Transaction().write("HDEL", key("quarantine", kind), item).make_due(kind, item))

    def get_many(self, keys: Iterable[str]) -> list[bytes | None]:
        """The values of string keys, in order; ``None`` where there is none."""
        wanted = list(keys)
        return cast(list[bytes | None], self.redis.mget(wanted)) if wanted else []

    def newest(self, index: str, limit: int, *, since: float = 0, until: float | str = "+inf") -> list[str]:
        """Ids of a sorted set from the highest score down, within these scores."""
        ids = self.redis.zrevrangebyscore(index, until, since, start=0, num=max(0, limit))
        return [cast(bytes, i).decode() for i in ids]

    def hash_many(self, keys: Iterable[str], field: str) -> list[bytes | None]:
        """One field of many hashes, in order; ``None`` where there is none."""
        wanted = list(keys)
        # One word instead of thousands, as in ``commit``.
        return self._hashes(args=[field, msgspec.msgpack.encode(wanted)]) if wanted else []


class Leases:
    """What one process has in flight: items are taken, renewed while they make progress, and settled or given back.

    No item is renewed past ``deadline_s`` after it was taken: whatever hangs is given to somebody else.
    """

    def __init__(self, ledger: Ledger, kind: Kind, deadline_s: float) -> None:
        """No items yet."""
        self._ledger, self._kind, self._deadline_s = ledger, kind, deadline_s
        self._held: dict[str, tuple[Claim, float, float]] = {}

    def take(self, limit: int) -> tuple[str, ...]:
        """Claim up to so many items that are due."""
        claim, now = self._ledger.claim(self._kind, limit), time.monotonic()
        self._held.update(dict.fromkeys(claim.ids, (claim, now, now)))
        return claim.ids

    def settle(self, item: str) -> Claim | None:
        """The claim to fence the item's last write with; ``None`` where it was lost."""
        held = self._held.pop(item, None)
        return held[0] if held else None

    def renew(self) -> None:
        """Renew what was not renewed for a second; forget what was lost."""
        now = time.monotonic()
        stale: dict[int, list[str]] = {}
        for item, (claim, taken, renewed) in self._held.items():
            if now - renewed >= RENEW_S and now - taken < self._deadline_s:
                stale.setdefault(claim.lease, []).append(item)
        for lease, items in stale.items():
            claim = self._ledger.renew(Claim(self._kind, tuple(items), lease))
            for item in items:
                _, taken, _ = self._held.pop(item)
                if item in claim.ids:
                    self._held[item] = (claim, taken, now)

    def release(self) -> None:
        """Give everything back at once."""
        for item, (claim, _, _) in self._held.items():
            self._ledger.release(Claim(self._kind, (item,), claim.lease))
        self._held.clear()


def beat(client: redis.Redis, role: str) -> None:
    """Show that this role lives on this host."""
    client.set(key("alive", role, socket.gethostname()), "1", ex=ALIVE_S)


def alive(client: redis.Redis, role: str) -> bool:
    """Whether this role showed a sign of life on this host lately."""
    return bool(client.exists(key("alive", role, socket.gethostname())))
