"""What makes an entry the same entry tomorrow: its guid, else its link without tracking, else its title and date."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from worker.feeds.model import Entry

_TRACKING: Final = re.compile(
    r"utm_.*|mtm_.*|pk_.*|hsa_.*|at_.*|ns_(?:campaign|mchannel|source|linkname|fee)|(?:fb|g|ms|y|tw|dc|igsh)clid|gbraid"
    r"|wbraid|igshid|mc_[ce]id|_hs(?:enc|mi)|vero_.*|oly_(?:anon|enc)_id|ocid|cmpid|cmp|icid|ito|emc|partner|smid|smtyp"
    r"|ref|refsrc|ref_src|referrer|feature|ftcamp|ftag|xtor|wt_.*|sref|srnd|trk|taid|ftc_.*"
    r"|__twitter_impression|amp|outputtype|rss|feedtype|traffic_source|campaign_id|dicbo|guccounter|guce_.*|spm|share_.*",
    re.IGNORECASE,
)
# Fragments that say where a click came from, or count the publisher's edits; others can tell entries apart.
_TRACKING_FRAGMENT: Final = re.compile(
    r"\d{1,3}|:~:.*|[\w-]{1,40}=.*|rss|feed|comments?|respond", re.IGNORECASE | re.DOTALL
)
# A link that is in normal form as it stands: no port, query or fragment.
_NORMAL: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[!\"$->@-~]*")
_MARKUP: Final = re.compile(r"<[^<>]*>|\s+")
_WEB: Final = ("http", "https")
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
MAX_URL: Final = 2000


def canonical_link(url: str) -> str:
    """The URL as it names the page: lower-case host, no tracking, parameters in order; another text as it came."""
    text = url.strip()[:MAX_URL]
    if "//" not in text or _NORMAL.fullmatch(text):
        return text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    if parts.scheme not in _WEB or not parts.hostname:
        return text
    host = parts.hostname.rstrip(".")
    if port and port != _DEFAULT_PORT[parts.scheme]:
        host = f"{host}:{port}"
    query = sorted((k, v) for k, v in _parameters(parts) if not _TRACKING.fullmatch(k))
    return SplitResult(parts.scheme, host, parts.path or "/", urlencode(query), _fragment(parts)).geturl()


def _parameters(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return [("", parts.query)]


def _fragment(parts: SplitResult) -> str:
    return "" if _TRACKING_FRAGMENT.fullmatch(parts.fragment) else parts.fragment


def _without_scheme(link: str) -> str:
    """The same page over http and https is one page."""
    return link.removeprefix("https:").removeprefix("http:")


def entry_key(entry: Entry) -> str:
    """The durable id of an entry within its feed: 24 hexadecimal digits."""
    if entry.guid or entry.link:
        # One form for both, since a parser may fill the one in from the other.
        return _named(entry.guid or entry.link)
    # The day, not the moment: a feed that stamps its undated entries with "now" changes that at each poll.
    name = f"title {_settled(entry.title)} {entry.published_on or ''}"
    if not entry.title:
        name += _settled(entry.summary or entry.content)[:500]
    return _hash(name)


def aliases(entry: Entry) -> tuple[str, ...]:
    """Other names that tell an entry within its feed: its link, and its title on its day. Neither is sure by itself."""
    names = []
    if entry.link:
        names.append("l" + _named(entry.link))
    if entry.title:
        names.append("t" + _titled(f"{entry.title} {entry.published_on or ''}"))
    return tuple(names)


def article_id(feed_name: str, entry: Entry | str) -> str:
    """The article's id: ``ar_`` and 24 hexadecimal digits, the same for this entry (or its key) at any time."""
    return "ar_" + _hash(f"{feed_name} {entry if isinstance(entry, str) else entry_key(entry)}")


def digest(entry: Entry) -> str:
    """A hash of what the entry tells: its words, not its markup, links or dates, which change without any news."""
    return _hash("\n".join(_settled(part) for part in (entry.title, entry.summary, entry.content)))[:16]


# Each entry of a poll is named several times, and again at the next poll.
@lru_cache(maxsize=16_384)
def _named(link: str) -> str:
    return _hash(_without_scheme(canonical_link(link)))


@lru_cache(maxsize=16_384)
def _titled(title: str) -> str:
    return _hash(_settled(title))


def _settled(text: str) -> str:
    if "<" not in text:
        return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    return _MARKUP.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
