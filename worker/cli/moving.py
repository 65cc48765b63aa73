"""From one house to another: feeds, subscriptions and triggers in one document."""

from pathlib import Path
from typing import IO

import click
import msgspec

from worker import wiring
from worker.ops import moving
from worker.settings import Settings


@click.command()
@click.option("--secrets", is_flag=True, help="With all secrets in clear: keep the file as you keep them.")
@click.pass_obj
def export(settings: Settings, secrets: bool) -> None:
    """Write feeds, subscriptions and trigger files as one JSON document to standard output."""
    found = moving.packed(wiring.open_house(settings), secrets=secrets)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--triggers",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=None,
    help="Also write the trigger files into this folder.",
)
@click.pass_obj
def import_(settings: Settings, file: IO[bytes], dry_run: bool, triggers: Path | None) -> None:
    """Take in what a document of `tocsin export` holds and this house does not."""
    found = moving.read(file.read())
    for line in moving.unpacked(wiring.open_house(settings), found, triggers, dry=dry_run):
        click.echo(line)
    if dry_run:
        click.echo("nothing was changed: this was a dry run")
