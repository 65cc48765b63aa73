"""Deliveries over HTTP: list, show, send again."""

from bisect import bisect_right
from typing import Annotated, NamedTuple

from litestar import Controller, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, QueryParameter

from worker.api.cursors import MOST, Page, older, pack, unpack
from worker.api.desk import Desk
from worker.api.problems import said
from worker.deliveries.model import Delivery, delivery_id
from worker.deliveries.model import State as DeliveryState
from worker.ledger import key

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
LOOKED_AT = 5000
TOGETHER = 200


class Wanted(NamedTuple):
    """Deliveries of this subscription, in this state and about this alert; ``None`` means any."""

    subscription: str | None = None
    state: DeliveryState | None = None
    alert: str | None = None

    def takes(self, delivery: Delivery | None) -> bool:
        """Whether this is one of them."""
        return delivery is not None and self.state in (None, delivery.state)


class DeliveriesController(Controller):
    """How telling goes."""

    path = "/deliveries"
    tags = ("deliveries",)

    @get("/", sync_to_thread=True, summary="Deliveries, the newest first", responses=said())
    def list_deliveries(
        self,
        state: State,
        subscription: FromQuery[str | None] = None,
        alert: FromQuery[str | None] = None,
        status: Annotated[DeliveryState | None, QueryParameter(name="state", required=False)] = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> Page[Delivery]:
        """A page of deliveries with their attempts; ``next`` is the cursor of the page after it.

        Those of one ``alert`` come with the newest revision first; a digest tells of many and is not among them.
        """
        return page(state.desk, Wanted(subscription, status, alert), limit, cursor)

    @get("/{delivery_id:str}", sync_to_thread=True, summary="One delivery", responses=said(404))
    def show_delivery(self, state: State, delivery_id: FromPath[str]) -> Delivery:
        """With every attempt that is kept."""
        found: Delivery = state.desk.house.deliveries.get(delivery_id)
        return found

    @post(
        "/{delivery_id:str}/retry",
        sync_to_thread=True,
        opt={"scope": "operate"},
        status_code=202,
        summary="Send a delivery again, at once",
        responses=said(404),
    )
    def retry_delivery(self, state: State, delivery_id: FromPath[str]) -> Delivery:
        """Under the same webhook-id, whatever became of it."""
        return retry(state.desk, delivery_id)


def page(desk: Desk, wanted: Wanted, limit: int, cursor: str | None) -> Page[Delivery]:
    """A page of the deliveries that are wanted; five thousand are looked at."""
    if wanted.alert:
        return _about(desk, wanted, limit, cursor)
    store, subscription = desk.house.deliveries, wanted.subscription
    index = key("deliveries", subscription) if subscription else key("deliveries")
    place = unpack(cursor) if cursor else None
    found: list[Delivery] = []
    looked = 0
    while len(found) <= limit and looked < LOOKED_AT:
        rows = older(desk.house.ledger, index, TOGETHER, place)
        if not rows:
            return Page(found[:limit], _after(found, limit))
        looked, place = looked + len(rows), (rows[-1][1], rows[-1][0])
        kept = store.get_many(i for i, _ in rows)
        found += [d for d in kept if d is not None and wanted.takes(d)]
    return Page(found[:limit], _after(found, limit) or (pack(*place) if place else None))


def _about(desk: Desk, wanted: Wanted, limit: int, cursor: str | None) -> Page[Delivery]:
    """The same for one alert: who was told of it stands beside it, and a delivery's id follows from that."""
    alert, store = wanted.alert or "", desk.house.deliveries
    told = store.told(alert)
    places = sorted((-n, s) for s, last in told.items() for n in range(1, last + 1) if wanted.subscription in (None, s))
    places = places[bisect_right(places, unpack(cursor)) if cursor else 0 :]
    found: list[Delivery] = []
    for start in range(0, min(len(places), LOOKED_AT), TOGETHER):
        part = places[start : start + TOGETHER]
        kept = store.get_many(delivery_id(alert, -n, name) for n, name in part)
        for place, delivery in zip(part, kept, strict=True):
            if delivery is not None and wanted.takes(delivery):
                found.append(delivery)
                if len(found) == limit:
                    return Page(found, pack(*place) if place != places[-1] else None)
    return Page(found, pack(*places[LOOKED_AT - 1]) if len(places) > LOOKED_AT else None)


def _after(found: list[Delivery], limit: int) -> str | None:
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return pack(int(last.created_at.timestamp() * 1000), last.id)


def retry(desk: Desk, delivery_id: str) -> Delivery:
    """The delivery, due again; raises NotFound."""
    house = desk.house
    house.ledger.commit(house.deliveries.send_again(house.deliveries.get(delivery_id), house.clock()))
    house.bells.ring("deliver")
    return house.deliveries.get(delivery_id)
