"""``config/feeds.yaml``: the feeds that an operator wants, read strictly."""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import yaml

from worker.errors import CatalogueError
from worker.feeds.credentials import HIDDEN, concealed, without_user
from worker.feeds.model import FeedDefinition

MAX_BYTES: Final = 4 * 1024 * 1024
SHORTEST_INTERVAL_S: Final = 30
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,60}")
# What the poller itself says in every request, and says truly.
_OURS: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "if-modified-since", "if-none-match", "referer"}
    | {"te", "transfer-encoding", "upgrade", "user-agent"}
)
_COUNTRY: Final = re.compile(r"(?:[A-Z]{2})?")


def load(path: Path) -> tuple[FeedDefinition, ...]:
    """The feeds of this file, in order; raises CatalogueError, which names the file, the feed and the key."""
    try:
        raw = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise CatalogueError(f"{path}: is over {MAX_BYTES} bytes")
    try:
        document = yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CatalogueError(f"{path}: is not YAML: {error}") from error
    if not isinstance(document, dict) or set(document) != {"feeds"} or not isinstance(document["feeds"], list):
        raise CatalogueError(f"{path}: must hold one key, `feeds`, with a list of feeds")
    definitions = [_definition(f"{path}: {_called(raw, n)}", raw) for n, raw in enumerate(document["feeds"], 1)]
    for what in ("name", "url"):
        first: dict[str, str] = {}
        for d in definitions:
            value = getattr(d, what)
            if value in first:
                raise CatalogueError(f"{path}: feed {d.name!r}: {what} {value!r} is taken by feed {first[value]!r}")
            first[value] = d.name
    return tuple(definitions)


def check(definition: FeedDefinition) -> None:
    """Raise CatalogueError, which names the key, where a definition cannot be used."""
    for key, right, must in (
        ("name", _NAME.fullmatch(definition.name), "1 to 64 letters, digits, - and _"),
        ("url", _is_web_url(definition.url), "an http or https URL with a host and without a password"),
        ("language", _LANGUAGE.fullmatch(definition.language), "a language tag such as en or pt-BR, or empty"),
        ("country", _COUNTRY.fullmatch(definition.country), "two capital letters of ISO 3166, or empty"),
        ("group", definition.group, "the publisher behind the feed"),
        (
            "interval_s",
            definition.interval_s is None or definition.interval_s >= SHORTEST_INTERVAL_S,
            f"{SHORTEST_INTERVAL_S} s or more",
        ),
        ("headers", _are_headers(definition.headers), "headers with values, none that the poller sends itself"),
        ("proxy", not definition.proxy or _is_proxy(definition.proxy), "the http URL of a proxy"),
        ("recorded_at", definition.recorded_at is None or definition.recorded_at.tzinfo, "a time with its offset"),
    ):
        if not right:
            said = getattr(concealed(definition), key)
            said = without_user(said) if key == "url" else said
            raise CatalogueError(f"{key}: is {said!r}, must be {must}")


def _called(raw: Any, number: int) -> str:
    name = raw.get("name") if isinstance(raw, dict) else None
    return f"feed {name!r}" if name else f"feed number {number}"


def _definition(where: str, raw: Any) -> FeedDefinition:
    try:
        definition = msgspec.convert(raw, FeedDefinition)
        check(definition)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise CatalogueError(f"{where}: {place.rstrip('`') + ': ' if place else ''}{message}") from error
    except CatalogueError as error:
        raise CatalogueError(f"{where}: {error}") from error
    return definition


def _are_headers(headers: dict[str, str]) -> bool:
    return all(
        _HEADER.fullmatch(name) and name.lower() not in _OURS and _is_value(value) for name, value in headers.items()
    )


def _is_value(value: str) -> bool:
    return value.isascii() and value.isprintable() and value.strip() not in ("", HIDDEN)


def _is_proxy(url: str) -> bool:
    return _is_web_url(url, private=True) and f"{HIDDEN}@" not in url


def _is_web_url(url: str, *, private: bool = False) -> bool:
    """Whether this is a URL with a host, and without a user unless it is ``private``."""
    try:
        parts = urlsplit(url)
        named = (parts.username is None or private) and parts.port != 0  # a port that is none raises
        return parts.scheme in ("http", "https") and bool(parts.hostname) and named and " " not in url
    except ValueError:
        return False
