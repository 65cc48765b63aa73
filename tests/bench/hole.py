"""A sink in a process of its own that costs little: ``python -m tests.bench.hole`` prints its port and serves.

``/ok…`` is answered 204 at once, ``/slow…`` after 10 s, ``/dead…`` never; ``GET /stats`` gives the times of arrival.
"""

import asyncio
import json
import sys
import time
from typing import Any

SLOW_S = 10.0
ACCEPTED = b"HTTP/1.1 204 Accepted\r\n\r\n"
arrived: dict[str, list[float]] = {"ok": [], "slow": [], "dead": []}
seen: set[bytes] = set()


class Peer(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length: ")
            length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.answer(head)

    def answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1]
        if path == b"/stats":
            body = json.dumps({**arrived, "ids": len(seen)}).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
            return
        kind = path[1:].split(b"/")[0].decode()
        seen.add(head[head.find(b"webhook-id: ") :].split(b"\r\n", 1)[0])
        arrived[kind].append(time.time())
        if kind == "ok":
            self.transport.write(ACCEPTED)
        elif kind == "slow":
            asyncio.get_running_loop().call_later(SLOW_S, self.transport.write, ACCEPTED)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", 0, backlog=4096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
