"""Thousands of feeds in a process of their own: ``python -m tests.bench.publisher`` prints its address and serves.

``/still/<n>`` never changes; ``/living/<n>`` has a new entry each ten seconds, at another moment for each feed.
"""

import asyncio
import sys
import time
from email.utils import formatdate
from typing import ClassVar

PERIOD_S = 10
SHOWN = 20
TEXT = "Guards shut the crossing to lorries at noon, and nobody could say for how long it would stay so. " * 4


def feed(name: str, newest: int, at: float) -> bytes:
    """A feed of twenty entries, the newest published at this time."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{name}-{n}</guid><title>Post {n} of {name}</title>"
        f"<link>https://news.example/{name}/{n}</link><description>{TEXT}{n}</description>"
        f"<pubDate>{formatdate(at - (newest - n) * PERIOD_S, usegmt=True)}</pubDate></item>"
        for n in range(newest, newest - SHOWN, -1)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{entries}</channel></rss>".encode()


class Peer(asyncio.Protocol):
    """One connection; requests have no body."""

    still: ClassVar[dict[str, bytes]] = {}
    began = int(time.time())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, self.buffer = self.buffer[:end].decode("latin-1"), self.buffer[end + 4 :]
            self.transport.write(self.answer(head))  # type: ignore[attr-defined]

    def answer(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        _, kind, number = first.split(" ")[1].split("/")
        newest, at = SHOWN, float(self.began)
        if kind == "living":
            late = int(number) % PERIOD_S
            newest = int(time.time() - late) // PERIOD_S
            at = newest * PERIOD_S + late
        etag = f'"{kind}-{number}-{newest}"'
        validators = f"etag: {etag}\r\ndate: {formatdate(usegmt=True)}\r\n"
        if any(line.lower().startswith("if-none-match:") and etag in line for line in lines):
            return f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode()
        body = self.still.get(number) if kind == "still" else None
        if body is None:
            body = feed(f"{kind}{number}", newest, at)
            if kind == "still":
                self.still[number] = body
        size = f"content-length: {len(body)}\r\ncontent-type: application/rss+xml\r\n"
        return f"HTTP/1.1 200 OK\r\n{validators}{size}\r\n".encode() + body


async def main() -> None:
    """Serve until the standard input ends."""
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", 0, backlog=4096)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
