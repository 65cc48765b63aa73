"""From markup to plain text, and from a feed's entry to an article."""

import html
import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin

import lxml.etree
import msgspec

from worker.articles.credit import credit
from worker.articles.identity import article_id, digest
from worker.articles.live import looks_live
from worker.articles.model import Article
from worker.feeds.model import Entry, FeedDefinition, FullText, Notice

MAX_MARKUP: Final = 300_000
MAX_TEXT: Final = 100_000
MAX_TITLE: Final = 1_000
# A publisher's clock may be this much ahead; what is further off is a local time under a wrong name.
CLOCK_SKEW: Final = timedelta(minutes=15)
ENOUGH: Final = 1_200

_BLOCKS: Final = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
    }
)
_UNREAD: Final = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "title", "select"})
_TAG: Final = re.compile(r"<[/!a-zA-Z]")
_ESCAPED: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_ESCAPED_TAG: Final = re.compile(r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|li|h\d)[\s/>]", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_WEB: Final = ("http://", "https://")
# RSS wants an e-mail address for an author, and so the name stands in brackets behind it.
_ADDRESSED: Final = re.compile(r"\S+@\S+\s+\((.+)\)")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n[ \n]*")
_CUT_SHORT: Final = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|read more|continue reading|weiterlesen|lire la suite|leer más|подробнее|читати далі)"
    r"\W{0,5}$",
    re.IGNORECASE,
)


def plain(markup: str) -> str:
    """The text that a reader sees in this markup: a line a block, single spaces, at most 100,000 characters."""
    text = markup[:MAX_MARKUP]
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return " ".join(text.split())[:MAX_TEXT]
    for _ in range(2):
        if _TAG.search(text):
            text = _seen(text)
        elif _ESCAPED.search(text):
            text = html.unescape(text)
        # Escaped twice, the markup itself would be the text.
        if not _ESCAPED_TAG.search(text) and not _ESCAPED.search(text):
            break
    return tidy(text)


def tidy(text: str) -> str:
    """The text without unseen characters, with single spaces and no blank lines, at most 100,000 characters."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r", "\n").replace("\xa0", " ")))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()[:MAX_TEXT]


def _seen(markup: str) -> str:
    # A reader of events, not a tree: an element with 40,000 attributes takes a tree 10 s, and its text none of them.
    reader = _Reader()
    parser = lxml.etree.HTMLParser(target=reader)
    try:
        # Said to be HTML from the first character, an XML declaration cannot change how it is read.
        parser.feed("<html><body>" + _UNSEEN.sub("", markup))
        parser.close()
    except (lxml.etree.LxmlError, ValueError):
        pass  # what was read until then is what there is
    return "".join(reader.parts)


class _Reader:
    """Collects what is shown of a document, in order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._unread = 0

    def start(self, tag: str, _: object) -> None:
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def data(self, text: str) -> None:
        if not self._unread:
            self.parts.append(text)

    def comment(self, _: str) -> None:
        pass

    def close(self) -> None:
        pass


def article_from(entry: Entry, definition: FeedDefinition, *, now: datetime, known_at: datetime) -> Article:
    """The entry as an article of its feed, first seen ``now`` and judged at ``known_at``; a date to come is no date."""
    published = entry.published_at or entry.updated_at
    if published is not None and published > known_at + CLOCK_SKEW:
        published = None
    link = web_link(entry.link, definition.url) or web_link(entry.guid)
    title = plain(entry.title)[:MAX_TITLE].replace("\n", " ")
    summary, author = _whole(plain(entry.summary), plain(entry.content)), _byline(plain(entry.author))
    return Article(
        id=article_id(definition.name, entry),
        feed=definition.name,
        group=definition.group,
        url=link,
        title=title,
        summary=summary,
        lang=language_of(entry.language) or language_of(definition.language),
        home=definition.country,
        author=author,
        published_at=published,
        first_seen_at=now,
        known_at=known_at,
        digest=digest(entry),
        credit=credit(author, summary),
        live=looks_live(link, title),
        notice=_official(definition, entry.notice),
        form="" if entry.notice and entry.notice.whole else web_link(entry.form, definition.url),
    )


def _byline(author: str) -> str:
    addressed = _ADDRESSED.fullmatch(author[:200])
    return addressed[1] if addressed else author[:200]


def _official(definition: FeedDefinition, notice: Notice | None) -> Notice | None:
    """The form where it counts: of a warning service, or a whole CAP form; a newspaper's pin on a map does not."""
    if notice is None or (definition.kind not in ("hazard", "advisory") and not notice.whole):
        return None
    return notice if notice.event else msgspec.structs.replace(notice, event=definition.subject)


def web_link(given: str, base: str = "") -> str:
    """The address that an entry gives, made absolute; empty where it is none on the web."""
    link = given.strip()
    if link and ("[" in link or not link.startswith(_WEB)):
        try:
            link = urljoin(base, link)
        except ValueError:
            return ""
    return link if link.startswith(_WEB) and len(link.split()) == 1 else ""


def wants_page(article: Article, policy: FullText) -> bool:
    """Whether the article's page should be read too: the feed gave too little, or was told to give too little."""
    if policy == "feed" or not article.page_url or article.page != "none":
        return False
    return (
        bool(article.form)
        or policy == "page"
        or len(article.summary) < ENOUGH
        or _CUT_SHORT.search(article.summary[-60:]) is not None
    )


def _whole(summary: str, content: str) -> str:
    """Everything that the feed said, once: a summary is often the beginning of the content."""
    short, long = sorted((summary, content), key=len)
    beginning = short[:80].rstrip(" .…[]")
    if not beginning or beginning in long:
        return long
    return f"{summary}\n{content}"


def language_of(tag: str) -> str:
    """The language of a tag such as ``en-GB`` or ``pt_BR``, without its country; empty where it tells none."""
    language = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return language if language.isalpha() and 2 <= len(language) <= 3 and language not in ("und", "mul", "zxx") else ""
