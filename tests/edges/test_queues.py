"""The doorbell against a real Redis: what it runs, and what it never runs."""

import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue
from rq.job import Callback, Job
from rq.serializers import DefaultSerializer, JSONSerializer

from worker.ledger import alive, beat
from worker.queues import FUNCTIONS, PER_RING, Bells, bell_worker

OURS = FUNCTIONS["classify"]


@pytest.fixture
def answered(redis_client: redis.Redis) -> Callable[[], int]:
    """Answers every ring of ``classify`` that waits, and says how often our function ran."""

    def run() -> int:
        runs: list[int] = []
        shown = functools.partial(beat, redis_client, "classifier")
        worker = bell_worker(redis_client, "classify", lambda: runs.append(1), threading.Event(), shown)
        worker.work(burst=True, logging_level="CRITICAL")
        return len(runs)

    return run


def plant(client: redis.Redis, name: str, serializer: Any = JSONSerializer, **given: Any) -> Job:
    """A job that somebody who can write to Redis put there."""
    queue = Queue("classify", connection=client, serializer=serializer)
    return queue.enqueue(name, **given)


def test_a_ring_is_answered_once(redis_client: redis.Redis, answered: Callable[[], int]) -> None:
    Bells(redis_client).ring("classify")
    assert answered() == 1
    assert answered() == 0


@pytest.mark.parametrize(("items", "rings"), [(0, 0), (1, 1), (PER_RING, 1), (PER_RING + 1, 2)])
def test_bells_ring_once_for_fifty_items(redis_client: redis.Redis, items: int, rings: int) -> None:
    bells = Bells(redis_client)
    bells.ring("deliver", items)
    assert bells.waiting()["deliver"] == rings
    assert bells.silent("deliver") == (rings == 0)


def test_another_function_is_never_run(redis_client: redis.Redis, answered: Callable[[], int], tmp_path: Path) -> None:
    plant(redis_client, "os.mkdir", args=(str(tmp_path / "planted"),))
    plant(redis_client, "os.getcwd")
    assert answered() == 0
    assert not (tmp_path / "planted").exists()


def test_our_function_with_arguments_is_never_run(redis_client: redis.Redis, answered: Callable[[], int]) -> None:
    plant(redis_client, OURS, args=("x",))
    assert answered() == 0


def test_a_planted_callback_is_never_run(
    redis_client: redis.Redis, answered: Callable[[], int], tmp_path: Path
) -> None:
    before = os.getcwd()
    plant(redis_client, OURS, on_success=Callback("os.chdir"), on_failure=Callback("os.chdir"))
    assert answered() == 1
    assert os.getcwd() == before


def test_a_planted_pickle_is_never_loaded(
    redis_client: redis.Redis, answered: Callable[[], int], tmp_path: Path
) -> None:
    made = tmp_path / "unpickled"

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(made),)

    plant(redis_client, OURS, serializer=DefaultSerializer, args=(Bomb(),))
    assert answered() == 0
    assert not made.exists()


def test_a_job_that_fails_does_not_end_the_worker(redis_client: redis.Redis, answered: Callable[[], int]) -> None:
    plant(redis_client, "no.such.function")
    Bells(redis_client).ring("classify")
    assert answered() == 1


def test_a_role_shows_that_it_lives(redis_client: redis.Redis) -> None:
    assert not alive(redis_client, "poller")
    beat(redis_client, "poller")
    assert alive(redis_client, "poller")


def test_a_worker_shows_that_it_lives(redis_client: redis.Redis, answered: Callable[[], int]) -> None:
    assert not alive(redis_client, "classifier")
    answered()
    assert alive(redis_client, "classifier")
