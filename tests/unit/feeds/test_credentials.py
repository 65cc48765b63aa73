"""What of a definition is secret, and which host may be told."""

import pytest
from msgspec.structs import replace

from worker.feeds.credentials import bare, concealed, hides, page_of, without_user
from worker.feeds.model import Feed, FeedDefinition, PageRequest

OPEN = FeedDefinition(name="posts", url="https://news.example/feed", language="en", group="example")
SECRET = replace(OPEN, headers={"Authorization": "Bearer hush"}, proxy="http://me:hush@proxy.example:3128")


def test_what_is_secret_is_concealed_once_and_for_all() -> None:
    shown = concealed(SECRET)
    assert "hush" not in repr(shown)
    assert concealed(shown) == shown
    assert (hides(SECRET), hides(shown), hides(OPEN)) == (False, True, False)
    assert (bare(shown), bare(SECRET), concealed(OPEN)) == (OPEN, SECRET, OPEN)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("http://me:hush@proxy.example", "http://***@proxy.example"),
        ("http://me:h@u://sh@proxy.example", "http://***@proxy.example"),
        ("me:hush@proxy.example", "***@proxy.example"),
    ],
)
def test_the_user_of_a_url_is_not_shown(url: str, shown: str) -> None:
    assert without_user(url) == shown


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://news.example/2026/story", True),
        ("https://news.example:8443/story", False),
        ("https://cdn.news.example/story", False),
        ("http://news.example/story", False),
        ("https://other.example/story", False),
        ("https://news.example:x/story", False),
    ],
)
def test_headers_go_to_the_feeds_own_host_only(url: str, sent: bool) -> None:
    request = page_of(Feed(definition=SECRET), PageRequest(article_id="ar_1", url=url))
    assert request.headers == ({"authorization": "Bearer hush"} if sent else {})
    assert request.proxy == SECRET.proxy


def test_a_feed_that_moved_to_another_host_takes_no_secret_along() -> None:
    assert Feed(definition=SECRET).request().headers == {"authorization": "Bearer hush"}
    assert Feed(definition=SECRET, address="https://other.example/feed").request().headers == {}
    plain = replace(SECRET, url="http://news.example/feed")
    assert Feed(definition=plain, address="https://news.example/feed").request().headers != {}
