"""Articles over HTTP: list, show, and push one in."""

import hashlib
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from worker import judging
from worker.api.cursors import MOST, Page, milliseconds, older, pack, unpack
from worker.api.desk import Desk
from worker.api.problems import said
from worker.articles.model import Article
from worker.errors import Conflict, NotFound, QueryRefused
from worker.ledger import Transaction, key

MAX_TEXT: Final = 200_000
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", min_length=1, max_length=200, description="the same key pushes the same article once"
    ),
]


class PushedArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article of your own: judged like one from a feed. ``source`` says whose words they are."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    url: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    lang: Annotated[str, msgspec.Meta(pattern="^([a-z]{2,3})?$")] = ""
    source: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,64}$")] = "pushed"
    published_at: datetime | None = None


class ArticlesController(Controller):
    """What was read."""

    path = "/articles"
    tags = ("articles",)

    @get("/", sync_to_thread=True, summary="Articles, the last read first", responses=said())
    def list_articles(
        self,
        state: State,
        feed: FromQuery[str | None] = None,
        since: Annotated[datetime | None, QueryParameter(description="first seen at this time or later")] = None,
        until: Annotated[datetime | None, QueryParameter(description="first seen before this time")] = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> Page[Article]:
        """A page of the articles of all feeds, or of one; ``next`` is the cursor of the page after it."""
        house, first, end = state.desk.house, milliseconds("since", since), milliseconds("until", until)
        before = unpack(cursor) if cursor else (end - 1, "") if end is not None else None
        rows = older(house.ledger, key("articles", feed) if feed else key("articles"), limit + 1, before)
        rows = [row for row in rows if first is None or row[1] >= first]
        found = [a for a in house.articles.get_many([i for i, _ in rows[:limit]]) if a is not None]
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, pack(last[1], last[0]) if last else None)

    @get("/{article_id:str}", sync_to_thread=True, summary="One article", responses=said(404))
    def show_article(self, state: State, article_id: FromPath[str]) -> Article:
        """With its text, as long as it is kept."""
        found: Article | None = state.desk.house.articles.get_many([article_id])[0]
        if found is None:
            raise NotFound(f"no article {article_id[:60]}: it never was, or is older than the retention")
        return found

    @post(
        "/",
        sync_to_thread=True,
        opt={"scope": "subscribe"},
        summary="Push an article in; it is judged like one from a feed",
        responses=said(409),
    )
    def push_article(
        self, state: State, idempotency_key: IdempotencyKey, data: JSONBody[PushedArticle]
    ) -> Response[Article]:
        """201 for a new one; 200 where this key pushed the same before; 409 where it pushed another."""
        made, new = push(state.desk, idempotency_key, data)
        return Response(made, status_code=201 if new else 200)

    @post(
        "/{article_id:str}/drop",
        sync_to_thread=True,
        opt={"scope": "operate"},
        status_code=202,
        summary="Judge an article as one that its source removed",
        responses=said(404),
    )
    def drop_article(self, state: State, article_id: FromPath[str]) -> None:
        """Alerts that rest on it alone are withdrawn, the others go on without it."""
        judging.remove_article(state.desk.house, article_id)


def push(desk: Desk, idempotency_key: str, data: PushedArticle) -> tuple[Article, bool]:
    """The article of this key, and whether it is new; raises QueryRefused or Conflict."""
    house, now = desk.house, desk.house.clock()
    if data.published_at is not None and data.published_at.tzinfo is None:
        raise QueryRefused("published_at: has no offset; write it as 2026-03-01T12:00:00Z")
    if data.url and not data.url.startswith(("http://", "https://")):
        raise QueryRefused("url: must begin with http:// or https://")
    digest = hashlib.blake2b(msgspec.json.encode(data), digest_size=10).hexdigest()
    name = "ar_" + hashlib.blake2b(f"push\x1f{data.source}\x1f{idempotency_key}".encode(), digest_size=10).hexdigest()
    known = house.articles.get_many([name])[0]
    if known is not None:
        if known.digest != digest:
            raise Conflict("Idempotency-Key: pushed another article before; use a new key for a new article")
        return known, False
    article = Article(
        id=name,
        feed=data.source,
        group=data.source,
        url=data.url,
        title=data.title,
        summary=data.text,
        lang=data.lang,
        published_at=data.published_at,
        first_seen_at=now,
        known_at=now,
        digest=digest,
    )
    transaction = Transaction().make_due("article", article.id)
    house.articles.put(transaction, article)
    house.ledger.commit(transaction)
    house.bells.ring("classify")
    return article, True
