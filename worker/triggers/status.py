"""Phase and veracity of a candidate, read from its rule and the words around it."""

import re
from typing import Final

from worker.triggers.context import View
from worker.triggers.model import Attribution, Candidate, Phase, Veracity

_REACH: Final = 40
_WARNED: Final = frozenset({"storm_flood_fire", "earthquake_volcano"})
_SPEAKER: Final = re.compile(
    r"(?:according to|accus\w+ by) (?:the )?([^,.;]{2,60})"
    r"|((?:[A-Z][\w’'.-]+ ){0,4}[A-Za-z’'-]+(?: [a-z]+){0,2}),? (?:has |have |had |also )?"
    r"(?:sa(?:y|ys|id)|claim(?:s|ed)?|den(?:y|ies|ied)|reported|reports|confirmed|announced)\b"
)
_ROLES: Final = (
    ("monitor", ("observatory", "monitor", "rights group", "watchdog", "sohr")),
    (
        "armed group",
        ("rebel", "militant", "fighter", "hamas", "houthi", "taliban", "separatist", "insurgent", "forces"),
    ),
    ("military", ("army", "military", "ministry of defence", "defence ministry", "general staff", "idf", "navy")),
    ("agency", ("agency", "news", "media", "reuters", "afp", "tass", "sana", "xinhua")),
    ("witness", ("witness", "resident", "local")),
    ("unnamed", ("source", "reports", "people familiar")),
)


def phase(candidate: Candidate, ruled: Phase | None, view: View) -> Phase:
    """The rule's own phase where it has one, otherwise what stands before the candidate says."""
    if ruled is not None and ruled != "active":
        return ruled
    near, start, end = view.words.near, candidate.start, candidate.end
    before = max(candidate.sentence.start, start - _REACH)
    if ruled == "active":
        return "active"
    if near("condition", max(candidate.sentence.start, start - 60), start):
        return "threatened"
    modal = near("modal", before, end)
    if modal and candidate.trigger not in _WARNED:
        return "threatened"
    if candidate.trigger not in _WARNED and near("fears", end, min(candidate.sentence.end, end + 12)):
        return "threatened"
    if near("threat", before, start):
        return "announced" if candidate.trigger in _WARNED else "threatened"
    if near("plan", before, start) or modal:
        return "announced"
    return "active"


def veracity(candidate: Candidate, ruled: Veracity | None, view: View) -> Veracity:
    """Denied where somebody denies it, claimed where it rests on a party or an unnamed source."""
    if ruled is not None:
        return ruled
    sentence = candidate.sentence
    if view.words.near("denial", max(sentence.start, candidate.start - 70), min(sentence.end, candidate.end + 30)):
        return "denied"
    if view.words.near("claim", sentence.start, sentence.end):
        return "claimed"
    return "reported"


def attribution(full: str, candidate: Candidate) -> tuple[Attribution, ...]:
    """Who says it, where the sentence names somebody."""
    said = _SPEAKER.search(full, candidate.sentence.start, candidate.sentence.end)
    if said is None:
        return ()
    who = (said.group(1) or said.group(2)).strip()
    low = who.lower()
    role = next((name for name, signs in _ROLES if any(sign in low for sign in signs)), "official")
    return (Attribution(who=who, role=role, quote=said.group()),)
