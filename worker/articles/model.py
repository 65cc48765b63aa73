"""An article: one entry of a feed, kept under a durable id, judged anew at each revision."""

from datetime import datetime
from typing import Literal

import msgspec

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
    """What an article's page tells, as plain text; ``lang`` and ``published_at`` only where they are known."""

    title: str = ""
    text: str = ""
    lang: str = ""
    published_at: datetime | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed as it is kept. ``summary`` and ``text`` are plain text; times are UTC.

    ``digest`` is the hash of what the feed said, and tells an edited entry from one already known; ``known_at`` is
    the moment it is judged at: now, or the clock of a recorded feed. ``home`` is the outlet's own country.
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

    def revised(self, newer: "Article") -> "Article":
        """What the feed says now, as the next revision of this article; it was first seen when this one was."""
        return msgspec.structs.replace(newer, revision=self.revision + 1, first_seen_at=self.first_seen_at)

    def with_text(self, text: str, lang: str = "") -> "Article":
        """This article with the text of its page."""
        return msgspec.structs.replace(self, text=text, lang=self.lang or lang)

    @property
    def reported_at(self) -> datetime:
        """When this was published; where that is unknown, when it was first seen."""
        return self.published_at or self.known_at

    def document(self) -> Document:
        """The text to be judged: the page's where it was read, otherwise all that the feed gave."""
        return Document(
            id=self.id, title=self.title, text=self.text or self.summary, lang=self.lang, date=self.reported_at
        )
