"""*Explain*: paste a text and see what would ring, by which rule, and what spoke for and against it."""

from typing import Any, NamedTuple

from litestar import Response, get, post

from worker.api.triggers import Explained, Text, explained
from worker.console.forms import Form, text
from worker.console.visitors import Visit, desk, page
from worker.errors import TocsinError
from worker.triggers.model import Candidate


class Line(NamedTuple):
    """One sentence: its text in runs, some of which a rule found, and the candidates in it."""

    runs: list[tuple[str, bool]]
    title: bool
    candidates: list[Candidate]


@get("/explain", sync_to_thread=True)
def show(request: Visit) -> Response[str]:
    """The empty form."""
    return page(request, "explain.html", form={}, text=text, found=None, lines=[], wrong="")


@post("/explain", sync_to_thread=True, status_code=200)
def answer(request: Visit, data: Form) -> Response[str]:
    """What was found, sentence by sentence."""
    given = Text(title=text(data, "title"), text=text(data, "text"), url=text(data, "url"), lang=text(data, "lang"))
    try:
        found = explained(desk(request), given)
    except TocsinError as error:
        return page(request, "explain.html", status=422, form=data, text=text, found=None, lines=[], wrong=str(error))
    return page(request, "explain.html", form=data, text=text, found=found, lines=lines(found), wrong="")


def lines(found: Explained) -> list[Line]:
    """The sentences, with what was found in each."""
    made = []
    for sentence in found.explanation.sentences:
        inside = [c for c in found.explanation.candidates if c.sentence == sentence]
        spans = sorted({(c.start, c.end) for c in inside})
        made.append(Line(_runs(found.full, sentence.start, sentence.end, spans), sentence.place == 0, inside))
    return made


def _runs(full: str, start: int, end: int, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    at = start
    for first, last in spans:
        if last > at:
            runs += [(full[at : max(at, first)], False), (full[max(at, first) : last], True)]
            at = last
    return [r for r in (*runs, (full[at:end], False)) if r[0]]


ROUTES: list[Any] = [show, answer]
