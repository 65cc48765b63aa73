"""The table that a person watches: one row for each alert, as it arrives."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.cli.demo_expect import Judgement, country, place
from worker.cli.demo_sink import Arrival

PHASE_STYLE: Final = {"active": "bold red", "announced": "yellow", "ended": "green", "threatened": "magenta"}
VERACITY_STYLE: Final = {"reported": "", "claimed": "italic yellow", "denied": "strike"}
COLUMNS: Final = (
    ("reported", 12),
    ("trigger", 26),
    ("place", 21),
    ("phase", 9),
    ("veracity", 8),
    ("quote", 0),
    ("source", 19),
    ("after", 7),
)
LEAST: Final = 140  # columns of a log that is no terminal
MOST: Final = 90  # characters of a quote


class Ticker:
    """Prints rows under one head, so that the table grows in a terminal and in a log alike."""

    def __init__(self, console: Console | None = None) -> None:
        """A ticker on this console, by default the standard output."""
        self.console = console or Console(highlight=False)
        if not self.console.is_terminal:
            self.console.width = max(LEAST, self.console.width)

    def head(self) -> None:
        """Print the names of the columns."""
        self._row(*(Text(name, style="bold") for name, _ in COLUMNS))
        self.console.rule(style="dim")

    def show(self, arrival: Arrival, source: str, seconds: float | None) -> None:
        """Print an alert; ``seconds`` is how long after its feed was served it came."""
        data = arrival.data
        again = "↻ " if data["revision"] > 1 else ""
        self._row(
            Text(str(data["first_reported_at"])[5:16].replace("T", " ")),
            Text(again + data["trigger"]),
            Text(where(data)),
            Text(data["phase"], style=PHASE_STYLE.get(data["phase"], "")),
            Text(data["veracity"], style=VERACITY_STYLE.get(data["veracity"], "")),
            Text("“" + shortened(clean(newest_quote(data))) + "”"),
            Text(source),
            Text(f"{seconds:.2f} s" if seconds is not None else "–"),
        )

    def verdict(self, judgement: Judgement) -> None:
        """Print what is missing, wrong or too much, each in a line of its own."""
        for head, lines in (
            ("missing", judgement.missing),
            ("wrong", judgement.wrong),
            ("too much", judgement.surplus),
        ):
            for line in lines:
                self.console.print(Text(f"{head:>9}: {clean(line)}", style="red"), soft_wrap=True)

    def say(self, line: str, style: str = "") -> None:
        """Print a line that is not a row."""
        self.console.print(Text(line, style=style), soft_wrap=True)

    def _row(self, *cells: Text) -> None:
        grid = Table.grid(padding=(0, 1), expand=True)
        for name, width in COLUMNS:
            wrap = {"overflow": "fold"} if name in ("quote", "place", "trigger") else {"no_wrap": True}
            size = {"width": width} if width else {"ratio": 1}
            grid.add_column(**wrap, **size, justify="right" if name == "after" else "left")  # type: ignore[arg-type]
        grid.add_row(*cells)
        self.console.print(grid)


def where(data: Mapping[str, Any]) -> str:
    """The alert's places, the first two by name, with the country."""
    names = [clean(p["name"]) for p in data["places"][:2]]
    more = " …" if len(data["places"]) > 2 else ""
    return f"{', '.join(names) or clean(place(data)) or '?'}{more} ({country(data) or '?'})"


def newest_quote(data: Mapping[str, Any]) -> str:
    """The quote of the newest evidence, or an empty string."""
    return str(data["evidence"][-1]["quote"]) if data["evidence"] else ""


def shortened(text: str) -> str:
    """The text up to about three lines of its column, cut between words."""
    return text if len(text) <= MOST else text[:MOST].rpartition(" ")[0] + " …"


def clean(text: str) -> str:
    """The text in one line, without characters that steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
