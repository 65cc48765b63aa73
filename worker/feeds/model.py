"""A feed, what an operator says of it, what it answered, and the entries it holds."""

from datetime import date, datetime
from typing import Literal

import msgspec

Health = Literal["new", "healthy", "failing", "gone", "paused"]
FullText = Literal["feed", "page", "auto"]


class FeedDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator says of a feed: one entry of ``config/feeds.yaml`` or one ``tocsin feeds add``.

    ``group`` is the publisher behind it: sources of one group corroborate nothing. ``full_text`` says where the
    whole article is: in the ``feed``, on its ``page``, or ``auto`` (the page, when the feed gives too little).
    ``recorded_at`` is the clock of a recorded feed: its entries are judged as if it were then.
    """

    name: str
    url: str
    language: str
    group: str
    kind: Literal["news", "agency", "broadcaster", "advisory", "hazard"] = "news"
    full_text: FullText = "auto"
    interval_s: int | None = None
    country: str = ""
    note: str = ""
    seen_in: str = ""
    status: Literal["unverified", "verified"] = "unverified"
    recorded_at: datetime | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a feed as its publisher gave it; ``summary`` and ``content`` may hold markup. Times are UTC.

    ``published_on`` is the day as it was written, known also where the hour or its offset is missing or doubtful.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    published_on: date | None = None


class ParsedFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed document: its entries, all of them, and how often its publisher asks to be polled."""

    title: str = ""
    link: str = ""
    language: str = ""
    ttl_s: int | None = None
    entries: tuple[Entry, ...] = ()


class FeedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the fetcher needs to poll a feed once; validators are sent exactly as they were received."""

    name: str
    url: str
    etag: str = ""
    last_modified: str = ""


class FeedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one poll brought: a parsed feed, nothing new, the feed's end, or a failure with reason and remedy."""

    name: str
    result: Literal["feed", "unchanged", "gone", "failed"]
    status: int | None = None
    feed: ParsedFeed | None = None
    etag: str = ""
    last_modified: str = ""
    max_age_s: int | None = None
    retry_after_s: int | None = None
    reason: str = ""
    remedy: str = ""
    seconds: float = 0.0


class Job(msgspec.Struct, frozen=True):
    """Bytes to be parsed in the parsing process."""

    body: bytes
    content_type: str = ""


class Parsed(msgspec.Struct, frozen=True):
    """What the parsing process made of a job; ``spent`` says that it grew too large and should be replaced."""

    feed: ParsedFeed | None = None
    reason: str = ""
    spent: bool = False


class PageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What asking for an article's page brought: the page, or the reason why there is none."""

    article_id: str
    page: bytes | None = None
    url: str = ""
    reason: str = ""
    seconds: float = 0.0


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as it is kept: its definition and all that polling it has taught so far.

    ``ttl_s`` and ``max_age_s`` are what its publisher asked for last; ``learned_interval_s`` is what its own rhythm
    would suggest. ``pace`` tells a person which of them set the next poll. A feed that is gone has no next poll.
    """

    definition: FeedDefinition
    origin: Literal["config", "added"] = "added"
    health: Health = "new"
    reason: str = ""
    remedy: str = ""
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    ttl_s: int | None = None
    max_age_s: int | None = None
    learned_interval_s: int | None = None
    pace: str = ""
    polls: int = 0
    successes: int = 0
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None

    @property
    def name(self) -> str:
        """The catalogue name: letters, digits, ``-`` and ``_``."""
        return self.definition.name

    def request(self) -> FeedRequest:
        """The next poll of this feed."""
        return FeedRequest(name=self.name, url=self.definition.url, etag=self.etag, last_modified=self.last_modified)
