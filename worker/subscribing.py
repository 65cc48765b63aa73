"""Making a subscription: check the wish, vet the address, and let the endpoint prove that it wants to be told."""

import hashlib
from datetime import timedelta
from typing import Final, Literal

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


AS_USUAL: Final = Order()


def subscribe(
    house: House, sender: Sender, url: str, wish: Filter, proof: Proof, order: Order = AS_USUAL
) -> tuple[Subscription, str]:
    """A kept, active subscription and its signing secret (with v1a the public key), which is told this once.

    The endpoint answers a signed ping by any 2xx (``2xx``), or by its challenge too (``echo``); a chat tool cannot
    echo, and takes a test post. Raises SubscriptionRefused or AddressRefused, and keeps nothing then.
    """
    check(wish)
    check_terms(order.terms)
    check_form(order.format, wish, order.terms)
    settings = house.settings
    ports = wiring.delivery_ports(settings)
    target = vet_url(url, ports=ports, http=settings.allow_http, allow=networks(settings.allow_networks))
    subscription, secret = house.subscriptions.new(target, wish, house.clock(), order.signing)
    subscription = msgspec.structs.replace(subscription, format=order.format, terms=order.terms)
    if proof != "none":
        _prove(house, sender, subscription, "2xx" if order.format in CHAT_FORMATS else proof)
    house.subscriptions.add(subscription.verified())
    return subscription.verified(), secret


def rotate(house: House, subscription_id: str) -> tuple[Subscription, str]:
    """The subscription with a new secret, which is told this once; the old one signs too for a while (a setting)."""
    keep = timedelta(hours=house.settings.rotation_hours)
    changed, secret = house.subscriptions.rotated(house.subscriptions.get(subscription_id), house.clock(), keep)
    house.subscriptions.add(changed)
    return changed, secret


def change(
    house: House,
    subscription_id: str,
    terms: Terms | None = None,
    *,
    wish: Filter | None = None,
    form: Format | None = None,
) -> Subscription:
    """The subscription with other terms, another filter or format; raises SubscriptionRefused or NotFound."""
    given = {"terms": terms, "filter": wish, "format": form}
    before = house.subscriptions.get(subscription_id)
    changed = msgspec.structs.replace(before, **{name: value for name, value in given.items() if value is not None})
    check(changed.filter)
    check_terms(changed.terms)
    check_form(changed.format, changed.filter, changed.terms)
    house.subscriptions.add(changed)
    return changed


def _prove(house: House, sender: Sender, subscription: Subscription, proof: Proof) -> None:
    secret = house.subscriptions.secret(subscription)
    challenge = hashlib.blake2b(f"{secret}{subscription.id}".encode(), digest_size=16).hexdigest()
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
