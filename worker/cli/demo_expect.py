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
    """One alert that must come, as its newest revision shows it; ``item`` is the title of the founding entry.

    ``or_quote`` is another run of the text that shows the same event as well as ``quote`` does.
    """

    trigger: str
    country: str
    place: str
    phase: Phase
    veracity: Veracity
    feed: str
    item: str
    quote: str
    or_quote: str = ""
    also: tuple[Evidence, ...] = ()

    def __str__(self) -> str:
        return f"{self.trigger} {self.country} {self.place}: “{self.quote}” ({self.feed})"


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
    came = newest(alerts)
    pairs = sorted(
        ((fit(e, a), i, j) for i, e in enumerate(expected.alerts) for j, a in enumerate(came)),
        key=lambda pair: -pair[0],
    )
    met: dict[int, int] = {}
    for likeness, i, j in pairs:
        if likeness and i not in met and j not in met.values():
            met[i] = j
    tolerated = {(m.trigger, m.country) for m in expected.may_come}
    return Judgement(
        missing=tuple(str(e) for i, e in enumerate(expected.alerts) if i not in met),
        wrong=tuple(what for i, j in met.items() for what in differences(expected.alerts[i], came[j])),
        surplus=tuple(
            f"{a['trigger']} {country(a)} {place(a)}: “{quote(a)}”"
            for j, a in enumerate(came)
            if j not in met.values() and ((a["trigger"], country(a)) not in tolerated or _of_silent(expected, a))
        ),
    )


def _of_silent(expected: Expectations, alert: Mapping[str, Any]) -> bool:
    """Whether it quotes the title of an item that should have been silent."""
    return any(e["quote"] and e["quote"] in silent.item for e in alert["evidence"] for silent in expected.silent)


def fit(expected: Expected, alert: Mapping[str, Any]) -> int:
    """How well an alert fits an expected one: 0 not at all, 2 for the same place, 1 for a quote that is alike."""
    if (expected.trigger, expected.country) != (alert["trigger"], country(alert)):
        return 0
    there = any(expected.place.casefold() == p["name"].casefold() for p in alert["places"])
    return 2 * there + any(alike(expected.quote, e["quote"]) for e in alert["evidence"])


def differences(expected: Expected, alert: Mapping[str, Any]) -> list[str]:
    """Where this alert says something else than what was expected of it."""
    axes = (("phase", expected.phase), ("veracity", expected.veracity))
    names = [p["name"] for p in alert["places"]]
    known = {n.casefold() for n in names}
    places = [expected.place, *(e.place for e in expected.also if e.place)]
    given = [e["quote"] for e in alert["evidence"]]
    either = [(expected.quote, expected.or_quote), *((e.quote, "") for e in expected.also)]
    found = [f"{axis} is {alert[axis]}, not {wanted}" for axis, wanted in axes if alert[axis] != wanted]
    found += [f"place {p} is not among {', '.join(names)}" for p in places if p.casefold() not in known]
    found += [
        f"no evidence is like “{quote}”, only “{'”, “'.join(given)}”"
        for quote, other in either
        if not any(alike(quote, g) or (other and alike(other, g)) for g in given)
    ]
    return [f"{expected.trigger} {expected.country}: {what}" for what in found]


def alike(a: str, b: str) -> bool:
    """Whether two quotes are about the same words: the shorter shares at least half of its own with the longer."""
    first, second = (set(WORDS.findall(t.casefold())) for t in (a, b))
    return len(first & second) >= MOST * max(1, min(len(first), len(second)))


def country(alert: Mapping[str, Any]) -> str:
    """The country of an alert's first place, or an empty string."""
    return str(alert["places"][0]["country"]) if alert["places"] else ""


def place(alert: Mapping[str, Any]) -> str:
    """The name of an alert's first place, or an empty string."""
    return str(alert["places"][0]["name"]) if alert["places"] else ""


def quote(alert: Mapping[str, Any]) -> str:
    """The quote that an alert was founded on, or an empty string."""
    return str(alert["evidence"][0]["quote"]) if alert["evidence"] else ""
