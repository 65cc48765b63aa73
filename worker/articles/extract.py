"""From an article's page to its text: what a reader came for, without the page around it.

The extractor is trafilatura in its standard mode. It is quadratic in the elements of a page, and trees are in the
attributes of an element, so both are bounded first: 15,000 elements take about a second, any page of news 30 ms.
"""

import re
from typing import Final
from urllib.parse import urljoin

from worker.articles import about, live
from worker.articles.credit import credit
from worker.articles.language import guess_language
from worker.articles.model import Extracted
from worker.articles.text import language_of, tidy
from worker.articles.walls import wall
from worker.errors import PageUnreadable
from worker.feeds import hosts, notices, robots
from worker.feeds.charset import page_text
from worker.feeds.dates import DateReader

MAX_CHARS: Final = 3_000_000
MAX_ELEMENTS: Final = 15_000
SHORTEST: Final = 40
_ELEMENT: Final = re.compile(r"<[a-zA-Z]")


def extract(page: bytes, url: str) -> Extracted:
    """What an article's page tells; raises PageUnreadable where no text can be found, or none is meant for us."""
    if notices.form(page):
        return _form(page, url)
    html = _bounded(page_text(page))
    said = about.read(html)
    if any(robots.forbids(directives) for directives in said.robots):
        raise PageUnreadable(f"its robots element does not let programs read {url}")
    import trafilatura  # half a second, which a process that reads no page must not wait for

    try:
        found = trafilatura.bare_extraction(html, url=url or None, include_comments=False)
    except Exception as error:  # whatever lxml and the extractor raise on what the world sends
        raise PageUnreadable(f"the extractor failed on {url}: {type(error).__name__}") from error
    text = tidy(getattr(found, "text", None) or "")
    before = wall(url, said.title, text, said.free, said.gate)
    if before in ("consent", "challenge"):
        raise PageUnreadable(f"a {before} page came in place of the article at {url}")
    if len(text) < SHORTEST:
        raise PageUnreadable(f"no article text at {url}")
    dates = DateReader(5)
    canonical = _canonical(said.canonical, url)
    author = tidy(said.author or getattr(found, "author", None) or "").replace("\n", " ")[:200]
    title = tidy(said.title).replace("\n", " ")[:500]
    return Extracted(
        title=title,
        text=text,
        lang=said.lang or guess_language(text),
        canonical=canonical,
        site=hosts.scope(canonical or url),
        author=author,
        credit=credit(said.credit, "") or credit(author, text),
        published_at=dates.read(said.published).at,
        modified_at=dates.read(said.modified).at,
        live=said.live or live.looks_live(url, title),
        wall=before,
    )


def _form(document: bytes, url: str) -> Extracted:
    """What a CAP document tells, which stands in the place of a page."""
    for told in notices.alert(document).entries:
        if told.notice and told.notice.whole:
            return Extracted(
                title=tidy(told.title).replace("\n", " ")[:500],
                text=tidy(told.summary),
                lang=language_of(told.language),
                site=hosts.scope(url),
                author=tidy(told.author).replace("\n", " ")[:200],
                published_at=told.published_at,
                notice=told.notice,
            )
    raise PageUnreadable(f"the CAP form at {url} is not filled in")


def _canonical(given: str, url: str) -> str:
    """The page's own address, made absolute; one that names a home page names no article."""
    try:
        link = urljoin(url, given.strip()) if given.strip() else ""
        home = urljoin(link, "/")
    except ValueError:
        return ""
    return link if link.startswith(("http://", "https://")) and link.rstrip("/") != home.rstrip("/") else ""


def _bounded(html: str) -> str:
    html = html[:MAX_CHARS]
    for number, element in enumerate(_ELEMENT.finditer(html)):
        if number == MAX_ELEMENTS:
            return html[: element.start()]
    return html
