"""Deliveries over HTTP: list, show, send again."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, QueryParameter

from worker.api.cursors import MOST, Page, older, pack, unpack
from worker.api.desk import Desk
from worker.api.problems import said
from worker.deliveries.model import Delivery
from worker.deliveries.model import State as DeliveryState
from worker.ledger import key

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
LOOKED_AT = 5000


class DeliveriesController(Controller):
    """How telling goes."""

    path = "/deliveries"
    tags = ("deliveries",)

    @get("/", sync_to_thread=True, summary="Deliveries, the newest first", responses=said())
    def list_deliveries(
        self,
        state: State,
        subscription: FromQuery[str | None] = None,
        status: Annotated[DeliveryState | None, QueryParameter(name="state", required=False)] = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> Page[Delivery]:
        """A page of deliveries with their attempts; ``next`` is the cursor of the page after it."""
        return page(state.desk, (subscription, status), limit, cursor)

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


def page(desk: Desk, wanted: tuple[str | None, DeliveryState | None], limit: int, cursor: str | None) -> Page[Delivery]:
    """A page of the deliveries of a subscription (or all) in a state (or any); five thousand are looked at."""
    store, (subscription, status) = desk.house.deliveries, wanted
    index = key("deliveries", subscription) if subscription else key("deliveries")
    place = unpack(cursor) if cursor else None
    found: list[Delivery] = []
    looked = 0
    while len(found) <= limit and looked < LOOKED_AT:
        rows = older(desk.house.ledger, index, 200, place)
        if not rows:
            return Page(found[:limit], _after(found, limit))
        looked, place = looked + len(rows), (rows[-1][1], rows[-1][0])
        kept = store.get_many(i for i, _ in rows)
        found += [d for d in kept if d is not None and status in (None, d.state)]
    return Page(found[:limit], _after(found, limit) or (pack(*place) if place else None))


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
