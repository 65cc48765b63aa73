"""What the headers and statuses of a publisher's answer mean for us, and how a failure is told to a person."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 10 * 366 * 86_400
_MEGABYTE: Final = 1024 * 1024

_STATUS: Final[dict[int, tuple[str, str]]] = {
    304: (
        "it says that nothing changed to a first request",
        "nothing, if it passes; otherwise its server or cache is broken",
    ),
    401: ("the publisher asks for a password", "use a feed that is open to everybody"),
    402: ("the publisher asks for payment", "use a feed that is open to everybody"),
    403: (
        "the publisher refuses us",
        "it may limit how often, or refuse programs: poll it less often, or set a contact URL",
    ),
    404: ("there is nothing at this address", "look for the feed's new address on the publisher's site"),
    406: ("the publisher offers nothing that we accept", "check the address in a browser"),
    410: ("the publisher took it away for good", "remove it, or look for its successor on the publisher's site"),
    429: (
        "the publisher finds us too frequent",
        "nothing: it is polled later; a longer interval_s helps if this stays",
    ),
    451: ("the publisher must not serve it here", "use another feed of this publisher"),
    503: ("the publisher is not available for now", "nothing: it is polled again later"),
}
_ERRORS: Final[dict[str, tuple[str, str]]] = {
    "timeout": (
        "no full answer in time",
        "nothing, if it passes; otherwise the server is slow or never ends its answer",
    ),
    "dns": ("its host name is not known", "check the spelling of the host, and this machine's DNS"),
    "refused": ("its server takes no connection", "check the address; the server may be down"),
    "tls": ("its certificate or TLS is bad", "open the address in a browser; the publisher must renew its certificate"),
    "dropped": ("the connection broke off", "nothing, if it passes"),
    "too_large": ("the answer is too large", "use a feed with fewer or shorter entries"),
    "address_refused": ("its address must not be dialled", "only public addresses are: see TOCSIN_ALLOW_NETWORKS"),
    "redirects": ("it redirects too often", "use the address that it leads to in a browser"),
    "protocol": ("its answer is not proper HTTP", "check the address in a browser"),
}


def explained(status: int | None, error: str, detail: str = "") -> tuple[str, str]:
    """The reason of a failure and its remedy, in words for a person."""
    if error:
        reason, remedy = _ERRORS.get(error, ("it could not be asked", "nothing, if it passes"))
        return (f"{reason} ({error}: {detail})" if detail else f"{reason} ({error})"), remedy
    if status in _STATUS:
        reason, remedy = _STATUS[status]
    elif status is not None and status >= 500:
        reason, remedy = "the publisher's server has a fault", "nothing, if it passes"
    elif status is not None and 300 <= status < 400:
        reason, remedy = "it redirects to nowhere", "look for the feed's new address on the publisher's site"
    else:
        reason, remedy = "an answer that is no feed", "check the address in a browser"
    return f"{reason} (HTTP {status})", remedy


def fresh_for_s(headers: Mapping[str, str]) -> int | None:
    """For how many seconds the publisher calls its answer fresh; ``None`` where it does not say, or says not at all."""
    directives = _directives(headers.get("cache-control", ""))
    if "no-store" in directives or "no-cache" in directives:
        return None
    if "max-age" in directives:
        age = _count(headers.get("age", "")) or 0
        most = _count(directives["max-age"])
        return None if most is None else max(0, most - age)
    if "expires" not in headers:
        return None
    expires, date = http_date(headers["expires"]), http_date(headers.get("date", ""))
    if expires is None or date is None:
        return None
    return min(LONGEST_S, max(0, int((expires - date).total_seconds())))


def retry_after_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """After how many seconds the publisher wants to be asked again, in either form; ``None`` where it does not say."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    seconds = _count(value)
    if seconds is not None:
        return seconds
    moment = http_date(value)
    if moment is None:
        return None
    return min(LONGEST_S, max(0, int((moment - (http_date(headers.get("date", "")) or now)).total_seconds())))


def moved_for_good(hops: Sequence[tuple[int, str]]) -> str:
    """Where permanent redirects led; the first temporary one ends the trail, for what it names is not for keeping."""
    target = ""
    for status, url in hops:
        if status not in (301, 308):
            break
        target = url
    return target


def http_date(value: str) -> datetime | None:
    """A date of an HTTP header, as UTC; ``None`` where it is none."""
    try:
        moment = parsedate_to_datetime(value[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _directives(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value[:1000].split(","))
    return {name.strip().lower(): given.strip().strip('"') for name, _, given in pairs}


def _count(value: str) -> int | None:
    return min(LONGEST_S, int(value)) if value.isascii() and value.isdigit() and len(value) <= 12 else None
