"""What rang: list and show."""

import click

from worker import wiring
from worker.cli.output import json_option, show_json, show_table, when
from worker.settings import Settings


@click.group()
def alerts() -> None:
    """List and show alerts."""


@alerts.command("list")
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
@json_option
@click.pass_obj
def list_(settings: Settings, limit: int, as_json: bool) -> None:
    """The alerts that changed last."""
    found = wiring.open_house(settings).alerts.recent(limit)
    if as_json:
        show_json(found)
        return
    columns = ("updated", "trigger", "country", "place", "phase", "veracity", "severity", "rev", "headline", "id")
    rows = [
        (
            *(when(a.updated_at), a.trigger, a.country, a.places[0].name if a.places else "", a.phase, a.veracity),
            *(a.severity, a.revision, a.headline, a.id),
        )
        for a in found
    ]
    show_table(columns, rows, empty="No alerts yet.")


@alerts.command()
@click.argument("alert_id", metavar="ID")
@click.pass_obj
def show(settings: Settings, alert_id: str) -> None:
    """One alert with all its evidence, as JSON."""
    show_json([wiring.open_house(settings).alerts.get(alert_id)])
