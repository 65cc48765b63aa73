"""One command for each role; every one may run many times, on many hosts, over one Redis."""

import dataclasses
import functools
import logging
import signal
import threading
from collections.abc import Callable

import click
import redis

from worker import jobs, pipeline, wiring
from worker.access import standing_open
from worker.feeds import catalogue
from worker.judge import make_judge
from worker.ledger import beat
from worker.ops import counting, probe
from worker.queues import Name, answer, progress
from worker.sending import Courier
from worker.settings import Settings
from worker.watching import look_on

log = logging.getLogger("tocsin")


@click.command()
@click.pass_obj
def poller(settings: Settings) -> None:
    """Poll feeds, fetch article pages and ring what is due.

    The feeds of config/feeds.yaml are read at the start; those of `tocsin feeds add` live in Redis.
    """
    house = wiring.open_house(settings)
    _warn(house)
    definitions = catalogue.load(settings.config / "feeds.yaml")
    house.feeds.sync(definitions)
    _stop_on_signals(house.stopping)
    fetcher = wiring.make_fetcher(settings)
    _counted(house, "poller")
    log.info("poller.started feeds=%d", len(house.feeds.names()))
    pipeline.endure(house, functools.partial(pipeline.poll, house, fetcher))
    fetcher.close()


@click.command()
@click.pass_obj
def classifier(settings: Settings) -> None:
    """Judge articles: detect events, place them, link them to alerts, and tell subscribers."""
    house = dataclasses.replace(wiring.open_house(settings), progress=progress)
    judge = make_judge(settings)
    log.info("classifier.rules publishers=%d", len(house.rules.publishers))  # a table that is wrong ends it here
    _answer(house, "classifier", "classify", functools.partial(jobs.classify, house, judge))


@click.command()
@click.option("--slow", is_flag=True, help="Send to the endpoints that failed lately, and to no others.")
@click.pass_obj
def sender(settings: Settings, slow: bool) -> None:
    """Post deliveries to their webhooks."""
    house = dataclasses.replace(wiring.open_house(settings), progress=progress)
    door = wiring.make_sender(settings)
    _warn(house)
    if slow:
        courier = Courier(house, door, "delivery:slow")
        _answer(house, "sender-slow", "deliver-slow", functools.partial(jobs.deliver_slow, house, courier))
    else:
        courier = Courier(house, door, "delivery")
        _answer(house, "sender", "deliver", functools.partial(jobs.deliver, house, courier))
    door.close()


@click.command()
@click.pass_obj
def api(settings: Settings) -> None:
    """Serve the console and the HTTP API at TOCSIN_API_HOST:TOCSIN_API_PORT; /schema describes the API."""
    from worker.api.server import serve

    serve(settings)


def _warn(house: wiring.House) -> None:
    """Say at the start what stands open."""
    if not house.subscriptions.vault.sealing:
        log.warning("secrets.open: TOCSIN_SECRETS_KEY is not set, so secrets lie in Redis as they are")
    if reason := standing_open(house.redis):
        log.warning("redis.open: anybody can read and write our Redis: %s; give it a user and a password", reason)


def _answer(house: wiring.House, role: str, name: Name, function: Callable[[], bool | None]) -> None:
    log.info(f"{role}.started")
    _counted(house, role)
    own = redis.Redis.from_url(wiring.redis_url(house.settings), health_check_interval=30, socket_connect_timeout=5)

    def shown() -> None:
        beat(house.redis, role)
        look_on(house)
        pipeline.ring_if_due(house, name)  # no poller may be there to tick

    answer(own, name, function, house.stopping, shown)


def _counted(house: wiring.House, role: str) -> None:
    """Count what this role does, and show it to whoever watches."""
    counter = counting.count(role)
    counting.publish(house.redis, counter, house.stopping)
    probe.watch(house, role, counter)


def _stop_on_signals(stopping: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
