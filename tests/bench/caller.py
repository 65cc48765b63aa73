"""A client that costs little: kept connections that ask for whole answers, and open streams whose events are timed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from urllib.parse import urlsplit

END = b"\r\n\r\n"
LENGTH = b"content-length: "


def request(url: str, key: str = "") -> bytes:
    """The bytes that ask for an address."""
    parts = urlsplit(url)
    where = parts.path + (f"?{parts.query}" if parts.query else "")
    bearer = f"authorization: Bearer {key}\r\n" if key else ""
    return f"GET {where} HTTP/1.1\r\nhost: {parts.netloc}\r\n{bearer}\r\n".encode()


class Line(asyncio.Protocol):
    """One connection; a question is asked when the answer to the last has come."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.buffer = bytearray()
        self.whole = 0
        self.answer: asyncio.Future[bytes] | None = None

    def ask(self, asked: bytes) -> "asyncio.Future[bytes]":
        """The body of the answer, which must be 200."""
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(asked)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.whole and (end := self.buffer.find(END)) >= 0:
            head = bytes(self.buffer[:end]).lower()
            assert head.startswith(b"http/1.1 200"), head[:200]
            at = head.index(LENGTH) + len(LENGTH)
            self.whole = end + len(END) + int(head[at:].split(b"\r\n", 1)[0])
            self.start = end + len(END)
        if self.whole and len(self.buffer) >= self.whole:
            body, self.buffer, self.whole = bytes(self.buffer[self.start :]), bytearray(), 0
            assert self.answer is not None
            self.answer.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError("closed by the server"))


class Stream(asyncio.Protocol):
    """One open stream: when each of its events came."""

    def __init__(self) -> None:
        self.opened = asyncio.get_running_loop().create_future()
        self.came: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self.opened.done() and b": tocsin" in data:
            self.opened.set_result(None)
        self.came += [time.time()] * data.count(b"event: alert.")


@contextlib.asynccontextmanager
async def connected(
    url: str, count: int, kind: Callable[[], asyncio.BaseProtocol] = Line
) -> AsyncIterator[Sequence[asyncio.BaseProtocol]]:
    """So many connections to the server of this address."""
    loop, parts = asyncio.get_running_loop(), urlsplit(url)
    made = [await loop.create_connection(kind, parts.hostname, parts.port) for _ in range(count)]
    try:
        yield [protocol for _, protocol in made]
    finally:
        for transport, _ in made:
            transport.close()


def hurried(asked: Sequence[bytes], url: str, lines: int) -> int:
    """Ask all of these as fast as the answers come, over so many connections; how many that were."""

    async def run() -> None:
        waiting = iter(asked)

        async def work(line: asyncio.BaseProtocol) -> None:
            assert isinstance(line, Line)
            for one in waiting:
                await line.ask(one)

        async with connected(url, lines) as made:
            await asyncio.gather(*map(work, made))

    asyncio.run(run())
    return len(asked)


def paced(asked: Sequence[bytes], url: str, per_second: float, lines: int = 64) -> list[float]:
    """Seconds from the moment that each question was meant to be asked until its answer, sorted."""

    async def run() -> list[float]:
        loop, took = asyncio.get_running_loop(), list[float]()
        free: asyncio.Queue[Line] = asyncio.Queue()

        async def one(question: bytes, at: float) -> None:
            line = await free.get()
            await line.ask(question)
            took.append(loop.time() - at)
            free.put_nowait(line)

        async with connected(url, lines) as made, asyncio.TaskGroup() as group:
            for line in made:
                assert isinstance(line, Line)
                free.put_nowait(line)
            began = loop.time()
            for number, question in enumerate(asked):
                at = began + number / per_second
                await asyncio.sleep(max(0.0, at - loop.time()))
                group.create_task(one(question, at))
        return sorted(took)

    return asyncio.run(run())
