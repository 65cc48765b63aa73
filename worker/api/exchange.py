"""Feeds from elsewhere: what a site offers, and the lists that feed readers write and read."""

import time
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from worker import reading, wiring
from worker.api.desk import Desk
from worker.api.feeds import all_feeds
from worker.api.problems import said
from worker.errors import CatalogueError
from worker.feeds import discover, opml
from worker.feeds.fetch import Fetcher
from worker.feeds.model import FeedAnswer, FeedRequest, PageAnswer, PageRequest

WAIT_S: Final = 40.0
OPML: Final = "text/x-opml"
Answers = dict[str, FeedAnswer | PageAnswer]


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address of a feed, or of any page of a site that has some."""

    url: str


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that was tried and can be read."""

    url: str
    title: str
    language: str
    entries: int
    why: str


class Outlines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OPML document; ``language`` is for the feeds that do not tell theirs."""

    opml: str
    language: str = ""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """How many feeds of a list are new, and how many were read before."""

    added: int
    known: int


@post(
    "/feeds/discover",
    sync_to_thread=True,
    opt={"scope": "operate"},
    status_code=200,
    tags=["feeds"],
    summary="Which feeds a site offers",
    responses=said(422),
)
def discover_feeds(state: State, data: JSONBody[Site]) -> list[Offered]:
    """Each was asked once and can be read."""
    return offered(state.desk, data.url)


@get(
    "/feeds.opml",
    sync_to_thread=True,
    tags=["feeds"],
    summary="All feeds as OPML",
    responses={**said(), 200: ResponseSpec(str, media_type=OPML, generate_examples=False)},
)
def feeds_opml(state: State) -> Response[bytes]:
    """For any feed reader; headers and proxies stay out, for they may be secrets."""
    return Response(outlines(state.desk), media_type=OPML)


@post(
    "/feeds/opml",
    sync_to_thread=True,
    opt={"scope": "operate"},
    status_code=200,
    tags=["feeds"],
    summary="Read the feeds of an OPML document too",
    responses=said(422),
)
def import_feeds(state: State, data: JSONBody[Outlines]) -> Imported:
    """Those whose address is not read yet."""
    return imported(state.desk, data.opml.encode(), data.language)


def outlines(desk: Desk) -> bytes:
    """Every feed as OPML."""
    return opml.written([f.definition for f in all_feeds(desk)])


def imported(desk: Desk, document: bytes, language: str) -> Imported:
    """Add the feeds of a document whose address is not read yet; raises CatalogueError."""
    added, known = reading.take_in(desk.house, document, language)
    return Imported(added=added, known=known)


def offered(desk: Desk, url: str) -> list[Offered]:
    """The feeds that a site offers, given a feed or any of its pages; raises CatalogueError where it cannot be read."""
    if not url.startswith(("http://", "https://")):
        url = f"https://{url}"
    fetcher = wiring.make_fetcher(desk.house.settings)
    try:
        fetcher.start_feed(FeedRequest(name=url, url=url))
        itself = _tried(_collected(fetcher, 1).get(url), discover.Found(url, "", "it is a feed itself"))
        if itself is not None:
            return [itself]
        fetcher.start_page(PageRequest(article_id=url, url=url))
        page = _collected(fetcher, 1).get(url)
        if not isinstance(page, PageAnswer) or page.page is None:
            told = page.reason if isinstance(page, PageAnswer) else "it did not answer in time"
            raise CatalogueError(f"url: cannot be read: {told}")
        places = {place.url: place for place in discover.found(page.page, page.url or url, page.links, page.sitemaps)}
        for place in places:
            fetcher.start_feed(FeedRequest(name=place, url=place))
        answers = _collected(fetcher, len(places))
    finally:
        fetcher.close()
    return [found for place in places.values() if (found := _tried(answers.get(place.url), place))]


def _tried(answer: FeedAnswer | PageAnswer | None, place: discover.Found) -> Offered | None:
    if not isinstance(answer, FeedAnswer) or answer.feed is None:
        return None
    feed = answer.feed
    title, language = feed.title or place.title, feed.language.partition("-")[0].lower()[:3]
    return Offered(url=place.url, title=title, language=language, entries=len(feed.entries), why=place.why)


def _collected(fetcher: Fetcher, count: int) -> Answers:
    answers: Answers = {}
    until = time.monotonic() + WAIT_S
    while len(answers) < count and time.monotonic() < until:
        for answer in fetcher.collect(0.5):
            answers[answer.name if isinstance(answer, FeedAnswer) else answer.article_id] = answer
    return answers
