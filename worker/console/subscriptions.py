"""*Subscriptions*: who is told, how it goes, and what can be done about it."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from worker.api import subscribers
from worker.api.subscribers import Change
from worker.console.forms import Form, text
from worker.console.rendering import named, words
from worker.console.visitors import Visit, desk, page
from worker.errors import QueryRefused
from worker.retelling import Wish
from worker.subscriptions.area import Near
from worker.subscriptions.model import Filter, Subscription
from worker.subscriptions.quiet import Quiet

WRITE = {"scope": "subscribe"}
SHOWN: Final = 20
SPANS: Final = {"1": "the last hour", "24": "the last day", "168": "the last 7 days"}


@get("/subscriptions", sync_to_thread=True)
def list_all(request: Visit) -> Response[str]:
    """Every subscription, with the state of its endpoint."""
    found = desk(request).house.subscriptions.all()
    return page(request, "subscriptions.html", subscriptions=found, wanted=wanted)


@get("/subscriptions/{subscription_id:str}", sync_to_thread=True)
def show(request: Visit, subscription_id: FromPath[str]) -> Response[str]:
    """One subscription: what it wants, and its last deliveries."""
    return _show(request, subscription_id)


def _show(request: Visit, subscription_id: str, **more: Any) -> Response[str]:
    house = desk(request).house
    subscription = house.subscriptions.get(subscription_id)
    deliveries = house.deliveries.recent(SHOWN, subscription_id)
    given = {"tested": None, "again": None, "secret": "", **more}
    return page(
        request,
        "subscription.html",
        subscription=subscription,
        deliveries=deliveries,
        wanted=wanted(subscription.filter) + paced(subscription),
        spans=SPANS,
        **given,
    )


@post("/subscriptions/{subscription_id:str}/test", sync_to_thread=True, opt=WRITE, status_code=200)
def test(request: Visit, subscription_id: FromPath[str]) -> Response[str]:
    """A ping now, and what came back."""
    return _show(request, subscription_id, tested=subscribers.test(desk(request), subscription_id))


@post("/subscriptions/{subscription_id:str}/rotate", sync_to_thread=True, opt=WRITE, status_code=200)
def rotate(request: Visit, subscription_id: FromPath[str]) -> Response[str]:
    """A new secret, shown this once."""
    return _show(request, subscription_id, secret=subscribers.rotate(desk(request), subscription_id).secret)


@post("/subscriptions/{subscription_id:str}/replay", sync_to_thread=True, opt=WRITE, status_code=200)
def replay(request: Visit, subscription_id: FromPath[str], data: Form) -> Response[str]:
    """The dead letters, or all since a time, are due again."""
    what = text(data, "what")
    if what == "dead":
        wish = Wish(dead=True)
    elif what in SPANS:
        wish = Wish(since=desk(request).house.clock() - timedelta(hours=int(what)))
    else:
        raise QueryRefused(f"what: {what[:20]!r} cannot be sent again; choose one of the list")
    again = subscribers.replay(desk(request), subscription_id, wish).deliveries
    return _show(request, subscription_id, again=again)


@post("/subscriptions/{subscription_id:str}/enabled", sync_to_thread=True, opt=WRITE, status_code=303)
def enable(request: Visit, subscription_id: FromPath[str], data: Form) -> Redirect:
    """Disable it, or let it be told again."""
    subscribers.change(desk(request), subscription_id, Change(enabled=text(data, "enabled") == "yes"))
    return Redirect(f"/subscriptions/{subscription_id}", status_code=303)


@post("/subscriptions/{subscription_id:str}/remove", sync_to_thread=True, opt=WRITE, status_code=303)
def remove(request: Visit, subscription_id: FromPath[str]) -> Redirect:
    """It is told no more, and forgotten."""
    house = desk(request).house
    house.subscriptions.get(subscription_id)
    house.subscriptions.remove(subscription_id)
    return Redirect("/subscriptions", status_code=303)


def wanted(wish: Filter) -> list[tuple[str, str]]:
    """What a filter asks for, in words; only what limits it."""
    usual = Filter()
    limits = [n for n in Filter.__struct_fields__ if getattr(wish, n) != getattr(usual, n)]
    told = [(words(name), _said(name, getattr(wish, name))) for name in limits]
    return told or [("everything", "every alert that is not only threatened or denied")]


def _said(name: str, value: Any) -> str:
    if isinstance(value, Near):
        return f"within {value.km:g} km of {value.lat:g}, {value.lon:g}"
    if isinstance(value, Quiet):
        return f"{value.start} to {value.end} {value.zone}, then one digest; {value.unless} at once"
    if name == "polygon":
        return f"a ring of {len(value)} points"
    if isinstance(value, tuple):
        return ", ".join(named(v) if name == "countries" else words(str(v)) for v in value)
    return "yes" if value is True else words(str(value))


def paced(subscription: Subscription) -> list[tuple[str, str]]:
    """How it is sent to, in words."""
    terms = subscription.terms
    told = [
        ("pace", f"{subscription.rate:g} a second, {terms.at_once} at once, tried for {terms.give_up_hours:g} hours")
    ]
    about = [n for n, on in (("when it is blind", terms.system), ("that it is not", terms.heartbeat)) if on]
    return [*told, ("told of Tocsin itself", " and ".join(about) or "nothing")]


ROUTES: list[Any] = [list_all, show, test, rotate, replay, enable, remove]
