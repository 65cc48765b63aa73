"""Subscriptions as they are kept, their secrets sealed.

A record is ``subscription:<id>``, found through the set ``subscriptions``, and by trigger and country, or square,
through the sets ``wanting:<trigger>:<country>``; ``indexed`` says that these are there.
``digest:<subscription>:<end>`` holds what came in its quiet hours, alert → revision. Since when an endpoint fails
stands in a key of its own, ``failing:<id>``: senders write it all the time, and must not write an operator's change
away.
"""

import base64
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from worker.alerts.model import Alert
from worker.errors import NotFound
from worker.ledger import Ledger, Transaction, key
from worker.subscriptions.index import grouped, looked_up, pairs
from worker.subscriptions.model import Filter, Signing, Subscription
from worker.vault import Vault

FAILING_S: Final = 30 * 86_400
_AT_ONCE: Final = 1000  # members in one command
_MOST_PREVIOUS: Final = 4


class SubscriptionStore:
    """Reads and writes subscriptions through the ledger."""

    def __init__(self, ledger: Ledger, vault: Vault) -> None:
        """A store whose secrets this vault seals."""
        self._ledger = ledger
        self.vault = vault

    def new(self, url: str, wish: Filter, now: datetime, signing: Signing = "v1") -> tuple[Subscription, str]:
        """A subscription that is not kept yet, and what verifies its messages: the secret, told this once, or with
        ``v1a`` the public key."""
        secret, public = _new_keys(signing)
        name = "sub_" + base64.b32encode(secrets.token_bytes(10)).decode().lower()
        made = Subscription(
            id=name,
            url=url,
            secret=self.vault.seal(secret),
            filter=wish,
            signing=signing,
            public_key=public,
            created_at=now,
        )
        return made, public or secret

    def rotated(self, subscription: Subscription, now: datetime, keep: timedelta) -> tuple[Subscription, str]:
        """The subscription with a new secret, and that; the old ones sign too for ``keep``. ``add`` makes it so."""
        secret, public = _new_keys(subscription.signing)
        alive = subscription.previous.split() if _signs_too(subscription, now) else []
        changed = msgspec.structs.replace(
            subscription,
            secret=self.vault.seal(secret),
            public_key=public,
            previous=" ".join([*alive, subscription.secret][-_MOST_PREVIOUS:]),
            previous_until=now + keep,
        )
        return changed, public or secret

    def add(self, subscription: Subscription) -> None:
        """Keep a subscription, or all of an operator's change to one."""
        self.index()
        before = self.get_many([subscription.id])[0]
        transaction = Transaction().write("SET", key("subscription", subscription.id), _record(subscription))
        transaction.write("SADD", key("subscriptions"), subscription.id)
        self._failing(transaction, subscription)
        for pair in pairs(before.filter) if before else ():
            transaction.write("SREM", key("wanting", *pair), subscription.id)
        for pair in pairs(subscription.filter):
            transaction.write("SADD", key("wanting", *pair), subscription.id)
        self._ledger.commit(transaction)

    def index(self) -> None:
        """Make the index by trigger and country where an earlier version kept none."""
        if self._ledger.redis.exists(key("indexed")):
            return
        transaction = Transaction().write("SET", key("indexed"), "1")
        for pair, ids in grouped((s.id, s.filter) for s in self.all()).items():
            for start in range(0, len(ids), _AT_ONCE):
                transaction.write("SADD", key("wanting", *pair), *ids[start : start + _AT_ONCE])
        self._ledger.commit(transaction)

    def concerned(self, alert: Alert, told: Iterable[str]) -> list[Subscription]:
        """The active subscriptions that an alert may concern, and those that were told of it, oldest first."""
        self.index()
        found = self._ledger.redis.sunion([key("wanting", *pair) for pair in looked_up(alert)])
        ids = {i.decode() for i in cast(Iterable[bytes], found)} | set(told)
        active = (s for s in self.get_many(ids) if s is not None and s.state == "active")
        return sorted(active, key=lambda s: (s.created_at, s.id))

    def hold(self, transaction: Transaction, subscription: Subscription, until: datetime, alert: Alert) -> None:
        """Note a revision for the digest at the end of the subscription's quiet hours."""
        where = key("digest", subscription.id, until.isoformat())
        transaction.write("HSET", where, alert.id, alert.revision).write("EXPIRE", where, FAILING_S)

    def held(self, subscription_id: str, until: str) -> list[tuple[str, int]]:
        """The alerts of a digest and the newest revision of each."""
        rows = cast(dict[bytes, bytes], self._ledger.redis.hgetall(key("digest", subscription_id, until)))
        return sorted((name.decode(), int(revision)) for name, revision in rows.items())

    def put(self, transaction: Transaction, subscription: Subscription) -> None:
        """Write what a delivery's answer changed; one that was removed meanwhile stays away."""
        if subscription.state == "disabled":
            transaction.write("SET", key("subscription", subscription.id), _record(subscription), "XX")
        self._failing(transaction, subscription)

    def get(self, subscription_id: str) -> Subscription:
        """One subscription; raises NotFound."""
        found = self.get_many([subscription_id])[0]
        if found is None:
            raise NotFound(f"no subscription {subscription_id}")
        return found

    def get_many(self, ids: Iterable[str]) -> list[Subscription | None]:
        """Subscriptions in order; ``None`` where there is none."""
        wanted = list(ids)
        records = self._ledger.get_many(key(kind, i) for kind in ("subscription", "failing") for i in wanted)
        half = len(wanted)
        return [_read(r, f) if r else None for r, f in zip(records[:half], records[half:], strict=True)]

    def all(self) -> list[Subscription]:
        """Every subscription, oldest first."""
        ids: Sequence[bytes] = list(cast(set[bytes], self._ledger.redis.smembers(key("subscriptions"))))
        found = [s for s in self.get_many(i.decode() for i in ids) if s is not None]
        return sorted(found, key=lambda s: (s.created_at, s.id))

    def remove(self, subscription_id: str) -> None:
        """Forget a subscription; what is still due to it is not sent."""
        before = self.get_many([subscription_id])[0]
        transaction = Transaction().write("DEL", key("subscription", subscription_id))
        transaction.write("DEL", key("failing", subscription_id))
        for pair in pairs(before.filter) if before else ():
            transaction.write("SREM", key("wanting", *pair), subscription_id)
        self._ledger.commit(transaction.write("SREM", key("subscriptions"), subscription_id))

    def secret(self, subscription: Subscription) -> str:
        """The keys that sign for it, separated by spaces."""
        previous = subscription.previous.split() if _signs_too(subscription, datetime.now(UTC)) else []
        return " ".join(self.vault.open(sealed) for sealed in (subscription.secret, *previous))

    def first_notice(self, subscription_id: str) -> bool:
        """Whether nobody gave notice of this endpoint's failing within a day."""
        return bool(self._ledger.redis.set(key("noticed", subscription_id), "1", nx=True, ex=86_400))

    def _failing(self, transaction: Transaction, subscription: Subscription) -> None:
        where = key("failing", subscription.id)
        if subscription.failing_since is None:
            transaction.write("DEL", where)
        else:
            transaction.write("SET", where, subscription.failing_since.isoformat(), "EX", FAILING_S)


def _signs_too(subscription: Subscription, now: datetime) -> bool:
    """Whether the secrets from before its last rotation are still alive."""
    return subscription.previous_until is not None and now < subscription.previous_until


def _new_keys(signing: Signing) -> tuple[str, str]:
    """A secret, and the public key where there is one."""
    random = secrets.token_bytes(32)
    if signing == "v1":
        return "whsec_" + base64.b64encode(random).decode(), ""
    public = Ed25519PrivateKey.from_private_bytes(random).public_key().public_bytes_raw()
    return "whsk_" + base64.b64encode(random + public).decode(), "whpk_" + base64.b64encode(public).decode()


def _record(subscription: Subscription) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(subscription, failing_since=None))


def _read(record: bytes, failing: bytes | None) -> Subscription:
    subscription = msgspec.json.decode(record, type=Subscription)
    if failing is None:
        return subscription
    return msgspec.structs.replace(subscription, failing_since=datetime.fromisoformat(failing.decode()))
