"""From an article and one of its events to what is kept of it: evidence for people, a trace for linking."""

import hashlib
import re
from collections.abc import Collection
from typing import Final

import msgspec

from worker.alerts.model import Evidence, Trace
from worker.alerts.wording import content, folded, names, sites, sketch
from worker.articles.agencies import AGENCIES
from worker.articles.model import Article
from worker.places.model import Event

# Agencies by the words that name them in a by-line or a credit.
_AGENCIES: Final = {word: name for name, agency in AGENCIES.items() for word in agency.named}
_NAMES: Final = "|".join(sorted(map(re.escape, _AGENCIES), key=len, reverse=True))
_BYLINE: Final = re.compile(rf"(?<!\w)(?:{_NAMES})(?!\w)")
# "KYIV (Reuters) - …" at the beginning, "© AFP", "Source: dpa" or "With material from EFE" at the end.
_CREDIT: Final = re.compile(
    rf"[(\[]\s*(?P<a>{_NAMES})\s*[)\]]|^[^.\n]{{0,60}}?[-–—/]\s*(?P<b>{_NAMES})\s*[-–—/:]"
    rf"|(?:©|\(c\)|source:|quelle:|fuente:|fonte:|источник:|джерело:|kaynak:)\s*(?P<c>{_NAMES})(?!\w)"
)
_HEAD, _TAIL = 200, 160
SHORT: Final = 400
LONGEST_HEADLINE: Final = 200


def event_id(article: Article, event: Event) -> str:
    """The hash of article, trigger and place (else country): the same however often the article is judged."""
    return "ev_" + hashed(article.id, event.detection.trigger, event.place.casefold() or event.country)


def evidence_of(event: Event, article: Article) -> Evidence:
    """The words of an article for an event, as subscribers see them."""
    detection = event.detection
    return Evidence(
        event_id=event_id(article, event),
        article_id=article.id,
        url=article.url,
        source=article.feed,
        group=article.group,
        published_at=article.published_at,
        lang=article.lang,
        phase=detection.phase,
        veracity=detection.veracity,
        quote=detection.quote,
        start=detection.start,
        end=detection.end,
        rule=detection.rule,
    )


def trace_of(event: Event, article: Article, publishers: Collection[str]) -> Trace:
    """What linking compares of an event; a publisher is known where it is one of these or was named by the operator."""
    detection, full = event.detection, article.document().full
    start, end = detection.sentence
    body = article.text or article.summary
    said = f"{article.title} {full[start:end]} {body[:300]}"
    return Trace(
        event_id=event_id(article, event),
        article_id=article.id,
        trigger=detection.trigger,
        reported_at=article.reported_at,
        lang=article.lang,
        group=article.group or article.feed,
        known=article.group in publishers or article.group not in ("", article.feed),
        origin=article.credit or origin(article.author, body),  # what its page says of itself is surest
        phase=detection.phase,
        veracity=detection.veracity,
        confidence=detection.confidence,
        headline=_headline(event, article),
        places=event.places,
        numbers=detection.numbers,
        occurred_at=detection.occurred_at,
        attribution=detection.attribution,
        words=content(said) + names(said) + sites(said),
        telling=content(full[start:end]),
        runs=runs_of(article),
    )


def runs_of(article: Article) -> tuple[int, ...]:
    """The hashed five-word runs of an article's text; a short one has those of its title too."""
    body = article.text or article.summary
    return sketch(f"{article.title} {body}" if len(body) < SHORT else body)


def both(first: Trace, later: Trace) -> Trace:
    """What an article says of one event in two sentences; its state is what the one given later says."""
    return msgspec.structs.replace(
        later,
        headline=first.headline,
        confidence=max(first.confidence, later.confidence),
        numbers=first.numbers + tuple(n for n in later.numbers if n not in first.numbers),
        occurred_at=later.occurred_at or first.occurred_at,
        attribution=first.attribution + tuple(a for a in later.attribution if a not in first.attribution),
        words=tuple(dict.fromkeys(first.words + later.words)),
        telling=tuple(dict.fromkeys(first.telling + later.telling)),
    )


def publisher_of(source: str, publishers: Collection[str]) -> str:
    """The publisher group that a source's name or address means, such as bbc for "BBC News - Home"; else its name."""
    words: list[str] = re.findall(r"\w+", folded(source))
    squashed = "".join(words)
    tried = [squashed, squashed.removeprefix("the"), *words, *("".join(words[:n]) for n in range(2, len(words)))]
    for name in tried:
        if name in publishers and (len(name) > 2 or name == (words or [""])[0]):
            return name
    return source


def origin(author: str, text: str) -> str:
    """The agency that wrote a report, by its by-line or its credit; empty where it names none."""
    if named := _BYLINE.search(folded(author)):
        return _AGENCIES[named.group()]
    for part in (text[:_HEAD], text[-_TAIL:]):
        if credit := _CREDIT.search(folded(part)):
            return _AGENCIES[next(g for g in credit.groups() if g)]
    return ""


def _headline(event: Event, article: Article) -> str:
    """The article's title where the event stands in it, otherwise the words that tell of it."""
    text = article.title if event.detection.end <= len(article.title) else event.detection.quote
    return text if len(text) <= LONGEST_HEADLINE else text[: LONGEST_HEADLINE - 1] + "…"


def hashed(*parts: str) -> str:
    """Twenty hexadecimal digits that these texts, in this order, always give."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()
