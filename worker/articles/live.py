"""Live blogs: pages that grow for hours. They are read again, and only what was added counts."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Final

from worker.articles.model import Article

LIVE_S: Final = 300
LIVE_FOR: Final = timedelta(hours=24)
SHORTEST_BLOCK: Final = 25
MAX_BLOCKS: Final = 3_000
# A plain word counts as a whole segment only, for "/live-music" and "/online-banking" begin many a headline.
_LIVE_URL: Final = re.compile(
    r"/(?:live|ticker|direct|en-direct|directo|en-directo|en-vivo|ao-vivo|minuto-a-minuto)(?:/|$)"
    r"|[/_-](?:live-?blog|live-?news|live-?updates?|live-?ticker|news-?blog|en-direct|en-directo|en-vivo|ao-vivo"
    r"|minuto-a-minuto)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_LIVE_TITLE: Final = re.compile(
    r"\blive[ -]?(?:blog|updates?|ticker)\b|^live\s*[:|–—-]|\blive(?: coverage)?: |[–—|-] (?:live|as it happened)$"
    r"|newsblog\b|\ben direct\b ?[:,|–—-]|^(?:en )?direct\b ?[.,:|–—-]|^en direct\b"
    r"|minuto a minuto|^en directo\b|\ben (?:directo|vivo)\b ?[:,|–—-]|\ben vivo$|^ao (?:vivo|minuto)\b"
    r"|\bla diretta\b|\bin diretta$|relacja na żywo|^na żywo\b|\bcanlı (?:blog|anlatım)|^canlı\s*[:|–—-]"
    r"|онлайн-трансляц|текстовая трансляц|текстова трансляц|прямий ефір|прямая трансляция|^наживо\b|[.:|] онлайн$"
    r"|تغطية (?:مباشرة|حية|مستمرة)|لحظة بلحظة|^مباشر\s*[.:|]"
    r"|^直播\s*[:：|]|实时更新|實時更新|即時更新|【ライブ】|실시간 중계",
    re.IGNORECASE,
)


def looks_live(url: str, title: str) -> bool:
    """Whether a page's address or title says that it is added to as things happen."""
    return bool(_LIVE_TITLE.search(title) or _LIVE_URL.search(url))


def read_again(article: Article, now: datetime) -> bool:
    """Whether this article's page should be read once more: a live one, for a day after it was first seen."""
    return article.live and now - article.first_seen_at < LIVE_FOR


def added(text: str, known: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The blocks (lines) of a text that are not known by their hash, and the hashes of all that are known then."""
    had = set(known)
    fresh, hashes = [], list(known)
    for line in text.split("\n"):
        name = hashlib.blake2b(" ".join(line.casefold().split()).encode(), digest_size=6).hexdigest()
        if len(line) >= SHORTEST_BLOCK and name not in had:
            fresh.append(line)
            hashes.append(name)
            had.add(name)
    return "\n".join(fresh), tuple(hashes[-MAX_BLOCKS:])
