"""Making a subscription: check the wish, vet the address, and let the endpoint prove that it wants to be told."""

import secrets
from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec

from worker import wiring
from worker.addresses import networks, vet_url
from worker.deliveries import formats
from worker.deliveries.model import Post
from worker.deliveries.send import Sender
from worker.errors import SubscriptionRefused
from worker.subscriptions.match import check, check_form, check_terms
from worker.subscriptions.model import CHAT_FORMATS, Filter, Format, Signing, Subscription, Terms
from worker.wiring import House

Proof = Literal["none", "2xx", "echo"]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Beside which alerts are wanted: in which format, and how they are to be sent and signed."""

    format: Format = "standard"
    terms: Terms = Terms()
    signing: Signing = "v1"


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays. Another ``url`` must prove itself as the first one did."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)] | None = None
    filter: Filter | None = None
    format: Format | None = None
    terms: Terms | None = None


AS_USUAL: Final = Order()


def subscribe(
    house: House, sender: Sender, url: str, wish: Filter, proof: Proof, order: Order = AS_USUAL
) -> tuple[Subscription, str]:
    """A kept, active subscription and its signing secret (with v1a the public key), which is told this once.

    The endpoint answers a signed ping by any 2xx (``2xx``), or by its challenge too (``echo``); a chat tool cannot
    echo, and takes a test post. Raises SubscriptionRefused or AddressRefused, and keeps nothing then.
    """
    subscription, secret = house.subscriptions.new(url, wish, house.clock(), order.signing)
    subscription = msgspec.structs.replace(subscription, format=order.format, terms=order.terms)
    _check(subscription)
    subscription = _proved(house, sender, subscription, proof)
    house.subscriptions.add(subscription.verified())
    return subscription.verified(), secret


def rotate(house: House, subscription_id: str) -> tuple[Subscription, str]:
    """The subscription with a new secret, which is told this once; the old one signs too for a while (a setting)."""
    keep = timedelta(hours=house.settings.rotation_hours)
    changed, secret = house.subscriptions.rotated(house.subscriptions.get(subscription_id), house.clock(), keep)
    house.subscriptions.add(changed)
    return changed, secret


def change(house: House, sender: Sender, subscription_id: str, wish: Changes, proof: Proof = "echo") -> Subscription:
    """The subscription as it is wished, under its old secret; another address proves itself first.

    Raises NotFound, SubscriptionRefused or AddressRefused, and changes nothing then.
    """
    before = house.subscriptions.get(subscription_id)
    given = {name: value for name in Changes.__struct_fields__ if (value := getattr(wish, name)) is not None}
    changed = msgspec.structs.replace(before, **given)
    _check(changed)
    if changed.url != before.url:
        changed = _proved(house, sender, changed, proof)
    house.subscriptions.add(changed)
    return changed


def _check(subscription: Subscription) -> None:
    check(subscription.filter)
    check_terms(subscription.terms)
    check_form(subscription.format, subscription.filter, subscription.terms)


def _proved(house: House, sender: Sender, subscription: Subscription, proof: Proof) -> Subscription:
    """The subscription with its address as it is dialled, once that was vetted and has answered."""
    settings = house.settings
    ports = wiring.delivery_ports(settings)
    url = vet_url(subscription.url, ports=ports, http=settings.allow_http, allow=networks(settings.allow_networks))
    vetted = msgspec.structs.replace(subscription, url=url)
    if proof != "none":
        _prove(house, sender, vetted, "2xx" if vetted.format in CHAT_FORMATS else proof)
    return vetted


def _prove(house: House, sender: Sender, subscription: Subscription, proof: Proof) -> None:
    secret, challenge = house.subscriptions.secret(subscription), secrets.token_hex(16)
    body, kind = formats.ping(subscription.id, challenge, house.clock(), subscription.format)
    name = f"ping_{subscription.id}"
    post = Post(delivery_id=name, url=subscription.url, secret=secret, body=body, content_type=kind)
    outcome = sender.send(post)
    attempt = outcome.attempt
    if outcome.verdict != "delivered":
        raise SubscriptionRefused(f"{subscription.url} did not accept the ping: {attempt.error or attempt.status}")
    if proof == "echo" and challenge not in attempt.body:
        raise SubscriptionRefused(
            f"{subscription.url} answered {attempt.status}, but without the challenge of the ping in its body"
        )
