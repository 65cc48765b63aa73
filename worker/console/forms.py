"""Forms as people fill them in, and filters as subscriptions have them."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar.enums import RequestEncodingType
from litestar.params import Body

from worker.console.rendering import countries
from worker.errors import SubscriptionRefused
from worker.subscribing import Order
from worker.subscriptions.area import Near
from worker.subscriptions.model import Filter, Terms
from worker.subscriptions.quiet import Quiet
from worker.subscriptions.typed import point, polygon, typed
from worker.triggers.model import FAMILIES

Locate = Callable[[str], tuple[float, float] | None]
Made = TypeVar("Made")
Usual = TypeVar("Usual", float, None)
KM: Final = 50.0
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
_PARTS: Final = re.compile(r'\s*"([^"]+)"|([^,;\n]+)')


def text(form: Mapping[str, Any], name: str) -> str:
    """One field; an empty text where it is not there."""
    value = form.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


def several(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A field that may be there more than once."""
    value = form.get(name, ())
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(str(v) for v in values if str(v))


def listed(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A field that holds a list, separated by commas; a part that has one stands in quotes."""
    parts = ((quoted or plain).strip() for quoted, plain in _PARTS.findall(text(form, name)))
    return tuple(dict.fromkeys(p for p in parts if p))


def country_codes(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Countries by their names or codes; raises SubscriptionRefused for what is neither."""
    by_name = {n.casefold(): code for code, n in countries().items()}
    codes = []
    for part in listed(form, name):
        code = part.upper() if part.upper() in countries() else by_name.get(part.casefold())
        if code is None:
            raise SubscriptionRefused(f"{name}: {part[:40]!r} is no country; use a name or a code such as JO")
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def wish(form: Mapping[str, Any], locate: Locate) -> Filter:
    """The filter that a form describes; raises SubscriptionRefused and names the field at fault."""
    given: dict[str, object] = {
        **_what(form),
        "countries": country_codes(form, "countries"),
        "languages": tuple(part.lower() for part in listed(form, "languages")),
        "sources": listed(form, "sources"),
        "phases": several(form, "phases"),
        "veracities": several(form, "veracities"),
        "min_severity": text(form, "min_severity") or "minor",
        "min_confidence": _number(form, "min_confidence", 0.0),
        "min_independent_sources": int(_number(form, "min_independent_sources", 1)),
        "near": _near(form, locate),
        "polygon": typed("polygon", text(form, "polygon"), polygon),
        "quiet": _quiet(form),
        "place_unknown": bool(text(form, "place_unknown")),
    }
    return _as(Filter, given)


def order(form: Mapping[str, Any]) -> Order:
    """The format, the terms and the signature that a form describes; raises SubscriptionRefused."""
    usual = Terms()
    given = {
        "rate": _number(form, "rate", None),
        "at_once": int(_number(form, "at_once", usual.at_once)),
        "give_up_hours": _number(form, "give_up_hours", usual.give_up_hours),
        "system": bool(text(form, "system")),
        "heartbeat": bool(text(form, "heartbeat")),
    }
    rest = {"format": text(form, "format") or "standard", "signing": text(form, "signing") or "v1"}
    return msgspec.structs.replace(_as(Order, rest), terms=_as(Terms, given))


def _as(shape: type[Made], given: Mapping[str, object]) -> Made:
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise SubscriptionRefused(f"{place.rstrip('`').partition('[')[0] or 'filter'}: {message}") from error


def _what(form: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Triggers and families: whoever ticks some of both wants all of them, where a filter would want what is both."""
    triggers, families = several(form, "triggers"), several(form, "families")
    if not triggers:
        return {"families": families}
    return {"triggers": (*triggers, *(t for t, f in FAMILIES.items() if f in families and t not in triggers))}


def _near(form: Mapping[str, Any], locate: Locate) -> Near | None:
    where = text(form, "near")
    if not where:
        return None
    at = point(where) or locate(where)
    if at is None:
        raise SubscriptionRefused(f"near: no place is known as {where[:40]!r}; give latitude, longitude: 33.5, 36.3")
    return Near(lat=at[0], lon=at[1], km=_number(form, "km", KM))


def _quiet(form: Mapping[str, Any]) -> Quiet | None:
    start, end = text(form, "quiet_start"), text(form, "quiet_end")
    if not start and not end:
        return None
    if not (start and end):
        raise SubscriptionRefused("quiet: give both when the hours begin and when they end, or neither")
    given = {"start": start, "end": end, "zone": text(form, "quiet_zone") or "UTC"}
    return _as(Quiet, {**given, "unless": text(form, "quiet_unless") or "extreme"})


def _number(form: Mapping[str, Any], name: str, usual: Usual) -> float | Usual:
    given = text(form, name)
    if not given:
        return usual
    try:
        number = float(given)
    except ValueError as error:
        raise SubscriptionRefused(f"{name}: {given[:20]!r} is no number") from error
    if not math.isfinite(number):
        raise SubscriptionRefused(f"{name}: {given[:20]!r} is no number to count with")
    return number
