"""Parsing in processes that may be killed at any time: both ends of the pipe.

``python -m worker.feeds.parsing MEMORY SECONDS`` reads frames from its standard input and answers each with one on its
standard output, in order; an empty answer before them says that it is ready. A frame is four bytes of length,
big-endian, and a MessagePack value: ``Job`` in, ``Parsed`` out. It ends with its input.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
from collections import deque
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from worker.errors import FeedUnreadable
from worker.feeds.model import Job, Parsed

# A process that once needed this much gives little of it back: it says so, and another takes its place.
RETIRE_AT_KB: Final = 400 * 1024
START_S: Final = 60.0
# Feeds are a tenth of this: what is larger takes seconds, and others would wait for it.
LARGE: Final = 1024 * 1024
TOGETHER: Final = 8
PATIENCE_S: Final = 0.5
log = logging.getLogger("tocsin")


def main(memory: int, seconds: int) -> None:
    """Answer jobs until the input ends; a job may take so many bytes and seconds before this process ends itself."""
    # A new program starts with the peak of the one that started it.
    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may land between two frames.
    os.dup2(2, 1)
    limit(memory)
    # Loading the parsers takes a second, on a busy machine many: no feed's time is spent on it.
    import worker.feeds.parse  # noqa: F401

    write(answers, Parsed())
    decoder = msgspec.msgpack.Decoder(Job)
    while (head := jobs.read(4)) and len(head) == 4:
        job = decoder.decode(jobs.read(int.from_bytes(head, "big")))
        signal.alarm(seconds)
        write(answers, answer(job, max(RETIRE_AT_KB, inherited)))
        signal.alarm(0)


def answer(job: Job, retire_at_kb: int) -> Parsed:
    """What parsing this brought, and whether this process has needed more memory than so much."""
    # Here, so that the process is under its limits before it grows.
    from worker.feeds.parse import parse

    try:
        parsed = Parsed(feed=parse(job.body, job.content_type))
    except FeedUnreadable as error:
        return Parsed(reason=str(error))
    except MemoryError:
        return Parsed(reason="it takes more memory to parse than a feed may", spent=True)
    except Exception as error:  # whatever the parsers raise on what the world sends
        return Parsed(reason=f"no parser can read it ({type(error).__name__}: {str(error)[:200]})")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return msgspec.structs.replace(parsed, spent=peak > retire_at_kb)


def limit(memory: int) -> None:
    """Let this process have so many bytes of address space, where the system can limit it."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return


def write(where: BinaryIO, parsed: Parsed) -> None:
    """Send one frame."""
    frame = msgspec.msgpack.encode(parsed)
    where.write(len(frame).to_bytes(4, "big"))
    where.write(frame)
    where.flush()


class _Task(NamedTuple):
    job: Job
    told: asyncio.Future[Parsed]

    @property
    def large(self) -> bool:
        return len(self.job.body) > LARGE

    def settle(self, parsed: Parsed) -> None:
        if not self.told.done():
            self.told.set_result(parsed)


class Parsers:
    """The parsing processes: started when one is needed, kept while they behave, killed when one does not.

    A process is handed several small feeds at once, for on a busy machine waking it takes longer than parsing one.
    Large feeds go one by one and never to all processes.
    """

    def __init__(self, most: int, seconds: float, memory: int) -> None:
        """No process yet; at most so many, each with so many seconds a job and bytes of memory."""
        self._most, self._seconds, self._memory = most, seconds, memory
        self._small: deque[_Task] = deque()
        self._large: deque[_Task] = deque()
        self._large_now = 0
        self._hands: set[asyncio.Task[None] | None] = set()
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()
        self._closed = False
        self._decode = msgspec.msgpack.Decoder(Parsed).decode

    async def parse(self, job: Job) -> Parsed:
        """What a parsing process made of it, or why it could not."""
        task = _Task(job, asyncio.get_running_loop().create_future())
        (self._large if task.large else self._small).append(task)
        self._hire()
        return await task.told

    def _hire(self) -> None:
        if len(self._hands) < self._most:
            self._hands.add(asyncio.create_task(self._work()))

    async def _work(self) -> None:
        """Have a process parse what waits, until nothing does that it may take."""
        try:
            while batch := self._next():
                large = batch[0].large
                self._large_now += large
                try:
                    await self._parsed(batch)
                finally:
                    self._large_now -= large
        finally:  # not in a callback: until that ran, a new task would find every hand taken and nobody would come
            self._hands.discard(asyncio.current_task())

    def _next(self) -> deque[_Task]:
        if self._large and self._large_now < max(1, self._most - 1):
            return deque([self._large.popleft()])
        return deque(self._small.popleft() for _ in range(min(TOGETHER, len(self._small))))

    async def _parsed(self, batch: deque[_Task]) -> None:
        """Settle these tasks, or all up to one that its process does not survive; the others wait again."""
        child, fit = None, False
        failed = Parsed(reason="its parser died, most likely for want of memory", spent=True)
        try:
            child = await self._child()
            fit = await self._exchange(child, batch)
        except TimeoutError:
            batch.popleft().settle(Parsed(reason=f"it takes over {self._seconds:g} s to parse", spent=True))
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
            log.warning("feed.parser_died error=%s", type(error).__name__)
            batch.popleft().settle(failed)
        finally:
            self._give_back(batch)
            if child is not None:
                await self._put_back(child, fit=fit)

    def _give_back(self, batch: deque[_Task]) -> None:
        self._small.extendleft(reversed(batch))
        batch.clear()

    async def close(self) -> None:
        """Kill every process and wait until it is gone."""
        self._closed = True
        self._idle.clear()
        for child in list(self._all):
            await self._put_back(child, fit=False)

    async def _child(self) -> asyncio.subprocess.Process:
        if self._closed:
            raise BrokenPipeError("the fetcher is closed")
        while self._idle:
            child = self._idle.pop()
            if child.returncode is None:
                return child
            await self._put_back(child, fit=False)
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "worker.feeds.parsing", str(self._memory), str(int(self._seconds) + 5)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, "PYTHONSAFEPATH": ""},
        )
        self._all.add(child)
        try:
            async with asyncio.timeout(START_S):
                await self._answer(child)
        except BaseException:
            await self._put_back(child, fit=False)
            raise
        return child

    async def _exchange(self, child: asyncio.subprocess.Process, batch: deque[_Task]) -> bool:
        """Hand jobs to a process and settle them one by one; whether it is fit for more."""
        if child.stdin is None:
            raise BrokenPipeError("a parsing process without pipes")
        for task in batch:
            frame = msgspec.msgpack.encode(task.job)
            child.stdin.write(len(frame).to_bytes(4, "big") + frame)
        while batch:
            answer = asyncio.ensure_future(self._answer(child))
            done, _ = await asyncio.wait({answer}, timeout=min(PATIENCE_S, self._seconds))
            late = not done and len(batch) > 1
            if late:  # whatever it does so long, the others need not wait for it
                task = batch.popleft()
                self._give_back(batch)
                batch.append(task)
                self._hire()
            async with asyncio.timeout(max(0.0, self._seconds - PATIENCE_S)):
                parsed = await answer
            batch.popleft().settle(parsed)
            if late or parsed.spent:
                return False
        return True

    async def _answer(self, child: asyncio.subprocess.Process) -> Parsed:
        if child.stdout is None:
            raise BrokenPipeError("a parsing process without pipes")
        length = int.from_bytes(await child.stdout.readexactly(4), "big")
        return self._decode(await child.stdout.readexactly(length))

    async def _put_back(self, child: asyncio.subprocess.Process, *, fit: bool) -> None:
        if fit and child.returncode is None:
            self._idle.append(child)
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        self._all.discard(child)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
