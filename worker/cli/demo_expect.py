"""What the recorded feeds must raise, as ``seeds/expected.yaml`` says, and whether the alerts that came are those."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from worker.errors import CatalogueError
from worker.triggers.model import Phase, Veracity

WORDS: Final = re.compile(r"\w+")
MOST: Final = 0.5


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further quote that belongs to an expected alert; ``feed`` and ``item`` empty: those of the alert itself."""

    quote: str
    place: str = ""
    feed: str = ""
    item: str = ""


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One alert that must come, as its newest revision shows it; ``item`` is the title of the founding entry."""

    trigger: str
    country: str
    place: str
    phase: Phase
    veracity: Veracity
    feed: str
    item: str
    quote: str
    also: tuple[Evidence, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Trigger and country, by which an alert that came is told to be this one."""
        return self.trigger, self.country


class MayCome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second reading that the definitions of the triggers allow."""

    trigger: str
    country: str
    feed: str
    why: str


class Silent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry that must raise nothing."""

    feed: str
    item: str
    why: str


class Expectations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the recorded feeds must raise, and all that must raise nothing."""

    alerts: tuple[Expected, ...]
    may_come: tuple[MayCome, ...] = ()
    silent: tuple[Silent, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing, wrong or too much, each as a sentence; three empty tuples: exactly the expected came."""

    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether exactly the expected alerts came."""
        return not (self.missing or self.wrong or self.surplus)


def load(path: Path) -> Expectations:
    """The expectations in this file; raises CatalogueError naming the entry and key at fault."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Expectations)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path}: {error}") from error


def newest(alerts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest revision of each alert, in order of first arrival; those withdrawn are left out."""
    held: dict[str, Mapping[str, Any]] = {}
    for alert in alerts:
        known = held.get(alert["id"])
        if known is None or alert["revision"] >= known["revision"]:
            held[alert["id"]] = alert
    return [a for a in held.values() if not a.get("merged_into")]


def judge(expected: Expectations, alerts: Sequence[Mapping[str, Any]]) -> Judgement:
    """Compare the alerts that came, all revisions of them, with those expected."""
    wanted = {e.key: e for e in expected.alerts}
    tolerated = {(m.trigger, m.country) for m in expected.may_come}
    met: set[tuple[str, str]] = set()
    wrong: list[str] = []
    surplus: list[str] = []
    for alert in newest(alerts):
        key = alert["trigger"], country(alert)
        if key in wanted and key not in met:
            met.add(key)
            wrong += differences(wanted[key], alert)
        elif key not in tolerated:
            again = "a second time: " if key in met else ""
            surplus.append(f"{' '.join(key)}: {again}“{first_quote(alert)}”")
    missing = [f"{e.trigger} {e.country}: “{e.quote}” ({e.feed})" for e in expected.alerts if e.key not in met]
    return Judgement(missing=tuple(missing), wrong=tuple(wrong), surplus=tuple(surplus))


def differences(expected: Expected, alert: Mapping[str, Any]) -> list[str]:
    """Where this alert says something else than what was expected of it."""
    axes = (("phase", expected.phase), ("veracity", expected.veracity))
    names = [p["name"] for p in alert["places"]]
    known = {n.casefold() for n in names}
    places = [expected.place, *(e.place for e in expected.also if e.place)]
    given = [e["quote"] for e in alert["evidence"]]
    quotes = [expected.quote, *(e.quote for e in expected.also)]
    found = [f"{axis} is {alert[axis]}, not {wanted}" for axis, wanted in axes if alert[axis] != wanted]
    found += [f"place {p} is not among {', '.join(names)}" for p in places if p.casefold() not in known]
    found += [
        f"no evidence is like “{quote}”, only “{'”, “'.join(given)}”"
        for quote in quotes
        if not any(alike(quote, g) for g in given)
    ]
    return [f"{expected.trigger} {expected.country}: {what}" for what in found]


def alike(a: str, b: str) -> bool:
    """Whether two quotes are about the same words: the shorter shares at least half of its own with the longer."""
    first, second = (set(WORDS.findall(t.casefold())) for t in (a, b))
    return len(first & second) >= MOST * max(1, min(len(first), len(second)))


def country(alert: Mapping[str, Any]) -> str:
    """The country of an alert's first place, or an empty string."""
    return str(alert["places"][0]["country"]) if alert["places"] else ""


def first_quote(alert: Mapping[str, Any]) -> str:
    """The quote that an alert was founded on, or an empty string."""
    return str(alert["evidence"][0]["quote"]) if alert["evidence"] else ""
