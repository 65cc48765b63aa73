"""Every error that Tocsin raises on purpose.

::

    TocsinError
      ├─ SettingsError          an environment variable or a file in config/ is unknown or bad
      ├─ CatalogueError         feeds.yaml or a trigger file cannot be used
      ├─ RedisUnusable          the Redis server is unsafe for us, or cannot be started or reached
      ├─ WriteRefused           Redis takes no more: its memory or its disk is full, or it may not be written
      ├─ AddressRefused         a URL or address that must not be dialled
      ├─ FeedUnreadable         bytes that no parser can read as a feed
      ├─ PageUnreadable         a page without a text that could be extracted
      ├─ SubscriptionRefused    a subscription that can never work or match
      ├─ JobRefused             a job in the queue that is none of ours
      ├─ KeyRefused             an API key that cannot be made so
      ├─ QueryRefused           a question to the API that cannot be answered as it is put
      ├─ Conflict               what is asked for contradicts what is there already
      └─ NotFound               a feed, alert, subscription or delivery that is not there

What a peer on the network answers is data and not an error: see ``outbound.Reply``.
"""


class TocsinError(Exception):
    """The root of the tree: its message names the thing at fault and says what to do."""


class SettingsError(TocsinError):
    """An environment variable or configuration file is unknown or bad."""


class CatalogueError(TocsinError):
    """A feeds file or a trigger file cannot be used; the message names the entry and the key."""


class RedisUnusable(TocsinError):
    """The Redis server may evict keys, is too old, or cannot be started or reached."""


class WriteRefused(TocsinError):
    """Redis took none of a write; the message says why and what to do. Nothing was marked as seen or done."""


class AddressRefused(TocsinError):
    """A URL or network address that must not be dialled; the message says by which rule."""


class FeedUnreadable(TocsinError):
    """Bytes that no parser can read as a feed."""


class PageUnreadable(TocsinError):
    """A page from which no text could be extracted."""


class SubscriptionRefused(TocsinError):
    """A subscription whose URL or filter can never work."""


class JobRefused(TocsinError):
    """A stored job that names another function than ours, or carries arguments."""


class KeyRefused(TocsinError):
    """An API key whose name or scope cannot be."""


class QueryRefused(TocsinError):
    """A question to the API that cannot be answered as it is put; the message begins with the field."""


class Conflict(TocsinError):
    """What is asked for contradicts what is there already."""


class NotFound(TocsinError):
    """A feed, article, alert, subscription or delivery that is not kept here."""
