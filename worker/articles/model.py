"""An article: one entry of a feed, kept under a durable id, judged anew at each revision."""

from datetime import datetime
from typing import Literal

import msgspec

from worker.feeds.model import Notice, PageRequest

Wall = Literal["", "paywall", "consent", "challenge"]
PageState = Literal["none", "due", "fetched", "failed"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A text to be judged. Offsets of every quote count characters in ``full``."""

    id: str = ""
    title: str = ""
    text: str = ""
    lang: str = ""
    date: datetime | None = None

    @property
    def full(self) -> str:
        """Title, a line feed, text."""
        return f"{self.title}\n{self.text}"


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """What an article's page tells, as plain text; every field only where it is known.

    ``canonical`` is the address that the page calls its own, ``site`` the registrable domain of it, ``credit`` the news
    agency that the text comes from, ``wall`` what stands before the text, ``notice`` the form that the page is.
    """

    title: str = ""
    text: str = ""
    lang: str = ""
    canonical: str = ""
    site: str = ""
    author: str = ""
    credit: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    live: bool = False
    wall: Wall = ""
    notice: Notice | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed as it is kept. ``summary`` and ``text`` are plain text; times are UTC.

    ``digest`` is the hash of what the feed said, and tells an edited entry from one already known; ``known_at`` is
    the moment it is judged at: now, or the clock of a recorded feed. ``home`` is the outlet's own country.
    ``canonical``, ``site``, ``credit``, ``wall`` and ``live`` are what its page said; ``blocks`` are the hashes of a
    live page's blocks that were judged, ``page_note`` why its page gave nothing. ``notice`` is what an official source
    filled into a form, and ``form`` where that stands: it is read in the page's place.
    """

    id: str
    feed: str
    group: str
    url: str
    title: str
    summary: str = ""
    text: str = ""
    lang: str = ""
    home: str = ""
    author: str = ""
    published_at: datetime | None = None
    first_seen_at: datetime
    known_at: datetime
    revision: int = 1
    digest: str = ""
    page: PageState = "none"
    page_note: str = ""
    page_etag: str = ""
    canonical: str = ""
    site: str = ""
    credit: str = ""
    modified_at: datetime | None = None
    wall: Wall = ""
    live: bool = False
    blocks: tuple[str, ...] = ()
    notice: Notice | None = None
    form: str = ""

    def revised(self, newer: "Article") -> "Article":
        """What the feed says now, as the next revision of this article; it was first seen when this one was."""
        return msgspec.structs.replace(
            newer, revision=self.revision + 1, first_seen_at=self.first_seen_at, live=self.live, blocks=self.blocks
        )

    def page_request(self) -> PageRequest:
        """The next reading of its page: of a live one, only if it changed."""
        return PageRequest(article_id=self.id, url=self.page_url, etag=self.page_etag if self.live else "")

    def fetched(self, etag: str) -> "Article":
        """The next revision of this article, whose page was fetched and is to be read."""
        return msgspec.structs.replace(
            self, page="fetched", text="", page_note="", page_etag=etag, revision=self.revision + 1
        )

    def told(self, page: Extracted) -> "Article":
        """This article with what its page says of it; its text is another matter."""
        return msgspec.structs.replace(
            self,
            lang=(page.lang if page.notice else "") or self.lang or page.lang,
            canonical=page.canonical,
            site=page.site,
            author=self.author or page.author,
            credit=page.credit or self.credit,
            published_at=self.published_at or self._past(page.published_at),
            modified_at=page.modified_at,
            wall=page.wall,
            live=self.live or page.live,
            notice=page.notice or self.notice,
        )

    def _past(self, moment: datetime | None) -> datetime | None:
        return moment if moment is None or moment <= self.known_at else None

    @property
    def page_url(self) -> str:
        """What is fetched to know more: the official form where there is one, else the article's page."""
        return self.form or self.url

    @property
    def partial(self) -> bool:
        """Whether it tells more than is judged now: its page is still to come, or only the news of a live one is."""
        return self.live or self.page == "due"

    @property
    def origin(self) -> str:
        """Who stands behind the text: the agency that it is credited to, else the outlet's group."""
        return self.credit or self.group

    @property
    def reported_at(self) -> datetime:
        """When this was published; where that is unknown, when it was first seen."""
        return self.published_at or self.known_at

    def document(self) -> Document:
        """The text to be judged: the page's where it was read, otherwise all that the feed gave."""
        return Document(
            id=self.id, title=self.title, text=self.text or self.summary, lang=self.lang, date=self.reported_at
        )
