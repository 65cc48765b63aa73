"""Text to detections: sentences, rules, context, judgement."""

import re
from collections.abc import Iterable, Sequence, Set
from typing import Final, NamedTuple

import msgspec

from worker.articles.language import spoken
from worker.articles.model import Document
from worker.triggers import context, denials, judge, scoring, status, testimony
from worker.triggers.lexicon import STRENGTH, Lexicon
from worker.triggers.matcher import Found, Matcher
from worker.triggers.model import FAMILIAR, Candidate, Detection, Explanation, Scorer, Sentence, Span
from worker.triggers.scout import Scout
from worker.triggers.settle import settle
from worker.triggers.text import Text

# That somebody takes the trouble to deny it speaks for it being what it seems.
DENIED: Final = 0.02
_BREAK: Final = re.compile(r"[,;:](?!\d)|[–—()“”\"]| - ")


Tools = tuple[Matcher, context.ContextReader, denials.Finder]


class Draft(NamedTuple):
    """A document with the candidates that the rules found."""

    document: Document
    lang: str
    text: Text
    candidates: list[Candidate]


class Detector:
    """Finds the triggers that documents report. Compiled once; safe to keep for a process's life."""

    def __init__(self, lexicon: Lexicon, scorer: Scorer | None = None, scout: Scout | None = None) -> None:
        self._lexicon = lexicon
        self._scorer = scorer
        self._scout = scout
        self._languages = lexicon.languages
        self._tools: dict[str, Tools] = {}
        self._for("en")

    def over(self, lexicon: Lexicon) -> "Detector":
        """A detector with the same scorer over another lexicon."""
        return Detector(lexicon, self._scorer, self._scout)

    def detect(self, documents: Sequence[Document]) -> list[tuple[Detection, ...]]:
        """What each document reports, most certain first; the scorer reads all documents in one batch."""
        return [explanation.detections for explanation in self._with_denials(documents)]

    def explain(self, document: Document) -> Explanation:
        """The same for one document, with every step that led to it."""
        return self._with_denials([document])[0]

    def _with_denials(self, documents: Sequence[Document]) -> list[Explanation]:
        """The explanations, and in them what the documents deny: a denied clause is judged as if it stood alone."""
        drafts = [self.draft(document) for document in documents]
        made = self._explain(drafts)
        found = [
            (number, denial)
            for number, draft in enumerate(drafts)
            for denial in self._for(draft.lang)[2].find(draft.text)
        ]
        if not found:
            return made
        bare = [self.draft(denials.clause(denial, documents[number])) for number, denial in found]
        for (number, denial), alone in zip(found, self._explain(bare, kind="denied"), strict=True):
            likely = settle(denial.text, alone.candidates, threshold=DENIED)
            told = denials.added(documents[number].full, made[number].detections, denial, likely)
            made[number] = msgspec.structs.replace(made[number], detections=told)
        return made

    def _explain(self, drafts: Sequence[Draft], kind: str = "") -> list[Explanation]:
        weights = self._lexicon.weights
        heard: Sequence[scoring.Scored | None] = [None] * len(drafts)
        if self._scorer is not None:
            readings = [self.reading(draft) for draft in drafts]
            heard = scoring.asked(self._scorer, readings, [draft.lang for draft in drafts], weights)
        made = []
        for draft, scored in zip(drafts, heard, strict=True):
            candidates = draft.candidates
            if scored and len(scored[1]):  # no rows where a remote scorer did not answer
                reading, rows = scored
                candidates = scoring.weighed(candidates, reading, rows, weights)
                found = scoring.unforeseen(reading, candidates, rows, weights, kind or self.kind(draft.lang))
                candidates += self._allowed(draft, found)
            made.append(
                Explanation(
                    lang=draft.lang,
                    sentences=draft.text.cut,
                    candidates=tuple(candidates),
                    detections=_told(draft.text, candidates),
                )
            )
        return made

    def _allowed(self, draft: Draft, found: Sequence[Candidate]) -> list[Candidate]:
        """What the scorer found, less what a word of its sentence rules out, with the phase that the sentence tells."""
        spots = [(one.trigger, one.sentence.start, one.sentence.end) for one in found]
        barred = self._for(draft.lang)[0].barred(draft.text.norm, spots) if found else []
        return [_read(one, draft) for one, bar in zip(found, barred, strict=True) if not bar]

    def reading(self, draft: Draft) -> scoring.Reading:
        """What a scorer would read of it."""
        return scoring.reading(draft.document, draft.text, draft.candidates, self._scout)

    def kind(self, lang: str) -> str:
        """Which weights the scorer has in a language: English, familiar, with rules, or without."""
        if lang in ("", "en"):
            return "alone"
        if lang not in self._languages:
            return "alone unread"
        return "alone other" if lang in FAMILIAR else "alone unfamiliar"

    def draft(self, document: Document) -> Draft:
        """What the rules make of a document."""
        lang = spoken(document.lang)
        matcher, reader, _ = self._for(lang)
        text = Text(document, reader)
        found = matcher.run(text.norm, ((s.start, s.end) for s in text.cut))
        return Draft(document, lang, text, self._candidates(text, found))

    def _for(self, lang: str) -> Tools:
        known = self._languages
        codes = [lang] if lang in known else (sorted(known & FAMILIAR) if not lang else ["en"])
        key = "+".join(codes)
        if key not in self._tools:
            self._tools[key] = (
                Matcher(self._lexicon, codes),
                context.ContextReader(self._lexicon, codes),
                denials.Finder(self._lexicon, codes),
            )
        return self._tools[key]

    def _candidates(self, text: Text, found: Sequence[Sequence[Found]]) -> list[Candidate]:
        made: list[Candidate] = []
        for sentence, hits in zip(text.cut, found, strict=True):
            if hits:
                view = _view(text, sentence, hits[0].lang)
                made.extend(_candidate(hit, sentence, view) for hit in _distinct(hits))
        return [self._judged(candidate) for candidate in context.together(made)]

    def _judged(self, candidate: Candidate) -> Candidate:
        odds = judge.log_odds(candidate, self._lexicon.weights)
        return msgspec.structs.replace(candidate, confidence=judge.confidence(odds))


def _view(text: Text, sentence: Sentence, lang: str) -> context.View:
    title = text.title
    view = context.View(
        full=text.full,
        title=title,
        date=text.date,
        words=text.words(sentence),
        title_words=text.words(title) if title else context.Words({}),
        lang=lang,
        said=context.plain_words(text.plain(sentence), text.plain(title) if title else ""),
    )
    return msgspec.structs.replace(view, setting=context.setting(view, sentence))


def _candidate(hit: Found, sentence: Sentence, view: context.View) -> Candidate:
    bare = Candidate(
        trigger=hit.trigger,
        rule=hit.rule.name,
        strength=STRENGTH[hit.rule.strength],
        start=hit.start,
        end=hit.end,
        sentence=sentence,
    )
    return msgspec.structs.replace(
        bare,
        evidence=context.evidence(bare, view),
        words=view.said,
        phase=status.phase(bare, hit.rule.phase, view),
        veracity=hit.rule.veracity or "reported",
        roles=_roles(view.full, hit, sentence),
    )


def _distinct(hits: Iterable[Found]) -> list[Found]:
    """One hit for each trigger and rule: the shortest run."""
    best: dict[tuple[str, str], Found] = {}
    for hit in hits:
        key = (hit.trigger, hit.rule.name)
        if key not in best or hit.end - hit.start < best[key].end - best[key].start:
            best[key] = hit
    return list(best.values())


def _roles(full: str, hit: Found, sentence: Sentence) -> tuple[Span, ...]:
    """The clause around the hit: what stands before it, in it and after it."""
    left = max((m.end() for m in _BREAK.finditer(full, sentence.start, hit.start)), default=sentence.start)
    stop = _BREAK.search(full, hit.end, sentence.end)
    right = stop.start() if stop else sentence.end
    spans = []
    if full[left : hit.start].strip():
        spans.append(Span("agent" if hit.doer == "before" else "before", left, hit.start))
    spans.append(Span("object", hit.start, hit.end))
    if full[hit.end : right].strip():
        spans.append(Span("agent" if hit.doer == "after" else "after", hit.end, right))
    return tuple(spans)


def _read(one: Candidate, draft: Draft) -> Candidate:
    """A candidate of the scorer with the phase that its sentence tells."""
    words = draft.text.words(one.sentence)
    view = context.View(
        full=draft.text.full, title=None, date=draft.text.date, words=words, title_words=words, lang=draft.lang
    )
    return msgspec.structs.replace(one, phase=status.phase(one, None, view))


def _told(text: Text, candidates: Sequence[Candidate]) -> tuple[Detection, ...]:
    """What is sure enough, what is only feared, and what somebody denies: whether that happened is not asked."""
    sure = testimony.told(text, settle(text.full, candidates))
    sure += _feared(text, candidates, {one.trigger for one in sure})
    doubted = [c for c in candidates if judge.floor(c) <= c.confidence < judge.THRESHOLD]
    if not doubted:
        return sure
    known = {(one.trigger, one.sentence) for one in sure}
    more = testimony.told(text, settle(text.full, doubted, threshold=judge.SUSPECTED))
    more = tuple(d for d in more if d.veracity == "denied" and (d.trigger, d.sentence) not in known)
    return sure + denials.likeliest(more)


def _feared(text: Text, candidates: Sequence[Candidate], known: Set[str]) -> tuple[Detection, ...]:
    """Threats by triggers of which nothing is known to happen: they alert only those who asked for them."""
    feared = [c for c in candidates if c.phase == "threatened" and c.trigger not in known]
    return tuple(d for d in testimony.told(text, settle(text.full, feared, judge.FEARED)) if d.phase == "threatened")
