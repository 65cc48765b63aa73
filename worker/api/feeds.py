"""Feeds over HTTP: list, show, add, change, remove, poll now; OPML in and out."""

from typing import Annotated, Final

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from worker import reading
from worker.api.cursors import MOST, Page, cut
from worker.api.desk import Desk
from worker.api.problems import said
from worker.errors import Conflict
from worker.feeds import catalogue
from worker.feeds.model import Feed, FeedDefinition, Health
from worker.ledger import Transaction

DEFINED: Final = ("interval_s", "note", "headers", "proxy")
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]


class FeedChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays. ``paused`` stops and resumes polling.

    ``headers`` are told as a whole, for the values that are kept are shown to nobody.
    """

    paused: bool | None = None
    interval_s: int | None = None
    note: str | None = None
    headers: dict[str, str] | None = None
    proxy: str | None = None


class FeedsController(Controller):
    """What is read."""

    path = "/feeds"
    tags = ("feeds",)

    @get("/", sync_to_thread=True, summary="Feeds by name", responses=said())
    def list_feeds(
        self,
        state: State,
        health: FromQuery[Health | None] = None,
        limit: Limit = 100,
        cursor: FromQuery[str | None] = None,
    ) -> Page[Feed]:
        """A page of feeds with their health; ``next`` is the cursor of the page after it."""
        return cut(all_feeds(state.desk, health), lambda f: (0, f.name), cursor, limit)

    @get("/{name:str}", sync_to_thread=True, summary="One feed", responses=said(404))
    def show_feed(self, state: State, name: FromPath[str]) -> Feed:
        """Its definition, its health with the remedy, and its pace."""
        found: Feed = state.desk.house.feeds.get(name)
        return found

    @post(
        "/",
        sync_to_thread=True,
        opt={"scope": "operate"},
        summary="Read one more feed; it is polled at once",
        responses=said(409, 422),
    )
    def add_feed(self, state: State, data: JSONBody[FeedDefinition]) -> Feed:
        """A name that is taken is refused. The values of headers are sealed, and answered as ``***``."""
        return reading.add(state.desk.house, data)

    @patch(
        "/{name:str}",
        sync_to_thread=True,
        opt={"scope": "operate"},
        summary="Pause or resume a feed, or change its interval, headers or proxy",
        responses=said(404, 409, 422),
    )
    def change_feed(self, state: State, name: FromPath[str], data: JSONBody[FeedChange]) -> Feed:
        """A feed of config/feeds.yaml can be paused here; the rest is changed there."""
        return change(state.desk, name, data)

    @post(
        "/{name:str}/poll",
        sync_to_thread=True,
        opt={"scope": "operate"},
        status_code=202,
        summary="Poll a feed now, whatever its state",
        responses=said(404),
    )
    def poll_feed(self, state: State, name: FromPath[str]) -> Feed:
        """It is due at once; its host's pace is kept."""
        return poll_now(state.desk, name)

    @delete(
        "/{name:str}",
        sync_to_thread=True,
        opt={"scope": "operate"},
        summary="Read a feed no more",
        responses=said(404, 409),
    )
    def remove_feed(self, state: State, name: FromPath[str]) -> None:
        """Its alerts stay."""
        remove(state.desk, name)


def all_feeds(desk: Desk, health: Health | None = None) -> list[Feed]:
    """Every feed of this health, by name."""
    feeds = desk.house.feeds
    found = [f for f in feeds.get_many(feeds.names()) if f is not None]
    return [f for f in found if health is None or f.health == health]


def change(desk: Desk, name: str, wish: FeedChange) -> Feed:
    """The feed as it is wished; raises NotFound, CatalogueError or Conflict."""
    feed, transaction = desk.house.feeds.get(name), Transaction()
    given = {k: v for k in DEFINED if (v := getattr(wish, k)) is not None}
    if given and feed.origin == "config":
        raise Conflict(f"{next(iter(given))}: config/feeds.yaml holds this feed; change it there")
    if given:
        definition = msgspec.structs.replace(desk.house.feeds.revealed(feed).definition, **given)
        catalogue.check(definition)
        feed = msgspec.structs.replace(feed, definition=definition)
    if wish.paused:
        feed = msgspec.structs.replace(feed, health="paused", reason="paused by hand", remedy="resume it")
        transaction.done("feed", name)
    elif wish.paused is False and feed.health == "paused":
        feed = msgspec.structs.replace(feed, health="new", reason="", remedy="", failures=0)
        transaction.make_due("feed", name)
    desk.house.feeds.define(transaction, feed)
    desk.house.ledger.commit(transaction)
    return desk.house.feeds.get(name)


def poll_now(desk: Desk, name: str) -> Feed:
    """The feed, due at once; one that was given up or paused begins anew."""
    feed = msgspec.structs.replace(desk.house.feeds.get(name), health="new", reason="", remedy="", failures=0)
    transaction = Transaction().make_due("feed", name)
    desk.house.feeds.put(transaction, feed)
    desk.house.ledger.commit(transaction)
    return feed


def remove(desk: Desk, name: str) -> None:
    """Forget a feed that was added by hand; raises NotFound or Conflict."""
    if desk.house.feeds.get(name).origin == "config":
        raise Conflict(f"name: {name!r} stands in config/feeds.yaml; remove it there, or pause it here")
    desk.house.feeds.remove(name)
