"""Files for whoever watches: a dashboard for Grafana, alert rules for Prometheus."""

from importlib import resources
from typing import Final

import click

FILES: Final = {"grafana": "grafana.json", "prometheus": "prometheus.yml"}


@click.command()
@click.argument("what", type=click.Choice(list(FILES)))
def observability(what: str) -> None:
    """Print the Grafana dashboard or the Prometheus alert rules that come with Tocsin."""
    found = resources.files("worker.ops").joinpath("files", FILES[what])
    click.echo(found.read_text(encoding="utf-8"), nl=False)
