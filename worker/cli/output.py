"""How results are shown: a table for people, JSON lines for programs."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click
import msgspec
from rich.console import Console
from rich.table import Table

PIPE_WIDTH = 220  # a file or a pager has no width of its own
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")


def show_json(rows: Iterable[object]) -> None:
    """One JSON object a line."""
    for row in rows:
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")
    sys.stdout.flush()


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """A table; where there are no rows, a sentence that says so. Cells are text, never markup."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    count = 0
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
        count += 1
    console().print(table if count else empty)


def console() -> Console:
    """Standard output for people: what comes from the web is text there, never markup."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, markup=False, highlight=False)


def when(moment: datetime | None) -> str:
    """A moment as people read it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else "–"


def _plain(cell: object) -> str:
    text = "–" if cell is None or cell == "" else str(cell)
    return "".join(c if c.isprintable() else " " for c in text)
