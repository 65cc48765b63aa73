"""What publishers let programs read, and whose machine a URL asks."""

import pytest

from worker.feeds.hosts import scope
from worker.feeds.robots import KEEP_S, KEEP_TROUBLE_S, Robots, forbids, robots_url, told

PAGE = "https://news.example/world/1"


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        (200, b"", True),
        (200, b"User-agent: *\nDisallow: /", False),
        (200, b"User-agent: *\nDisallow: /world/", False),
        (200, b"User-agent: *\nDisallow: /sport/", True),
        (200, b"User-agent: *\nDisallow: /\n\nUser-agent: tocsin\nAllow: /", True),
        (200, b"User-agent: tocsin\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (200, b"User-agent: *\nDisallow: /*/1$", False),
        (200, b"User-agent: *\nDisallow: /world\nAllow: /world/1", True),
        (200, b"\xff\xfe not a robots file", True),
        (404, b"User-agent: *\nDisallow: /", True),
        (403, b"", True),
        (429, b"", False),
        (503, b"", False),
        (None, b"", False),
    ],
)
def test_rules_are_read_as_the_standard_says(status: int | None, body: bytes, allowed: bool) -> None:
    assert told(status, body).allows(PAGE) == allowed


def test_a_server_in_trouble_is_asked_again_sooner() -> None:
    assert (told(200, b"").keep_s, told(503, b"").keep_s) == (KEEP_S, KEEP_TROUBLE_S)


@pytest.mark.parametrize(("asked", "seconds"), [("3", 3.0), ("0.5", 0.5), ("900", 10.0), ("soon", 0.0), ("-1", 0.0)])
def test_a_crawl_delay_is_kept_within_reason(asked: str, seconds: float) -> None:
    assert told(200, f"User-agent: *\nCrawl-delay: {asked}".encode()).delay_s == seconds
    assert Robots().delay_s == 0


@pytest.mark.parametrize(
    ("said", "forbidden"),
    [
        ("", False),
        ("index, follow, max-image-preview:large", False),
        ("max-snippet:-1", False),
        ("noarchive, nofollow", False),
        ("noindex", True),
        ("NoIndex, nofollow", True),
        ("none", True),
        ("noai, noimageai", True),
        ("googlebot: noindex", False),
        ("tocsin: noindex", True),
        ("unavailable_after: 25 Jun 2030", False),
    ],
)
def test_a_page_may_forbid_to_be_read(said: str, forbidden: bool) -> None:
    assert forbids(said) == forbidden


def test_rules_stand_at_the_origin() -> None:
    assert robots_url("https://news.example:8443/a/b?c") == "https://news.example:8443/robots.txt"


@pytest.mark.parametrize(
    ("url", "machine"),
    [
        ("https://news.example/feed", "news.example"),
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("https://rss.nytimes.com/a", "nytimes.com"),
        ("https://WWW.NYTimes.com/b", "nytimes.com"),
        ("https://one.blogspot.com/feed", "one.blogspot.com"),
        ("https://two.blogspot.com/feed", "two.blogspot.com"),
        ("https://www.gov.uk/alerts", "www.gov.uk"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1"),
        ("http://[::1]:8080/feed", "::1"),
        ("http://localhost/feed", "localhost"),
        ("nonsense", ""),
        ("http://[::1", ""),
    ],
)
def test_subdomains_of_one_publisher_are_one_machine(url: str, machine: str) -> None:
    assert scope(url) == machine
