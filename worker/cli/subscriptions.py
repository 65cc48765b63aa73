"""Who is told: subscribe, list, show, remove; what is done to them later stands in ``upkeep.py``."""

import click

from worker import wiring
from worker.alerts.model import SEVERITIES
from worker.cli import upkeep
from worker.cli.output import json_option, show_json, show_table, when
from worker.settings import Settings
from worker.subscribing import Order
from worker.subscribing import subscribe as make
from worker.subscriptions.model import Filter, shown_url
from worker.triggers.model import FAMILIES, PHASES, VERACITIES


@click.command()
@click.argument("url")
@click.option("--trigger", "triggers", multiple=True, type=click.Choice(list(FAMILIES)), help="Only these; repeat it.")
@click.option("--country", "countries", multiple=True, metavar="CC", help="Only these (ISO 3166 alpha-2); repeat it.")
@click.option("--phase", "phases", multiple=True, type=click.Choice(PHASES), help="Default: all but threatened.")
@click.option("--veracity", "veracities", multiple=True, type=click.Choice(VERACITIES), help="Default: all but denied.")
@click.option("--min-severity", type=click.Choice(SEVERITIES), default="minor", show_default=True)
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--place-unknown", is_flag=True, help="Also alerts whose country nobody told.")
@click.option("--v1a", is_flag=True, help="Sign with an ed25519 key of its own: the public key is printed.")
@click.option("--no-ping", is_flag=True, help="Do not ask the endpoint first: it is active at once.")
@json_option
@click.pass_obj
def subscribe(settings: Settings, /, url: str, v1a: bool, no_ping: bool, as_json: bool, **wanted: object) -> None:
    """Let URL be told of alerts by signed webhooks; prints the signing secret, once.

    The endpoint is asked first: it must answer a signed subscription.ping with a 2xx status.

    \b
    tocsin subscribe https://example.org/hook --country JO --country SY --trigger border_closure
    """
    house = wiring.open_house(settings)
    limits = {name: value for name, value in wanted.items() if value != ()}
    wish = Filter(**limits)  # type: ignore[arg-type] # click has checked the values
    sender = wiring.make_sender(settings)
    try:
        subscription, secret = make(
            house, sender, url, wish, "none" if no_ping else "2xx", Order(signing="v1a" if v1a else "v1")
        )
    finally:
        sender.close()
    row = {"id": subscription.id, "url": subscription.url, "secret": secret, "filter": subscription.filter}
    if as_json:
        show_json([row])
    else:
        click.echo(f"subscribed {subscription.id} → {subscription.url}\nsecret (shown once): {secret}")


@click.group()
def subscriptions() -> None:
    """List, show and remove subscriptions; enable them, change their terms and secrets, tell them again."""


@subscriptions.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """All subscriptions."""
    house = wiring.open_house(settings)
    found, now = house.subscriptions.all(), house.clock()
    if as_json:
        show_json(s.public() for s in found)
        return
    rows = [
        (
            *(s.id, shown_url(s.url), ",".join(s.filter.triggers), ",".join(s.filter.countries)),
            *(s.state, when(s.created_at), s.reason or s.notice(now)),
        )
        for s in found
    ]
    columns = ("id", "url", "triggers", "countries", "state", "created", "reason")
    show_table(columns, rows, empty="No subscriptions yet: tocsin subscribe URL")


@subscriptions.command()
@click.argument("subscription_id", metavar="ID")
@click.pass_obj
def show(settings: Settings, subscription_id: str) -> None:
    """One subscription as JSON, without its secret."""
    show_json([wiring.open_house(settings).subscriptions.get(subscription_id).public()])


@subscriptions.command()
@click.argument("subscription_id", metavar="ID")
@click.pass_obj
def remove(settings: Settings, subscription_id: str) -> None:
    """End a subscription; what is still due to it is not sent."""
    house = wiring.open_house(settings)
    house.subscriptions.get(subscription_id)
    house.subscriptions.remove(subscription_id)
    click.echo(f"removed {subscription_id}")


for command in (upkeep.enable, upkeep.terms, upkeep.rotate, upkeep.replay):
    subscriptions.add_command(command)
