"""Templates to pages: everything is escaped, nothing is loaded from elsewhere."""

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

from worker import __version__
from worker.subscriptions.model import shown_url
from worker.triggers.model import FAMILIES

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FAMILY_NAMES: Final = {
    "attack": "Attack",
    "move": "Movement",
    "leave": "Leaving",
    "state": "State power",
    "people": "People",
    "hazard": "Hazard",
}
# Where a name with blanks for underscores reads badly.
TRIGGER_NAMES: Final = {
    "airspace_airport_closure": "airspace or airport closed",
    "border_closure": "border closed",
    "route_closure": "route closed",
    "cbrn": "chemical, biological, nuclear",
    "earthquake_volcano": "earthquake or volcano",
    "storm_flood_fire": "storm, flood or fire",
    "industrial_transport_disaster": "industrial or transport disaster",
    "communications_shutdown": "communications cut",
}
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi", "ckb", "dv"})


@cache
def countries() -> dict[str, str]:
    """The names of countries by their ISO 3166-1 alpha-2 code, by name."""
    raw = resources.files("worker.console").joinpath("data", "countries.json").read_text(encoding="utf-8")
    return dict(json.loads(raw))


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """A file that the console ships, and its type; ``None`` for any other name."""
    kind = KINDS.get(name.rpartition(".")[2])
    if kind is None or "/" in name or ".." in name:
        return None
    found = resources.files("worker.console").joinpath("static", name)
    return (found.read_bytes(), kind) if found.is_file() else None


@cache
def mark(name: str) -> str:
    """The address of a shipped file, with the hash of its content so that it may be kept for ever."""
    found = static(name)
    if found is None:
        raise FileNotFoundError(name)
    return f"/static/{name}?v={hashlib.blake2b(found[0], digest_size=6).hexdigest()}"


def named(code: str) -> str:
    """The name of a country, or the code where there is none."""
    return countries().get(code, code)


def when(moment: datetime | None) -> str:
    """A moment as people read it, in UTC."""
    return moment.astimezone(UTC).strftime("%-d %b %Y, %H:%M") if moment else "–"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago it was, or how soon it will be."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    told = span(abs(seconds))
    if abs(seconds) < 5:
        return "now"
    return f"{told} ago" if seconds > 0 else f"in {told}"


def span(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def words(name: str) -> str:
    """A name of ours as words: air strike."""
    return TRIGGER_NAMES.get(name) or name.replace("_", " ").replace(":", " ")


def direction(lang: str) -> str:
    """Which way a language is written; ``auto`` where it is not known."""
    if not lang:
        return "auto"
    return "rtl" if lang.partition("-")[0].lower() in RIGHT_TO_LEFT else "auto"


@cache
def environment() -> Environment:
    """The templates, with what they may call."""
    made = Environment(
        loader=PackageLoader("worker.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(when=when, words=words, country=named, shown=shown_url, dir=direction, span=span)
    made.globals.update(
        mark=mark, ago=ago, version=__version__, family_names=FAMILY_NAMES, families=FAMILIES, countries=countries
    )
    return made


def render(template: str, /, **given: Any) -> str:
    """A template with these values."""
    return environment().get_template(template).render(**given)


def html(body: str, *, status: int = 200) -> Response[str]:
    """A page as an answer, under the content policy of the console."""
    return Response(body, media_type="text/html", status_code=status, headers=HEADERS)
