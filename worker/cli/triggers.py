"""What is looked for: list the triggers, show one, check an operator's own files."""

from pathlib import Path

import click

from worker import tuning, wiring
from worker.cli.output import json_option, show_json, show_table
from worker.errors import NotFound
from worker.settings import Settings
from worker.triggers import catalogue
from worker.triggers.lexicon import Lexicon
from worker.triggers.lint import lint as check
from worker.triggers.model import FAMILIES


@click.group()
def triggers() -> None:
    """List and document the triggers; check trigger files, and let files of your own count."""


def _load(settings: Settings, folder: Path | None = None) -> Lexicon:
    return catalogue.load(folder or settings.config / "triggers")


@triggers.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """All triggers, with what each is and is not."""
    files = _load(settings).triggers
    if as_json:
        show_json({"trigger": f.trigger, "family": FAMILIES[f.trigger], "about": f.about} for f in files)
        return
    rows = [(f.trigger, FAMILIES[f.trigger], f.about, " ".join(sorted(f.languages))) for f in files]
    show_table(("trigger", "family", "it is this", "languages"), rows, empty="No triggers.")


@triggers.command()
@click.argument("trigger")
@click.pass_obj
def show(settings: Settings, trigger: str) -> None:
    """One trigger with its examples, counter-examples and rules."""
    file = next((f for f in _load(settings).triggers if f.trigger == trigger), None)
    if file is None:
        raise NotFound(f"no trigger {trigger!r}; see tocsin triggers list")
    click.echo(f"{file.trigger} ({FAMILIES[file.trigger]})\nIt is: {file.about}\nIt is not: {file.not_this}\n")
    for title, examples in (("Rings", file.examples), ("Stays silent", file.counter_examples)):
        click.echo(f"{title}:")
        for example in examples:
            click.echo(f"  {example.text}  [{example.lang}]")
    for language, section in sorted(file.languages.items()):
        click.echo(f"\nRules in {language}: " + ", ".join(rule.name for rule in section.rules))


@triggers.command("lint")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.pass_obj
def lint(settings: Settings, folder: Path | None) -> None:
    """Check trigger files and try every rule on its own examples; the exit code is 1 where one fails."""
    findings = check(_load(settings, folder))
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(findings)} to mend" if findings else "every example rings and every counter-example is silent")
    raise SystemExit(bool(findings))


@triggers.command("set")
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.pass_obj
def set_(settings: Settings, files: tuple[Path, ...]) -> None:
    """Let trigger files of your own count, on every host and without a restart.

    A file whose rules do not compile, or that breaks a promise of its own examples, is refused and changes nothing.
    """
    house = wiring.open_house(settings)
    for path in files:
        file = catalogue.read(path)
        tuning.keep(house, file)
        click.echo(f"{file.trigger}: {path.name} counts from now on")


@triggers.command()
@click.argument("names", metavar="TRIGGER", nargs=-1, required=True)
@click.pass_obj
def reset(settings: Settings, names: tuple[str, ...]) -> None:
    """Look for a trigger as it is shipped again."""
    house = wiring.open_house(settings)
    for name in names:
        tuning.forget(house, name)
        click.echo(f"{name}: the shipped file counts again")
