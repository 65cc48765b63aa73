"""Why a text rings, or stays silent."""

import sys
from pathlib import Path

import click
from rich.text import Text

from worker import wiring
from worker.articles.extract import extract
from worker.articles.model import Document
from worker.cli.classify import event_row
from worker.cli.output import console, json_option, show_json
from worker.errors import NotFound, PageUnreadable
from worker.judge import make_judge
from worker.outbound import Ask, Outbound
from worker.places.model import Event
from worker.settings import Settings
from worker.triggers.model import Candidate, Explanation

MAX_BYTES = 5_000_000


@click.command()
@click.argument("source", metavar="TEXT|FILE|URL|-")
@click.option("--lang", default="", help="ISO 639-1 of the text; default: what the page says.")
@json_option
@click.pass_obj
def explain(settings: Settings, source: str, lang: str, as_json: bool) -> None:
    """Show what is found in a text, by which rule, and what raised or lowered it.

    Words that name no file are the text itself. A file's first line is its title. A URL is fetched through the same
    guard as every article page.
    """
    document = read(settings, source, lang)
    judge = make_judge(settings)
    explanation = judge.detector.explain(document)
    events = judge.resolver.locate(document, explanation.detections)
    if as_json:
        show_json([{"explanation": explanation, "events": [event_row(e) for e in events]}])
    else:
        _print(document, explanation, events)


def read(settings: Settings, source: str, lang: str = "") -> Document:
    """The text that a URL, a file or standard input (``-``) holds, or the words themselves that name no file."""
    if source.startswith(("http://", "https://")):
        return _fetch(settings, source, lang)
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES) if source == "-" else Path(source).read_bytes()[:MAX_BYTES]
    except OSError as error:
        if len(source.split()) == 1:
            raise NotFound(f"{source}: {error.strerror}") from error
        raw = source.encode()[:MAX_BYTES]
    title, _, text = raw.decode("utf-8", "replace").strip().partition("\n")
    return Document(id=source, title=title.strip(), text=text.strip(), lang=lang)


def _fetch(settings: Settings, url: str, lang: str) -> Document:
    outbound = Outbound(
        user_agent=wiring.user_agent(settings),
        allow_networks=settings.allow_networks,
        http=True,
        ports=wiring.INBOUND_PORTS,
    )
    try:
        outbound.start(url, outbound.ask(Ask(url=url, deadline_s=30, max_bytes=MAX_BYTES, redirects=5)))
        ((_, reply),) = outbound.collect(35)
    finally:
        outbound.close()
    if reply.error or reply.status != 200:
        raise PageUnreadable(f"{url}: {reply.error or reply.status} {reply.detail}")
    page = extract(reply.body, reply.url)
    return Document(id=url, title=page.title, text=page.text, lang=lang or page.lang)


def _print(document: Document, explanation: Explanation, events: tuple[Event, ...]) -> None:
    page = console()
    full = document.full
    for sentence in explanation.sentences:
        inside = [c for c in explanation.candidates if c.sentence == sentence]
        line = Text(full[sentence.start : sentence.end].strip(), style="bold" if sentence.place == 0 else "")
        for candidate in inside:
            line.highlight_words([full[candidate.start : candidate.end]], style="reverse")
        page.print(line)
        for candidate in inside:
            page.print(Text("    " + _reasons(candidate), style="dim"))
    page.print()
    for event in events:
        d = event.detection
        where = f"{event.place or 'unknown place'} {event.country}".strip()
        page.print(f"{d.trigger}  {d.phase}  {d.veracity}  {where}  {d.confidence:.2f}  “{d.quote}”")
    if not events:
        page.print("No event: nothing would ring.")


def _reasons(candidate: Candidate) -> str:
    said = ", ".join(candidate.evidence) or "nothing against it"
    head = f"{candidate.trigger}/{candidate.rule}"
    return f"{head}: {candidate.phase}, {candidate.veracity}, confidence {candidate.confidence:.2f}: {said}"
