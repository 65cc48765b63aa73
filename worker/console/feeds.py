"""*Feeds*: what is read, how each fares, what to do about the ill ones; add by address, OPML in and out."""

import itertools
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, cast
from urllib.parse import urlsplit

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from worker import reading
from worker.api import exchange, problems
from worker.api import feeds as api
from worker.api.desk import Desk
from worker.api.feeds import FeedChange
from worker.console.charts import sparkline
from worker.console.forms import Form, text
from worker.console.visitors import Visit, back, desk, page
from worker.errors import TocsinError
from worker.feeds import opml
from worker.feeds.model import Feed, FeedDefinition, Health
from worker.ledger import key

OPERATE = {"scope": "operate"}
DAYS: Final = 14
HEALTHS: Final = ("healthy", "failing", "gone", "paused", "new")
ORDER: Final = {"gone": 0, "failing": 1, "paused": 2, "new": 3, "healthy": 4}


@get("/feeds", sync_to_thread=True)
def list_all(request: Visit) -> Response[str]:
    """Every feed, the ill ones first."""
    return _list(request)


def _list(request: Visit, *, status: int = 200, **more: Any) -> Response[str]:
    given = {n: request.query_params.get(n, "")[:100] for n in ("health", "words")}
    found = api.all_feeds(desk(request))
    counts = {h: sum(f.health == h for f in found) for h in HEALTHS}
    health = cast(Health, given["health"])
    shown = [f for f in found if (health not in HEALTHS or f.health == health) and _says(f, given["words"])]
    shown.sort(key=lambda f: (ORDER.get(f.health, 1), f.name))
    rates = _rates(desk(request), shown)
    rows = [(f, sparkline(rates[f.name]), sum(rates[f.name])) for f in shown]
    values = {"asked": "", "candidates": [], "wrong": "", "came": None, **more}
    return page(
        request,
        "feeds.html",
        status=status,
        rows=rows,
        counts=counts,
        total=len(found),
        given=given,
        days=DAYS,
        **values,
    )


def _says(feed: Feed, words: str) -> bool:
    d = feed.definition
    return words.casefold() in f"{d.name} {d.url} {d.group} {d.language} {d.country} {d.note}".casefold()


def _rates(desk: Desk, feeds: Sequence[Feed]) -> dict[str, list[int]]:
    """How many articles each feed brought on each of the last days, today last."""
    now = desk.house.clock()
    midnight = datetime.combine(now.date(), datetime.min.time(), now.tzinfo)
    edges = [(midnight - timedelta(days=DAYS - 1 - n)).timestamp() * 1000 for n in range(DAYS)] + [float("inf")]
    pipeline = desk.house.redis.pipeline(transaction=False)
    for feed in feeds:
        for first, last in itertools.pairwise(edges):
            pipeline.zcount(key("articles", feed.name), first, f"({last}")
    counts = [int(c) for c in pipeline.execute()]
    return {f.name: counts[n * DAYS : (n + 1) * DAYS] for n, f in enumerate(feeds)}


@post("/feeds/discover", sync_to_thread=True, opt=OPERATE, status_code=200)
def discover(request: Visit, data: Form) -> Response[str]:
    """What a site offers, each with a form to add it."""
    asked = text(data, "url")
    try:
        found = exchange.offered(desk(request), asked)
    except TocsinError as error:
        return _list(request, status=422, wrong=_told(error), asked=asked)
    if not found:
        return _list(request, status=422, wrong=f"No feed was found from {asked}.", asked=asked)
    rows = [(o.url, o.title, suggested(o.url), o.language) for o in found]
    return _list(request, asked=asked, candidates=rows)


@get("/feeds.opml", sync_to_thread=True)
def outlines(request: Visit) -> Response[bytes]:
    """All feeds, for any feed reader."""
    named = {"content-disposition": 'attachment; filename="tocsin.opml"', "x-content-type-options": "nosniff"}
    return Response(exchange.outlines(desk(request)), media_type=exchange.OPML, headers=named)


class Upload(msgspec.Struct):
    """A file, and the token of the session."""

    file: UploadFile
    csrf: str = ""


@post("/feeds/opml", sync_to_thread=True, opt=OPERATE, status_code=200)
def take_in(request: Visit, data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)]) -> Response[str]:
    """Add the feeds of a file that are not read yet."""
    try:
        came = exchange.imported(desk(request), data.file.file.read(opml.MAX_BYTES + 1), "")
    except TocsinError as error:
        return _list(request, status=422, wrong=_told(error))
    return _list(request, came=f"{came.added} feeds added, {came.known} were read before.")


def _told(error: TocsinError) -> str:
    problem = problems.ours(error)
    return f"{problem.detail[:1].upper()}{problem.detail[1:]}." + (f" {problem.remedy}." if problem.remedy else "")


@post("/feeds/add", sync_to_thread=True, opt=OPERATE, status_code=200)
def add(request: Visit, data: Form) -> Response[Any]:
    """Read one more feed, under the name that was chosen."""
    definition = FeedDefinition(
        name=text(data, "name"),
        url=text(data, "url"),
        language=text(data, "language").lower(),
        group=text(data, "group") or text(data, "name"),
        country=text(data, "country").upper(),
    )
    try:
        reading.add(desk(request).house, definition)
    except TocsinError as error:
        suggestion = (definition.url, "", definition.name, definition.language)
        return _list(request, status=422, wrong=_told(error), asked=definition.url, candidates=[suggestion])
    return Redirect(f"/feeds?words={definition.name}", status_code=303)


@post("/feeds/{name:str}/poll", sync_to_thread=True, opt=OPERATE, status_code=303)
def poll(request: Visit, name: FromPath[str]) -> Redirect:
    """It is due at once."""
    api.poll_now(desk(request), name)
    return back(request, "/feeds")


@post("/feeds/{name:str}/paused", sync_to_thread=True, opt=OPERATE, status_code=303)
def pause(request: Visit, name: FromPath[str], data: Form) -> Redirect:
    """Stop or resume polling it."""
    api.change(desk(request), name, FeedChange(paused=text(data, "paused") == "yes"))
    return back(request, "/feeds")


@post("/feeds/{name:str}/remove", sync_to_thread=True, opt=OPERATE, status_code=303)
def remove(request: Visit, name: FromPath[str]) -> Redirect:
    """It is read no more."""
    api.remove(desk(request), name)
    return Redirect("/feeds", status_code=303)


def suggested(url: str) -> str:
    """A name for a feed by its address."""
    host = (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.").removeprefix("rss.")
    path = urlsplit(url).path.rsplit("/", 1)[-1].rpartition(".")[0]
    base = host.rpartition(".")[0] or host
    return re.sub(r"[^A-Za-z0-9_-]+", "-", f"{base}-{path}" if path not in ("", "feed", "rss", "index") else base)[:64]


ROUTES: list[Any] = [list_all, discover, outlines, take_in, add, poll, pause, remove]
