"""Reading one more feed: whoever asks for it, on the command line, over the API or by a list, goes this one way."""

import msgspec

from worker.errors import Conflict
from worker.feeds import catalogue, opml
from worker.feeds.model import Feed, FeedDefinition
from worker.feeds.store import defined
from worker.ledger import Transaction
from worker.wiring import House


def add(house: House, definition: FeedDefinition, *, again: bool = False) -> Feed:
    """Keep a feed and make it due; ``again`` changes one that was added before, which keeps what polling taught.

    Raises CatalogueError for a bad definition and Conflict for a name that is taken.
    """
    catalogue.check(definition)
    name = definition.name
    kept = house.feeds.get_many([name])[0]
    if kept is not None and kept.origin == "config":
        raise Conflict(f"name: config/feeds.yaml holds {name!r}; change it there")
    if kept is not None and not again:
        raise Conflict(f"name: {name!r} is taken; choose another, or remove that feed first")
    awake = {"health": "new", "reason": "", "remedy": "", "failures": 0}
    feed = msgspec.structs.replace(defined(definition, kept), origin="added", **awake)
    transaction = Transaction().make_due("feed", name)
    house.feeds.define(transaction, feed)
    house.ledger.commit(transaction)
    return house.feeds.get(name)


def take_in(house: House, document: bytes, language: str) -> tuple[int, int]:
    """How many feeds of an OPML document were added, and how many are read already; raises CatalogueError."""
    kept = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    urls, names = {f.definition.url for f in kept}, {f.name for f in kept}
    wanted = opml.read(document, language)
    new = [d for d in wanted if d.url not in urls]
    for definition in new:
        if definition.name in names:
            definition = msgspec.structs.replace(definition, name=f"{definition.name[:50]}-{len(names)}")
        add(house, definition)
        names.add(definition.name)
    return len(new), len(wanted) - len(new)
