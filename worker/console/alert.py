"""*Alert*: one event's story: what was told when, by whom, in which words, and who was told of it."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from worker import judging
from worker.alerts.model import Alert, Evidence
from worker.api.alerts import revisions
from worker.api.desk import Desk
from worker.articles.model import Article
from worker.console import atlas
from worker.console.forms import Form, text
from worker.console.visitors import Visit, desk, page
from worker.deliveries import formats
from worker.deliveries.model import Delivery, delivery_id
from worker.errors import QueryRefused
from worker.subscriptions.model import Subscription

AROUND: Final = 320
TOLD: Final = 200


class Passage(NamedTuple):
    """A quote in its context, where the article is still kept: what stands before it, it, and what follows."""

    evidence: Evidence
    title: str
    before: str
    quote: str
    after: str
    kept: bool


class Chapter(NamedTuple):
    """One revision, and the evidence that came with it."""

    alert: Alert
    new: tuple[Evidence, ...]


class Payload(NamedTuple):
    """The message of this revision in one format."""

    name: str
    kind: str
    body: str


class Told(NamedTuple):
    """One subscriber, and the delivery of each revision to it, oldest first."""

    subscription: Subscription | None
    id: str
    deliveries: tuple[Delivery, ...]


@get("/alerts/{alert_id:str}", sync_to_thread=True)
def show(request: Visit, alert_id: FromPath[str]) -> Response[str]:
    """The whole story on one page."""
    house = desk(request).house
    story = revisions(desk(request), alert_id)
    alert = story[-1]
    place = next((p for p in alert.places if p.lat is not None and p.lon is not None), None)
    box = spot = None
    if place is not None and place.lat is not None and place.lon is not None:
        box, spot = atlas.window(place.lon, place.lat, place.radius_km), atlas.project(place.lon, place.lat)
    related = [a for a in house.alerts.get_many(alert.related[:10]) if a is not None]
    return page(
        request,
        "alert.html",
        alert=alert,
        chapters=list(reversed(chapters(story))),
        passages=passages(alert, house.articles.get_many([e.article_id for e in alert.evidence])),
        told=told(desk(request), alert),
        publishers=publishers(alert),
        payloads=payloads(alert, house.settings.console_url),
        related=related,
        box=box,
        spot=spot,
        place=place,
    )


def chapters(story: Sequence[Alert]) -> list[Chapter]:
    """Each revision with the evidence that the one before it did not have."""
    known: set[str] = set()
    made = []
    for alert in story:
        made.append(Chapter(alert, tuple(e for e in alert.evidence if e.event_id not in known)))
        known |= {e.event_id for e in alert.evidence}
    return made


def passages(alert: Alert, articles: Sequence[Article | None]) -> list[Passage]:
    """Each quote in its context, the newest first."""
    made = [_passage(e, a) for e, a in zip(alert.evidence, articles, strict=True)]
    return made[::-1]


def _passage(evidence: Evidence, article: Article | None) -> Passage:
    full = article.document().full if article else ""
    start = evidence.start
    if full[start : evidence.end] != evidence.quote:
        start = full.find(evidence.quote)  # another revision of the article was judged
    if article is None or start < 0:
        return Passage(evidence, article.title if article else "", "", evidence.quote, "", False)
    end = start + len(evidence.quote)
    first, last = max(0, start - AROUND), min(len(full), end + AROUND)
    if not first and start >= len(article.title):
        first = len(article.title)  # it stands above the passage
    before = ("… " if first > len(article.title) else "") + full[first:start].lstrip()
    after = full[end:last] + (" …" if last < len(full) else "")
    return Passage(evidence, article.title, before, evidence.quote, after, True)


def payloads(alert: Alert, console_url: str) -> list[Payload]:
    """What subscribers of each format were sent for this revision."""
    made = []
    for name in formats.CONTENT_TYPES:
        sent = formats.message(alert, alert.change, name, webhook_id=f"msg_{alert.id}", console_url=console_url)
        made.append(Payload(name, sent.content_type, laid_out(sent.body)))
    return made


def laid_out(body: bytes) -> str:
    """A message with a line for each thing it says."""
    text = body.decode()
    return msgspec.json.format(text, indent=2) if text.startswith("{") else text.replace("><", ">\n<")


def publishers(alert: Alert) -> list[tuple[str, list[str]]]:
    """Each group of publishers that tells of it, and which sources of it do; copies and by-lines are of their group."""
    groups: dict[str, set[str]] = {}
    for row in alert.evidence:
        groups.setdefault(row.group or row.source, set()).add(row.source)
    return [(group, sorted(sources - {group})) for group, sources in groups.items()]


def told(desk: Desk, alert: Alert) -> list[Told]:
    """Who was told of it, and how that went."""
    house = desk.house
    rows = list(house.deliveries.told(alert.id).items())[:TOLD]
    owners = house.subscriptions.get_many(s for s, _ in rows)
    made = []
    for (name, revision), owner in zip(rows, owners, strict=True):
        ids = [delivery_id(alert.id, n, name) for n in range(max(1, revision - 19), revision + 1)]
        made.append(Told(owner, name, tuple(d for d in house.deliveries.get_many(ids) if d is not None)))
    return made


@post("/alerts/{alert_id:str}/withdraw", sync_to_thread=True, opt={"scope": "operate"}, status_code=303)
def withdraw(request: Visit, alert_id: FromPath[str], data: Form) -> Redirect:
    """It was wrong: everybody who was told of it is told so, and why."""
    reason = text(data, "reason")
    if not reason:
        raise QueryRefused("reason: is empty; say why, for everybody who was told of the alert reads it")
    judging.withdraw_alert(desk(request).house, alert_id, reason)
    return Redirect(f"/alerts/{alert_id}", status_code=303)


ROUTES: list[Any] = [show, withdraw]
