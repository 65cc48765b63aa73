"""What an operator relies on over months: schema versions, retention, moving a house, counts of every process."""

from datetime import timedelta

import msgspec
import pytest
import redis

from tests.support import stage
from tests.support.town import house_over
from worker import keeping, upgrading
from worker.errors import RedisUnusable, SettingsError
from worker.ledger import key
from worker.ops import counting, moving


def test_a_newer_schema_is_refused_and_says_what_to_do(redis_client: redis.Redis) -> None:
    upgrading.settle(redis_client)
    upgrading.settle(redis_client)
    redis_client.set(key("schema"), upgrading.SCHEMA + 1)
    with pytest.raises(RedisUnusable, match="run the newer Tocsin"):
        upgrading.settle(redis_client)


def test_what_is_past_its_retention_leaves_the_indexes_and_the_rest_stays(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    old = house.clock() - timedelta(days=100)
    stage.keep(house, stage.rang(stage.RANG[0], house.clock()), stage.rang(stage.RANG[1], old))
    assert keeping.sweep_if_time(house) is True
    assert keeping.sweep_if_time(house) is False
    assert [i for i, _ in house.alerts.changed()] == ["al_border_closure-jo"]
    assert redis_client.zcard(key("articles")) == 1
    assert redis_client.zcard(key("bucket", "airspace_airport_closure", "IT")) == 0


def test_a_house_is_moved_with_its_secrets_and_only_once(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    stage.furnish(house)
    before = {s.id: house.subscriptions.secret(s) for s in house.subscriptions.all()}
    document = msgspec.json.encode(moving.packed(house, secrets=True))
    assert not any(s.encode() in msgspec.json.encode(moving.packed(house, secrets=False)) for s in before.values())
    redis_client.flushall()
    found = moving.read(document)
    assert list(moving.unpacked(house, found, None, dry=True)) != []
    assert house.subscriptions.all() == []
    list(moving.unpacked(house, found, None, dry=False))
    assert {s.id: house.subscriptions.secret(s) for s in house.subscriptions.all()} == before
    assert "levant-wire" in house.feeds.names()
    assert all("is there already" in line for line in moving.unpacked(house, found, None, dry=False))


def test_a_document_that_is_none_or_newer_is_refused() -> None:
    with pytest.raises(SettingsError, match="no document"):
        moving.read(b"{}")
    with pytest.raises(SettingsError, match="newer"):
        moving.read(b'{"tocsin": "9", "schema": 99}')


def test_the_counts_of_every_process_are_seen(redis_client: redis.Redis) -> None:
    counter = counting.Counter("sender")
    counting.put(redis_client, counter.snapshot())
    assert [s.role for s in counting.published(redis_client)] == ["sender"]
