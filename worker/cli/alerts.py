"""What rang: list, show, and take back."""

import click

from worker import judging, wiring
from worker.cli.output import json_option, show_json, show_table, when
from worker.settings import Settings


@click.group()
def alerts() -> None:
    """List, show and withdraw alerts."""


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


@alerts.command()
@click.argument("alert_id", metavar="ID")
@click.option("--reason", required=True, help="Why; everybody who was told of the alert reads it.")
@click.pass_obj
def withdraw(settings: Settings, alert_id: str, reason: str) -> None:
    """Take an alert back: all who were told of it are told that it was wrong, and why."""
    after = judging.withdraw_alert(wiring.open_house(settings), alert_id, reason)
    click.echo(f"withdrawn {after.id}, revision {after.revision}: {after.withdrawn}")


@alerts.command("drop-article")
@click.argument("article_id", metavar="ARTICLE")
@click.pass_obj
def drop_article(settings: Settings, article_id: str) -> None:
    """Judge an article as one that its source removed: alerts that rest on it alone are withdrawn."""
    judging.remove_article(wiring.open_house(settings), article_id)
    click.echo(f"{article_id} is judged again as removed")
