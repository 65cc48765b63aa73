"""Candidates → detections: the best of each trigger and sentence, with the phase that its sentence tells."""

import re
from collections.abc import Sequence, Set
from typing import Final

import msgspec

from worker.triggers import judge
from worker.triggers.model import FAMILIES, Candidate, Detection, Sentence

_NAMES: Final = re.compile(r"\b[A-ZÀ-ÞА-Я][\w’'-]+")
_INSIDE: Final = re.compile(r"[A-ZÀ-ÞА-Я](?:(?<=[^\W\d_A-ZÀ-ÞА-Я] .)|(?<=, .))[\w’'-]+")


def settle(full: str, candidates: Sequence[Candidate], threshold: float = judge.THRESHOLD) -> tuple[Detection, ...]:
    """The best candidate of each trigger and sentence; after the title those of sentences that name somebody new.

    Words that tell the event by themselves show it better than a vague sign of it, however sure that is.
    """
    ranked = sorted(candidates, key=lambda c: (c.strength < judge.STRONG, c.sentence.place > 0, -c.confidence, c.start))
    sure = [c for c in ranked if c.confidence >= threshold]
    kept: list[Candidate] = []
    names: dict[str, set[str]] = {}
    inside = set(_INSIDE.findall(full)) if len({c.sentence for c in sure}) > 1 else set()
    for candidate in sure:
        here = _named(full, candidate.sentence, inside)
        mine = [k for k in kept if k.trigger == candidate.trigger]
        if any(k.sentence == candidate.sentence for k in mine) or (mine and here <= names[candidate.trigger]):
            continue
        kept.append(_phased(candidate, sure))
        names.setdefault(candidate.trigger, set()).update(here)
    return tuple(_detection(full, candidate) for candidate in kept)


def _named(full: str, sentence: Sentence, inside: Set[str]) -> set[str]:
    """The words of a sentence with a capital; its first word only where it stands so ``inside`` one, too."""
    found = list(_NAMES.finditer(full, sentence.start, sentence.end))
    names = {match.group() for match in found}
    if found and not full[sentence.start : found[0].start()].strip(" \n“\"'‘«"):
        first = found[0].group()
        names -= {first} - inside
    return names


def _phased(candidate: Candidate, sure: Sequence[Candidate]) -> Candidate:
    """With the phase that another rule names for the same sentence: it read words that this one passed over."""
    others = [one for one in sure if one.trigger == candidate.trigger and one.sentence == candidate.sentence]
    marked = [one for one in others if one.phase in ("announced", "ended")]
    if not marked:
        return candidate
    warned = FAMILIES[candidate.trigger] == "hazard" and all(one.phase == "announced" for one in marked)
    struck = next((one for one in others if _strikes(one, marked)), None) if warned else None
    return struck or msgspec.structs.replace(candidate, phase=marked[0].phase)


def _strikes(one: Candidate, warnings: Sequence[Candidate]) -> bool:
    """Whether a hazard struck, by words of its own: a warning of what it may still bring leaves it active."""
    sure = one.phase == "active" and one.strength >= judge.STRONG
    return sure and all(w.end <= one.start or one.end <= w.start for w in warnings)


def _detection(full: str, candidate: Candidate) -> Detection:
    start, end = candidate.start, candidate.end
    for span in candidate.roles:
        if span.start < start and candidate.start - span.start <= 45:
            start = span.start
        if span.end > end and span.end - candidate.end <= 45:
            end = span.end
    quote = full[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    return Detection(
        trigger=candidate.trigger,
        phase=candidate.phase,
        veracity=candidate.veracity,
        quote=quote,
        start=start,
        end=start + len(quote),
        sentence=(candidate.sentence.start, candidate.sentence.end),
        rule=candidate.rule,
        confidence=round(candidate.confidence, 4),
        roles=candidate.roles,
        because=candidate.evidence,
        attribution=candidate.attribution,
    )
