"""Plain text from markup, and articles from entries."""

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from worker.articles.text import CLOCK_SKEW, ENOUGH, article_from, plain, wants_page
from worker.feeds.model import Entry, FeedDefinition

NOW = datetime(2026, 10, 21, 10, tzinfo=UTC)
FEED = FeedDefinition(
    name="posts", url="https://news.example/feeds/world.xml", language="en-GB", group="example", country="GB"
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("Post 1 closes", "Post 1 closes"),
        ("  Post\t1 \n\n\n closes ", "Post 1\ncloses"),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><th>Magnitude<td>5.1</table>", "Magnitude\n5.1"),
        ("<b>Bor</b>der", "Border"),
        ("Salt &amp; pepper", "Salt & pepper"),
        ("Guards&#8217; post&nbsp;1", "Guards’ post 1"),
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\nTwo."),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("R&D; Q&A", "R&D; Q&A"),
        ("before<script>alert('x')</script>after", "beforeafter"),
        ("<style>p{}</style>shown<!-- not shown -->", "shown"),
        ("shown<!-- never closed", "shown"),
        ("<img src=x alt='not read'>caption", "caption"),
        ('<a title="5 > 4" href=x>link</a>', "link"),
        ("<p>unclosed <i>tags", "unclosed tags"),
        ("so\u00adft hy\u200bphens\ufeff", "soft hyphens"),
        ("con\x00tr\x08ol", "control"),
        ("e\u0301te\u0301", "été"),
        ("<?xml version='1.0' encoding='utf-16'?><p>x</p>", "x"),
        ("<html><head><title>t</title></head><body>x</body></html>", "x"),
    ],
)
def test_markup_becomes_the_text_that_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup) == text


HOSTILE = {
    "attributes": "<a " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x",
    "attributes with angles": "<a " + " ".join(f'a{n}=">"' for n in range(40_000)) + ">x",
    "comments": "<!-- " * 60_000,
    "nested blocks": "<div>" * 60_000,
    "nested tables": "<table><tr><td>" * 20_000,
    "open brackets": "<" * 300_000,
    "open tags": "<a " * 100_000,
    "entities": "&#x" * 100_000,
    "ampersands": "&" * 300_000,
    "blanks": " " * 300_000 + "<p>",
    "lines": "\n " * 150_000 + "<p>",
    "forms": "<p><form>" * 30_000,
    "CDATA": "<![CDATA[" * 30_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_takes_a_moment_only(markup: str) -> None:
    began = time.process_time()
    plain(markup)
    assert time.process_time() - began < 1.0


def test_a_text_is_bounded() -> None:
    assert len(plain("<p>" + "word " * 100_000)) <= 100_000


ENTRY = Entry(
    guid="1",
    link="https://news.example/1",
    title="Post&nbsp;1\n<b>closes</b>",
    summary="<p>Guards shut the post.</p>",
    author="<i>A. Name</i>",
    published_at=NOW - timedelta(hours=1),
)


def article(entry: Entry = ENTRY, feed: FeedDefinition = FEED):  # type: ignore[no-untyped-def]
    return article_from(entry, feed, now=NOW + timedelta(seconds=1), known_at=NOW)


def test_an_author_given_as_an_address_is_called_by_name() -> None:
    assert article(msgspec.structs.replace(ENTRY, author="desk@news.example (A. Name)")).author == "A. Name"


def test_an_article_is_its_entry_in_plain_text() -> None:
    a = article()
    assert (a.title, a.summary, a.author) == ("Post 1 closes", "Guards shut the post.", "A. Name")
    assert (a.feed, a.group, a.home, a.lang, a.url) == ("posts", "example", "GB", "en", "https://news.example/1")
    assert (a.published_at, a.known_at, a.first_seen_at) == (ENTRY.published_at, NOW, NOW + timedelta(seconds=1))
    assert (a.page, a.revision) == ("none", 1)


@pytest.mark.parametrize(
    ("given", "feed", "lang"),
    [("fr-CA", "en", "fr"), ("", "pt_BR", "pt"), ("und", "ar", "ar"), ("", "", ""), ("xx-klingon!", "", "xx")],
)
def test_an_entrys_own_language_comes_first(given: str, feed: str, lang: str) -> None:
    assert article(msgspec.structs.replace(ENTRY, language=given), replace(FEED, language=feed)).lang == lang


@pytest.mark.parametrize(
    ("summary", "content", "whole"),
    [
        ("Short.", "", "Short."),
        ("", "<p>Long text.</p>", "Long text."),
        (
            "Guards shut the post…",
            "<p>Guards shut the post. Then they left.</p>",
            "Guards shut the post. Then they left.",
        ),
        ("A standfirst.", "<p>The text begins here.</p>", "A standfirst.\nThe text begins here."),
        ("Guards shut the post. Then they left.", "Guards shut the post", "Guards shut the post. Then they left."),
    ],
    ids=["summary only", "content only", "truncated summary", "two texts", "content within summary"],
)
def test_all_that_the_feed_said_is_kept_once(summary: str, content: str, whole: str) -> None:
    assert article(msgspec.structs.replace(ENTRY, summary=summary, content=content)).summary == whole


def test_a_date_to_come_is_no_date_but_a_clock_may_be_a_little_fast() -> None:
    assert article(msgspec.structs.replace(ENTRY, published_at=NOW + CLOCK_SKEW)).published_at == NOW + CLOCK_SKEW
    late = article(msgspec.structs.replace(ENTRY, published_at=NOW + timedelta(hours=5)))
    assert (late.published_at, late.reported_at) == (None, NOW)


def test_an_entry_with_an_update_only_was_published_then() -> None:
    assert article(msgspec.structs.replace(ENTRY, published_at=None, updated_at=NOW)).published_at == NOW


@pytest.mark.parametrize(
    ("link", "guid", "url"),
    [
        ("https://news.example/1", "x", "https://news.example/1"),
        ("/1", "x", "https://news.example/1"),
        ("one.html", "", "https://news.example/feeds/one.html"),
        ("//cdn.example/1", "", "https://cdn.example/1"),
        ("", "https://news.example/2", "https://news.example/2"),
        ("", "urn:1", ""),
        ("javascript:alert(1)", "", ""),
        ("http://[::1", "", ""),
        ("", "", ""),
    ],
)
def test_the_page_of_an_article_is_a_web_address_or_none(link: str, guid: str, url: str) -> None:
    assert article(msgspec.structs.replace(ENTRY, link=link, guid=guid)).url == url


@pytest.mark.parametrize(
    ("policy", "summary", "wanted"),
    [
        ("auto", "Short.", True),
        ("auto", "long " * ENOUGH, False),
        ("auto", "long " * ENOUGH + "[…]", True),
        ("auto", "long " * ENOUGH + "Continue reading...", True),
        ("feed", "Short.", False),
        ("page", "long " * ENOUGH, True),
    ],
)
def test_a_page_is_wanted_where_the_feed_gives_too_little(policy: str, summary: str, wanted: bool) -> None:
    assert wants_page(article(msgspec.structs.replace(ENTRY, summary=summary)), policy) is wanted  # type: ignore[arg-type]


def test_no_page_is_wanted_without_an_address_or_twice() -> None:
    assert not wants_page(article(msgspec.structs.replace(ENTRY, link="", guid="1")), "page")
    assert not wants_page(replace(article(), page="fetched"), "page")
