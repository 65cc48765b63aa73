"""The command ``tocsin``: every noun is a file of this folder, imported only when it is asked for."""

import importlib
import os
import signal
import sys
import threading
import time
from typing import Final

import click

from worker import __version__, settings
from worker.cli import logs
from worker.errors import TocsinError

COMMANDS: Final[dict[str, str]] = {
    "up": "worker.cli.up:up",
    "demo": "worker.cli.demo:demo",
    "poller": "worker.cli.roles:poller",
    "classifier": "worker.cli.roles:classifier",
    "sender": "worker.cli.roles:sender",
    "api": "worker.cli.roles:api",
    "subscribe": "worker.cli.subscriptions:subscribe",
    "subscriptions": "worker.cli.subscriptions:subscriptions",
    "alerts": "worker.cli.alerts:alerts",
    "deliveries": "worker.cli.deliveries:deliveries",
    "feeds": "worker.cli.feeds:feeds",
    "triggers": "worker.cli.triggers:triggers",
    "classify": "worker.cli.classify:classify",
    "places": "worker.cli.classify:places",
    "keys": "worker.cli.keys:keys",
    "explain": "worker.cli.explain:explain",
    "replay": "worker.cli.replay:replay",
    "backtest": "worker.cli.backtest:backtest",
    "reconcile": "worker.cli.operate:reconcile",
    "quarantine": "worker.cli.operate:quarantine",
    "doctor": "worker.cli.operate:doctor",
    "export": "worker.cli.moving:export",
    "import": "worker.cli.moving:import_",
    "observability": "worker.cli.observability:observability",
    "healthcheck": "worker.cli.health:healthcheck",
}


class Nouns(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a newcomer's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - a mistake in the table above
        return command


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="tocsin")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@click.pass_context
def tocsin(context: click.Context, parent: int | None) -> None:
    """Read the world's news feeds and ring a webhook when a border closes, a city is evacuated, a town falls.

    \b
    Start everything on this machine:   tocsin up
    Be told:                            tocsin subscribe https://example.org/hook --country JO --trigger border_closure
    See what rang:                      tocsin alerts list
    Ask why a text would ring:          tocsin explain "Iran closes airspace"

    Settings come from the environment (TOCSIN_*) and from the folder config/; config/tocsin.env.example lists them.
    """
    context.obj = settings.read(os.environ)
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    logs.set_up(context.obj.log_level)
    if context.obj.log_format == "json":
        from worker.ops.lines import write_objects

        write_objects()


def _end_with(parent: int) -> None:
    """Under `tocsin up`, end when it is gone, however it went: nothing may run on unseen."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the command line; an error of ours is one line that says what to do, and exit code 1."""
    try:
        tocsin()
    except TocsinError as error:
        click.echo(f"tocsin: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
