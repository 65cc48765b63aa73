"""*Subscribe* and *change*: a form that shows what it would have sent, and an endpoint that proves itself."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from worker.alerts.model import SEVERITIES
from worker.api import subscribers
from worker.api.subscribers import Change, MadeSubscription, NewSubscription, make, preview
from worker.articles.model import Document
from worker.console import forms
from worker.console.charts import sparkline
from worker.console.filled import filled
from worker.console.forms import Form
from worker.console.rendering import html, render
from worker.console.visitors import Visit, desk, page
from worker.deliveries.formats import CONTENT_TYPES
from worker.errors import AddressRefused, SubscriptionRefused
from worker.places.resolve import Resolver
from worker.subscribing import Order
from worker.subscriptions.match import check, check_form, check_terms
from worker.subscriptions.model import Filter, Subscription, shown_url
from worker.triggers.model import FAMILIES, PHASES, VERACITIES

WRITE = {"scope": "subscribe"}
CODE = ("python", "node", "go")


@get("/subscribe", sync_to_thread=True, opt=WRITE)
def show(request: Visit) -> Response[str]:
    """The empty form, with what everything would have sent."""
    usual = Filter()
    form = {"phases": list(usual.phases), "veracities": list(usual.veracities), "system": "yes"}
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
        return _form(request, data, wrong=_wrong(error), status=422)
    return page(request, "subscribed.html", made=made, code=_code(made.secret))


@get("/subscriptions/{subscription_id:str}/change", sync_to_thread=True, opt=WRITE)
def show_change(request: Visit, subscription_id: FromPath[str]) -> Response[str]:
    """The form filled with what the subscription has."""
    known = desk(request).house.subscriptions.get(subscription_id)
    return _form(request, filled(known), known=known)


@post("/subscriptions/{subscription_id:str}/change", sync_to_thread=True, opt=WRITE, status_code=200)
def change(request: Visit, subscription_id: FromPath[str], data: Form) -> Response[Any]:
    """The subscription as it is wished now; or the form again, and what is wrong."""
    known = desk(request).house.subscriptions.get(subscription_id)
    try:
        wish, order = _wished(request, data)
        wanted = Change(url=_moved(data, known), filter=wish, format=order.format, terms=order.terms)
        subscribers.change(desk(request), subscription_id, wanted)
    except (SubscriptionRefused, AddressRefused) as error:
        return _form(request, data, known=known, wrong=_wrong(error), status=422)
    return Redirect(f"/subscriptions/{subscription_id}", status_code=303)


def _moved(data: Mapping[str, Any], known: Subscription) -> str | None:
    """The new address; ``None`` where it is left as it was shown."""
    url = _address(data)
    if url == shown_url(known.url):
        return None
    if "…" in url:
        raise SubscriptionRefused("url: … stands for what is not shown; give the whole address, or leave it as it was")
    return url


def _address(data: Mapping[str, Any]) -> str:
    url = forms.text(data, "url")
    if not url:
        raise SubscriptionRefused("url: is empty; give the address that is to be told")
    return url


def _made(request: Visit, data: Mapping[str, Any]) -> MadeSubscription:
    url, (wish, order) = _address(data), _wished(request, data)
    given = {name: getattr(wish, name) for name in Filter.__struct_fields__}
    return make(desk(request), NewSubscription(url=url, **msgspec.structs.asdict(order), **given))


def _wished(request: Visit, data: Mapping[str, Any]) -> tuple[Filter, Order]:
    """What is asked for, once it can be kept; raises SubscriptionRefused."""
    wish, order = forms.wish(data, lambda name: located(desk(request).resolver, name)), forms.order(data)
    check(wish)
    check_terms(order.terms)
    check_form(order.format, wish, order.terms)
    return wish, order


def located(resolver: Resolver, name: str) -> tuple[float, float] | None:
    """Latitude and longitude of a place by its name; the country behind a comma tells one from another."""
    found = [m.place for m in resolver.mentions(Document(title=name[:200], lang="en"))]
    finest = sorted(found, key=lambda p: p.precision == "country")
    return next(((p.lat, p.lon) for p in finest if p.lat is not None and p.lon is not None), None)


def _wrong(error: Exception) -> tuple[str, str]:
    """The field at fault, and what is wrong with it; what an address or its endpoint said is of the address."""
    field, colon, detail = str(error).partition(": ")
    field = {"km": "near"}.get(field, field.partition(".")[0])
    return (field, detail) if colon and field.isidentifier() else ("url", str(error))


def _preview(request: Visit, data: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "found": None,
        "near": None,
        "wrong": ("", ""),
        "bars": [],
        "now": desk(request).house.clock(),
    }
    try:
        wish, _ = _wished(request, data)
        found = preview(desk(request), wish)
    except SubscriptionRefused as error:
        return {**given, "wrong": _wrong(error)}
    return {**given, "found": found, "near": wish.near, "bars": sparkline(found.by_day, 280, 44)}


def _form(
    request: Visit,
    data: Mapping[str, Any],
    *,
    known: Subscription | None = None,
    wrong: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response[str]:
    groups: dict[str, list[str]] = {}
    for trigger, family in FAMILIES.items():
        groups.setdefault(family, []).append(trigger)
    return page(
        request,
        "subscribe.html",
        status=status,
        known=known,
        form=data,
        text=forms.text,
        several=forms.several,
        field=wrong[0],
        wrong=wrong[1],
        groups=groups,
        phases=PHASES,
        veracities=VERACITIES,
        severities=SEVERITIES,
        formats=list(CONTENT_TYPES),
        zones=sorted(available_timezones()),
        km=forms.KM,
        tried=_preview(request, data),
    )


def _code(secret: str) -> list[tuple[str, str]]:
    return [(language, render(f"verify_{language}.txt", secret=secret)) for language in CODE]


ROUTES: list[Any] = [show, try_out, subscribe, show_change, change]
