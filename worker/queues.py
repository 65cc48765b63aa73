"""The doorbell: the only file that knows RQ. A job carries no data; whoever answers it claims what is due.

RQ's traps and why each line is here stand in ``DECISIONS.md``: JSON only, functions by an allow-list, one queue for a
process, no fork, no commands from Redis, a launcher that outlives a Redis that is away.
"""

import contextlib
import faulthandler
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Final, Literal

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker, WorkerStatus

from worker.errors import JobRefused, WriteRefused

Name = Literal["classify", "deliver", "deliver-slow"]
FUNCTIONS: Final[Mapping[Name, str]] = {
    "classify": "worker.jobs.classify",
    "deliver": "worker.jobs.deliver",
    "deliver-slow": "worker.jobs.deliver_slow",
}
PER_RING: Final = 50  # items made due for each ring
JOB_S: Final = 60  # a job ends itself after 30 s; this is for one that hangs
HANG_S: Final = 25.0  # so long without progress, and the process ends
LOOK_S: Final = 1  # a worker that waits for its bell looks up this often
# All of a stored job that is believed: callbacks, webhooks, instances and dependencies are not.
BELIEVED: Final = {"data", "created_at", "enqueued_at", "started_at", "origin", "status", "timeout", "failure_ttl"}


class BellJob(Job):
    """A job that can do nothing but call one of our own functions, whatever somebody stored in Redis."""

    functions: Mapping[str, Callable[[], None]] = {}

    def restore(self, raw_data: Mapping[bytes, bytes]) -> Any:
        """Read a stored job, less all that could call or post anywhere."""
        return super().restore({name: value for name, value in raw_data.items() if name.decode() in BELIEVED})

    @property
    def func(self) -> Callable[[], None]:
        """Our function of the stored name; raises JobRefused for any other."""
        name = str(self.func_name)
        if self.instance is not None or self.args or self.kwargs or name not in self.functions:
            raise JobRefused(f"job {self.id} names {name[:80]!r}, which no worker of ours runs")
        return self.functions[name]


class BellWorker(SimpleWorker):
    """A worker that runs its jobs in this process, one after the other, and takes no commands from Redis."""

    max_connection_wait_time = 2.0
    stopping: threading.Event
    shown: Callable[[], None]
    carry_on: Callable[[], bool]
    unfinished = carrying = False

    @property
    def dequeue_timeout(self) -> int:
        """How long to wait for a bell before the next sign of life."""
        return LOOK_S

    def subscribe(self) -> None:
        """Listen to no commands: whoever can write to Redis must not stop a worker."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Show a sign of life, to RQ and to our own health check."""
        super().heartbeat(timeout, pipeline)
        self.shown()

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a job, and go on unasked while what it began is this process's alone to finish.

        A hang that no signal can end kills the process, and the ledger gives its items back.
        """
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        try:
            super().execute_job(job, queue)
            while self.unfinished:
                self.carrying = True
                self.shown()
                self.unfinished = self.carry_on()
        finally:
            self.unfinished = self.carrying = False
            faulthandler.cancel_dump_traceback_later()

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Let the job in hand see that it is time to end, then stop as RQ does."""
        self.stopping.set()
        if self.get_state() != WorkerStatus.BUSY and self.carrying:
            self._stop_requested = True
            return
        with contextlib.suppress(redis.exceptions.RedisError):
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call] # RQ leaves it untyped


class Bells:
    """Rings and looks at the three queues."""

    def __init__(self, client: redis.Redis) -> None:
        """Bells in the same Redis as the ledger."""
        self._queues = {n: Queue(n, connection=client, serializer=JSONSerializer, job_class=BellJob) for n in FUNCTIONS}

    def ring(self, name: Name, items: int = 1) -> None:
        """Ring once for each 50 items that were made due; for none, not at all."""
        rings = -(-items // PER_RING)
        bell = Queue.prepare_data(FUNCTIONS[name], timeout=JOB_S, result_ttl=0, failure_ttl=86_400)
        if rings > 0:
            self._queues[name].enqueue_many([bell] * rings)

    def silent(self, name: Name) -> bool:
        """Whether no ring waits to be answered."""
        return not self._queues[name].count

    def waiting(self) -> dict[str, int]:
        """How many rings wait, by queue."""
        return {name: queue.count for name, queue in self._queues.items()}


_fed = 0.0


def progress() -> None:
    """Show, from within a job, that it does not hang."""
    global _fed
    now = time.monotonic()
    if now - _fed > 1.0:
        _fed = now
        faulthandler.dump_traceback_later(HANG_S, exit=True)


def answer(
    client: redis.Redis,
    name: Name,
    function: Callable[[], bool | None],
    stopping: threading.Event,
    shown: Callable[[], None],
) -> None:
    """Answer one queue's bells until SIGTERM or SIGINT, also through a Redis that goes away and comes back.

    ``function`` says whether it left something that only this process can finish: then it is called again, unasked.
    ``client`` must be the worker's own: RQ sets its time-outs. ``stopping`` is set when the end was asked for;
    ``shown`` is called as often as RQ notes that the worker lives.
    """
    for logger in ("rq.worker", "rq.job"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    _stop_on_signals(stopping)
    while not stopping.is_set():
        try:
            bell_worker(client, name, function, stopping, shown).work(logging_level="ERROR")
        except (redis.exceptions.RedisError, WriteRefused) as error:
            logging.getLogger("tocsin").warning("queue.away queue=%s error=%s", name, error)
        _stop_on_signals(stopping)
        stopping.wait(0.5)


def bell_worker(
    client: redis.Redis,
    name: Name,
    function: Callable[[], bool | None],
    stopping: threading.Event,
    shown: Callable[[], None],
) -> BellWorker:
    """A worker on one queue that runs one function, whatever its jobs say; raises RedisError."""

    def run() -> None:
        worker.unfinished = bool(function())

    job_class = type("AllowedJob", (BellJob,), {"functions": {FUNCTIONS[name]: run}})
    queue = Queue(name, connection=client, serializer=JSONSerializer, job_class=job_class)
    worker = BellWorker([queue], connection=client, job_class=job_class, serializer=JSONSerializer, worker_ttl=30)
    worker.stopping, worker.shown, worker.carry_on = stopping, shown, lambda: bool(function())
    worker.log_job_description = False
    return worker


def _stop_on_signals(stopping: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
