"""The one place where everything is put together: settings in, a house with working doors out.

What judges and what reaches the network is imported by the functions that make it, so that each role loads what it
needs and no more: a sender that was killed is back in half the time.
"""

import gc
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec
import redis

from worker import __version__, embedded, upgrading
from worker.access import connect
from worker.alerts import catalogue as severities
from worker.alerts.link import Rules
from worker.alerts.store import AlertStore
from worker.articles.model import Article, Document
from worker.articles.store import ArticleStore
from worker.deliveries.gate import Gate
from worker.deliveries.store import DeliveryStore
from worker.errors import RedisUnusable, TocsinError
from worker.feeds import catalogue as feed_catalogue
from worker.feeds.store import FeedStore
from worker.feeds.turns import Turns
from worker.ledger import Ledger
from worker.places.model import Event, Place
from worker.queues import Bells
from worker.settings import Settings
from worker.subscriptions.store import SubscriptionStore
from worker.triggers.model import Scorer
from worker.triggers.store import TriggerStore
from worker.vault import Vault

if TYPE_CHECKING:
    from worker.deliveries.send import Sender
    from worker.feeds.fetch import Fetcher
    from worker.places.resolve import Resolver
    from worker.triggers.detect import Detector
    from worker.triggers.scout import Scout

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


@dataclass
class Judge:
    """From texts to events: what is detected in them, and where it happens.

    ``version`` is that of the house's own triggers which the detector knows; 0 for those that are shipped.
    """

    detector: "Detector"
    resolver: "Resolver"
    version: int = 0

    def __call__(self, documents: Sequence[Document], homes: Sequence[str] = ()) -> list[tuple[Event, ...]]:
        """The events of each document; ``homes`` are the outlets' countries, used as a last hint."""
        from worker.articles.language import guess_language

        documents = [d if d.lang else msgspec.structs.replace(d, lang=guess_language(d.full)) for d in documents]
        found = self.detector.detect(documents)
        where = homes or [""] * len(documents)
        return [
            self.resolver.locate(document, detections, home=home) if detections else ()
            for document, detections, home in zip(documents, found, where, strict=True)
        ]

    def official(self, article: Article, events: Sequence[Event]) -> tuple[Event, ...]:
        """The events of an article whose source filled in a form: the form goes before the words."""
        if article.notice is None:
            return tuple(events)
        from worker.places.official import official

        def find(text: str) -> list[Place]:
            # A national service warns of its own country: Lincoln, Montana is not Lincoln in England.
            named = [m.place for m in self.resolver.mentions(Document(title=text, lang="en"))]
            at_home = [p for p in named if p.country == article.home]
            return (at_home or self.resolver.country(article.home)) if article.home else named

        document, near = article.document(), self.resolver.nearest
        return official(document, article.notice, events, find=find, nearest=near, now=article.known_at)


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


def make_judge(settings: Settings, resolver: "Resolver | None" = None) -> Judge:
    """The lexicon, the scorer where it is installed, and the gazetteer; takes about a second."""
    from worker.triggers import catalogue
    from worker.triggers.detect import Detector

    gc.disable()  # nothing of what is read now is garbage
    try:
        # The scorer's files are read by native code, meanwhile all others are.
        with ThreadPoolExecutor(1) as beside:
            coming = beside.submit(make_scorer, settings)
            lexicon = catalogue.load(settings.config / "triggers")
            resolver = resolver or make_resolver()
            scorer = coming.result()
        judge = Judge(Detector(lexicon, scorer, _make_scout() if scorer else None), resolver)
        gc.freeze()  # it lives as long as the process: the collector need not walk it ever again
    finally:
        gc.enable()
    return judge


def _make_scout() -> "Scout":
    from worker.triggers.semantic import load_scout

    return load_scout()


def make_resolver() -> "Resolver":
    """What finds places by their names, with the gazetteer that is shipped."""
    from worker.places.gazetteer import Gazetteer
    from worker.places.resolve import Resolver

    return Resolver(Gazetteer.load())


def make_scorer(settings: Settings) -> Scorer | None:
    """The operator's own scorer where its URL is set, else ours; ``None`` where it is off, or neither is there."""
    if settings.scorer == "off":
        return None
    if settings.scorer_url:
        from worker.triggers.remote import RemoteScorer

        return cast(Scorer, RemoteScorer(settings.scorer_url))
    from worker.triggers.semantic import Semantic

    try:
        return cast(Scorer, Semantic.load())  # an array is a sequence of sequences, as far as a detector reads it
    except TocsinError:
        if settings.scorer == "required":
            raise
        return None


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
