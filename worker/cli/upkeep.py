"""What is done to subscriptions later: change, enable, terms, rotate, replay; commands of ``tocsin subscriptions``."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any, get_args

import click
import msgspec

from worker import retelling, wiring
from worker.cli.output import show_json
from worker.cli.wishes import filter_options, wish_of
from worker.settings import Settings
from worker.subscribing import Changes
from worker.subscribing import change as changed
from worker.subscribing import rotate as rotated
from worker.subscriptions.model import Format


@click.command()
@click.argument("subscription_id", metavar="ID")
@click.pass_obj
def enable(settings: Settings, subscription_id: str) -> None:
    """Let a disabled subscription be told again, also of what it missed."""
    house = wiring.open_house(settings)
    _, count = retelling.enable(house, house.subscriptions.get(subscription_id))
    click.echo(f"enabled {subscription_id}; {count} missed messages are on their way")


@click.command()
@click.argument("subscription_id", metavar="ID")
@click.option("--url", help="Another address, under the old secret; it is asked first.")
@filter_options
@click.option("--format", "form", type=click.Choice(get_args(Format)), help="Another format.")
@click.option("--no-ping", is_flag=True, help="Do not ask the new address first.")
@click.pass_obj
def change(settings: Settings, /, subscription_id: str, **given: Any) -> None:
    """Change what a subscription is told and where; what is left out stays."""
    url, form, no_ping = (given.pop(name) for name in ("url", "form", "no_ping"))
    house = wiring.open_house(settings)
    wish = wish_of(given, house.subscriptions.get(subscription_id).filter)
    with closing(wiring.make_sender(settings)) as sender:
        wanted = Changes(url=url, filter=wish, format=form)
        show_json([changed(house, sender, subscription_id, wanted, "none" if no_ping else "2xx").public()])


@click.command()
@click.argument("subscription_id", metavar="ID")
@click.option("--rate", type=float, help="Posts a second; default: 10, Slack 1.")
@click.option("--at-once", type=int, help="Posts at a time; default: 10.")
@click.option("--give-up-hours", type=float, help="For how long a message is tried; at most and by default 180.")
@click.option("--system/--no-system", default=None, help="Whether to be told when Tocsin is blind.")
@click.option("--heartbeat/--no-heartbeat", default=None, help="Whether to be told, again and again, that it is not.")
@click.pass_obj
def terms(settings: Settings, /, subscription_id: str, **given: object) -> None:
    """Show how a subscription is sent to, or change it."""
    house = wiring.open_house(settings)
    subscription = house.subscriptions.get(subscription_id)
    if wanted := {name: value for name, value in given.items() if value is not None}:
        changes = Changes(terms=msgspec.structs.replace(subscription.terms, **wanted))
        with closing(wiring.make_sender(settings)) as sender:
            subscription = changed(house, sender, subscription_id, changes)
    show_json([subscription.terms])


@click.command()
@click.argument("subscription_id", metavar="ID")
@click.pass_obj
def rotate(settings: Settings, subscription_id: str) -> None:
    """Give a subscription a new secret, printed once; the old one signs too for TOCSIN_ROTATION_HOURS."""
    _, secret = rotated(wiring.open_house(settings), subscription_id)
    click.echo(f"secret (shown once): {secret}\nthe old one signs too for {settings.rotation_hours:g} hours")


@click.command()
@click.argument("subscription_id", metavar="ID")
@click.option("--since", type=click.DateTime(), help="All since this time (UTC).")
@click.option("--alert", "alert_id", metavar="ID", help="All revisions of one alert.")
@click.option("--dead", is_flag=True, help="All dead letters.")
@click.pass_obj
def replay(settings: Settings, subscription_id: str, since: datetime | None, alert_id: str | None, dead: bool) -> None:
    """Tell a subscriber again, under the same webhook-ids and at its own pace."""
    house = wiring.open_house(settings)
    wish = retelling.Wish(since=since.replace(tzinfo=UTC) if since else None, alert=alert_id, dead=dead)
    count = retelling.retell(house, house.subscriptions.get(subscription_id), wish)
    click.echo(f"{count} messages are on their way")
