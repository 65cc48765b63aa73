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
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from worker.errors import FeedUnreadable
from worker.feeds.model import Job, Parsed

# A process that once needed this much gives little of it back: it says so, and another takes its place.
RETIRE_AT_KB: Final = 400 * 1024
START_S: Final = 60.0
# Feeds are a tenth of this: what is larger takes seconds, and others would wait for it.
LARGE: Final = 1024 * 1024
log = logging.getLogger("tocsin")


def main(memory: int, seconds: int) -> None:
    """Answer jobs until the input ends; a job may take so many bytes and seconds before this process ends itself."""
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
        write(answers, answer(job))
        signal.alarm(0)


def answer(job: Job) -> Parsed:
    """What parsing this brought."""
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
    return msgspec.structs.replace(parsed, spent=peak > RETIRE_AT_KB)


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


class Parsers:
    """The parsing processes: started when one is needed, kept while they behave, killed when one does not."""

    def __init__(self, most: int, seconds: float, memory: int) -> None:
        """No process yet; at most so many, each with so many seconds a job and bytes of memory."""
        self._seconds, self._memory = seconds, memory
        self._slots = asyncio.Semaphore(most)
        self._large = asyncio.Semaphore(max(1, most - 1))
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()
        self._closed = False
        self._decode = msgspec.msgpack.Decoder(Parsed).decode

    async def parse(self, job: Job) -> Parsed:
        """What a parsing process made of it, or why it could not; large ones never take all of the processes."""
        async with self._large if len(job.body) > LARGE else contextlib.nullcontext(), self._slots:
            child = None
            parsed = Parsed(reason="its parser died, most likely for want of memory", spent=True)
            try:
                child = await self._child()
                async with asyncio.timeout(self._seconds):
                    parsed = await self._exchange(child, job)
            except TimeoutError:
                parsed = Parsed(reason=f"it takes over {self._seconds:g} s to parse", spent=True)
            except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
                log.warning("feed.parser_died error=%s", type(error).__name__)
            finally:
                if child is not None:
                    await self._put_back(child, fit=not parsed.spent)
            return parsed

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

    async def _exchange(self, child: asyncio.subprocess.Process, job: Job) -> Parsed:
        jobs = child.stdin
        if jobs is None:
            raise BrokenPipeError("a parsing process without pipes")
        frame = msgspec.msgpack.encode(job)
        jobs.write(len(frame).to_bytes(4, "big") + frame)
        await jobs.drain()
        return await self._answer(child)

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
