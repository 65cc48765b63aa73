"""What of a feed's definition is secret: the values of its headers, and who its proxy is told that we are.

Everywhere but in the poller's hands a definition is *concealed*: ``***`` stands where something is kept sealed.
"""

from typing import Final

import msgspec

from worker.feeds.model import Feed, FeedDefinition, PageRequest

HIDDEN: Final = "***"


class Credentials(msgspec.Struct, frozen=True):
    """What is sealed of a definition that has something to hide."""

    headers: dict[str, str]
    proxy: str


def concealed(definition: FeedDefinition) -> FeedDefinition:
    """The same definition as anybody may see it."""
    if not definition.headers and "@" not in definition.proxy:
        return definition
    headers, proxy = dict.fromkeys(definition.headers, HIDDEN), without_user(definition.proxy)
    return msgspec.structs.replace(definition, headers=headers, proxy=proxy)


def hides(definition: FeedDefinition) -> bool:
    """Whether something of this definition is kept elsewhere, sealed."""
    return HIDDEN in definition.headers.values() or f"{HIDDEN}@" in definition.proxy


def revealed(definition: FeedDefinition, secret: Credentials) -> FeedDefinition:
    """The whole definition again."""
    return msgspec.structs.replace(definition, headers=secret.headers, proxy=secret.proxy)


def bare(definition: FeedDefinition) -> FeedDefinition:
    """The definition without what it hides, for a house that never knew it."""
    headers = {name: value for name, value in definition.headers.items() if value != HIDDEN}
    proxy = "" if HIDDEN in definition.proxy else definition.proxy
    return msgspec.structs.replace(definition, headers=headers, proxy=proxy)


def page_of(feed: Feed, request: PageRequest) -> PageRequest:
    """The request for an article's page as the operator of its feed wants it made."""
    told = feed.definition
    return msgspec.structs.replace(request, headers=told.headers_for(request.url), proxy=told.proxy)


def without_user(url: str) -> str:
    """A URL with ``***`` in place of the user and password that it holds."""
    scheme, mark, rest = url.partition("://") if "://" in url else ("", "", url)
    _, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{HIDDEN}@{host}" if at else url
