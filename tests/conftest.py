"""A real Redis server of the test run's own, and a ledger over it, emptied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.paths import CONFIG, SHARED
from worker.embedded import EmbeddedRedis
from worker.judge import Judge, make_judge
from worker.ledger import Ledger
from worker.settings import Settings


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path_factory.mktemp("redis"), appendfsync="no") as server:
        yield server


@pytest.fixture
def redis_client(redis_server: EmbeddedRedis) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(redis_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def ledger(redis_client: redis.Redis) -> Ledger:
    return Ledger(redis_client)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the reference material is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The real lexicon and gazetteer, without the scorer."""
    return make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
