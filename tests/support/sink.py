"""A real HTTP server on the loopback that records what it is sent and answers as it is told, in a thread of its own."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    verified: bool | None = None


@dataclass(frozen=True)
class Answer:
    """``drip`` pieces follow ``body``, one each ``every_s``; with ``endless`` the last is sent for ever."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay_s: float = 0.0
    drip: tuple[bytes, ...] = ()
    every_s: float = 0.05
    endless: bool = False
    hang_up: bool = False
    raw: bytes | None = None


class Sink:
    """``answers`` are given in turn and the last one for ever; ``answer`` may be any function of the request."""

    def __init__(
        self,
        *answers: Answer,
        answer: Callable[[Received], Answer] | None = None,
        secret: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._answers = list(answers) or [Answer()]
        self._answer = answer
        self._webhook = Webhook(secret) if secret else None
        self._host, self._port, self._tls = host, port, tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._arrived = threading.Condition()
        self.requests: list[Received] = []
        self.connections = 0
        self.open: set[Any] = set()
        self.flying: dict[int, Received] = {}  # by the peer's port: taken, and not answered yet
        self.port = 0

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://{self._host}:{self.port}"

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Received]:
        """The requests, once there are so many of them."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, timeout), (
                f"{len(self.requests)} of {count} requests came within {timeout} s"
            )
            return list(self.requests)

    def receive(self, received: Received) -> Answer:
        with self._arrived:
            self.requests.append(received)
            self._arrived.notify_all()
        if self._answer is not None:
            return self._answer(received)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def verify(self, headers: dict[str, str], body: bytes) -> bool | None:
        if self._webhook is None:
            return None
        try:
            self._webhook.verify(body, headers, json_parse=False)
        except Exception:
            return False
        return True

    def __enter__(self) -> Self:
        self._thread.start()
        future = asyncio.run_coroutine_threadsafe(self._serve(), self._loop)
        self._server: asyncio.Server = future.result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _serve(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: _Peer(self), self._host, self._port, ssl=self._tls, backlog=4096)

    async def _stop(self) -> None:
        self._server.close()
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in list(self.open):
            transport.abort()
        await asyncio.sleep(0.01 if self._tls else 0)


class _Peer(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = b""
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.port: int = transport.get_extra_info("peername")[1]
        self.sink.connections += 1
        self.sink.open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.sink.open.discard(self.transport)
        self.sink.flying.pop(self.port, None)
        for task in self.tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            method, path, _ = head.split(" ")
            verified = self.sink.verify(headers, body)
            received = Received(method, path, headers, body, time.monotonic(), verified)
            self.sink.flying[self.port] = received
            self.answer(self.sink.receive(received))

    def answer(self, answer: Answer) -> None:
        if answer.hang_up:
            self.transport.abort()
        elif answer.delay_s or answer.drip:
            task = asyncio.get_running_loop().create_task(self.slowly(answer))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        else:
            self.sink.flying.pop(self.port, None)
            self.transport.write(answer.raw if answer.raw is not None else head_of(answer) + answer.body)
            if answer.raw is not None or "connection" in answer.headers:
                self.transport.close()

    async def slowly(self, answer: Answer) -> None:
        await asyncio.sleep(answer.delay_s)
        self.sink.flying.pop(self.port, None)
        self.transport.write(head_of(answer) + answer.body)
        for piece in pieces(answer):
            await asyncio.sleep(answer.every_s)
            self.transport.write(piece)
            # The peer's pace holds ours: an endless body must not fill our own memory.
            while self.transport.get_write_buffer_size() > 1 << 20:
                await asyncio.sleep(0.01)
        if answer.drip:
            self.transport.close()


def pieces(answer: Answer) -> Iterable[bytes]:
    yield from answer.drip
    while answer.endless:
        yield answer.drip[-1]


def head_of(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Answer"]
    if not answer.drip and answer.status != 204 and "content-length" not in answer.headers:
        lines.append(f"content-length: {len(answer.body)}")
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
