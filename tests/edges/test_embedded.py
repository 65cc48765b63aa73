"""The embedded Redis: its data outlive it, and it has one owner."""

import os
import signal
from pathlib import Path

import pytest
import redis

from worker.access import connect
from worker.embedded import EmbeddedRedis, running
from worker.errors import RedisUnusable


def test_data_survive_a_stop_and_a_start(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        redis.Redis.from_url(server.url).set("a", "1")
    assert not running(tmp_path)
    with EmbeddedRedis(tmp_path) as server:
        assert redis.Redis.from_url(server.url).get("a") == b"1"


def test_a_second_owner_is_refused(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path), pytest.raises(RedisUnusable, match="another tocsin"):
        EmbeddedRedis(tmp_path).start()


def test_a_server_that_outlived_its_owner_is_taken_over(tmp_path: Path) -> None:
    orphan = EmbeddedRedis(tmp_path)
    orphan.start()
    assert orphan.process is not None
    assert orphan._lock is not None
    orphan._lock.close()  # as when the owner was killed
    with EmbeddedRedis(tmp_path) as server:
        assert server.process is None
    orphan.process.wait(10)


def test_a_redis_that_evicts_is_refused(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        redis.Redis.from_url(server.url).config_set("maxmemory-policy", "allkeys-lru")
        with pytest.raises(RedisUnusable, match="noeviction"):
            connect(server.url)


def test_a_redis_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(RedisUnusable, match=r"redis://…@127\.0\.0\.1:1/0") as caught:
        connect("redis://user:secret@127.0.0.1:1/0", wait_s=0)
    assert "secret" not in str(caught.value)


def test_a_server_that_was_killed_has_what_it_synced(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path, appendfsync="always")
    server.start()
    redis.Redis.from_url(server.url).set("a", "1")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
    assert redis.Redis.from_url(server.url).get("a") == b"1"
    server.stop()
