"""The words and rules by which a trigger is found, as an analyst writes them (``config/triggers``).

A rule's ``match`` is a line that an analyst can read: ``@ {close} its {border}``. ``{close}`` is a set of words;
bare words stand for themselves; what stands side by side may have two short words between; `` ... `` lets about
ten stand there; ``{a|b}`` is either set; ``@`` at the front or the end says that the one who does it is named there.
In a set ``evacuat*`` is every word that begins so, ``*angriff`` every word that ends so, ``close~`` stands for
close, closes, closed, closing and ``border(s)`` for border, borders.
"""

from typing import Final

import msgspec

from worker.triggers.model import Phase, Veracity

STRENGTH: Final = {"strong": 2.0, "medium": 0.5, "weak": -1.0, "faint": -2.5}


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which news tells of a trigger. ``unless`` are words that must not stand in the same sentence."""

    name: str
    match: tuple[str, ...]
    strength: str = "medium"
    phase: Phase | None = None
    veracity: Veracity | None = None
    unless: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one language says: sets of words, and rules over them; ``unless`` holds for every rule of the section."""

    words: dict[str, tuple[str, ...]] = {}
    unless: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence of our own wording that a trigger's rules must find, or must leave."""

    text: str
    lang: str = "en"
    phase: Phase = "active"
    veracity: Veracity = "reported"


class TriggerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trigger as an analyst writes it."""

    trigger: str
    about: str
    not_this: str = ""
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()
    languages: dict[str, Section] = {}


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """Every trigger file, the words they share, the words that context rules look for, and the judge's weights."""

    triggers: tuple[TriggerFile, ...]
    shared: dict[str, dict[str, tuple[str, ...]]] = {}
    context: dict[str, dict[str, tuple[str, ...]]] = {}
    weights: dict[str, float] = {}

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that have rules."""
        return frozenset(code for file in self.triggers for code in file.languages)
