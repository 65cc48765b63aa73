"""What a run found: a table for the terminal, BENCHMARKS.md, and the table of the guide to capacity."""

import os
import platform
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.table import Table

from tests.bench.measure import Figure
from tests.support.paths import ROOT

BENCHMARKS = ROOT / "BENCHMARKS.md"
CAPACITY = ROOT / "worker" / "console" / "help" / "capacity.md"
HEADING = "## As measured"
# What the guide tells of each case: the first figure, in its words.
TOLD = {
    "poll": "feeds polled, cold",
    "extract": "pages read",
    "match": "articles judged by the rules, without their places",
    "place": "articles placed",
    "link": "articles linked",
    "score": "sentences scored",
    "deliver": "webhooks posted by one sender",
    "end-to-end": "articles from feed to webhook in one process",
    "list": "requests for the list of alerts",
}


@dataclass
class Run:
    """The figures of each case in order, how long each took, and what there was no time for."""

    began: float
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    rows: list[tuple[str, Figure]] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    redis: str = ""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def table(run: Run) -> Table:
    """For the terminal."""
    made = Table("case", "what", "a second", "beside", "a second", "ratio", "promised", box=None)
    for name, figure in run.rows:
        made.add_row(name, *figure.cells(), promise(figure))
    return made


def promise(figure: Figure) -> str:
    """The ratio that is promised, and whether it is kept."""
    if figure.floor is None:
        return ""
    return f"{figure.floor:g} {'✓' if figure.ratio >= figure.floor else '✗'}"


def write(run: Run) -> None:
    """Write both files."""
    BENCHMARKS.write_text(document(run), encoding="utf-8")
    guide = CAPACITY.read_text(encoding="utf-8")
    section = f"{HEADING}\n\n{capacity(run)}\n"
    CAPACITY.write_text(re.sub(rf"{HEADING}\n.*?(?=\n## )", lambda _: section, guide, flags=re.S), encoding="utf-8")


def document(run: Run) -> str:
    """BENCHMARKS.md."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`, all in one run; `make bench-quick` gives a first look within a minute. Each figure",
        "stands beside a plain baseline that was measured in turn with it: the ratio is worth more than the rate, for",
        "both saw the same machine. A tick says that what is promised was kept.",
        "",
        machine(run),
        "",
        "| case | what | a second | beside | a second | ratio | promised |",
        "|---|---|---:|---|---:|---:|---|",
        *(f"| {' | '.join((name, *figure.cells(), promise(figure)))} |" for name, figure in run.rows),
        "",
        "Seconds that each case took: " + ", ".join(f"{name} {s:.0f}" for name, s in run.took.items()) + ".",
    ]
    if run.left_out:
        lines += ["", f"Left out, for there was no time: {', '.join(run.left_out)}."]
    return "\n".join(lines) + "\n"


def machine(run: Run) -> str:
    """On what, with what, when, and how busy it was."""
    memory = psutil.virtual_memory().total / 2**30
    busy = f"load {run.load:.1f} before and {os.getloadavg()[0]:.1f} after"
    loud = " – other work ran beside it, so the rates are too low" if run.load > 1 else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {run.seconds / 60:.1f} minutes; {processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB; Python {platform.python_version()}, Redis {run.redis}; {busy}{loud}."
    )


def processor() -> str:
    """Its name, where the system tells."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text()) if told.exists() else None
    return re.sub(r"\s+", " ", found[1]).strip() if found else platform.machine()


def capacity(run: Run) -> str:
    """The table of the guide: one line for each stage that it tells of."""
    first: dict[str, Figure] = {}
    for name, figure in run.rows:
        first.setdefault(name, figure)
    lines = [machine(run), "", "| stage | a second |", "|---|---:|"]
    lines += [f"| {words} | {first[name].rate:,.0f} |" for name, words in TOLD.items() if name in first]
    return "\n".join(lines)
