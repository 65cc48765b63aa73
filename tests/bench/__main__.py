"""Run every case, or those that are named: ``python -m tests.bench [CASE …]``. JSON lines out, a table on stderr."""

import json
import signal
import sys
import tempfile
from pathlib import Path

import redis
from rich.console import Console
from rich.table import Table

from tests.bench import cases
from worker.embedded import EmbeddedRedis


def main(names: list[str]) -> None:
    """Measure, print."""
    unknown = set(names) - set(cases.CASES)
    if unknown:
        sys.exit(f"no case {sorted(unknown)[0]}; there are {', '.join(cases.CASES)}")
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # ends the processes too
    table = Table("case", "what", "a second", "baseline", "a second", "ratio", box=None)
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder), appendfsync="everysec") as server:
        client = redis.Redis.from_url(server.url)
        for name, case in cases.CASES.items():
            if names and name not in names:
                continue
            if name not in cases.STANDING:
                client.flushall()
            for figure in case(client):
                sys.stdout.write(json.dumps({"case": name, **figure.row()}) + "\n")
                sys.stdout.flush()
                table.add_row(name, *figure.cells())
    Console(stderr=True).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
