"""How telling goes: list, show, retry."""

from typing import Final, get_args

import click

from worker import wiring
from worker.cli.output import json_option, show_json, show_table, when
from worker.deliveries.model import State
from worker.settings import Settings

ALL: Final = 100_000  # so many are looked through for a state


@click.group()
def deliveries() -> None:
    """List and show deliveries with their attempts; send one again."""


@deliveries.command("list")
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
@click.option("--subscription", default=None, metavar="ID", help="Only those of one subscription.")
@click.option(
    "--state", type=click.Choice(get_args(State)), help="Only those in this state; dead are the dead letters."
)
@json_option
@click.pass_obj
def list_(settings: Settings, limit: int, subscription: str | None, state: str | None, as_json: bool) -> None:
    """The newest deliveries."""
    deliveries = wiring.open_house(settings).deliveries
    newest = deliveries.recent(limit if state is None else ALL, subscription)
    found = [d for d in newest if state is None or d.state == state][:limit]
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
