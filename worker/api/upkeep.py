"""What is done to subscriptions later, over HTTP: enable, terms, rotate, replay."""

import msgspec
from litestar import Controller, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from worker import retelling
from worker.subscribing import change, rotate
from worker.subscriptions.model import PublicSubscription, Terms


class Retold(msgspec.Struct, frozen=True):
    """How many messages are on their way, at the subscription's own pace."""

    deliveries: int


class NewSecret(msgspec.Struct, frozen=True):
    """The new signing secret, or with v1a the public key; told this once."""

    secret: str


class UpkeepController(Controller):
    """Later on."""

    path = "/subscriptions/{subscription_id:str}"
    tags = ("subscriptions",)

    @post("/enable", sync_to_thread=True, status_code=200, summary="Enable it and tell it what it missed")
    def enable(self, state: State, subscription_id: FromPath[str]) -> Retold:
        """Active at once."""
        _, count = retelling.enable(state.house, state.house.subscriptions.get(subscription_id))
        return Retold(count)

    @put("/terms", sync_to_thread=True, summary="Change how it is sent to")
    def terms(self, state: State, subscription_id: FromPath[str], data: JSONBody[Terms]) -> PublicSubscription:
        """Whatever is left out has its default."""
        return change(state.house, subscription_id, data).public()

    @post("/rotate", sync_to_thread=True, status_code=200, summary="Give it a new secret")
    def rotate(self, state: State, subscription_id: FromPath[str]) -> NewSecret:
        """The old one signs too for a while (TOCSIN_ROTATION_HOURS)."""
        return NewSecret(rotate(state.house, subscription_id)[1])

    @post("/replay", sync_to_thread=True, status_code=202, summary="Tell it again")
    def replay(self, state: State, subscription_id: FromPath[str], data: JSONBody[retelling.Wish]) -> Retold:
        """Since a time, all of one alert, or all dead letters; under the same webhook-ids."""
        owner = state.house.subscriptions.get(subscription_id)
        return Retold(retelling.retell(state.house, owner, data))
