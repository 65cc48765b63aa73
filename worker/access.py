"""The Redis server itself: whether it answers and is safe for us, open to everybody, or nearly full."""

import time
from typing import Any, cast
from urllib.parse import urlsplit

import redis

from worker.errors import RedisUnusable

LOOPBACK = ("127.", "::1", "-::1", "localhost")


def standing_open(client: redis.Redis) -> str:
    """Why anybody on the network may read and write this server; empty where nobody may, or where it cannot be told."""
    if "path" in client.connection_pool.connection_kwargs:
        return ""
    try:
        user = cast(dict[str, Any], client.acl_getuser("default")) or {}
        bound = str(cast(dict[str, str], client.config_get("bind")).get("bind", ""))
    except redis.exceptions.ResponseError:
        return ""  # who may not ask has a user of its own, and so has everybody else
    flags = {f.decode() if isinstance(f, bytes) else str(f) for f in user.get("flags", ())}
    if not {"on", "nopass"} <= flags or (all(address.startswith(LOOPBACK) for address in bound.split()) and bound):
        return ""
    return f"its default user has no password and it listens on {bound or 'every address'}"


def memory_share(client: redis.Redis) -> float:
    """The part of ``maxmemory`` that is used; 0 where there is no limit."""
    info = client.info("memory")
    limit = int(info.get("maxmemory") or 0)
    return int(info["used_memory"]) / limit if limit else 0.0


def connect(url: str, *, wait_s: float = 30.0) -> redis.Redis:
    """A client for this Redis once it answers and is safe for us; raises RedisUnusable and says what to do."""
    client = redis.Redis.from_url(url, health_check_interval=30, socket_connect_timeout=5)
    deadline = time.monotonic() + wait_s
    while True:
        try:
            _check(client)
            return client
        except redis.exceptions.AuthenticationError as error:
            raise RedisUnusable(f"the Redis at {shown(url)} refuses our name or password: {error}") from error
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
            if time.monotonic() > deadline:
                raise RedisUnusable(f"no Redis answers at {shown(url)}: {error}") from error
            time.sleep(0.2)


def _check(client: redis.Redis) -> None:
    info = client.info()
    version = tuple(int(n) for n in str(info["redis_version"]).split(".")[:2])
    if version < (6, 2):
        raise RedisUnusable(f"Redis {info['redis_version']} is too old: Tocsin needs 6.2 or newer, or Valkey 8")
    if (policy := info.get("maxmemory_policy")) not in (None, "noeviction"):
        raise RedisUnusable(
            f"this Redis may throw our data away (maxmemory-policy {policy}): set maxmemory-policy noeviction"
        )


def shown(url: str) -> str:
    """A Redis URL without its user, password and options, fit for a log."""
    parts = urlsplit(url)
    _, secret, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{'…@' if secret else ''}{host}{parts.path}"
