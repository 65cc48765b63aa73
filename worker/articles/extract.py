"""From an article's page to its text: what a reader came for, without the page around it.

The extractor is trafilatura in its standard mode. It is quadratic in the elements of a page, and trees are in the
attributes of an element, so both are bounded first: 15,000 elements take about a second, any page of news 30 ms.
"""

import re
from functools import cache
from typing import Final

import lxml.etree
import trafilatura
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from worker.articles.model import Extracted
from worker.articles.text import language_of, tidy
from worker.errors import PageUnreadable
from worker.feeds.charset import page_text
from worker.feeds.dates import DateReader

MAX_CHARS: Final = 3_000_000
MAX_ELEMENTS: Final = 15_000
MAX_ATTRIBUTES: Final = 1_000
SHORTEST: Final = 40
# Below this, of two likely languages either may be the right one.
CONFIDENT: Final = 0.6
_LANGUAGES: Final = (
    "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id it ja ka kk ko lt lv mk ms ne nl no pl ps pt"
    " ro ru sk sl sq sr sv sw ta th tl tr uk ur vi zh"
)
_ELEMENT: Final = re.compile(r"<[a-zA-Z]")
_LINKED_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{1,60})"')
_DATES: Final = frozenset({"article:published_time", "og:article:published_time", "datepublished", "pubdate", "date"})


def extract(page: bytes, url: str) -> Extracted:
    """Title, text, language and date of an article's page; raises PageUnreadable where no text can be found."""
    html = _bounded(page_text(page))
    about = _read(html)
    try:
        found = trafilatura.bare_extraction(html, url=url or None, include_comments=False)
    except Exception as error:  # whatever lxml and the extractor raise on what the world sends
        raise PageUnreadable(f"the extractor failed on {url}: {type(error).__name__}") from error
    text = tidy(getattr(found, "text", None) or "")
    if len(text) < SHORTEST:
        raise PageUnreadable(f"no article text at {url}")
    return Extracted(
        title=tidy(about.title).replace("\n", " ")[:500],
        text=text,
        lang=about.lang or guess_language(text),
        published_at=DateReader(5).read(about.published).at,
    )


def guess_language(text: str) -> str:
    """The language that this text is most likely in, of about fifty; empty where that is open."""
    lang, confidence = _identifier().classify(text[:2000])
    return str(lang) if confidence >= CONFIDENT else ""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())
    return identifier


def _bounded(html: str) -> str:
    html = html[:MAX_CHARS]
    for number, element in enumerate(_ELEMENT.finditer(html)):
        if number == MAX_ELEMENTS:
            return html[: element.start()]
    return html


def _read(html: str) -> "_About":
    about = _About()
    parser = lxml.etree.HTMLParser(target=about)
    try:
        parser.feed(html)
        parser.close()
    except (lxml.etree.LxmlError, ValueError) as error:
        raise PageUnreadable(f"not HTML: {type(error).__name__}") from error
    if about.most_attributes > MAX_ATTRIBUTES:
        raise PageUnreadable(f"an element with {about.most_attributes} attributes: no page for readers has one")
    return about


class _About:
    """What a page says of itself, collected without a tree."""

    def __init__(self) -> None:
        self.title = self.lang = self.published = ""
        self.most_attributes = 0
        self._within = ""
        self._heading = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.most_attributes = max(self.most_attributes, len(attributes))
        self._within = tag
        if tag == "html" and not self.lang:
            self.lang = language_of(attributes.get("lang", "") or attributes.get("xml:lang", ""))
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            content = attributes.get("content", "")
            if name == "og:title":
                self.title = content
            elif name in _DATES and not self.published:
                self.published = content[:60]

    def end(self, _: str) -> None:
        self._within = ""

    def data(self, text: str) -> None:
        if self._within == "title" and len(self._heading) < 500:
            self._heading += text
        elif self._within == "script" and not self.published and (date := _LINKED_DATE.search(text)):
            self.published = date[1]

    def comment(self, _: str) -> None:
        pass

    def close(self) -> None:
        self.title = self.title or self._heading
