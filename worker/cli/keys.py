"""API keys: make, list, remove."""

import click

from worker import wiring
from worker.api.keys import SCOPES, KeyStore, Scope
from worker.cli.output import json_option, show_json, show_table, when
from worker.settings import Settings


@click.group()
def keys() -> None:
    """Make, list and remove API keys."""


@keys.command()
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default="read", show_default=True, help="Each holds those before.")
@json_option
@click.pass_obj
def add(settings: Settings, name: str, scope: Scope, as_json: bool) -> None:
    """Make a key for somebody or something; it is printed once, and only its hash is kept.

    \b
    read        see feeds, articles, alerts, subscriptions and deliveries
    subscribe   also make and change subscriptions, and push articles
    operate     also add feeds and send again
    """
    house = wiring.open_house(settings)
    made, text = KeyStore(house.ledger).add(name, scope, house.clock())
    if as_json:
        show_json([{"id": made.id, "name": made.name, "scope": made.scope, "key": text}])
    else:
        click.echo(f"{made.name} may {made.scope}\nkey (shown once): {text}")


@keys.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """All keys, without their secrets."""
    found = KeyStore(wiring.open_house(settings).ledger).all()
    if as_json:
        show_json(found)
        return
    rows = [(k.id, k.name, k.scope, when(k.created_at)) for k in found]
    show_table(("id", "name", "scope", "made"), rows, empty="No keys yet: tocsin keys add NAME")


@keys.command()
@click.argument("key_id", metavar="ID")
@click.pass_obj
def remove(settings: Settings, key_id: str) -> None:
    """Let nobody in with this key any more, within seconds."""
    KeyStore(wiring.open_house(settings).ledger).remove(key_id)
    click.echo(f"removed {key_id}")
