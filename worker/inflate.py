"""Unpacking an answer: its headers, and its body under a cap, so that a gzip bomb ends there and not in memory."""

import zlib
from collections.abc import Iterable
from typing import Final

# The wire may carry this much more than the cap before it is cut: empty gzip members unpack to nothing for ever.
SLACK: Final = 64 * 1024
_MAGIC: Final = b"\x1f\x8b"


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in small letters, those of one name joined; a value that is not UTF-8 is Latin-1."""
    headers: dict[str, str] = {}
    for name, value in raw:
        try:
            said = value.decode()
        except UnicodeDecodeError:
            said = value.decode("latin-1")
        known = name.decode("latin-1").lower()
        headers[known] = f"{headers[known]}, {said}" if known in headers else said
    return headers


class BadEncoding(Exception):
    """A body that is not what its content-encoding says, or in an encoding that was not asked for."""


class Body:
    """The first ``cap`` bytes of a body as they arrive; ``truncated`` tells that there were more."""

    def __init__(self, encoding: str, cap: int) -> None:
        """An empty body in this content-encoding; raises BadEncoding for any but gzip and none."""
        self.encoding = encoding.strip().lower()
        if self.encoding not in ("", "identity", "gzip", "x-gzip"):
            raise BadEncoding(f"content-encoding {encoding[:40]!r} was not asked for")
        self.content = bytearray()
        self.truncated = False
        self._cap = cap
        self._wire = 0
        self._member = zlib.decompressobj(wbits=31) if "gzip" in self.encoding else None

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk from the wire; false once the cap is reached. Raises BadEncoding when it is no gzip."""
        self._wire += len(chunk)
        plain = self._inflate(chunk) if self._member else chunk
        room = self._cap - len(self.content)
        self.content += plain[:room]
        self.truncated = len(plain) > room or self._wire > self._cap + SLACK
        return not self.truncated

    def finish(self) -> None:
        """Raise BadEncoding when the wire ended inside a gzip member."""
        if self._member and self._wire and not self._member.eof:
            raise BadEncoding("the gzip body ends early")

    def _inflate(self, chunk: bytes) -> bytes:
        plain = b""
        room = self._cap - len(self.content) + 1
        try:
            while self._member and chunk and len(plain) < room:
                if self._member.eof:
                    if not chunk.startswith(_MAGIC):
                        break  # padding after the last member, which gzip itself ignores
                    self._member = zlib.decompressobj(wbits=31)
                plain += self._member.decompress(chunk, room - len(plain))
                chunk = self._member.unused_data
        except zlib.error as error:
            raise BadEncoding(f"the body is not gzip: {error}") from error
        return plain
