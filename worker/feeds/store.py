"""Feeds and the marks of the entries they showed, in Redis.

Keys: ``feeds`` names them all, ``feed:<name>`` is one with what polling taught, ``seen:<name>`` its marks, and
``credentials:<name>`` holds, sealed, what is secret of its definition: whoever reads feeds never meets it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import msgspec

from worker.errors import NotFound, SettingsError
from worker.feeds.credentials import Credentials, concealed, hides, revealed
from worker.feeds.model import Feed, FeedDefinition
from worker.ledger import Ledger, Transaction, key
from worker.vault import Vault

# A mark outlives its entry's place in the feed by this long, so that an entry that comes back is not news again.
KEEP_MARKS: Final = timedelta(days=30)
Marks = Mapping[str, tuple[str, date]]
_AT_ONCE: Final = 500
_RESTART: Final[dict[str, Any]] = {
    "health": "new",
    "reason": "",
    "remedy": "",
    "etag": "",
    "last_modified": "",
    "body": "",
    "failures": 0,
    "ttl_s": None,
    "max_age_s": None,
    "skip_hours": (),
    "skip_days": (),
    "address": "",
    "moved_to": "",
    "moved_on": None,
    "next_poll_at": None,
}


class FeedStore:
    """Reads feeds and marks at once; writes them as part of a transaction."""

    def __init__(self, ledger: Ledger, vault: Vault) -> None:
        """A store over this ledger, whose secrets this vault seals."""
        self._ledger, self._vault = ledger, vault
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Feed).decode

    def names(self) -> list[str]:
        """The names of all feeds, sorted."""
        return sorted(n.decode() for n in cast(set[bytes], self._ledger.redis.smembers(key("feeds"))))

    def get(self, name: str) -> Feed:
        """One feed; raises NotFound."""
        feed = self.get_many([name])[0]
        if feed is None:
            raise NotFound(f"no feed is called {name!r}: `tocsin feeds list` shows those that there are")
        return feed

    def get_many(self, names: Iterable[str]) -> list[Feed | None]:
        """The feeds of these names, in order; ``None`` where there is none."""
        records = self._ledger.get_many(key("feed", n) for n in names)
        return [None if r is None else self._decode(r) for r in records]

    def put(self, transaction: Transaction, feed: Feed) -> None:
        """Keep this state of a feed; what is secret of its definition stays as it was told last."""
        shown = msgspec.structs.replace(feed, definition=concealed(feed.definition))
        transaction.write("SET", key("feed", feed.name), self._encode(shown))
        transaction.write("SADD", key("feeds"), feed.name)

    def define(self, transaction: Transaction, feed: Feed) -> None:
        """Keep a feed with a definition told anew, and seal what is secret of it."""
        told, where = feed.definition, key("credentials", feed.name)
        if concealed(told) != told:
            secret = msgspec.json.encode(Credentials(told.headers, told.proxy)).decode()
            transaction.write("SET", where, self._vault.seal(secret))
        elif not hides(told):
            transaction.write("DEL", where)
        self.put(transaction, feed)

    def revealed(self, feed: Feed) -> Feed:
        """The feed with what is secret of its definition; raises SettingsError where that cannot be opened."""
        if not hides(feed.definition):
            return feed
        sealed = self._ledger.get_many([key("credentials", feed.name)])[0]
        if sealed is None:
            raise SettingsError(f"the headers or the proxy of feed {feed.name} are lost: tell them anew")
        secret = msgspec.json.decode(self._vault.open(sealed.decode()), type=Credentials)
        return msgspec.structs.replace(feed, definition=revealed(feed.definition, secret))

    def remove(self, name: str) -> None:
        """Forget a feed, its marks and its next poll; its articles and alerts stay."""
        transaction = Transaction().write("DEL", key("feed", name)).write("DEL", key("seen", name))
        transaction.write("DEL", key("credentials", name))
        self._ledger.commit(transaction.write("SREM", key("feeds"), name).done("feed", name))

    def sync(self, definitions: Sequence[FeedDefinition]) -> None:
        """Make the kept feeds those of the catalogue and those added by hand; the catalogue wins for its names.

        What polling taught of a feed stays unless its URL changed. A feed that should be polled and is not on the
        ledger is put there.
        """
        wanted = {d.name: d for d in definitions}
        kept = {f.name: f for f in self.get_many(self.names()) if f is not None}
        for name, feed in kept.items():
            if feed.origin == "config" and name not in wanted:
                self.remove(name)
        changed = [defined(d, kept.get(d.name)) for d in definitions]
        changed += [f for name, f in kept.items() if name not in wanted and f.origin == "added"]
        polled = self._ledger.on_ledger("feed", [f.name for f in changed])
        for feed, on_ledger in zip(changed, polled, strict=True):
            before, transaction = kept.get(feed.name), Transaction()
            # What is secret cannot be compared with what is sealed: it is told anew at each start.
            if feed != before or concealed(feed.definition) != feed.definition:
                self.define(transaction, feed)
            moved = before is not None and before.definition.url != feed.definition.url
            if feed.health not in ("paused", "gone") and (not on_ledger or moved):
                transaction.make_due("feed", feed.name)
            self._ledger.commit(transaction)

    def seen(self, feed_name: str, names: Sequence[str]) -> Marks:
        """The digest of each of these names that was marked before, and the day."""
        return self.seen_by({feed_name: names})[feed_name]

    def seen_by(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, Marks]:
        """The same for several feeds at once."""
        pipeline = self._ledger.redis.pipeline(transaction=False)
        asked = {feed: list(names) for feed, names in wanted.items() if names}
        for feed, names in asked.items():
            pipeline.hmget(key("seen", feed), names)
        found: dict[str, Marks] = {feed: {} for feed in wanted}
        for (feed, names), values in zip(asked.items(), pipeline.execute(), strict=True):
            found[feed] = {k: _mark(v) for k, v in zip(names, values, strict=True) if v is not None}
        return found

    def mark_seen(
        self, transaction: Transaction, feed_name: str, marks: Mapping[str, str], known: Marks, now: datetime
    ) -> None:
        """Mark all entries that the feed shows now, and forget those that it stopped showing 30 days ago."""
        today, where = now.date(), key("seen", feed_name)
        fresh = [w for k, digest in marks.items() if known.get(k) != (digest, today) for w in (k, f"{digest} {today}")]
        for words in _portions(fresh):
            transaction.write("HSET", where, *words)
        if any(known[k][1] != today for k in marks if k in known):
            # Once a day, for then each mark of an entry still shown is a day old.
            for names in _portions(self._stale(feed_name, marks, today)):
                transaction.write("HDEL", where, *names)

    def _stale(self, feed_name: str, shown: Mapping[str, str], today: date) -> list[str]:
        rows = cast(dict[bytes, bytes], self._ledger.redis.hgetall(key("seen", feed_name)))
        return [k.decode() for k, v in rows.items() if k.decode() not in shown and _mark(v)[1] < today - KEEP_MARKS]


def defined(definition: FeedDefinition, kept: Feed | None) -> Feed:
    """The feed of this catalogue entry with what polling taught of it; another URL starts anew."""
    if kept is None:
        return Feed(definition=definition, origin="config")
    restart = _RESTART if definition.url != kept.definition.url else {}
    return msgspec.structs.replace(kept, definition=definition, origin="config", **restart)


def _mark(value: bytes) -> tuple[str, date]:
    digest, _, day = value.decode().partition(" ")
    return digest, date.fromisoformat(day)


def _portions(words: Sequence[str]) -> Iterable[Sequence[str]]:
    # One Redis command in a script takes a few thousand words at most.
    return (words[i : i + 2 * _AT_ONCE] for i in range(0, len(words), 2 * _AT_ONCE))
