"""Making a subscription: check the wish, vet the address, and let the endpoint prove that it wants to be told."""

import hashlib
from typing import Final, Literal

import msgspec

from worker import wiring
from worker.addresses import networks, vet_url
from worker.deliveries import formats
from worker.deliveries.model import Post
from worker.deliveries.send import Sender
from worker.errors import SubscriptionRefused
from worker.subscriptions.match import check
from worker.subscriptions.model import Filter, Format, Subscription
from worker.wiring import House

Proof = Literal["none", "2xx", "echo"]
ONE_EACH: Final[frozenset[Format]] = frozenset({"cap", "geojson"})
CHAT: Final[frozenset[Format]] = frozenset({"slack", "discord", "teams"})


def subscribe(
    house: House, sender: Sender, url: str, wish: Filter, proof: Proof, form: Format = "standard"
) -> tuple[Subscription, str]:
    """A kept, active subscription and its signing secret, which is told this once.

    The endpoint answers a signed ping by any 2xx (``2xx``), or by its challenge too (``echo``); a chat tool cannot
    echo, and takes a test post. Raises SubscriptionRefused or AddressRefused, and keeps nothing then.
    """
    check(wish)
    if wish.quiet is not None and form in ONE_EACH:
        raise SubscriptionRefused(
            f"quiet: a message in {form} tells of one alert, so there is no digest in this format"
        )
    settings = house.settings
    ports = wiring.delivery_ports(settings)
    target = vet_url(url, ports=ports, http=settings.allow_http, allow=networks(settings.allow_networks))
    subscription, secret = house.subscriptions.new(target, wish, house.clock())
    subscription = msgspec.structs.replace(subscription, format=form)
    if proof != "none":
        _prove(house, sender, subscription, secret, "2xx" if form in CHAT else proof)
    house.subscriptions.add(subscription.verified())
    return subscription.verified(), secret


def _prove(house: House, sender: Sender, subscription: Subscription, secret: str, proof: Proof) -> None:
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
