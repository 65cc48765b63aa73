"""Alerts over HTTP: list, show, and the same as GeoJSON, Atom, CAP and a stream of events."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from worker import judging
from worker.alerts.model import SEVERITIES, Alert, Change, Evidence, Severity
from worker.api.board import Query
from worker.api.cursors import Page, milliseconds, pack, unpack
from worker.api.desk import Desk
from worker.api.pages import FromMemory, Writer
from worker.api.problems import said
from worker.api.syndication import atom, features
from worker.deliveries import formats
from worker.errors import QueryRefused
from worker.places.model import Place
from worker.subscriptions.match import COUNTRIES
from worker.triggers.model import FAMILIES, PHASES, VERACITIES, Attribution, Family, Number, Phase, Veracity

Texts = list[str] | None


class ShownAlert(msgspec.Struct, frozen=True, kw_only=True):
    """One real-world event, as it stands after its newest revision; ``change`` is what that revision did."""

    id: str
    revision: int
    change: Change
    trigger: str
    also: tuple[str, ...]
    family: Family
    headline: str
    phase: Phase
    veracity: Veracity
    confidence: float
    severity: Severity
    severity_reasons: tuple[str, ...]
    places: tuple[Place, ...]
    numbers: tuple[Number, ...]
    occurred_at: datetime | None
    first_reported_at: datetime
    last_reported_at: datetime
    detected_at: datetime
    updated_at: datetime
    independent_sources: int
    attribution: tuple[Attribution, ...]
    evidence: tuple[Evidence, ...]
    changes: tuple[str, ...]
    related: tuple[str, ...]
    merged_into: str | None
    withdrawn: str


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an alert is taken back; everybody who was told of it reads it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


def shown(alert: Alert) -> ShownAlert:
    """An alert without what only linking needs."""
    return ShownAlert(**{name: getattr(alert, name) for name in ShownAlert.__struct_fields__})


WRITER: Final = Writer(ShownAlert)
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
GEOJSON: Final = "application/geo+json"
ATOM: Final = "application/atom+xml"
CAP: Final = "application/cap+xml"


def which(
    trigger: Annotated[Texts, QueryParameter(description="such as border_closure; may be repeated")] = None,
    family: Annotated[Texts, QueryParameter(description="move, leave, state, attack, people or hazard")] = None,
    country: Annotated[Texts, QueryParameter(description="ISO 3166-1 alpha-2, such as JO")] = None,
    phase: Annotated[Texts, QueryParameter(description="threatened, announced, active or ended")] = None,
    veracity: Annotated[Texts, QueryParameter(description="reported, claimed or denied")] = None,
    severity: Annotated[Severity, QueryParameter(description="this or graver")] = "minor",
) -> Query:
    """What kind of alerts these parameters ask for; raises QueryRefused and names the one at fault."""
    return asked(
        Query(
            triggers=tuple(trigger or ()),
            families=tuple(family or ()),
            countries=tuple(country or ()),
            phases=tuple(phase or ()),
            veracities=tuple(veracity or ()),
            min_severity=severity,
        )
    )


def wanted(
    kind: NamedDependency[Query],
    since: Annotated[datetime | None, QueryParameter(description="changed at this time or later")] = None,
    until: Annotated[datetime | None, QueryParameter(description="changed before this time")] = None,
    words: Annotated[str, QueryParameter(description="in headline or place", max_length=100)] = "",
) -> Query:
    """The whole question: which kind, when, and in which words; raises QueryRefused and names the part at fault."""
    return msgspec.structs.replace(
        kind,
        since_ms=milliseconds("since", since) or 0,
        until_ms=milliseconds("until", until),
        words=words.casefold().strip(),
    )


def asked(query: Query) -> Query:
    """The same question, once each of its values is one that there is."""
    for name, values, allowed in (
        ("trigger", query.triggers, FAMILIES),
        ("family", query.families, frozenset(FAMILIES.values())),
        ("country", query.countries, COUNTRIES),
        ("phase", query.phases, PHASES),
        ("veracity", query.veracities, VERACITIES),
        ("severity", (query.min_severity,), SEVERITIES),
    ):
        for value in values:
            if value not in allowed:
                told = "a code of ISO 3166-1 alpha-2" if name == "country" else ", ".join(sorted(allowed))
                raise QueryRefused(f"{name}: {value[:40]!r} is unknown; use {told}")
    return query


def read_page(desk: Desk, query: Query, limit: int, cursor: str | None) -> tuple[list[Alert], str | None]:
    """The alerts of one page, newest first, and the cursor of the next."""
    ids, after = _page(desk, query, limit, cursor)
    return [a for a in desk.house.alerts.get_many(ids) if a is not None], after


def write_page(desk: Desk, query: Query, limit: int, cursor: str | None) -> bytes:
    """The same page in JSON, from the records as they are stored."""
    ids, after = _page(desk, query, limit, cursor)
    return WRITER.page(desk.house.alerts.records(ids), after)


def _page(desk: Desk, query: Query, limit: int, cursor: str | None) -> tuple[list[str], str | None]:
    cards = desk.board.page(query, limit + 1, unpack(cursor) if cursor else None)
    more, cards = len(cards) > limit, cards[:limit]
    return [c.id for c in cards], pack(cards[-1].updated_ms, cards[-1].id) if more else None


class AlertsController(Controller):
    """What rang."""

    path = "/alerts"
    tags = ("alerts",)

    @get(
        "/",
        summary="Alerts, the last changed first",
        responses={**said(), 200: ResponseSpec(Page[ShownAlert])},
        middleware=[FromMemory()],
    )
    async def list_alerts(
        self,
        request: Request[Any, Any, Any],
        state: State,
        wish: NamedDependency[Query],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> Response[bytes]:
        """A page of alerts that pass the filters; ``next`` is the cursor of the page after it."""
        body = await asyncio.to_thread(write_page, state.desk, wish, limit, cursor)
        state.pages.put(request.scope["query_string"], body)
        return Response(body, media_type="application/json")

    @get(
        "/{alert_id:str}",
        sync_to_thread=True,
        summary="One alert with its evidence; as CAP 1.2 with .cap behind its id",
        responses={**said(404), 200: ResponseSpec(ShownAlert)},
    )
    def show_alert(self, state: State, alert_id: FromPath[str]) -> Response[bytes]:
        """The newest revision."""
        name = alert_id.removesuffix(".cap")
        alert = state.desk.house.alerts.get(name)
        if name == alert_id:
            return Response(msgspec.json.encode(shown(alert)), media_type="application/json")
        console = state.desk.house.settings.console_url
        made = formats.message(alert, alert.change, "cap", webhook_id=name, console_url=console)
        return Response(made.body, media_type=CAP)

    @get(
        "/{alert_id:str}/revisions",
        sync_to_thread=True,
        summary="Every revision of an alert, oldest first",
        responses=said(404),
    )
    def list_revisions(self, state: State, alert_id: FromPath[str]) -> list[ShownAlert]:
        """What was told, in order."""
        return [shown(a) for a in revisions(state.desk, alert_id)]

    @post(
        "/{alert_id:str}/withdraw",
        sync_to_thread=True,
        opt={"scope": "operate"},
        status_code=200,
        summary="Take an alert back; everybody who was told of it is told so, and why",
        responses=said(404),
    )
    def withdraw_alert(self, state: State, alert_id: FromPath[str], data: JSONBody[Withdrawal]) -> ShownAlert:
        """The revision that says so; one that was withdrawn before stays as it is."""
        return shown(judging.withdraw_alert(state.desk.house, alert_id, data.reason))


def revisions(desk: Desk, alert_id: str) -> list[Alert]:
    """Every revision that is kept of an alert; raises NotFound."""
    newest = desk.house.alerts.get(alert_id)
    earlier = desk.house.alerts.revisions([(alert_id, n) for n in range(max(1, newest.revision - 99), newest.revision)])
    return [a for a in earlier if a is not None] + [newest]


@get(
    "/alerts.geojson",
    sync_to_thread=True,
    tags=["alerts"],
    summary="Alerts as GeoJSON, a feature for each place",
    responses={**said(), 200: ResponseSpec(dict[str, Any], media_type=GEOJSON, generate_examples=False)},
)
def alerts_geojson(
    state: State, wish: NamedDependency[Query], limit: Limit = 100, cursor: FromQuery[str | None] = None
) -> Response[bytes]:
    """A FeatureCollection; ``next`` is the cursor of the page after it."""
    found, after = read_page(state.desk, wish, limit, cursor)
    return Response(features(found, after, state.desk.house.settings.console_url), media_type=GEOJSON)


@get(
    "/alerts.atom",
    sync_to_thread=True,
    tags=["alerts"],
    summary="Alerts as an Atom feed",
    responses={**said(), 200: ResponseSpec(str, media_type=ATOM, generate_examples=False)},
)
def alerts_atom(
    request: Request[Any, Any, Any], state: State, wish: NamedDependency[Query], limit: Limit = 50
) -> Response[bytes]:
    """The newest alerts for a feed reader; the key may not stand in the address."""
    found, _ = read_page(state.desk, wish, limit, None)
    here = f"{request.url.scheme}://{request.url.netloc}"
    return Response(atom(found, here, state.desk.house.settings.console_url or here), media_type=ATOM)
