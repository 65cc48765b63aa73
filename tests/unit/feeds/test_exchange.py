"""OPML in and out, and where the feeds of a site are."""

import pytest

from worker.errors import CatalogueError
from worker.feeds import opml
from worker.feeds.discover import found
from worker.feeds.model import FeedDefinition

POSTS = FeedDefinition(
    name="posts_1",
    url="https://news.example/feed?a=1&b=2",
    language="uk",
    group="example",
    kind="agency",
    country="UA",
    full_text="page",
    note='the "first" & best',
    interval_s=600,
    subject="earthquake_volcano",
)
OTHER = FeedDefinition(name="other", url="https://other.example/feed", language="", group="other.example")


def test_what_is_written_is_read_back() -> None:
    assert opml.read(opml.written([POSTS, OTHER])) == (POSTS, OTHER)


@pytest.mark.parametrize("interval", [b"5", b"ten", b"-60", b"9999999999"])
def test_an_interval_that_no_feed_may_have_is_left_out(interval: bytes) -> None:
    (feed,) = opml.read(opml.written([POSTS]).replace(b'"600"', b'"' + interval + b'"'))
    assert feed.interval_s is None


def test_headers_and_proxies_are_not_written() -> None:
    secret = FeedDefinition(
        name="s", url="https://s.example/", language="", group="s", headers={"X-Key": "hush"}, proxy="http://p.example/"
    )
    assert b"hush" not in opml.written([secret])
    assert b"p.example" not in opml.written([secret])


NESTED = b"""<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="World"><outline text="Ev\xc3\xa8nements du monde" xmlUrl="https://news.example/a" type="rss"/>
<outline title="Ev\xc3\xa8nements du monde" xmlUrl="feed://news.example/b" language="fr"/>
<outline text="again" xmlUrl="https://news.example/a"/></outline>
<outline text="a folder"/><outline text="bad" xmlUrl="ftp://news.example/"/>
<outline text="secret" xmlUrl="https://me:pw@news.example/"/><outline xmlUrl="https://bare.example/feed"/></body></opml>"""


def test_an_opml_of_another_reader_is_read_with_names_of_our_own() -> None:
    feeds = opml.read(NESTED, "en")
    assert [(f.name, f.url, f.language, f.group) for f in feeds] == [
        ("evenements-du-monde", "https://news.example/a", "en", "news.example"),
        ("evenements-du-monde-2", "https://news.example/b", "fr", "news.example"),
        ("bare-example", "https://bare.example/feed", "en", "bare.example"),
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not XML"),
        (b"<rss/>", "no OPML"),
        (b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>', "entities"),
        (b"<opml>" + b" " * opml.MAX_BYTES, "over"),
    ],
    ids=["nothing", "a feed", "entities", "too large"],
)
def test_what_is_no_opml_is_named(document: bytes, reason: str) -> None:
    with pytest.raises(CatalogueError, match=reason):
        opml.read(document)


def test_a_deep_opml_ends() -> None:
    assert opml.read(b"<opml><body>" + b"<outline>" * 5000 + b"</opml>") == ()


HEAD = """<html><head><base href="https://news.example/en/"><link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/rss+xml" title="All news" href="rss.xml#top">
<link rel="Alternate" type="application/feed+json" href="https://feeds.example/all.json">
<link rel="alternate" type="application/rss+xml" href="rss.xml"></head>
<body><a href="/rss/world">World</a></body></html>"""


def test_a_page_declares_its_feeds() -> None:
    places = found(HEAD.encode(), "https://www.news.example/")
    assert [(p.url, p.title) for p in places] == [
        ("https://news.example/en/rss.xml", "All news"),
        ("https://feeds.example/all.json", ""),
    ]


@pytest.mark.parametrize(
    ("href", "is_likely"),
    [
        ("/rss/world", True),
        ("/world.rss", True),
        ("https://feeds.news.example/world", True),
        ("/?feed=rss2", True),
        ("/news-sitemap.xml", True),
        ("/feedback", False),
        ("/world", False),
        ("mailto:rss@news.example", False),
        ("https://[::1/rss", False),
    ],
)
def test_a_page_that_declares_none_may_link_to_some(href: str, is_likely: bool) -> None:
    places = found(f'<a href="{href}">x</a>'.encode(), "https://news.example/")
    assert (places[0].why == "the page links to it") == is_likely


def test_where_nothing_tells_the_usual_places_are_tried() -> None:
    assert "https://news.example/feed" in [p.url for p in found(b"<p>hello", "https://news.example/about")]
