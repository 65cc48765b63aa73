"""API keys: made once, kept as hashes, each with a scope; and the sessions of people who signed in with one.

A key reads ``tk_<id>_<secret>``. In Redis stand ``apikey:<id>``, the set ``apikeys``, and ``session:<hash>``; whoever
reads them can sign in with none of them: the secrets have 192 random bits, so a plain SHA-256 cannot be turned back.
"""

import hashlib
import hmac
import re
import secrets
import time
from datetime import datetime
from typing import Final, Literal, cast

import msgspec

from worker.errors import KeyRefused, NotFound
from worker.ledger import Ledger, Transaction, key

Scope = Literal["read", "subscribe", "operate"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "subscribe", "operate")
SESSION_S: Final = 12 * 3600
REMEMBER_S: Final = 5.0  # a key that was removed is good for so long still
_SHAPE: Final = re.compile(r"tk_([a-z0-9]{10})_([A-Za-z0-9_-]{32})")
_NAME: Final = re.compile(r"[\w .@-]{1,64}")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it may be shown; each scope holds the ones before it: read, subscribe, operate."""

    id: str
    name: str
    scope: Scope
    created_at: datetime


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    key: Key
    digest: str


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and what they may do."""

    name: str
    scope: Scope

    def may(self, scope: Scope) -> bool:
        """Whether the scope reaches so far."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person at the console; ``csrf`` must come back with everything that changes something."""

    caller: Caller
    csrf: str
    key_id: str = ""


class KeyStore:
    """Makes, finds and forgets keys and sessions."""

    def __init__(self, ledger: Ledger) -> None:
        """A store over this ledger."""
        self._ledger = ledger
        self._remembered: dict[str, tuple[float, Key | None]] = {}
        self._any: tuple[float, bool] = (0.0, True)

    def add(self, name: str, scope: Scope, now: datetime) -> tuple[Key, str]:
        """A new key, and its text, which is told this once; raises KeyRefused."""
        if not _NAME.fullmatch(name):
            raise KeyRefused("name: 1 to 64 letters, digits, spaces, and . @ - _")
        if scope not in SCOPES:
            raise KeyRefused(f"scope: is {scope[:20]!r}, must be one of {', '.join(SCOPES)}")
        alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
        made = Key(id="".join(secrets.choice(alphabet) for _ in range(10)), name=name, scope=scope, created_at=now)
        secret = secrets.token_urlsafe(24)
        record = msgspec.json.encode(_Kept(key=made, digest=_digest(secret)))
        transaction = Transaction().write("SET", key("apikey", made.id), record)
        self._ledger.commit(transaction.write("SADD", key("apikeys"), made.id))
        self._any = (0.0, True)
        return made, f"tk_{made.id}_{secret}"

    def all(self) -> list[Key]:
        """Every key, oldest first."""
        ids = cast(set[bytes], self._ledger.redis.smembers(key("apikeys")))
        records = self._ledger.get_many(key("apikey", i.decode()) for i in ids)
        found = [msgspec.json.decode(r, type=_Kept).key for r in records if r]
        return sorted(found, key=lambda k: (k.created_at, k.id))

    def remove(self, key_id: str) -> None:
        """Forget a key, and within seconds let nobody in with it; raises NotFound."""
        if not self._ledger.redis.exists(key("apikey", key_id)):
            raise NotFound(f"no key {key_id}: `tocsin keys list` shows those that there are")
        transaction = Transaction().write("DEL", key("apikey", key_id))
        self._ledger.commit(transaction.write("SREM", key("apikeys"), key_id))
        self._remembered.clear()

    def known(self, text: str) -> Key | None:
        """The key of this text, remembered for five seconds; ``None`` where it is none of ours."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            return None
        mark = _digest(text)
        at, found = self._remembered.get(mark, (0.0, None))
        if found is None or time.monotonic() - at > REMEMBER_S:
            found = self._find(shape[1], shape[2])
            if len(self._remembered) > 1000:
                self._remembered.clear()
            self._remembered[mark] = (time.monotonic(), found)
        return found

    def remembers(self, text: str) -> bool:
        """Whether ``known`` would answer without asking Redis."""
        at, found = self._remembered.get(_digest(text), (0.0, None))
        return found is not None and time.monotonic() - at <= REMEMBER_S

    def exist(self) -> bool:
        """Whether any key was made; asked of Redis every five seconds at most."""
        if time.monotonic() - self._any[0] > REMEMBER_S:
            self._any = (time.monotonic(), bool(self._ledger.redis.exists(key("apikeys"))))
        return self._any[1]

    def _find(self, key_id: str, secret: str) -> Key | None:
        record = self._ledger.get_many([key("apikey", key_id)])[0]
        if record is None:
            return None
        kept = msgspec.json.decode(record, type=_Kept)
        return kept.key if hmac.compare_digest(kept.digest, _digest(secret)) else None

    def sign_in(self, caller: Caller, key_id: str = "") -> tuple[str, Session]:
        """A session of twelve hours, and the token that stands for it."""
        token = secrets.token_urlsafe(32)
        session = Session(caller=caller, csrf=secrets.token_urlsafe(24), key_id=key_id)
        where = key("session", _digest(token))
        self._ledger.commit(Transaction().write("SET", where, msgspec.json.encode(session), "EX", SESSION_S))
        return token, session

    def session(self, token: str) -> Session | None:
        """The session that this token stands for, while the key that it began with is still there."""
        if not token:
            return None
        record = self._ledger.get_many([key("session", _digest(token))])[0]
        if record is None:
            return None
        session = msgspec.json.decode(record, type=Session)
        if session.key_id and not self._ledger.redis.exists(key("apikey", session.key_id)):
            return None
        return session

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._ledger.commit(Transaction().write("DEL", key("session", _digest(token))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
