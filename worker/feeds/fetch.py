"""Feeds and article pages from their publishers: politely asked, within limits, and never one at another's cost.

All requests of a process share one client, at most so many to a host at once and spaced. A feed is parsed in a process
of its own that is killed when it takes too long or dies of too much memory; other feeds meet a fresh one.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec

from worker.feeds import charset, responses
from worker.feeds.model import FeedAnswer, FeedRequest, Job, PageAnswer
from worker.feeds.parsing import Parsers
from worker.outbound import Ask, Outbound, Reply

DEADLINE_S: Final = 30.0
PARSE_S: Final = 10.0
PARSE_MEMORY: Final = 1024 * 1024 * 1024
FEED_BYTES: Final = 15 * 1024 * 1024
PAGE_BYTES: Final = 5 * 1024 * 1024
REDIRECTS: Final = 5
FEED_TYPES: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PAGE_TYPES: Final = "text/html, application/xhtml+xml"
HOSTS_KEPT: Final = 10_000
_CLOSED: Final = "parsers closed"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a fetch may take: seconds over all of a request, bytes unpacked, and what parsing a feed may take."""

    deadline_s: float = DEADLINE_S
    feed_bytes: int = FEED_BYTES
    page_bytes: int = PAGE_BYTES
    parse_s: float = PARSE_S
    parse_memory: int = PARSE_MEMORY
    parsers: int = 2


class Fetcher:
    """Starts requests for feeds and pages and hands out what came; it owns its outbound client."""

    def __init__(
        self,
        outbound: Outbound,
        *,
        host_concurrency: int = 2,
        host_spacing_s: float = 1.0,
        limits: Limits | None = None,
    ) -> None:
        """A fetcher that asks each host at most so often at once and every so many seconds."""
        self._outbound = outbound
        self._limits = limits or Limits()
        self._hosts = _Hosts(host_concurrency, host_spacing_s)
        self._parsers = Parsers(self._limits.parsers, self._limits.parse_s, self._limits.parse_memory)

    @property
    def in_flight(self) -> int:
        """How many feeds and pages were started and not yet collected."""
        return self._outbound.in_flight

    def start_feed(self, request: FeedRequest) -> None:
        """Ask for a feed, only if it changed since its validators were received."""
        self._outbound.start(self._hosts.expect(request.url), self._feed(request))

    def start_page(self, article_id: str, url: str) -> None:
        """Ask for an article's page."""
        self._outbound.start(self._hosts.expect(url), self._page(article_id, url))

    def collect(self, timeout: float) -> list[FeedAnswer | PageAnswer]:
        """What has come by now, waiting up to so many seconds for the first, also where nothing is in flight."""
        if not self.in_flight:
            time.sleep(timeout)
            return []
        arrived = self._outbound.collect(timeout)
        for host, _ in arrived:
            self._hosts.settle(str(host))
        return [answer for _, answer in arrived]

    def wait_s(self, url: str) -> float:
        """For about how many seconds a request to this URL's host would wait for its turn: what was started counts.

        Whoever holds a lease on the request should not start it where this is longer than the lease can last.
        """
        return self._hosts.wait_s(url)

    def close(self) -> None:
        """End what is in flight, the client and the parsing processes."""
        self._outbound.start(_CLOSED, self._parsers.close())
        with contextlib.suppress(Exception):
            end = time.monotonic() + 5.0
            while time.monotonic() < end and _CLOSED not in [tag for tag, _ in self._outbound.collect(0.5)]:
                pass
        self._outbound.close()

    async def _feed(self, request: FeedRequest) -> FeedAnswer:
        validators = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
        reply = await self._ask(
            request.url,
            {"accept": FEED_TYPES, **{name: value for name, value in validators.items() if value}},
            self._limits.feed_bytes,
        )
        answer = FeedAnswer(
            name=request.name,
            result="failed",
            status=reply.status,
            etag=request.etag,
            last_modified=request.last_modified,
            max_age_s=responses.fresh_for_s(reply.headers),
            retry_after_s=responses.retry_after_s(reply.headers, datetime.now(UTC)),
            seconds=reply.seconds,
        )
        if not reply.error and reply.status == 304 and (request.etag or request.last_modified):
            return msgspec.structs.replace(answer, result="unchanged")
        if reply.error or reply.status is None or not 200 <= reply.status < 300:
            reason, remedy = responses.explained(reply.status, reply.error, reply.detail)
            result = "gone" if reply.status == 410 and not reply.error else "failed"
            return msgspec.structs.replace(answer, result=result, reason=reason, remedy=remedy)
        return await self._parsed(answer, reply)

    async def _parsed(self, answer: FeedAnswer, reply: Reply) -> FeedAnswer:
        parsed = await self._parsers.parse(Job(reply.body, reply.headers.get("content-type", "")[:200]))
        if parsed.feed is None:
            remedy = "open the address in a browser: the publisher may have moved its feed, or refuse programs"
            return msgspec.structs.replace(answer, reason=parsed.reason, remedy=remedy)
        return msgspec.structs.replace(
            answer,
            result="feed",
            feed=parsed.feed,
            etag=_sendable(reply.headers.get("etag", "")),
            last_modified=_sendable(reply.headers.get("last-modified", "")),
        )

    async def _page(self, article_id: str, url: str) -> PageAnswer:
        reply = await self._ask(url, {"accept": PAGE_TYPES}, self._limits.page_bytes)
        kind = reply.headers.get("content-type", "")
        page, reason = None, ""
        if reply.error or reply.status is None or not 200 <= reply.status < 300:
            reason, _ = responses.explained(reply.status, reply.error, reply.detail)
        elif kind and "html" not in kind.lower():
            reason = f"not a page but {kind[:60]}"
        elif not reply.body.strip():
            reason = "the page is empty"
        else:
            page = charset.page_to_utf8(reply.body, kind)
        return PageAnswer(article_id=article_id, page=page, url=reply.url, reason=reason, seconds=reply.seconds)

    async def _ask(self, url: str, headers: dict[str, str], most: int) -> Reply:
        async with self._hosts.turn(url):
            return await self._outbound.ask(
                Ask(
                    url=url,
                    headers={**headers, "accept-encoding": "gzip"},
                    deadline_s=self._limits.deadline_s,
                    max_bytes=most,
                    redirects=REDIRECTS,
                )
            )


def _sendable(validator: str) -> str:
    # A header of other characters cannot be sent back as it came, and one that was changed would match nothing.
    return validator if validator.isascii() and validator.isprintable() and len(validator) <= 1000 else ""


class _Host:
    def __init__(self, most: int) -> None:
        self.slots = asyncio.Semaphore(most)
        self.expected = 0
        self.next_at = 0.0
        self.took_s = 0.0


class _Hosts:
    """Whose turn it is to ask a host: at most so many at once, so many seconds apart.

    Expectations are counted in the caller's thread, turns are taken in the client's.
    """

    def __init__(self, most: int, spacing_s: float) -> None:
        self._most, self._spacing_s = most, spacing_s
        self._hosts: dict[str, _Host] = {}

    def wait_s(self, url: str) -> float:
        host = self._hosts.get(_scope(url))
        return 0.0 if host is None else host.expected * max(self._spacing_s, host.took_s / self._most)

    def expect(self, url: str) -> str:
        name = _scope(url)
        if len(self._hosts) > HOSTS_KEPT:
            now = time.monotonic()
            self._hosts = {n: h for n, h in self._hosts.items() if h.expected or h.next_at > now}
        self._hosts.setdefault(name, _Host(self._most)).expected += 1
        return name

    def settle(self, name: str) -> None:
        if host := self._hosts.get(name):
            host.expected -= 1

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        host = self._hosts[_scope(url)]
        async with host.slots:
            now = time.monotonic()
            starts = max(now, host.next_at)
            host.next_at = starts + self._spacing_s
            await asyncio.sleep(starts - now)
            yield
            host.took_s = (host.took_s + time.monotonic() - starts) / 2


def _scope(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
