"""Forms as people fill them in, and filters as subscriptions have them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from litestar.enums import RequestEncodingType
from litestar.params import Body

from worker.console.rendering import countries
from worker.errors import SubscriptionRefused
from worker.subscriptions.model import Filter

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
_PARTS: Final = re.compile(r"[,;\n]+")


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
    """A field that holds a list, separated by commas."""
    return tuple(dict.fromkeys(p.strip() for p in _PARTS.split(text(form, name)) if p.strip()))


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


def wish(form: Mapping[str, Any]) -> Filter:
    """The filter that a form describes; raises SubscriptionRefused and names the field at fault."""
    given: dict[str, object] = {
        "triggers": several(form, "triggers"),
        "countries": country_codes(form, "countries"),
        "languages": tuple(part.lower() for part in listed(form, "languages")),
        "sources": listed(form, "sources"),
        "phases": several(form, "phases"),
        "veracities": several(form, "veracities"),
        "min_severity": text(form, "min_severity") or "minor",
        "min_confidence": _number(form, "min_confidence"),
        "place_unknown": bool(text(form, "place_unknown")),
    }
    try:
        return msgspec.convert(given, Filter)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise SubscriptionRefused(f"{place.rstrip('`').partition('[')[0] or 'filter'}: {message}") from error


def _number(form: Mapping[str, Any], name: str) -> float:
    try:
        return float(text(form, name) or 0)
    except ValueError as error:
        raise SubscriptionRefused(f"{name}: {text(form, name)[:20]!r} is no number") from error
