"""Which runs of a document the semantic scorer reads, and what its answer adds to the judge's."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
import numpy as np

from worker.articles.model import Document
from worker.triggers import judge
from worker.triggers.model import FAMILIES, SCORER, Candidate, Scorer, Sentence
from worker.triggers.scout import Leanings, Scout
from worker.triggers.text import Text

MOST: Final = 4
LEAD: Final = 400
# Log-odds of the scout below which a sentence is not worth reading; a rule's own may be so much lower.
DULL: Final = -2.0
RULED: Final = 2.0
# A second sentence for a trigger that one was chosen for is worth so much less.
AGAIN: Final = 1.5
NEVER: Final = -99.0
# What a strong rule found loses at most so much to a scorer that does not see it.
STANDS: Final = 2.0
# A lead that does not speak of a trigger (a chance below one in twenty) says little of what stands further down.
SILENT: Final = -3.0
# Nor is what the scout says below this.
FAINT: Final = -6.0
# So sure the scorer is of all but a few sentences: what it could not save by that is not worth its time.
SURE: Final = 0.95
# A denied clause is found from a chance of one in eight on: nobody denies what nobody took for an event.
DENIED: Final[Mapping[str, float]] = {"denied": 1.95, "denied best": 1.0}
ORDER: Final = {trigger: n for n, trigger in enumerate(FAMILIES)}
Features = dict[str, float]
Row = Sequence[float]
_SURE: Final = (SURE,) * len(FAMILIES)


class Reading(msgspec.Struct, frozen=True):
    """The texts of one document that are scored, headline with lead first, and the sentences they stand for.

    ``leans`` holds the scout's log-odds of every sentence beyond the lead, by its start.
    """

    texts: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    candidates: tuple[Candidate, ...] = ()
    leans: Mapping[int, Row] = {}

    def only(self, numbers: Sequence[int]) -> "Reading":
        """These of its texts."""
        known = range(len(self.sentences))
        told = tuple(self.sentences[n] for n in numbers if n in known)
        return Reading(tuple(self.texts[n] for n in numbers), told, leans=self.leans)

    def also(self, more: "Reading") -> "Reading":
        """These texts and then those."""
        return Reading(self.texts + more.texts, self.sentences + more.sentences, leans=self.leans)


Scored = tuple[Reading, Sequence[Row]]


def reading(document: Document, text: Text, candidates: Sequence[Candidate], scout: Scout | None) -> Reading:
    """Headline with lead; beyond that the sentences that rules and scout give most for, each for another trigger."""
    title, body = document.title.strip(), document.text.strip()
    lead = body if body.startswith(title[:80]) else f"{title}. {body}"
    first = text.cut[:1]
    below = [s for s in text.cut[1:] if not _in_lead(s, first[0])]
    told = scout.read([text.plain(s) for s in below]) if scout else np.full((len(below), len(ORDER)), NEVER)
    chosen = [below[n] for n in _promising(below, told, candidates)]
    return Reading(
        (lead[:LEAD].strip(), *(document.full[s.start : s.end][:LEAD] for s in chosen)),
        (*first, *chosen),
        tuple(candidates),
        {s.start: row for s, row in zip(below, told, strict=True)},
    )


def _promising(below: Sequence[Sentence], told: Leanings, candidates: Sequence[Candidate]) -> list[int]:
    worth = np.where(told > DULL, told, NEVER)
    place = {sentence.start: n for n, sentence in enumerate(below)}
    for one in candidates:
        if one.sentence.start in place:
            at = place[one.sentence.start], ORDER[one.trigger]
            worth[at] = max(worth[at], _odds(one.confidence) + RULED)
    chosen: list[int] = []
    while worth.size and len(chosen) < MOST - 1:
        number, column = divmod(int(worth.argmax()), len(ORDER))
        if worth[number, column] <= DULL:
            break
        chosen.append(number)
        worth[number] = NEVER
        worth[:, column] -= AGAIN
    return chosen


def _in_lead(sentence: Sentence, first: Sentence) -> bool:
    """Whether the lead holds the whole sentence."""
    return sentence.end - first.start <= LEAD


def asked(
    scorer: Scorer, readings: Sequence[Reading], langs: Sequence[str], weights: Mapping[str, float] | None = None
) -> list[Scored]:
    """What was read of each document, and the scorer's rows for it; no rows where a remote scorer did not answer.

    All leads are read first, then what may still make a difference by the judge's ``weights``.
    """
    made: list[Scored] = []
    first = [read.only([0]) for read in readings]
    leads = _rows(scorer, first, langs)
    rest = [r.only(_beyond(r, rows[0], weights) if len(rows) else ()) for r, rows in zip(readings, leads, strict=True)]
    for read, lead, more, rows in zip(first, leads, rest, _rows(scorer, rest, langs), strict=True):
        made.append((read.also(more), [*lead, *rows]) if len(rows) else (read, lead))
    return made


def _beyond(read: Reading, lead: Row, weights: Mapping[str, float] | None) -> list[int]:
    """Which texts are read after the lead: those that the scout points at, and where a candidate may still pass."""
    return [
        n
        for n in range(1, len(read.texts))
        if weights is None or max(read.leans[read.sentences[n].start]) > DULL or _open(read, n, lead, weights)
    ]


def _open(read: Reading, number: int, lead: Row, weights: Mapping[str, float]) -> bool:
    """Whether a candidate may pass that stands there: were the scorer sure of its sentence, or that left unread."""
    unread, told = read.only([0]), read.only([0, number])
    for one in read.candidates:
        if one.sentence == told.sentences[1]:
            odds = max(_odds_of(one, unread, (lead,), weights), _odds_of(one, told, (lead, _SURE), weights))
            if judge.confidence(odds) >= judge.floor(one):
                return True
    return False


def _rows(scorer: Scorer, readings: Sequence[Reading], langs: Sequence[str]) -> list[Sequence[Row]]:
    """The rows of each reading, all asked for at once."""
    told = [(text, lang) for reading, lang in zip(readings, langs, strict=True) for text in reading.texts]
    scores = scorer.score([text for text, _ in told], [lang for _, lang in told]) if told else ()
    made: list[Sequence[Row]] = []
    at = 0
    for reading in readings:
        made.append(scores[at : at + len(reading.texts)])
        at += len(reading.texts)
    return made


def heard(one: Candidate, read: Reading, scores: Sequence[Row]) -> Features:
    """What is weighed of a candidate: the rules' log-odds, and those of the scorer by the lead and by the sentence.

    Further down a text the lead is another kind of witness, and so it is where the sentence itself was not read.
    """
    column = ORDER[one.trigger]
    own = [n for n, sentence in enumerate(read.sentences) if n and sentence == one.sentence]
    lead = _odds(scores[0][column])
    far = max(lead, SILENT)
    said = _odds(scores[own[0]][column]) if own else lead
    deep = one.sentence.start - read.sentences[0].start > LEAD
    rules = math.log(max(one.confidence, 1e-9) / max(1 - one.confidence, 1e-9))
    found = {"scored": 1.0, "scored rule": rules, f"scored {one.trigger}": 1.0}
    if not own and not _in_lead(one.sentence, read.sentences[0]):
        lean = float(read.leans[one.sentence.start][column])
        found |= {"scored unread": 1.0, "scored unread rule": rules, "scored unread lead": far}
        found["scored unread scout"] = max(lean, FAINT)
    elif deep:
        found |= {"scored deep": 1.0, "scored deep sentence": said, "scored deep lead": far}
    else:
        found |= {"scored lead": lead, "scored best": max(lead, said)}
    if "form:not English" in one.evidence:
        found["scored not English"] = 1.0
    if "form:unfamiliar language" in one.evidence:
        found |= {"scored unfamiliar": 1.0, "scored unfamiliar rule": rules, "scored unfamiliar lead": far}
    return found


def weighed(
    candidates: Sequence[Candidate], read: Reading, scores: Sequence[Row], weights: Mapping[str, float]
) -> list[Candidate]:
    """The candidates with the scorer's answer in their confidence."""
    made = []
    for one in candidates:
        column = ORDER[one.trigger]
        row = next((n for n, s in enumerate(read.sentences) if n and s == one.sentence), 0)
        reason = f"scorer:{scores[row][column]:.2f}"
        odds = _odds_of(one, read, scores, weights)
        made.append(msgspec.structs.replace(one, confidence=judge.confidence(odds), evidence=(*one.evidence, reason)))
    return made


def _odds_of(one: Candidate, read: Reading, scores: Sequence[Row], weights: Mapping[str, float]) -> float:
    found = heard(one, read, scores)
    odds = total(found, weights)
    return max(odds, found["scored rule"] - STANDS) if one.strength >= judge.STRONG else odds


def alone(
    read: Reading, candidates: Sequence[Candidate], scores: Sequence[Row], kind: str
) -> Iterator[tuple[str, int, Features]]:
    """Of each trigger that no rule matched: the row where the scorer is surest, and what is weighed of it.

    ``kind`` names the weights: ``alone`` for English, whose rules are so many that their silence weighs,
    ``alone other`` for others of which it has read much, ``alone unfamiliar`` for the rest of those with rules,
    ``alone unread`` for a language without any.
    """
    known = {one.trigger for one in candidates}
    for trigger, column in ORDER.items():
        if trigger in known or not read.sentences:
            continue
        row = max(range(len(read.sentences)), key=lambda n: float(scores[n][column]))
        found = {kind: 1.0, f"{kind} best": _odds(scores[row][column]), f"alone {trigger}": 1.0}
        if row:
            lean = max(float(read.leans[read.sentences[row].start][column]), FAINT)
            found |= {"alone deep": 1.0, "alone deep lead": _odds(scores[0][column]), "alone deep scout": lean}
        yield trigger, row, found


def unforeseen(
    read: Reading,
    candidates: Sequence[Candidate],
    scores: Sequence[Row],
    weights: Mapping[str, float],
    kind: str = "alone",
) -> list[Candidate]:
    """Triggers that the scorer finds in what it read though no rule matched, each where it is surest."""
    made = []
    weights = DENIED if kind == "denied" else weights
    for trigger, row, found in alone(read, candidates, scores, kind):
        odds = total(found, weights) if kind in weights else -9.0
        if odds > 0:
            sentence = read.sentences[row]
            made.append(
                Candidate(
                    trigger=trigger,
                    rule=SCORER,
                    strength=0.0,
                    start=sentence.start,
                    end=sentence.end,
                    sentence=sentence,
                    evidence=(f"scorer:{scores[row][ORDER[trigger]]:.2f}",),
                    confidence=judge.confidence(odds),
                )
            )
    return made


def total(found: Features, weights: Mapping[str, float]) -> float:
    """Log-odds: each feature times its weight."""
    return sum(value * weights.get(name, 0.0) for name, value in found.items())


def _odds(chance: float) -> float:
    chance = min(max(float(chance), 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))
