"""Feeds and article pages from their publishers: politely asked, within limits, and never one at another's cost.

All requests of a process share one client, at most so many to a host at once and spaced. A feed is parsed in a process
of its own that is killed when it takes too long or dies of too much memory; other feeds meet a fresh one.
"""

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from typing import Final

import msgspec

from worker.feeds import charset, notices, responses, robots
from worker.feeds.gate import Gate
from worker.feeds.model import FeedAnswer, FeedRequest, Job, PageAnswer, PageRequest, Parsed
from worker.feeds.parsing import Parsers
from worker.outbound import Ask, Outbound, Reply

DEADLINE_S: Final = 30.0
PARSE_S: Final = 10.0
PARSE_MEMORY: Final = 1024 * 1024 * 1024
FEED_BYTES: Final = 15 * 1024 * 1024
PAGE_BYTES: Final = 5 * 1024 * 1024
REDIRECTS: Final = 5
GATHER_S: Final = 0.005
FEED_TYPES: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PAGE_TYPES: Final = "text/html, application/xhtml+xml, application/cap+xml"
ORIGINS_KEPT: Final = 5_000
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
        self._gate = Gate(host_concurrency, host_spacing_s)
        self._robots: dict[str, tuple[float, asyncio.Future[robots.Robots]]] = {}
        self._parsers = Parsers(self._limits.parsers, self._limits.parse_s, self._limits.parse_memory)

    @property
    def in_flight(self) -> int:
        """How many feeds and pages were started and not yet collected."""
        return self._outbound.in_flight

    def start_feed(self, request: FeedRequest, after_s: float = 0.0) -> None:
        """Ask for a feed after so many seconds, only if it changed since its validators were received."""
        self._outbound.start(request.name, self._feed(request, after_s))

    def start_page(self, request: PageRequest, after_s: float = 0.0) -> None:
        """Ask for an article's page after so many seconds, where its publisher lets programs read it."""
        self._outbound.start(request.article_id, self._page(request, after_s))

    def collect(self, timeout: float) -> list[FeedAnswer | PageAnswer]:
        """What has come by now, waiting up to so many seconds for the first, also where nothing is in flight.

        The first waits a moment for others: settled together, they cost a fraction.
        """
        if not self.in_flight:
            time.sleep(timeout)
            return []
        answers = self._outbound.collect(timeout)
        if answers and self.in_flight:
            time.sleep(GATHER_S)
            answers += self._outbound.collect(0)
        return [answer for _, answer in answers]

    def close(self) -> None:
        """End what is in flight, the client and the parsing processes."""
        self._outbound.start(_CLOSED, self._parsers.close())
        with contextlib.suppress(Exception):
            end = time.monotonic() + 5.0
            while time.monotonic() < end and _CLOSED not in [tag for tag, _ in self._outbound.collect(0.5)]:
                pass
        self._outbound.close()

    async def _feed(self, request: FeedRequest, after_s: float) -> FeedAnswer:
        if after_s > 0:
            await asyncio.sleep(after_s)
        validators = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
        reply = await self._ask(
            request.url,
            {"accept": FEED_TYPES, **request.headers, **{name: value for name, value in validators.items() if value}},
            self._limits.feed_bytes,
            request.proxy,
        )
        answer = FeedAnswer(
            name=request.name,
            result="failed",
            status=reply.status,
            etag=request.etag,
            last_modified=request.last_modified,
            max_age_s=responses.fresh_for_s(reply.headers),
            retry_after_s=responses.retry_after_s(reply.headers, datetime.now(UTC)),
            moved_to=responses.moved_for_good(reply.moved),
            seconds=reply.seconds,
        )
        if not reply.error and reply.status == 304 and (request.etag or request.last_modified):
            return msgspec.structs.replace(answer, result="unchanged")
        if reply.error or reply.status is None or not 200 <= reply.status < 300:
            reason, remedy = responses.explained(reply.status, reply.error, reply.detail)
            result = "gone" if reply.status == 410 and not reply.error else "failed"
            return msgspec.structs.replace(answer, result=result, reason=reason, remedy=remedy)
        return await self._read(answer, reply, request.body)

    async def _read(self, answer: FeedAnswer, reply: Reply, before: str) -> FeedAnswer:
        """The answer with the feed in its body, which is parsed unless it is the one that was read ``before``."""
        job = Job(reply.body, reply.headers.get("content-type", "")[:200])
        same = job.digest == before
        parsed = Parsed() if same else await self._parsers.parse(job)
        if parsed.feed is None and not same:
            remedy = "tocsin feeds discover, with the address of its site, looks where the feed is now"
            return msgspec.structs.replace(answer, reason=parsed.reason, remedy=remedy)
        return msgspec.structs.replace(
            answer,
            result="unchanged" if same else "feed",
            feed=parsed.feed,
            etag=_sendable(reply.headers.get("etag", "")),
            last_modified=_sendable(reply.headers.get("last-modified", "")),
            body=job.digest,
        )

    async def _page(self, request: PageRequest, after_s: float) -> PageAnswer:
        await asyncio.sleep(after_s)
        answer = PageAnswer(article_id=request.article_id, url=request.url)
        rules = await self._rules_for(request.url, request.proxy)
        if not rules.allows(request.url):
            return msgspec.structs.replace(answer, reason=rules.refusal)
        known = {"if-none-match": request.etag} if request.etag else {}
        headers = {"accept": PAGE_TYPES, **request.headers, **known}
        reply = await self._ask(request.url, headers, self._limits.page_bytes, request.proxy)
        answer = msgspec.structs.replace(
            answer,
            url=reply.url,
            seconds=reply.seconds,
            etag=_sendable(reply.headers.get("etag", "")),
            links=reply.headers.get("link", ""),
            sitemaps=rules.sitemaps,
            retry_after_s=responses.retry_after_s(reply.headers, datetime.now(UTC)),
        )
        if reply.status == 304 and known and not reply.error:
            return msgspec.structs.replace(answer, unchanged=True, etag=request.etag)
        kind = reply.headers.get("content-type", "")
        form = notices.form(charset.to_utf8(reply.body, kind)) if "xml" in kind.lower() and reply.status == 200 else b""
        reason = _unreadable(reply, "html" if form else kind)
        if not reason and robots.robots_url(reply.url) != robots.robots_url(request.url):
            there = await self._rules_for(reply.url, request.proxy)
            reason = "" if there.allows(reply.url) else f"where it leads, {there.refusal}"
        if reason:
            return msgspec.structs.replace(answer, reason=reason)
        return msgspec.structs.replace(answer, page=form or charset.page_to_utf8(reply.body, kind))

    async def _rules_for(self, url: str, proxy: str) -> robots.Robots:
        where = robots.robots_url(url)
        until, asked = self._robots.get(where, (0.0, None))
        if asked is None or until < time.monotonic():
            if len(self._robots) > ORIGINS_KEPT:
                self._robots.clear()
            # Pages of one origin that come together wait for one request.
            asked = asyncio.ensure_future(self._rules(url, where, proxy))
            self._robots[where] = (time.monotonic() + robots.KEEP_S, asked)
        rules = await asked
        if self._robots.get(where, (0.0, None))[1] is asked:
            self._robots[where] = (min(self._robots[where][0], time.monotonic() + rules.keep_s), asked)
        return rules

    async def _rules(self, url: str, where: str, proxy: str) -> robots.Robots:
        reply = await self._ask(where, {"accept": "text/plain"}, robots.MAX_BYTES, proxy)
        cut = reply.error == "too_large"  # what was read until there counts
        rules = robots.told(None if reply.error and not cut else reply.status, reply.body)
        self._gate.slow_down(url, rules.delay_s)
        unread = "" if rules.everything else responses.explained(reply.status, reply.error, reply.detail)[0]
        return msgspec.structs.replace(rules, unread=unread)

    async def _ask(self, url: str, headers: dict[str, str], most: int, proxy: str = "") -> Reply:
        async with self._gate.turn(url):
            return await self._outbound.ask(
                Ask(
                    url=url,
                    headers={**headers, "accept-encoding": "gzip"},
                    deadline_s=self._limits.deadline_s,
                    max_bytes=most,
                    redirects=REDIRECTS,
                    proxy=proxy,
                )
            )


def _unreadable(reply: Reply, kind: str) -> str:
    """Why this answer of this content type gives no page to read; empty where it does."""
    if reply.error or reply.status is None or not 200 <= reply.status < 300:
        return responses.explained(reply.status, reply.error, reply.detail)[0]
    if kind and "html" not in kind.lower():
        return f"not a page but {kind[:60]}"
    if robots.forbids(reply.headers.get("x-robots-tag", "")):
        return "its X-Robots-Tag does not let programs read it"
    return "" if reply.body.strip() else "the page is empty"


def _sendable(validator: str) -> str:
    # A header of other characters cannot be sent back as it came, and one that was changed would match nothing.
    return validator if validator.isascii() and validator.isprintable() and len(validator) <= 1000 else ""
