"""Subscriptions over HTTP: make, list, show, end."""

import msgspec
from litestar import Controller, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from worker.subscribing import subscribe
from worker.subscriptions.model import Filter, Format, PublicSubscription


class NewSubscription(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to post, and which alerts; whatever is left out limits nothing."""

    url: str
    format: Format = "standard"


class MadeSubscription(PublicSubscription, frozen=True, kw_only=True):
    """A new subscription; its signing ``secret`` is told this once."""

    secret: str


class SubscriptionsController(Controller):
    """Who is told."""

    path = "/subscriptions"
    tags = ("subscriptions",)

    @post("/", sync_to_thread=True, summary="Subscribe a webhook URL")
    def make(self, state: State, data: JSONBody[NewSubscription]) -> MadeSubscription:
        """The endpoint must answer a signed ``subscription.ping`` with 2xx and its challenge."""
        wish = Filter(**{f: getattr(data, f) for f in Filter.__struct_fields__})
        made, secret = subscribe(state.house, state.sender, data.url, wish, "echo", data.format)
        return MadeSubscription(**msgspec.structs.asdict(made.public()), secret=secret)

    @get("/", sync_to_thread=True, summary="All subscriptions")
    def list_subscriptions(self, state: State) -> list[PublicSubscription]:
        """Without their secrets."""
        return [s.public() for s in state.house.subscriptions.all()]

    @get("/{subscription_id:str}", sync_to_thread=True, summary="One subscription")
    def show(self, state: State, subscription_id: FromPath[str]) -> PublicSubscription:
        """Without its secret."""
        found: PublicSubscription = state.house.subscriptions.get(subscription_id).public()
        return found

    @delete("/{subscription_id:str}", sync_to_thread=True, summary="End a subscription")
    def remove(self, state: State, subscription_id: FromPath[str]) -> None:
        """What is still due to it is not sent."""
        state.house.subscriptions.get(subscription_id)
        state.house.subscriptions.remove(subscription_id)
