"""*Deliveries*: every message on its way, each attempt with its answer, dead letters, and sending again."""

from typing import Any, Final, cast

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from worker.api import deliveries as api
from worker.console.alert import laid_out
from worker.console.visitors import Visit, back, desk, page
from worker.deliveries.model import Delivery
from worker.deliveries.model import State as DeliveryState
from worker.sending import written
from worker.subscriptions.model import Subscription

LISTED: Final = 50
STATES: Final = ("due", "delivered", "dead")


@get("/deliveries", sync_to_thread=True)
def list_all(request: Visit) -> Response[str]:
    """The newest deliveries, of all or of one subscription, in any state or one."""
    given = {n: request.query_params.get(n, "")[:100] for n in ("state", "subscription", "cursor")}
    state = cast(DeliveryState, given["state"]) if given["state"] in STATES else None
    wish = (given["subscription"] or None, state)
    found = api.page(desk(request), wish, LISTED, given["cursor"] or None)
    house = desk(request).house
    alerts = dict(zip((d.alert for d in found.items), house.alerts.get_many(d.alert for d in found.items), strict=True))
    owners = house.subscriptions.get_many(d.subscription for d in found.items)
    rows = [(d, alerts[d.alert], owner) for d, owner in zip(found.items, owners, strict=True)]
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
    return page(request, "delivery.html", delivery=delivery, owner=owner, alert=alert, sent=sent)


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
