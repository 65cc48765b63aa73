"""Whatever call dies, before or after it took effect, nothing is lost and each delivery keeps one id.

Each run makes the n-th call to Redis die, throws all memory of the process away, lets the leases run out, and goes
on with a new house over the same Redis; n goes up until a run needs fewer calls.
"""

import json
from typing import Any

import pytest
import redis

from tests.support.sink import Sink
from tests.support.town import (
    CLOSED,
    CURFEW,
    QUIET,
    Publisher,
    doors,
    house_over,
    let_leases_run_out,
    read,
    run_until_quiet,
    subscribe,
)
from worker.judge import Judge
from worker.ops.reconcile import reconcile


class Dead(BaseException):
    """The process is gone: nobody may catch this."""


class MortalRedis(redis.Redis):
    """A real client whose n-th call is its last: it dies before the call is sent, or after it took effect."""

    calls = 0
    dies_at = 0
    after = False

    def execute_command(self, *args: Any, **options: Any) -> Any:
        with Death(self):
            return super().execute_command(*args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:
        made = super().pipeline(transaction, shard_hint)
        execute = made.execute

        def dying(raise_on_error: bool = True) -> Any:
            with Death(self):
                return execute(raise_on_error)

        made.execute = dying
        return made


class Death:
    """One call of a mortal client."""

    def __init__(self, client: MortalRedis) -> None:
        self.client = client

    def __enter__(self) -> None:
        self.client.calls += 1
        self.mine = self.client.calls == self.client.dies_at
        if self.mine and not self.client.after:
            raise Dead

    def __exit__(self, *_: object) -> None:
        if self.mine and self.client.after:
            raise Dead


@pytest.mark.parametrize("after", [False, True], ids=["before it took effect", "after it took effect"])
def test_nothing_is_lost_whichever_call_dies(redis_client: redis.Redis, judge: Judge, after: bool) -> None:
    publisher = Publisher([CLOSED, CURFEW, QUIET])
    settings = house_over(redis_client).settings
    with Sink(answer=publisher.answer) as server, doors(settings) as (fetcher, sender):
        publisher.base = server.url
        died, n = True, 0
        while died:
            n += 1
            redis_client.flushall()
            with Sink() as sink:
                died = one_life(redis_client, judge, publisher, fetcher, sender, sink, dies_at=n, after=after)
                told = [(r.headers["webhook-id"], json.loads(r.body)["data"]["trigger"]) for r in sink.requests]
                assert sorted(t for _, t in set(told)) == ["border_closure", "curfew"], (n, after)
    assert n > 40  # the story has that many calls: the test has looked into each


def one_life(
    client: redis.Redis,
    judge: Judge,
    publisher: Publisher,
    fetcher: Any,
    sender: Any,
    sink: Sink,
    *,
    dies_at: int,
    after: bool,
) -> bool:
    """The story with one death in it, and then to its end; whether anybody died."""
    house = house_over(client)
    subscribe(house, sink.url)
    read(house, publisher)
    mortal = MortalRedis(connection_pool=client.connection_pool)
    mortal.dies_at, mortal.after = dies_at, after
    died = False
    try:
        run_until_quiet(house_over(mortal), judge, fetcher, sender)
    except Dead:
        died = True
        forget(fetcher)
        forget(sender)
        let_leases_run_out(client)
    run_until_quiet(house, judge, fetcher, sender)
    sums = reconcile(house)
    assert sums.right, (dies_at, after, sums.lost)
    assert not any(sums.quarantined.values())
    return died


def forget(door: Any) -> None:
    """What was in flight when the process died is answered to nobody."""
    while door.in_flight:
        door.collect(1.0)
