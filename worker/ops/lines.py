"""Log lines as objects, one a line: the time, the level, the event, and what it says by name."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from worker.cli.logs import LONGEST, LONGEST_TRACE, told
from worker.ops.counting import read


class ObjectLines(logging.Formatter):
    """Writes ``noun.verb key=%s`` as ``{"event": "noun.verb", "key": ...}``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; what is no text or number is written as text."""
        event, given = read(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "event": event if "." in event else "message",
        }
        line |= _bounded(given if given and "." in event else {"message": record.getMessage()})
        if record.exc_info:
            line["error"] = (told(record.exc_info) or self.formatException(record.exc_info))[-LONGEST_TRACE:]
        return msgspec.json.encode(line, enc_hook=str).decode()


def _bounded(given: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v if v is None or isinstance(v, int | float) else str(v)[:LONGEST] for n, v in given.items()}


def write_objects() -> None:
    """From now on every line of this process is an object."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(ObjectLines())
