"""Subscriptions over HTTP: try, make, list, show, change, rotate, test, replay, end."""

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from worker.api.cursors import MOST, Page, cut
from worker.api.problems import said
from worker.api.subscribers import (
    Change,
    MadeSubscription,
    NewSubscription,
    Preview,
    Replayed,
    Tested,
    change,
    make,
    preview,
    replay,
    rotate,
    test,
)
from worker.retelling import Wish
from worker.subscriptions.model import Filter, PublicSubscription
from worker.subscriptions.model import State as SubscriptionState

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
WRITE = {"scope": "subscribe"}


class SubscriptionsController(Controller):
    """Who is told."""

    path = "/subscriptions"
    tags = ("subscriptions",)

    @post("/", sync_to_thread=True, opt=WRITE, summary="Subscribe a webhook URL", responses=said(422))
    def make_subscription(self, state: State, data: JSONBody[NewSubscription]) -> MadeSubscription:
        """The endpoint must answer a signed ``subscription.ping`` with 2xx and its challenge."""
        return make(state.desk, data)

    @post(
        "/preview",
        sync_to_thread=True,
        status_code=200,
        summary="What a filter would have sent in the last days",
        responses=said(422),
    )
    def preview_subscription(self, state: State, data: JSONBody[Filter]) -> Preview:
        """How many alerts, how many a day, and the newest of them; nothing is kept and nothing is sent."""
        return preview(state.desk, data)

    @get("/", sync_to_thread=True, summary="Subscriptions, the oldest first", responses=said())
    def list_subscriptions(
        self,
        state: State,
        status: Annotated[SubscriptionState | None, QueryParameter(name="state", required=False)] = None,
        limit: Limit = 100,
        cursor: FromQuery[str | None] = None,
    ) -> Page[PublicSubscription]:
        """Without their secrets; ``next`` is the cursor of the page after it."""
        found = [s.public() for s in state.desk.house.subscriptions.all() if status in (None, s.state)]
        return cut(found, lambda s: (int(s.created_at.timestamp() * 1e6), s.id), cursor, limit)

    @get("/{subscription_id:str}", sync_to_thread=True, summary="One subscription", responses=said(404))
    def show_subscription(self, state: State, subscription_id: FromPath[str]) -> PublicSubscription:
        """Without its secret."""
        found: PublicSubscription = state.desk.house.subscriptions.get(subscription_id).public()
        return found

    @patch(
        "/{subscription_id:str}",
        sync_to_thread=True,
        opt=WRITE,
        summary="Change what is sent and where to, or disable and enable",
        responses=said(404, 422),
    )
    def change_subscription(
        self, state: State, subscription_id: FromPath[str], data: JSONBody[Change]
    ) -> PublicSubscription:
        """What is left out stays, and so does the secret; another address must answer a ping as the first one did."""
        return change(state.desk, subscription_id, data).public()

    @post(
        "/{subscription_id:str}/rotate-secret",
        sync_to_thread=True,
        opt=WRITE,
        status_code=200,
        summary="A new signing secret; the old one signs too for a while",
        responses=said(404),
    )
    def rotate_secret(self, state: State, subscription_id: FromPath[str]) -> MadeSubscription:
        """The new secret is told this once; for how long both sign is TOCSIN_ROTATION_HOURS."""
        return rotate(state.desk, subscription_id)

    @post(
        "/{subscription_id:str}/test",
        sync_to_thread=True,
        opt=WRITE,
        status_code=200,
        summary="Send a signed subscription.ping now",
        responses=said(404),
    )
    def test_subscription(self, state: State, subscription_id: FromPath[str]) -> Tested:
        """What the endpoint answered."""
        return test(state.desk, subscription_id)

    @post(
        "/{subscription_id:str}/replay",
        sync_to_thread=True,
        opt=WRITE,
        status_code=202,
        summary="Send again: since a time, of one alert, or the dead letters",
        responses=said(404, 422),
    )
    def replay_subscription(self, state: State, subscription_id: FromPath[str], data: JSONBody[Wish]) -> Replayed:
        """Under the same webhook-ids; how many are due again."""
        return replay(state.desk, subscription_id, data)

    @delete("/{subscription_id:str}", sync_to_thread=True, opt=WRITE, summary="End a subscription", responses=said(404))
    def remove_subscription(self, state: State, subscription_id: FromPath[str]) -> None:
        """What is still due to it is not sent."""
        state.desk.house.subscriptions.get(subscription_id)
        state.desk.house.subscriptions.remove(subscription_id)
