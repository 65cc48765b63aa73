"""Who is told: subscribe, list, show, remove; what is done to them later stands in ``upkeep.py``."""

from datetime import timedelta
from typing import Any, get_args

import click

from worker import wiring
from worker.cli import upkeep
from worker.cli.output import json_option, show_json, show_table, when
from worker.cli.wishes import filter_options, wish_of
from worker.settings import Settings
from worker.subscribing import Order
from worker.subscribing import subscribe as make
from worker.subscriptions.model import Filter, Format, shown_url
from worker.trying import tried
from worker.wiring import House

MOST_PREVIEWED = 10_000


@click.command()
@click.argument("url", required=False)
@filter_options
@click.option("--format", "form", type=click.Choice(get_args(Format)), default="standard", show_default=True)
@click.option("--v1a", is_flag=True, help="Sign with an ed25519 key of its own: the public key is printed.")
@click.option("--no-ping", is_flag=True, help="Do not ask the endpoint first: it is active at once.")
@click.option("--preview", is_flag=True, help="Only show what the filter would have sent in the last days.")
@click.option("--days", default=7, show_default=True, help="How far back the preview looks.")
@json_option
@click.pass_obj
def subscribe(settings: Settings, /, url: str | None, form: Format, as_json: bool, **wanted: Any) -> None:
    """Let URL be told of alerts by signed webhooks; prints the signing secret, once.

    The endpoint is asked first: it must answer a signed subscription.ping with a 2xx status. With --preview nothing is
    made: you see which alerts of the last days would have come, and how many a day to expect.

    \b
    tocsin subscribe https://example.org/hook --country JO --country SY --trigger border_closure
    """
    v1a, no_ping, preview, days = (wanted.pop(name) for name in ("v1a", "no_ping", "preview", "days"))
    house, wish = wiring.open_house(settings), wish_of(wanted)
    if preview:
        _preview(house, wish, days)
        return
    if url is None:
        raise click.UsageError("name the URL that is to be told, or give --preview")
    sender = wiring.make_sender(settings)
    try:
        order = Order(format=form, signing="v1a" if v1a else "v1")
        subscription, secret = make(house, sender, url, wish, "none" if no_ping else "2xx", order)
    finally:
        sender.close()
    row = {"id": subscription.id, "url": subscription.url, "secret": secret, "filter": subscription.filter}
    if as_json:
        show_json([row])
    else:
        click.echo(f"subscribed {subscription.id} → {subscription.url}\nsecret (shown once): {secret}")


def _preview(house: House, wish: Filter, days: int) -> None:
    """The alerts of the last days that the filter would have sent, and how many that is a day."""
    since = house.clock() - timedelta(days=max(1, days))
    recent = [a for a in house.alerts.recent(MOST_PREVIEWED) if a.updated_at >= since]
    sent = tried(house, wish, recent, since)
    rows = [
        (
            when(a.updated_at),
            a.trigger,
            a.country,
            a.places[0].name if a.places else "",
            a.phase,
            a.severity,
            a.headline,
        )
        for a, _ in sent
    ]
    columns = ("updated", "trigger", "country", "place", "phase", "severity", "headline")
    show_table(columns, rows, empty="Nothing of the last days would have been sent.")
    begun = min((a.updated_at for a in recent), default=house.clock())
    span = max(1.0, (house.clock() - begun).total_seconds() / 86_400)
    messages = sum(one.messages for one in sent)
    click.echo(
        f"{len(sent)} of {len(recent)} alerts in {span:.1f} days would have been sent: expect about "
        f"{len(sent) / span:.1f} alerts and {messages / span:.1f} messages a day"
    )


@click.group()
def subscriptions() -> None:
    """List, show, change and remove subscriptions; enable them, set their terms and secrets, tell them again."""


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


for command in (upkeep.change, upkeep.enable, upkeep.terms, upkeep.rotate, upkeep.replay):
    subscriptions.add_command(command)
