"""Coroutines on a thread of their own: their results in company, and how late the thread is."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.flights import deaf
from worker.flights import Flights


@pytest.fixture
def flights() -> Iterator[Flights]:
    made = Flights(lookups=1)
    yield made
    made.close(asyncio.sleep(0))


async def soon(after_s: float) -> float:
    await asyncio.sleep(after_s)
    return after_s


def test_results_that_come_one_by_one_are_handed_out_together(flights: Flights) -> None:
    for number in range(20):
        flights.start(number, soon(0.001 * number))
    assert len(flights.collect(5.0, 0.2)) == 20


def test_the_last_result_waits_for_no_company(flights: Flights) -> None:
    flights.start("only", soon(0.0))
    began = time.monotonic()
    assert flights.collect(5.0, 3.0) == [("only", 0.0)]
    assert time.monotonic() - began < 2.0


def test_a_thread_that_has_no_time_for_what_is_started_says_so(flights: Flights) -> None:
    there = threading.Event()
    assert flights.late_s == 0.0
    flights.start("deaf", deaf(there, 0.4))
    assert there.wait(5.0)
    flights.start("late", soon(0.0))
    while flights.in_flight:
        flights.collect(5.0)
    assert 0.2 < flights.late_s < 5.0
