"""The schema of what stands in Redis: its version, the steps from one to the next, and the refusal of a newer one."""

from collections.abc import Callable, Mapping
from typing import Final, cast

import redis

from worker.errors import RedisUnusable
from worker.ledger import key

SCHEMA: Final = 1
# From each version, how what is kept becomes what the next one expects; a step may run twice.
STEPS: Final[Mapping[int, Callable[[redis.Redis], None]]] = {}


def settle(client: redis.Redis) -> None:
    """Bring what is kept to our schema; raises RedisUnusable where a newer Tocsin wrote it."""
    where = key("schema")
    if client.get(where) is None:
        client.set(where, SCHEMA, nx=True)
    found = int(cast(bytes, client.get(where)))
    if found > SCHEMA:
        raise RedisUnusable(
            f"this Redis holds schema {found}, and this Tocsin knows none newer than {SCHEMA}: "
            "run the newer Tocsin, or put back the copy that was taken before the upgrade"
        )
    for version in range(found, SCHEMA):
        STEPS[version](client)
        client.set(where, version + 1)
