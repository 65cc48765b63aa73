"""The house's own triggers: checked, kept, and followed by whoever judges, on every host and without a restart."""

import logging
from collections.abc import Mapping

from worker.errors import CatalogueError, NotFound
from worker.judge import Judge
from worker.triggers import catalogue
from worker.triggers.lexicon import Lexicon, TriggerFile
from worker.triggers.lint import findings
from worker.wiring import House

TOLD = 5  # examples that fail, in one refusal
log = logging.getLogger("tocsin")


def lexicon(house: House) -> Lexicon:
    """The trigger files of the folder, with the house's own in their places; one that is out of date is left out."""
    return _with(_shipped(house), house.triggers.all())


def keep(house: House, file: TriggerFile) -> None:
    """Let this file count in place of the shipped one; raises CatalogueError where a rule or an example is at fault."""
    tried = catalogue.replaced(_shipped(house), file)
    if failed := findings(_with(tried, {n: f for n, f in house.triggers.all().items() if n != file.trigger}), file):
        more = f"; and {len(failed) - TOLD} more" if len(failed) > TOLD else ""
        raise CatalogueError("; ".join(failed[:TOLD]) + more)
    house.triggers.put(file)
    log.info("trigger.changed trigger=%s", file.trigger)


def forget(house: House, trigger: str) -> None:
    """Let the shipped file count again; raises NotFound where the house has none of its own."""
    if trigger not in house.triggers.all():
        raise NotFound(f"no trigger file of your own for {trigger[:60]!r}: the shipped one counts")
    house.triggers.remove(trigger)
    log.info("trigger.reset trigger=%s", trigger)


def follow(house: House, judge: Judge) -> None:
    """Let the judge find by the triggers as they stand now; a moment where they changed, nothing where not."""
    version = house.triggers.version()
    if version != judge.version:
        judge.detector, judge.version = judge.detector.over(lexicon(house)), version


def _shipped(house: House) -> Lexicon:
    return catalogue.load(house.settings.config / "triggers")


def _with(found: Lexicon, own: Mapping[str, TriggerFile]) -> Lexicon:
    for file in own.values():
        try:
            found = catalogue.replaced(found, file)
        except CatalogueError as error:  # written for an earlier version
            log.error("trigger.refused trigger=%s error=%s", file.trigger, error)
    return found
