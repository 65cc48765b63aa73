"""Is this role alive: asked every few seconds, so it imports next to nothing."""

import urllib.request

import click
import redis

from worker import embedded
from worker.ledger import alive
from worker.settings import Settings


@click.command()
@click.argument("role", type=click.Choice(["poller", "classifier", "sender", "sender-slow", "api"]))
@click.pass_obj
def healthcheck(settings: Settings, role: str) -> None:
    """Whether this role shows signs of life on this host; the exit code is 1 where not."""
    healthy = _api(settings.api_port) if role == "api" else _role(settings, role)
    raise SystemExit(not healthy)


def _api(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _role(settings: Settings, role: str) -> bool:
    try:
        with redis.Redis.from_url(settings.redis_url or embedded.url_of(settings.data), socket_timeout=5) as client:
            return alive(client, role)
    except redis.exceptions.RedisError:
        return False
