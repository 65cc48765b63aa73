"""Posts deliveries, many at a time, from one long-lived client, and judges the answers."""

from datetime import UTC, datetime
from typing import Final

from worker.deliveries.model import Attempt, Outcome, Post
from worker.deliveries.schedule import judge
from worker.deliveries.sign import headers as signed
from worker.outbound import Ask, Outbound, Reply

DEADLINE_S: Final = 15.0
CONNECT_S: Final = 5.0
READ_BYTES: Final = 64 * 1024
KEPT_BYTES: Final = 2 * 1024
# A kept connection that the peer closed just then breaks at once; the same message is safe to send again.
BROKEN_AT_ONCE_S: Final = 0.5
# Outcomes of a hundred posts come one by one: a moment's patience lets them be written together.
GATHER_S: Final = 0.005


class Sender:
    """Signed posts in flight; what comes back is an Outcome whatever the endpoint does."""

    def __init__(self, outbound: Outbound, *, deadline_s: float = DEADLINE_S) -> None:
        """A sender over a guarded client, which it closes; ``deadline_s`` covers a whole post, answer and all."""
        self._outbound = outbound
        self._deadline_s = deadline_s

    @property
    def in_flight(self) -> int:
        """How many posts were started and not yet collected."""
        return self._outbound.in_flight

    @property
    def late_s(self) -> float:
        """How long posts lately waited for this process itself."""
        return self._outbound.late_s

    def start(self, post: Post) -> None:
        """Send one post; its outcome comes from ``collect`` under its delivery id."""
        self._outbound.start(post.delivery_id, self._send(post))

    def collect(self, timeout: float) -> list[tuple[str, Outcome]]:
        """Outcomes by delivery id, waiting up to ``timeout`` s for one."""
        return [(str(tag), outcome) for tag, outcome in self._outbound.collect(timeout, GATHER_S)]

    def send(self, post: Post) -> Outcome:
        """Send one post and wait for its outcome, at most about 16 s; safe from any thread."""
        outcome: Outcome = self._outbound.run(self._send(post))
        return outcome

    def close(self) -> None:
        """Drop what is in flight and close every connection."""
        self._outbound.close()

    async def _send(self, post: Post) -> Outcome:
        now = datetime.now(UTC)
        ask = Ask(
            method="POST",
            url=post.url,
            headers={
                "content-type": post.content_type,
                **signed(post.secret, post.delivery_id, int(now.timestamp()), post.body),
            },
            body=post.body,
            deadline_s=self._deadline_s,
            connect_s=CONNECT_S,
            max_bytes=READ_BYTES,
        )
        reply = await self._outbound.ask(ask)
        if reply.error == "dropped" and reply.status is None and reply.seconds < BROKEN_AT_ONCE_S:
            reply = await self._outbound.ask(ask)
        return judge(_attempt(reply, now), reply.headers, datetime.now(UTC))


def _attempt(reply: Reply, at: datetime) -> Attempt:
    # A body cut at our own cap is no fault of the endpoint's, nor is one that never ends once the status has come.
    error = "" if reply.error == "too_large" else f"{reply.error}: {reply.detail}" if reply.error else ""
    return Attempt(
        at=at,
        status=reply.status,
        error=error[:300],
        seconds=round(reply.seconds, 4),
        body=_shown(reply.body[:KEPT_BYTES]),
    )


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
