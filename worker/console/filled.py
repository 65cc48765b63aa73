"""A subscription as a form that asks for it: ``forms.wish`` and ``forms.order`` read the same out of it again."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from worker.console.rendering import named
from worker.subscriptions.model import Filter, Subscription, Terms, shown_url
from worker.subscriptions.quiet import Quiet
from worker.triggers.model import FAMILIES


def filled(known: Subscription) -> dict[str, Any]:
    """Every field; what is as usual is left empty, and the address shows nothing that may be a password."""
    about = {"url": shown_url(known.url), "format": known.format}
    return {
        **about,
        **_wished(known.filter),
        **_place(known.filter),
        **_hours(known.filter.quiet),
        **_pace(known.terms),
    }


def _wished(wish: Filter) -> dict[str, Any]:
    both = [t for t in wish.triggers if not wish.families or FAMILIES[t] in wish.families]
    return {
        "triggers": both,
        "families": [] if both else list(wish.families),
        "phases": list(wish.phases),
        "veracities": list(wish.veracities),
        "languages": _listed(wish.languages),
        "sources": _listed(wish.sources),
        "min_severity": wish.min_severity,
        "min_confidence": _digits(wish.min_confidence) if wish.min_confidence else "",
        "min_independent_sources": wish.min_independent_sources if wish.min_independent_sources > 1 else "",
    }


def _place(wish: Filter) -> dict[str, Any]:
    near = wish.near
    return {
        "countries": _listed(named(code) for code in wish.countries),
        "near": f"{_digits(near.lat)}, {_digits(near.lon)}" if near else "",
        "km": _digits(near.km) if near else "",
        "polygon": " ".join(f"{_digits(lon)},{_digits(lat)}" for lon, lat in wish.polygon),
        "place_unknown": "yes" if wish.place_unknown else "",
    }


def _hours(quiet: Quiet | None) -> dict[str, str]:
    if quiet is None:
        return {}
    return {"quiet_start": quiet.start, "quiet_end": quiet.end, "quiet_zone": quiet.zone, "quiet_unless": quiet.unless}


def _pace(terms: Terms) -> dict[str, Any]:
    usual, given = Terms(), dict[str, Any]()
    for name in ("rate", "at_once", "give_up_hours"):
        value = getattr(terms, name)
        given[name] = "" if value == getattr(usual, name) else _digits(value)
    return {**given, "system": "yes" if terms.system else "", "heartbeat": "yes" if terms.heartbeat else ""}


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(f'"{p}"' if set(p) & set(",;") else p for p in parts)


def _digits(number: float) -> str:
    """The number exactly, without an exponent."""
    return f"{Decimal(repr(number)):f}"
