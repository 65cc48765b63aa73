"""For operators: do the sums add up, what was given up, what is wrong, is this role alive."""

from typing import cast, get_args

import click

from worker import wiring
from worker.cli.output import json_option, show_json, show_table
from worker.ledger import KINDS, Kind
from worker.ops.doctor import examine
from worker.ops.reconcile import reconcile as reconciled
from worker.settings import Settings


@click.command()
@click.option("--repair", is_flag=True, help="Make due again what is lost.")
@json_option
@click.pass_obj
def reconcile(settings: Settings, repair: bool, as_json: bool) -> None:
    """Prove that nothing is lost: every item is done, due, leased or quarantined; the exit code is 1 where not."""
    sums = reconciled(wiring.open_house(settings), repair=repair)
    if as_json:
        show_json([sums])
    else:
        click.echo(f"articles {sums.articles}, alerts {sums.alerts}, deliveries {sums.deliveries}")
        rows = [(k, sums.ledger[k], sums.quarantined[k], len(sums.lost.get(k, ()))) for k in KINDS]
        show_table(("kind", "on the ledger", "quarantined", "lost"), rows, empty="")
        click.echo("the sums are right" if sums.right else "LOST: " + str({k: v for k, v in sums.lost.items() if v}))
    raise SystemExit(not sums.right)


@click.group()
def quarantine() -> None:
    """List what was given up after several tries, and retry it."""


@quarantine.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """Everything in quarantine, with the reason."""
    ledger = wiring.open_house(settings).ledger
    rows = [(kind, item, reason) for kind in KINDS for item, reason in ledger.quarantined(kind).items()]
    if as_json:
        show_json({"kind": kind, "id": item, "reason": reason} for kind, item, reason in rows)
    else:
        show_table(("kind", "id", "reason"), rows, empty="Nothing is in quarantine.")


@quarantine.command()
@click.argument("kind", type=click.Choice(get_args(Kind)))
@click.argument("item", metavar="ID")
@click.pass_obj
def retry(settings: Settings, kind: str, item: str) -> None:
    """Take an item out of quarantine; it is due at once."""
    wiring.open_house(settings).ledger.retry(cast(Kind, kind), item)
    click.echo(f"{kind} {item} is due")


@click.command()
@json_option
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Look at everything and say what is wrong and what to do; the exit code is 1 where something is."""
    findings = examine(settings)
    if as_json:
        show_json(findings)
    else:
        rows = [("ok" if f.good else "WRONG", f.what, f.remedy) for f in findings]
        show_table(("", "what", "what to do"), rows, empty="")
    raise SystemExit(not all(f.good for f in findings))
