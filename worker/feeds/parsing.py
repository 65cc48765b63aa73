"""The process that parses feeds, ``python -m worker.feeds.parsing MEMORY SECONDS``: it may be killed at any time.

It reads frames from its standard input and answers each with one on its standard output, in order. A frame is four
bytes of length, big-endian, and a MessagePack value: ``Job`` in, ``Parsed`` out. It ends with its input.
"""

import os
import resource
import signal
import sys
from typing import BinaryIO, Final

import msgspec

from worker.errors import FeedUnreadable
from worker.feeds.model import Job, Parsed

# A process that once needed this much gives little of it back: it says so, and another takes its place.
RETIRE_AT_KB: Final = 400 * 1024


def main(memory: int, seconds: int) -> None:
    """Answer jobs until the input ends; a job may take so many bytes and seconds before this process ends itself."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may land between two frames.
    os.dup2(2, 1)
    limit(memory)
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


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
