"""Coroutines in flight on an event loop that lives in one daemon thread as long as the process.

A loop that stops between jobs would miss the peers' closing their connections, and the next posts would fail.
"""

import asyncio
import contextlib
import gc
import sys
import threading
import time
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec

Flight = Coroutine[Any, Any, Any]
# Two threads hand work to each other here: at the interpreter's own 5 ms each answer of Redis would wait that long, at
# 0.5 ms each socket for a fifth of what its post costs.
SWITCH_S: Final = 0.0001
# For so long is it remembered how late the loop was.
REMEMBERED_S: Final = 1.0
# Objects between two searches for cycles: those of a hundred requests under way are no garbage, and are many.
YOUNG: Final = 20_000


class _Failed(msgspec.Struct, frozen=True):
    error: Exception


class Flights:
    """Starts coroutines from plain code and hands out their results; the thread starts with the first of them."""

    def __init__(self, lookups: int) -> None:
        """No thread yet; names are resolved by up to ``lookups`` threads of its own."""
        self._executor = ThreadPoolExecutor(max_workers=lookups, thread_name_prefix="lookup")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._arrivals: deque[tuple[object, Flight]] = deque()
        self._woken = False
        self._asked = self._looked = self._late_s = 0.0
        self._starting = threading.Lock()
        self._tasks: dict[asyncio.Task[None], Flight] = {}
        self._results: deque[tuple[object, Any]] = deque()
        self._ready = threading.Event()
        self.in_flight = 0

    @property
    def late_s(self) -> float:
        """How long the loop lately took to look at what was started: much where this process gets too little of its
        processor, so that what takes long is no fault of the peers."""
        return self._late_s if time.monotonic() - self._looked < REMEMBERED_S else 0.0

    def start(self, tag: object, flight: Flight) -> None:
        """Run a coroutine on the thread; its result comes from ``collect`` with this tag."""
        loop = self._started()
        self.in_flight += 1
        # Appended before the flag is read: whoever clears the flag looks at the queue afterwards.
        self._arrivals.append((tag, flight))
        if not self._woken:
            self._woken, self._asked = True, time.monotonic()
            loop.call_soon_threadsafe(self._launch, loop)

    def collect(self, timeout: float, gather_s: float = 0.0) -> list[tuple[object, Any]]:
        """Finished (tag, result) pairs, waiting up to ``timeout`` s for one; raises what a coroutine raised.

        While most are still under way, ``gather_s`` more are waited for their company: what follows of each is then
        done for many at once.
        """
        end = time.monotonic() + timeout
        while not self._results and self.in_flight and (left := end - time.monotonic()) > 0:
            self._ready.wait(left)
            self._ready.clear()
        if gather_s and 0 < 2 * len(self._results) < self.in_flight:
            time.sleep(gather_s)
        done: list[tuple[object, Any]] = []
        while self._results:
            tag, result = self._results[0]
            if isinstance(result, _Failed) and done:
                break
            self._results.popleft()
            self.in_flight -= 1
            if isinstance(result, _Failed):
                raise result.error
            done.append((tag, result))
        return done

    def run(self, flight: Flight) -> Any:
        """Run one coroutine on the thread and wait for its result; safe from any thread but that one."""
        return asyncio.run_coroutine_threadsafe(flight, self._started()).result()

    def close(self, last: Flight) -> None:
        """Cancel what is in flight, run one last coroutine and end the thread."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            last.close()
        else:
            with contextlib.suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._shut(last), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join(10)
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._results.clear()
        self.in_flight = 0

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                sys.setswitchinterval(SWITCH_S)
                gc.set_threshold(YOUNG)
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(self._executor)
                self._thread = threading.Thread(target=self._live, args=(self._loop,), name="outbound", daemon=True)
                self._thread.start()
            return self._loop

    @staticmethod
    def _live(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.close()

    def _launch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looked = time.monotonic()
        self._late_s = self._looked - self._asked
        self._woken = False
        while self._arrivals:
            tag, flight = self._arrivals.popleft()
            task = loop.create_task(self._fly(tag, flight))
            self._tasks[task] = flight
            task.add_done_callback(self._tasks.pop)

    async def _fly(self, tag: object, flight: Flight) -> None:
        try:
            result = await flight
        except Exception as error:
            result = _Failed(error)
        self._results.append((tag, result))
        if not self._ready.is_set():
            self._ready.set()

    async def _shut(self, last: Flight) -> None:
        while self._arrivals:
            self._arrivals.popleft()[1].close()
        flying = dict(self._tasks)
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)
        for flight in flying.values():
            flight.close()  # one cancelled before its first step was never awaited
        await last
