"""*Subscribe*: a form that shows what it would have sent, proves the endpoint, and tells the secret once."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from worker.alerts.model import SEVERITIES
from worker.api.subscribers import MadeSubscription, NewSubscription, make, preview
from worker.console import forms
from worker.console.charts import sparkline
from worker.console.forms import Form
from worker.console.rendering import html, render
from worker.console.visitors import Visit, desk, page
from worker.deliveries.formats import CONTENT_TYPES
from worker.errors import AddressRefused, SubscriptionRefused
from worker.subscriptions.model import Filter
from worker.triggers.model import FAMILIES, PHASES, VERACITIES

WRITE = {"scope": "subscribe"}
CODE = ("python", "node", "go")


@get("/subscribe", sync_to_thread=True, opt=WRITE)
def show(request: Visit) -> Response[str]:
    """The empty form, with what everything would have sent."""
    usual = Filter()
    form = {"phases": list(usual.phases), "veracities": list(usual.veracities), "min_severity": "minor"}
    return _form(request, form)


@post("/subscribe/preview", sync_to_thread=True, opt=WRITE, status_code=200)
def try_out(request: Visit, data: Form) -> Response[str]:
    """What the form as it stands would have sent."""
    return html(render("preview.html", **_preview(request, data)))


@post("/subscribe", sync_to_thread=True, opt=WRITE, status_code=200)
def subscribe(request: Visit, data: Form) -> Response[str]:
    """A subscription whose endpoint has answered, with its secret; or the form again, and what is wrong."""
    try:
        made = _made(request, data)
    except (SubscriptionRefused, AddressRefused) as error:
        return _form(request, data, error=str(error), status=422)
    return page(request, "subscribed.html", made=made, code=_code(made.secret))


def _made(request: Visit, data: Mapping[str, Any]) -> MadeSubscription:
    wish = forms.wish(data)
    url = forms.text(data, "url")
    if not url:
        raise SubscriptionRefused("url: is empty; give the address that is to be told")
    given = {name: getattr(wish, name) for name in Filter.__struct_fields__}
    form: Any = forms.text(data, "format") or "standard"
    if form not in CONTENT_TYPES:
        raise SubscriptionRefused(f"format: is unknown; use one of {', '.join(CONTENT_TYPES)}")
    return make(desk(request), NewSubscription(url=url, format=form, **given))


def _preview(request: Visit, data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = preview(desk(request), forms.wish(data))
    except SubscriptionRefused as error:
        field, _, detail = str(error).partition(": ")
        return {"found": None, "error": detail or field, "bars": [], "now": desk(request).house.clock()}
    return {"found": found, "error": "", "bars": sparkline(found.by_day, 280, 44), "now": desk(request).house.clock()}


def _form(request: Visit, data: Mapping[str, Any], *, error: str = "", status: int = 200) -> Response[str]:
    field, colon, detail = error.partition(": ")
    named = field if colon and field.isidentifier() else ""
    groups: dict[str, list[str]] = {}
    for trigger, family in FAMILIES.items():
        groups.setdefault(family, []).append(trigger)
    return _page(request, data, (named, detail if named else error), status, groups)


def _page(
    request: Visit, data: Mapping[str, Any], wrong: tuple[str, str], status: int, groups: dict[str, list[str]]
) -> Response[str]:
    tried = _preview(request, data)
    return page(
        request,
        "subscribe.html",
        status=status,
        form=data,
        text=forms.text,
        several=forms.several,
        wrong=wrong[1],
        field=wrong[0] or ("url" if wrong[1] else ""),
        groups=groups,
        phases=PHASES,
        veracities=VERACITIES,
        severities=SEVERITIES,
        formats=list(CONTENT_TYPES),
        tried=tried,
    )


def _code(secret: str) -> list[tuple[str, str]]:
    return [(language, render(f"verify_{language}.txt", secret=secret)) for language in CODE]


ROUTES: list[Any] = [show, try_out, subscribe]
