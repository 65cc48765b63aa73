"""*Now*: what rang, as a list, on a map and by the hour; it changes by itself."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response, get
from litestar.response import Stream

from worker.alerts.model import SEVERITIES, Alert
from worker.api.alerts import asked
from worker.api.board import Query
from worker.api.cursors import pack, unpack
from worker.api.stream import Hub, last_seen
from worker.console import atlas, charts
from worker.console.rendering import FAMILY_NAMES, countries, html, render
from worker.console.visitors import Visit, desk, page
from worker.errors import QueryRefused
from worker.triggers.model import FAMILIES, PHASES, VERACITIES

SPANS: Final = {"24": "24 hours", "72": "3 days", "168": "7 days", "720": "30 days"}
LISTED: Final = 40
MAPPED: Final = 2000


@get("/", sync_to_thread=True)
def show(request: Visit) -> Response[str]:
    """The page, or with ``fragment`` only what changes."""
    given = _given(request)
    found = _found(request, given)
    if "fragment" in request.query_params:
        return html(render("now_live.html", now=desk(request).house.clock(), given=given, **found))
    choices: dict[str, Any] = {"spans": SPANS, "phases": PHASES, "veracities": VERACITIES, "severities": SEVERITIES}
    return page(request, "now.html", given=given, live=_live(request), **choices, **found)


@get("/live", sync_to_thread=False)
def live(request: Visit) -> Stream:
    """A word for each alert that changed; the page then asks for what it shows."""
    hub: Hub = request.app.state.hub
    events = hub.listen(Query(), last_seen(request.headers.get("last-event-id", "")))
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(events, media_type="text/event-stream", headers=headers)


def _given(request: Visit) -> dict[str, str]:
    """The filters of the form, as they stand in the address; a name of a country becomes its code."""
    asked_for = {n: request.query_params.get(n, "").strip()[:100] for n in _FIELDS}
    asked_for["hours"] = asked_for["hours"] if asked_for["hours"] in SPANS else "24"
    typed = asked_for["country"].casefold()
    named = next((code for code, name in countries().items() if name.casefold() == typed), None)
    asked_for["country"] = named or asked_for["country"].upper()
    return asked_for


_FIELDS: Final = ("hours", "trigger", "phase", "veracity", "severity", "country", "words", "cursor")


def _found(request: Visit, given: dict[str, str]) -> dict[str, Any]:
    house, hours = desk(request).house, int(given["hours"])
    now = house.clock()
    query, error = _query(given, int((now - timedelta(hours=hours)).timestamp() * 1000))
    cursor = given["cursor"]
    board = desk(request).board
    cards = board.page(query, MAPPED) if not error else []
    listed = board.page(query, LISTED + 1, unpack(cursor)) if cursor and not error else cards[: LISTED + 1]
    more, listed = len(listed) > LISTED, listed[:LISTED]
    alerts = [a for a in house.alerts.get_many(c.id for c in listed) if a is not None]
    return {
        "error": error,
        "alerts": alerts,
        "total": len(cards),
        "capped": len(cards) == MAPPED,
        "marks": atlas.marks(cards[:600]),
        "chart": charts.by_hour(cards, now, hours),
        "older": pack(listed[-1].updated_ms, listed[-1].id) if more else "",
        "span": SPANS[given["hours"]],
        "told_by": told_by,
    }


def _query(given: dict[str, str], since_ms: int) -> tuple[Query, str]:
    chosen = given["trigger"]
    wish = Query(
        triggers=(chosen,) if chosen in FAMILIES else (),
        families=(chosen,) if chosen in FAMILY_NAMES else (),
        phases=_some(given["phase"]),
        veracities=_some(given["veracity"]),
        min_severity=given["severity"] or "minor",  # type: ignore[arg-type] # asked() looks at it
        countries=_some(given["country"]),
        since_ms=since_ms,
        words=given["words"].casefold(),
    )
    try:
        if chosen and not wish.triggers and not wish.families:
            raise QueryRefused(f"trigger: {chosen!r} is unknown")
        return asked(wish), ""
    except QueryRefused as error:
        return Query(), str(error)


def _some(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def told_by(alert: Alert) -> str:
    """Who tells of it: the first source, and how many more."""
    sources = list(dict.fromkeys(e.source for e in alert.evidence))
    if not sources:
        return ""
    return sources[0] if len(sources) == 1 else f"{sources[0]} + {len(sources) - 1}"


def _live(request: Visit) -> bool:
    return not request.query_params.get("cursor")


ROUTES = [show, live]
