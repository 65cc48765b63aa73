"""Where the demo plays: all roles on this machine over a Redis of its own, or containers that run already."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import msgspec

from worker import reading, wiring
from worker import settings as settings_file
from worker.cli.demo_seeds import Seeds
from worker.cli.demo_sink import Sink
from worker.cli.up import Roles
from worker.embedded import EmbeddedRedis
from worker.errors import CatalogueError, SubscriptionRefused
from worker.ledger import Kind
from worker.settings import Settings
from worker.subscribing import Order, subscribe
from worker.subscriptions.model import Filter, Terms
from worker.wiring import House

STEPS: tuple[Kind, ...] = ("page", "article", "alert", "delivery", "delivery:slow")

# The demo shows how soon alerts come, and its own endpoint takes them all at once.
FAST: Final = Order(terms=Terms(rate=1000.0, at_once=100))


class Stage:
    """A stage that is set: feeds are polled, and what they bring is on its way."""

    def __init__(self, house: House, site: Seeds, roles: tuple[Roles, ...] = ()) -> None:
        """A stage over this house; ``roles`` are the processes that it must not lose."""
        self._house, self._site, self._roles = house, site, roles

    def quiet(self) -> bool:
        """Whether every feed was polled and nothing is on its way: no page, article, alert or delivery."""
        feeds = self._house.feeds.get_many([d.name for d in self._site.definitions])
        # An item moves to the right in one transaction: read from left to right, it cannot slip through.
        return all(f is not None and f.polls for f in feeds) and not any(map(self._house.ledger.scheduled, STEPS))

    def broken(self) -> str:
        """The role whose process has ended, or an empty string."""
        running = (item for roles in self._roles for item in roles.processes.items())
        return next((name for name, process in running if process.poll() is not None), "")


@contextmanager
def alone(settings: Settings, site: Seeds, hook: str, sink: Sink) -> Iterator[Stage]:
    """Every role as a process of this machine, with a Redis and a ``config/`` of their own for as long as it lasts."""
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        config = Path(folder, "config")
        config.mkdir()
        (config / "triggers").symlink_to(settings.config / "triggers")
        (config / "severity.yaml").symlink_to(settings.config / "severity.yaml")
        (config / "feeds.yaml").write_text(site.catalogue(), encoding="utf-8")
        environ = {
            "TOCSIN_CONFIG_DIR": str(config),
            "TOCSIN_DATA_DIR": folder,
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_HOST_CONCURRENCY": "16",
            "TOCSIN_HOST_SPACING_S": "0",
            "TOCSIN_LOG_LEVEL": "error",
        }
        with EmbeddedRedis(Path(folder, "redis"), appendfsync=settings.appendfsync) as server:
            roles = Roles(server.url, ("classifier", "sender", "sender-slow"), environ)
            roles.start()
            house = wiring.open_house(settings_file.read({**os.environ, **environ, "TOCSIN_REDIS_URL": server.url}))
            # Nobody polls before the subscription stands, so that it misses nothing.
            poller = Roles(server.url, ("poller",), environ)
            try:
                sink.know(_subscribed(house, hook))
                poller.start()
                yield Stage(house, site, (roles, poller))
            finally:
                house.redis.close()
                poller.stop()
                roles.stop()


@contextmanager
def containers(settings: Settings, api: str, site: Seeds, hook: str, sink: Sink) -> Iterator[Stage]:
    """Roles that run already, told of the feeds over Redis and of the subscription over the HTTP API."""
    house = wiring.open_house(settings)
    names = [d.name for d in site.definitions]
    told = {e.source for a in house.alerts.recent(1000) for e in a.evidence}
    if told & set(names) or any(house.feeds.get_many(names)):
        raise CatalogueError("this Redis has seen the demo before, so nothing would ring twice: start on an empty one")
    headers = {"authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}
    with httpx.Client(base_url=api, headers=headers, timeout=30) as client:
        reply = client.post("/v1/subscriptions", json={"url": hook, "terms": msgspec.to_builtins(FAST.terms)})
        if reply.status_code != 201:
            raise SubscriptionRefused(f"{api} answered {reply.status_code}: {reply.text[:300]}")
        made = reply.json()
        sink.know(made["secret"])
        try:
            for definition in site.definitions:
                reading.add(house, definition)
            yield Stage(house, site)
        finally:
            for name in names:
                house.feeds.remove(name)
            client.delete(f"/v1/subscriptions/{made['id']}")
            house.redis.close()


def over(settings: Settings, redis_url: str) -> Settings:
    """The same settings over this Redis."""
    return msgspec.structs.replace(settings, redis_url=redis_url)


def _subscribed(house: House, hook: str) -> str:
    sender = wiring.make_sender(house.settings)
    try:
        _, secret = subscribe(house, sender, hook, Filter(), "2xx", FAST)
    finally:
        sender.close()
    return secret
