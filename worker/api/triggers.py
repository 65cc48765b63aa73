"""Triggers over HTTP: what is looked for, an operator's own way of looking, and why a text rings or stays silent."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from worker import tuning, wiring
from worker.api.cursors import Page
from worker.api.desk import Desk
from worker.api.problems import said
from worker.articles.extract import extract
from worker.articles.model import Document
from worker.errors import NotFound, PageUnreadable, QueryRefused
from worker.outbound import Ask, Outbound
from worker.places.model import Event
from worker.triggers.lexicon import Example, TriggerFile
from worker.triggers.model import FAMILIES, Explanation, Family

OPERATE: Final = {"scope": "operate"}
MAX_TEXT = 200_000
MAX_PAGE = 5_000_000


class ShownTrigger(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger: what it is and is not, with examples that ring and some that stay silent.

    ``own`` says that a file of the house's own stands in the place of the one that is shipped.
    """

    trigger: str
    family: Family
    own: bool
    about: str
    not_this: str
    languages: list[str]
    examples: tuple[Example, ...]
    counter_examples: tuple[Example, ...]


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to be explained, or the ``url`` of a page that holds one."""

    title: str = ""
    text: str = ""
    url: str = ""
    lang: str = ""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """``full`` is the text that all offsets count in; ``events`` are what would ring."""

    full: str
    explanation: Explanation
    events: tuple[Event, ...]


class TriggersController(Controller):
    """What is looked for. A file that is put here counts on every host within half a minute, without a restart."""

    path = "/triggers"
    tags = ("triggers",)

    @get("/", sync_to_thread=True, summary="All triggers", responses=said())
    def list_triggers(
        self, state: State, family: FromQuery[Family | None] = None, language: FromQuery[str | None] = None
    ) -> Page[ShownTrigger]:
        """All of a family, or with rules in a language, on one page."""
        own = state.desk.house.triggers.all()
        return Page(
            [
                _shown(file, own)
                for file in state.desk.lexicon.triggers
                if family in (None, FAMILIES[file.trigger]) and (language is None or language in file.languages)
            ]
        )

    @get("/{trigger:str}", sync_to_thread=True, summary="One trigger", responses=said(404))
    def show_trigger(self, state: State, trigger: FromPath[str]) -> ShownTrigger:
        """With its examples."""
        return _shown(_file(state.desk, trigger), state.desk.house.triggers.all())

    @get("/{trigger:str}/file", sync_to_thread=True, summary="One trigger's file", responses=said(404))
    def show_trigger_file(self, state: State, trigger: FromPath[str]) -> TriggerFile:
        """With words and rules in every language: what ``PUT`` takes back."""
        return _file(state.desk, trigger)

    @put(
        "/{trigger:str}/file",
        sync_to_thread=True,
        opt=OPERATE,
        summary="Look for a trigger in a way of your own",
        responses=said(404, 422),
    )
    def put_trigger_file(self, state: State, trigger: FromPath[str], data: JSONBody[TriggerFile]) -> ShownTrigger:
        """A file whose rules do not compile, or that breaks a promise of its own examples, is refused."""
        _file(state.desk, trigger)
        if data.trigger != trigger:
            raise QueryRefused(f"trigger: is {data.trigger[:60]!r} in the file and {trigger!r} in the address")
        tuning.keep(state.desk.house, data)
        return _shown(data, (trigger,))

    @delete(
        "/{trigger:str}/file",
        sync_to_thread=True,
        opt=OPERATE,
        summary="Look for a trigger as it is shipped again",
        responses=said(404),
    )
    def remove_trigger_file(self, state: State, trigger: FromPath[str]) -> None:
        """404 where there is no file of your own."""
        tuning.forget(state.desk.house, trigger)


def _file(desk: Desk, trigger: str) -> TriggerFile:
    found = next((f for f in desk.lexicon.triggers if f.trigger == trigger), None)
    if found is None:
        raise NotFound(f"no trigger {trigger[:60]!r}: GET /v1/triggers lists them")
    return found


@post(
    "/explain",
    sync_to_thread=True,
    status_code=200,
    tags=["triggers"],
    summary="Why a text rings, or stays silent",
    responses=said(422),
)
def explain(state: State, data: JSONBody[Text]) -> Explained:
    """Every sentence, each candidate with what spoke for and against it, and the events that would ring."""
    return explained(state.desk, data)


def explained(desk: Desk, data: Text) -> Explained:
    """What is found in a text; raises QueryRefused, AddressRefused or PageUnreadable."""
    if not (data.title.strip() or data.text.strip() or data.url):
        raise QueryRefused("text: is empty; send a text, or the url of a page that holds one")
    if len(data.title) + len(data.text) > MAX_TEXT:
        raise QueryRefused(f"text: is longer than {MAX_TEXT} characters; send a part of it")
    document = _fetched(desk, data) if data.url else Document(title=data.title, text=data.text, lang=data.lang[:8])
    judge = desk.judge
    explanation = judge.detector.explain(document)
    events = judge.resolver.locate(document, explanation.detections)
    return Explained(full=document.full, explanation=explanation, events=tuple(events))


def _fetched(desk: Desk, data: Text) -> Document:
    settings = desk.house.settings
    outbound = Outbound(
        user_agent=wiring.user_agent(settings),
        allow_networks=settings.allow_networks,
        http=True,
        ports=wiring.INBOUND_PORTS,
    )
    try:
        ask = Ask(url=data.url, deadline_s=20, max_bytes=MAX_PAGE, redirects=5)
        reply: Any = outbound.run(outbound.ask(ask))
    finally:
        outbound.close()
    if reply.error or reply.status != 200:
        raise PageUnreadable(f"url: {reply.error or reply.status} {reply.detail}".strip())
    page = extract(reply.body, reply.url)
    return Document(title=page.title, text=page.text, lang=data.lang[:8] or page.lang)


def _shown(file: TriggerFile, own: Collection[str]) -> ShownTrigger:
    return ShownTrigger(
        trigger=file.trigger,
        family=FAMILIES[file.trigger],
        own=file.trigger in own,
        about=file.about,
        not_this=file.not_this,
        languages=sorted(file.languages),
        examples=file.examples,
        counter_examples=file.counter_examples,
    )
