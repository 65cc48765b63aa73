"""Log lines: one line each, bounded, and nothing in them that could pass for another line or colour a terminal."""

import logging
from typing import Any, Final

LONGEST: Final = 2_000
LONGEST_TRACE: Final = 8_000


class Lines(logging.Formatter):
    """Time, level, message; a traceback follows in lines of its own, each behind a bar."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line."""
        return escaped(super().formatMessage(record), LONGEST)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """The traceback: its end tells most. Of a Redis that is away only what it said: every process sees that."""
        text = told(ei) or super().formatException(ei)[-LONGEST_TRACE:]  # type: ignore[arg-type] # whatever logging gives
        return "\n".join("  | " + escaped(line, LONGEST) for line in text.split("\n"))


def told(caught: Any) -> str:
    """What an error says that is no fault of the program's: Redis refuses the connection, drops it or is loading."""
    kinds = {(c.__module__, c.__name__) for c in type(caught[1]).__mro__} if caught and caught[1] else set()
    away = kinds & {("redis.exceptions", "ConnectionError"), ("redis.exceptions", "TimeoutError")}
    return f"{type(caught[1]).__name__}: {caught[1]}" if away else ""


def escaped(text: str, most: int) -> str:
    """The text on one line of at most so many characters."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def set_up(level: str) -> None:
    """Log to standard error: our own lines from this level on, those of libraries from warnings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("tocsin").setLevel(level.upper())
