"""*Deliveries*: every message on its way, each attempt with its answer, dead letters, and sending again."""

from datetime import datetime
from typing import Any, Final, cast

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from worker.alerts.model import Alert
from worker.api import deliveries as api
from worker.console.alert import laid_out
from worker.console.rendering import when
from worker.console.visitors import Visit, back, desk, page
from worker.deliveries.model import DIGEST, Delivery
from worker.deliveries.model import State as DeliveryState
from worker.sending import written
from worker.subscriptions.model import Subscription
from worker.wiring import House

LISTED: Final = 50
STATES: Final = ("due", "delivered", "dead")


@get("/deliveries", sync_to_thread=True)
def list_all(request: Visit) -> Response[str]:
    """The newest deliveries, of all or of one subscription, in any state or one."""
    given = {n: request.query_params.get(n, "")[:100] for n in ("state", "subscription", "cursor")}
    state = cast(DeliveryState, given["state"]) if given["state"] in STATES else None
    wish = api.Wanted(given["subscription"] or None, state)
    found = api.page(desk(request), wish, LISTED, given["cursor"] or None)
    house = desk(request).house
    alerts = dict(zip((d.alert for d in found.items), house.alerts.get_many(d.alert for d in found.items), strict=True))
    owners = house.subscriptions.get_many(d.subscription for d in found.items)
    rows = [
        (d, alerts[d.alert], owner, "" if d.revision else subject(house, d))
        for d, owner in zip(found.items, owners, strict=True)
    ]
    everyone = house.subscriptions.all()
    return page(request, "deliveries.html", rows=rows, given=given, older=found.next, states=STATES, everyone=everyone)


@get("/deliveries/{delivery_id:str}", sync_to_thread=True)
def show(request: Visit, delivery_id: FromPath[str]) -> Response[str]:
    """One delivery: what was sent, and what came back each time."""
    house = desk(request).house
    delivery = house.deliveries.get(delivery_id)
    owner = house.subscriptions.get_many([delivery.subscription])[0]
    alert = house.alerts.get_many([delivery.alert])[0]
    sent = _sent(request, delivery, owner) if owner else None
    about = "" if delivery.revision else subject(house, delivery)
    return page(
        request,
        "delivery.html",
        delivery=delivery,
        owner=owner,
        alert=alert,
        sent=sent,
        subject=about,
        digest=digested(house, delivery),
    )


def subject(house: House, delivery: Delivery) -> str:
    """What a message tells of that is not one alert: the quiet hours of a digest, or the words about Tocsin itself."""
    if delivery.type == DIGEST:
        return f"what came in the quiet hours until {when(datetime.fromisoformat(delivery.alert))}"
    said = house.deliveries.notice(delivery.alert)
    return said.text if said else "what it told is past its retention"


def digested(house: House, delivery: Delivery) -> list[Alert]:
    """The alerts of a digest as it tells of them; none for any other message."""
    if delivery.type != DIGEST:
        return []
    held = house.subscriptions.held(delivery.subscription, delivery.alert)
    return [a for a in house.alerts.revisions(held) if a is not None]


def _sent(request: Visit, delivery: Delivery, owner: Subscription) -> tuple[str, str] | None:
    """The type and body of the message; ``None`` where what it tells is past its retention."""
    house = desk(request).house
    alert = house.alerts.revisions([(delivery.alert, delivery.revision)])[0]
    message = written(house, delivery, owner, alert)
    return (message.content_type, laid_out(message.body)) if message else None


@post("/deliveries/{delivery_id:str}/retry", sync_to_thread=True, opt={"scope": "operate"}, status_code=303)
def retry(request: Visit, delivery_id: FromPath[str]) -> Redirect:
    """It is due at once, under the same webhook-id."""
    api.retry(desk(request), delivery_id)
    return back(request, f"/deliveries/{delivery_id}")


ROUTES: list[Any] = [list_all, show, retry]
