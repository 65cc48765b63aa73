"""Run every case, or those that are named: ``python -m tests.bench [CASE …]``. JSON lines out, a table on stderr.

A run of all cases at full size writes BENCHMARKS.md. With ``BENCH=quick`` little of each is done, within a minute.
"""

import json
import signal
import sys
import tempfile
import time
from pathlib import Path

import redis
from rich.console import Console

from tests.bench import cases, report
from tests.bench.measure import QUICK
from worker.embedded import EmbeddedRedis

BUDGET_S = 900.0


def main(names: list[str]) -> None:
    """Measure, print, write."""
    if unknown := set(names) - set(cases.CASES):
        sys.exit(f"no case {sorted(unknown)[0]}; there are {', '.join(cases.CASES)}")
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # ends the processes too
    chosen = [n for n in cases.CASES if (n in names if names else not (QUICK and n in cases.SLOW))]
    chosen.sort(key=lambda name: name not in cases.FIRST)
    run = report.Run(began=time.monotonic())
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder), appendfsync="everysec") as server:
        client = redis.Redis.from_url(server.url)
        for name in chosen:
            if not names and run.seconds > BUDGET_S:
                run.left_out.append(name)
                continue
            if name not in cases.STANDING:
                client.flushall()
            began = time.monotonic()
            for figure in cases.CASES[name](client):
                sys.stdout.write(json.dumps({"case": name, **figure.row()}) + "\n")
                sys.stdout.flush()
                run.rows.append((name, figure))
            run.took[name] = time.monotonic() - began
        run.redis = str(client.info("server")["redis_version"])  # type: ignore[index]
    order = list(cases.CASES)
    run.rows.sort(key=lambda row: order.index(row[0]))
    Console(stderr=True, width=160).print(report.table(run))
    if not names and not QUICK:
        report.write(run)


if __name__ == "__main__":
    main(sys.argv[1:])
