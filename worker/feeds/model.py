"""A feed, what an operator says of it, what it answered, and the entries it holds."""

import hashlib
from datetime import date, datetime
from typing import Literal

import msgspec

from worker.feeds.hosts import at_home

Health = Literal["new", "healthy", "slow", "failing", "gone", "paused"]
Kind = Literal["news", "agency", "broadcaster", "advisory", "hazard"]
FullText = Literal["feed", "page", "auto"]


class FeedDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator says of a feed: one entry of ``config/feeds.yaml`` or one ``tocsin feeds add``.

    ``group`` is the publisher behind it: sources of one group corroborate nothing. ``full_text`` says where the
    whole article is: in the ``feed``, on its ``page``, or ``auto`` (the page, when the feed gives too little).
    ``recorded_at`` is the clock of a recorded feed: its entries are judged as if it were then. ``headers`` are sent to
    the feed's own host and to no other; ``proxy`` is an HTTP proxy that this feed and its pages are asked through; the
    values of both may be secrets. ``subject`` is the trigger that all of an official source's entries are about, such
    as earthquake_volcano.
    """

    name: str
    url: str
    language: str
    group: str
    kind: Kind = "news"
    full_text: FullText = "auto"
    interval_s: int | None = None
    country: str = ""
    note: str = ""
    seen_in: str = ""
    status: Literal["unverified", "verified"] = "unverified"
    recorded_at: datetime | None = None
    headers: dict[str, str] = {}
    proxy: str = ""
    subject: str = ""

    def headers_for(self, url: str) -> dict[str, str]:
        """The headers for a request to this URL: none where it leads to another host."""
        return {n.lower(): v for n, v in self.headers.items()} if at_home(url, self.url) else {}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What an official source filled into a form beside its words: CAP 1.2, GeoRSS, GDACS. Empty where it did not.

    ``status`` is Actual, Exercise, System, Test or Draft; ``message`` Alert, Update or Cancel; ``severity`` Extreme,
    Severe, Moderate or Minor; ``certainty`` Observed, Likely, Possible or Unlikely; ``urgency`` may be Past.
    """

    category: str = ""
    event: str = ""
    areas: tuple[str, ...] = ()
    status: str = ""
    message: str = ""
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    expires: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether it is a CAP form filled in, and not only a pin on a map."""
        return bool(self.certainty and self.severity)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a feed as its publisher gave it; ``summary`` and ``content`` may hold markup. Times are UTC.

    ``published_on`` is the day as it was written, known also where the hour or its offset is missing or doubtful.
    ``form`` is where the CAP document stands that it announces.
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
    notice: Notice | None = None
    form: str = ""


class ParsedFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed document: its entries, all of them, and how often its publisher asks to be polled.

    ``skip_hours`` (0 to 23, UTC) and ``skip_days`` (0 is Monday) are when it should not be polled at all.
    """

    title: str = ""
    link: str = ""
    language: str = ""
    ttl_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()


class FeedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the fetcher needs to poll a feed once; validators are sent exactly as they were received.

    ``body`` is the digest of the last body that was read: the same body tells nothing new.
    """

    name: str
    url: str
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    headers: dict[str, str] = {}
    proxy: str = ""


class FeedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one poll brought: a parsed feed, nothing new, the feed's end, or a failure with reason and remedy.

    ``moved_to`` is where permanent redirects (301, 308) led to; a temporary one among them ends the trail. ``body`` is
    the digest of the body, empty where none came.
    """

    name: str
    result: Literal["feed", "unchanged", "gone", "failed"]
    status: int | None = None
    feed: ParsedFeed | None = None
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    max_age_s: int | None = None
    retry_after_s: int | None = None
    moved_to: str = ""
    reason: str = ""
    remedy: str = ""
    seconds: float = 0.0


class Job(msgspec.Struct, frozen=True):
    """Bytes to be parsed in the parsing process."""

    body: bytes
    content_type: str = ""

    @property
    def digest(self) -> str:
        """The same for the same body of the same type."""
        return hashlib.blake2b(self.body, digest_size=12, key=self.content_type.encode()[:64]).hexdigest()


class Parsed(msgspec.Struct, frozen=True):
    """What the parsing process made of a job; ``spent`` says that it grew too large and should be replaced."""

    feed: ParsedFeed | None = None
    reason: str = ""
    spent: bool = False


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the fetcher needs to read an article's page, once more where ``etag`` is known."""

    article_id: str
    url: str
    etag: str = ""
    headers: dict[str, str] = {}
    proxy: str = ""


class PageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What asking for an article's page brought: the page, that it is unchanged, or why there is none.

    ``links`` is its Link header, ``sitemaps`` what its site's robots.txt names.
    """

    article_id: str
    page: bytes | None = None
    url: str = ""
    etag: str = ""
    unchanged: bool = False
    links: str = ""
    sitemaps: tuple[str, ...] = ()
    retry_after_s: int | None = None
    reason: str = ""
    seconds: float = 0.0


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """When a feed's entries are published: how many in each hour of the day (UTC) and on each weekday, fading.

    ``seconds`` is the time that the counts stand for; ``since`` when listening began, ``newest_at`` the newest entry.
    """

    hours: tuple[float, ...] = ()
    days: tuple[float, ...] = ()
    seconds: float = 0.0
    since: datetime | None = None
    heard_at: datetime | None = None
    newest_at: datetime | None = None


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as it is kept: its definition and all that polling it has taught so far.

    ``ttl_s`` and ``max_age_s`` are what its publisher asked for last; ``learned_interval_s`` is what its own rhythm
    would suggest. ``pace`` tells a person which of them set the next poll. A feed that is gone has no next poll.
    ``moved_to`` is where it redirected for good on ``moved_on``; told again on a later day, it becomes ``address``.
    """

    definition: FeedDefinition
    origin: Literal["config", "added"] = "added"
    health: Health = "new"
    reason: str = ""
    remedy: str = ""
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    failures: int = 0
    ttl_s: int | None = None
    max_age_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    rhythm: Rhythm = Rhythm()
    learned_interval_s: int | None = None
    address: str = ""
    moved_to: str = ""
    moved_on: date | None = None
    took_s: float = 0.0
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

    @property
    def url(self) -> str:
        """Where it is asked: the address that it moved to for good, else that of its definition."""
        return self.address or self.definition.url

    def request(self) -> FeedRequest:
        """The next poll of this feed."""
        return FeedRequest(
            name=self.name,
            url=self.url,
            etag=self.etag,
            last_modified=self.last_modified,
            body=self.body,
            headers=self.definition.headers_for(self.url),
            proxy=self.definition.proxy,
        )
