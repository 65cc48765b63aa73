"""How telling goes: list, show, retry."""

import click

from worker import wiring
from worker.cli.output import json_option, show_json, show_table, when
from worker.settings import Settings


@click.group()
def deliveries() -> None:
    """List and show deliveries with their attempts; send one again."""


@deliveries.command("list")
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
@click.option("--subscription", default=None, metavar="ID", help="Only those of one subscription.")
@json_option
@click.pass_obj
def list_(settings: Settings, limit: int, subscription: str | None, as_json: bool) -> None:
    """The newest deliveries."""
    found = wiring.open_house(settings).deliveries.recent(limit, subscription)
    if as_json:
        show_json(found)
        return
    columns = ("created", "state", "attempts", "last answer", "alert", "rev", "subscription", "id")
    rows = [
        (
            *(when(d.created_at), d.state, len(d.attempts)),
            *(d.attempts[-1].status or d.attempts[-1].error if d.attempts else "", d.alert, d.revision),
            *(d.subscription, d.id),
        )
        for d in found
    ]
    show_table(columns, rows, empty="Nothing has been sent yet.")


@deliveries.command()
@click.argument("delivery_id", metavar="ID")
@click.pass_obj
def show(settings: Settings, delivery_id: str) -> None:
    """One delivery and all its attempts, as JSON."""
    show_json([wiring.open_house(settings).deliveries.get(delivery_id)])


@deliveries.command()
@click.argument("delivery_id", metavar="ID")
@click.pass_obj
def retry(settings: Settings, delivery_id: str) -> None:
    """Send a delivery again, at once, under the same webhook-id."""
    house = wiring.open_house(settings)
    house.ledger.commit(house.deliveries.send_again(house.deliveries.get(delivery_id), house.clock()))
    house.bells.ring("deliver")
    click.echo(f"{delivery_id} is due again")
