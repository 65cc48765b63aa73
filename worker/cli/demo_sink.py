"""A subscriber's endpoint, as the demo plays it: it answers pings, verifies signatures and keeps what came."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

Verify = Callable[[str, Mapping[str, str], bytes], bool]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook as it came; ``at`` is on the monotonic clock, ``data`` the alert."""

    id: str
    type: str
    data: dict[str, Any]
    at: float


class Sink:
    """Keeps every webhook whose signature holds, once for each ``webhook-id``; safe to call from many threads."""

    def __init__(self, verify: Verify) -> None:
        """A sink that verifies by ``verify(secret, headers, body)``; its secret comes with the subscription."""
        self._verify = verify
        self._lock = threading.Lock()
        self._secret = ""
        self._early: list[tuple[Mapping[str, str], bytes]] = []
        self._ids: set[str] = set()
        self.arrivals: queue.Queue[Arrival] = queue.Queue()
        self.forged = 0
        self.repeated = 0
        self.verified = 0

    def know(self, secret: str) -> None:
        """Take the signing secret; pings that came before it are verified now."""
        with self._lock:
            self._secret = secret
            for headers, body in self._early:
                self._count(headers, body)
            self._early.clear()

    def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Answer one POST: status and body."""
        try:
            message = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            return 400, b'{"error": "not JSON"}'
        with self._lock:
            if message.get("type") == "subscription.ping":
                return self._ping(headers, body, message)
            if not self._count(headers, body):
                return 401, b'{"error": "the signature does not hold"}'
            self._keep(headers["webhook-id"], message)
        return 200, b"{}"

    def _ping(self, headers: Mapping[str, str], body: bytes, message: Mapping[str, Any]) -> tuple[int, bytes]:
        # The ping comes before the answer that carries the secret.
        if self._secret:
            self._count(headers, body)
        else:
            self._early.append((headers, body))
        data = message.get("data") or {}
        return 200, msgspec.json.encode({"challenge": data.get("challenge", "")})

    def _count(self, headers: Mapping[str, str], body: bytes) -> bool:
        good = bool(self._secret) and self._verify(self._secret, headers, body)
        self.verified += good
        self.forged += not good
        return good

    def _keep(self, webhook_id: str, message: Mapping[str, Any]) -> None:
        if webhook_id in self._ids:
            self.repeated += 1
            return
        self._ids.add(webhook_id)
        arrival = Arrival(id=webhook_id, type=message["type"], data=message["data"], at=time.monotonic())
        self.arrivals.put(arrival)
