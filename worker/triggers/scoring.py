"""Which runs of a document the semantic scorer reads, and what its answer adds to the judge's."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from worker.articles.model import Document
from worker.triggers import judge
from worker.triggers.model import FAMILIES, Candidate, Sentence

MOST: Final = 4
LEAD: Final = 400
# What a strong rule found loses at most so much to a scorer that does not see it.
STANDS: Final = 2.0
# A denied clause is found from a chance of one in eight on: nobody denies what nobody took for an event.
DENIED: Final = (1.95, 1.0)
ORDER: Final = {trigger: n for n, trigger in enumerate(FAMILIES)}


class Reading(msgspec.Struct, frozen=True):
    """The texts of one document that are scored, headline with lead first, and the sentences they stand for."""

    texts: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def reading(document: Document, cut: Sequence[Sentence], candidates: Sequence[Candidate]) -> Reading:
    """Headline with lead, the sentences whose candidates the rules believe most, then those that follow the lead."""
    title, body = document.title.strip(), document.text.strip()
    lead = body if body.startswith(title[:80]) else f"{title}. {body}"
    texts, sentences = [lead[:LEAD].strip()], [cut[0]] if cut else []
    best = sorted(candidates, key=lambda one: -one.confidence)
    for sentence in (*(c.sentence for c in best if c.sentence.place > 0), *_beyond(cut)):
        if len(texts) == MOST:
            break
        if sentence not in sentences[1:]:
            texts.append(document.full[sentence.start : sentence.end][:LEAD])
            sentences.append(sentence)
    return Reading(tuple(texts), tuple(sentences))


def _beyond(cut: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that the lead does not hold wholly."""
    return [s for s in cut[1 : MOST * 4] if s.end - cut[0].start > LEAD]


def weighed(
    candidates: Sequence[Candidate], read: Reading, scores: Sequence[Sequence[float]], weights: Mapping[str, float]
) -> list[Candidate]:
    """The candidates with the scorer's answer in their confidence.

    A lead is no witness of what stands further down: there only the sentence itself counts, and of a sentence that was
    not read, the rules alone.
    """
    made = []
    start = read.sentences[0].start if read.sentences else 0
    for one in candidates:
        column = ORDER[one.trigger]
        lead = _odds(scores[0][column])
        own = [n for n, sentence in enumerate(read.sentences) if n and sentence == one.sentence]
        deep = one.sentence.start - start > LEAD
        if not own and one.sentence.place > 1:
            made.append(one)
            continue
        said = _odds(scores[own[0]][column]) if own else lead
        lead, said = (said, said) if deep else (lead, max(lead, said))
        rules = math.log(max(one.confidence, 1e-9) / max(1 - one.confidence, 1e-9))
        odds = (
            weights.get("scored", 0.0)
            + weights.get("scored rule", 1.0) * rules
            + weights.get("scored lead", 0.0) * lead
            + weights.get("scored best", 0.0) * said
            + (weights.get("scored not English", 0.0) if "form:not English" in one.evidence else 0.0)
        )
        if one.strength >= judge.STRONG:
            odds = max(odds, rules - STANDS)
        reason = f"scorer:{scores[own[0]][column] if own else scores[0][column]:.2f}"
        made.append(msgspec.structs.replace(one, confidence=judge.confidence(odds), evidence=(*one.evidence, reason)))
    return made


def unforeseen(
    read: Reading,
    candidates: Sequence[Candidate],
    scores: Sequence[Sequence[float]],
    weights: Mapping[str, float],
    kind: str = "alone",
) -> list[Candidate]:
    """Triggers that the scorer finds in what it read though no rule matched, each where it is surest.

    ``kind`` names the weights: ``alone`` for English, whose rules are so many that their silence weighs,
    ``alone other`` for other languages with rules, ``alone unread`` for a language without any.
    """
    known = {one.trigger for one in candidates}
    made = []
    for trigger, column in ORDER.items():
        if trigger in known or not read.sentences:
            continue
        row = max(range(len(read.sentences)), key=lambda n: float(scores[n][column]))
        weight, slope = DENIED if kind == "denied" else (weights.get(kind, -9.0), weights.get(f"{kind} lead", 0.0))
        odds = weight + slope * _odds(scores[row][column])
        if odds > 0:
            sentence = read.sentences[row]
            made.append(
                Candidate(
                    trigger=trigger,
                    rule="semantic scorer",
                    strength=0.0,
                    start=sentence.start,
                    end=sentence.end,
                    sentence=sentence,
                    evidence=(f"scorer:{scores[row][column]:.2f}",),
                    confidence=judge.confidence(odds),
                )
            )
    return made


def _odds(chance: float) -> float:
    chance = min(max(float(chance), 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))
