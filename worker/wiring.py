"""The one place where everything is put together: settings in, a house with working doors out.

What reaches the network is imported by the functions that make it, and what judges is made in ``judge.py``, so that
each role loads what it needs and no more: a sender that was killed is back in half the time.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import redis

from worker import __version__, embedded, upgrading
from worker.access import connect
from worker.alerts import catalogue as severities
from worker.alerts.link import Rules
from worker.alerts.store import AlertStore
from worker.articles.store import ArticleStore
from worker.deliveries.gate import Gate
from worker.deliveries.store import DeliveryStore
from worker.errors import RedisUnusable
from worker.feeds import catalogue as feed_catalogue
from worker.feeds.store import FeedStore
from worker.feeds.turns import Turns
from worker.ledger import Ledger
from worker.queues import Bells
from worker.settings import Settings
from worker.subscriptions.store import SubscriptionStore
from worker.triggers.store import TriggerStore
from worker.vault import Vault

if TYPE_CHECKING:
    from worker.deliveries.send import Sender
    from worker.feeds.fetch import Fetcher

INBOUND_PORTS: Final = frozenset({80, 443, 8080, 8443})
DELIVERY_PORTS: Final = frozenset({443, 8443})
HTTP_PORTS: Final = frozenset({80, 8080})


@dataclass(frozen=True)
class House:
    """All that every role needs; ``clock`` gives aware UTC, ``luck`` a number in [0, 1).

    ``progress`` is called after each piece of work: a worker that stops calling it hangs.
    """

    settings: Settings
    redis: redis.Redis
    ledger: Ledger
    bells: Bells
    feeds: FeedStore
    turns: Turns
    articles: ArticleStore
    alerts: AlertStore
    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    triggers: TriggerStore
    gate: Gate
    stopping: threading.Event
    clock: Callable[[], datetime]
    luck: Callable[[], float]
    progress: Callable[[], None] = lambda: None

    @cached_property
    def rules(self) -> Rules:
        """How events are linked and weighed; read when it is first needed, which is never for most commands."""
        return make_rules(self.settings)


def redis_url(settings: Settings) -> str:
    """The Redis that is set, else the embedded one that runs; raises RedisUnusable where there is neither."""
    if settings.redis_url:
        return settings.redis_url
    if embedded.running(settings.data):
        return embedded.url_of(settings.data)
    raise RedisUnusable(f"no Redis runs for {settings.data}: start `tocsin up`, or set TOCSIN_REDIS_URL")


def open_house(settings: Settings) -> House:
    """A house over the Redis of these settings, brought to our schema; raises RedisUnusable."""
    client = connect(redis_url(settings))
    upgrading.settle(client)
    return house_over(client, settings)


def house_over(client: redis.Redis, settings: Settings) -> House:
    """A house over a connected client."""
    ledger, vault = Ledger(client), Vault(settings.secrets_key)
    return House(
        settings=settings,
        redis=client,
        ledger=ledger,
        bells=Bells(client),
        feeds=FeedStore(ledger, vault),
        turns=Turns(ledger, most=settings.host_concurrency, spacing_s=settings.host_spacing_s),
        articles=ArticleStore(ledger, settings.article_days),
        alerts=AlertStore(ledger, settings.alert_days),
        subscriptions=SubscriptionStore(ledger, vault),
        deliveries=DeliveryStore(ledger, settings.delivery_days),
        triggers=TriggerStore(ledger),
        gate=Gate(ledger),
        stopping=threading.Event(),
        clock=lambda: datetime.now(UTC),
        luck=random.Random().random,  # noqa: S311 - spreads retries, keeps no secret
    )


def make_rules(settings: Settings) -> Rules:
    """How events are linked and weighed: the table of severities, and the publishers of the catalogue."""
    feeds = settings.config / "feeds.yaml"
    publishers = frozenset(d.group for d in feed_catalogue.load(feeds)) if feeds.exists() else frozenset()
    own = settings.config / "severity.yaml"
    # A folder that was made for an earlier version holds no such table: the one of this version counts then.
    beside = Path(__file__).resolve().parent.parent / "config" / "severity.yaml"
    return Rules(severities.load(own if own.exists() else beside), publishers)


def make_fetcher(settings: Settings) -> "Fetcher":
    """The door that feeds and pages come in by."""
    from worker.feeds.fetch import Fetcher
    from worker.outbound import Outbound

    outbound = Outbound(
        user_agent=user_agent(settings),
        allow_networks=settings.allow_networks,
        http=True,
        ports=INBOUND_PORTS,
        concurrency=settings.poll_concurrency,
    )
    return Fetcher(outbound, host_concurrency=settings.host_concurrency, host_spacing_s=settings.host_spacing_s)


def make_sender(settings: Settings) -> "Sender":
    """The door that deliveries leave by."""
    from worker.deliveries.send import Sender
    from worker.outbound import Outbound

    return Sender(
        Outbound(
            user_agent=user_agent(settings),
            allow_networks=settings.allow_networks,
            http=settings.allow_http,
            ports=delivery_ports(settings),
            concurrency=max(settings.send_concurrency, settings.send_held),
        )
    )


def delivery_ports(settings: Settings) -> frozenset[int]:
    """The ports that deliveries may go to; networks that are allowed by name are not bound to them."""
    return DELIVERY_PORTS | HTTP_PORTS if settings.allow_http else DELIVERY_PORTS


def user_agent(settings: Settings) -> str:
    """Who we say we are, with an address for complaints where one is set."""
    return f"tocsin/{__version__}" + (f" (+{settings.contact_url})" if settings.contact_url else "")
