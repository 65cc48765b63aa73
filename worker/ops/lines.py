"""Log lines as objects, one a line: the time, the level, the event, and what it says by name."""

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec

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
        line |= given if given and "." in event else {"message": record.getMessage()}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def write_objects() -> None:
    """From now on every line of this process is an object."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(ObjectLines())
