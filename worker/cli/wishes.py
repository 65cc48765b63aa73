"""The options of a filter, as subscribe, its preview, a change and backtest take them."""

import functools
from collections.abc import Callable
from typing import Any, Final

import click
import msgspec

from worker.alerts.model import SEVERITIES
from worker.subscriptions.match import check
from worker.subscriptions.model import Filter
from worker.subscriptions.typed import circle, hours, polygon, typed
from worker.triggers.model import FAMILIES, PHASES, VERACITIES

EVERYTHING: Final = Filter()
OPTIONS = (
    click.option(
        "--trigger", "triggers", multiple=True, type=click.Choice(list(FAMILIES)), help="Only these; repeat it."
    ),
    click.option("--family", "families", multiple=True, type=click.Choice(sorted(set(FAMILIES.values())))),
    click.option(
        "--country", "countries", multiple=True, metavar="CC", help="Only these (ISO 3166 alpha-2); repeat it."
    ),
    click.option("--near", metavar="LAT,LON,KM", help="Only what is known to be within so many kilometres."),
    click.option(
        "--polygon", metavar="LON,LAT …", help="Only what is known to be inside; points, separated by spaces."
    ),
    click.option("--language", "languages", multiple=True, metavar="XX", help="Only what is told in these (ISO 639)."),
    click.option("--source", "sources", multiple=True, help="Only what these feeds or publishers tell."),
    click.option("--phase", "phases", multiple=True, type=click.Choice(PHASES), help="Default: all but threatened."),
    click.option(
        "--veracity", "veracities", multiple=True, type=click.Choice(VERACITIES), help="Default: all but denied."
    ),
    click.option("--min-severity", type=click.Choice(SEVERITIES), help="Default: minor."),
    click.option("--min-confidence", type=click.FloatRange(0, 1)),
    click.option("--min-sources", "min_independent_sources", type=click.IntRange(1), help="Independent sources."),
    click.option(
        "--quiet", metavar="HH:MM-HH:MM[@ZONE]", help="Hours of which one digest tells, extreme alerts apart."
    ),
    click.option("--place-unknown", is_flag=True, help="Also alerts whose country nobody told."),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a filter to a command."""
    return functools.reduce(lambda made, option: option(made), reversed(OPTIONS), command)


def wish_of(wanted: dict[str, Any], before: Filter = EVERYTHING) -> Filter:
    """A filter with what these options ask for; raises SubscriptionRefused where it can never match."""
    given = {name: value for name, value in wanted.items() if value not in ((), None, False)}
    readers: tuple[tuple[str, Callable[[str], Any]], ...] = (("near", circle), ("polygon", polygon), ("quiet", hours))
    for name, read in readers:
        if name in given:
            given[name] = typed(name, str(given[name]), read)
    wish = msgspec.convert({**msgspec.structs.asdict(before), **given}, Filter)
    check(wish)
    return wish
