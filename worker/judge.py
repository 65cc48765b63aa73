"""From texts to events, and all that this takes, of which nothing asks for Redis.

What it takes is imported by the functions that make it: who only passes a judge on need not load one.
"""

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec

from worker.articles.model import Article, Document
from worker.errors import TocsinError
from worker.places.model import Event, Place
from worker.settings import Settings
from worker.triggers.model import Scorer

if TYPE_CHECKING:
    from worker.places.resolve import Resolver
    from worker.triggers.detect import Detector
    from worker.triggers.scout import Scout


@dataclass
class Judge:
    """From texts to events: what is detected in them, and where it happens.

    ``version`` is that of the house's own triggers which the detector knows; 0 for those that are shipped.
    """

    detector: "Detector"
    resolver: "Resolver"
    version: int = 0

    def __call__(self, documents: Sequence[Document], homes: Sequence[str] = ()) -> list[tuple[Event, ...]]:
        """The events of each document; ``homes`` are the outlets' countries, used as a last hint."""
        from worker.articles.language import guess_language

        documents = [d if d.lang else msgspec.structs.replace(d, lang=guess_language(d.full)) for d in documents]
        found = self.detector.detect(documents)
        where = homes or [""] * len(documents)
        return [
            self.resolver.locate(document, detections, home=home) if detections else ()
            for document, detections, home in zip(documents, found, where, strict=True)
        ]

    def official(self, article: Article, events: Sequence[Event]) -> tuple[Event, ...]:
        """The events of an article whose source filled in a form: the form goes before the words."""
        if article.notice is None:
            return tuple(events)
        from worker.places.official import official

        def find(text: str) -> list[Place]:
            # A national service warns of its own country: Lincoln, Montana is not Lincoln in England.
            named = [m.place for m in self.resolver.mentions(Document(title=text, lang="en"))]
            at_home = [p for p in named if p.country == article.home]
            return (at_home or self.resolver.country(article.home)) if article.home else named

        document, near = article.document(), self.resolver.nearest
        return official(document, article.notice, events, find=find, nearest=near, now=article.known_at)


def make_judge(settings: Settings, resolver: "Resolver | None" = None) -> Judge:
    """The lexicon, the scorer where it is installed, and the gazetteer; takes about a second."""
    from worker.triggers import catalogue
    from worker.triggers.detect import Detector

    gc.disable()  # nothing of what is read now is garbage
    try:
        # The scorer's files are read by native code, meanwhile all others are.
        with ThreadPoolExecutor(1) as beside:
            coming = beside.submit(make_scorer, settings)
            lexicon = catalogue.load(settings.config / "triggers")
            resolver = resolver or make_resolver()
            scorer = coming.result()
        judge = Judge(Detector(lexicon, scorer, _make_scout() if scorer else None), resolver)
        gc.freeze()  # it lives as long as the process: the collector need not walk it ever again
    finally:
        gc.enable()
    return judge


def _make_scout() -> "Scout":
    from worker.triggers.semantic import load_scout

    return load_scout()


def make_resolver() -> "Resolver":
    """What finds places by their names, with the gazetteer that is shipped."""
    from worker.places.gazetteer import Gazetteer
    from worker.places.resolve import Resolver

    return Resolver(Gazetteer.load())


def make_scorer(settings: Settings) -> Scorer | None:
    """The operator's own scorer where its URL is set, else ours; ``None`` where it is off, or neither is there."""
    if settings.scorer == "off":
        return None
    if settings.scorer_url:
        from worker.triggers.remote import RemoteScorer

        return cast(Scorer, RemoteScorer(settings.scorer_url))
    from worker.triggers.semantic import Semantic

    try:
        return cast(Scorer, Semantic.load())  # an array is a sequence of sequences, as far as a detector reads it
    except TocsinError:
        if settings.scorer == "required":
            raise
        return None
