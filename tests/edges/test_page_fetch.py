"""Article pages from real servers: only where their publishers let programs read them, and only when they changed."""

from collections.abc import Iterator

import pytest

from tests.support.publishers import Page, Publisher, conditional, document, status
from tests.support.sink import Answer, Sink
from worker.feeds.fetch import Fetcher, Limits
from worker.feeds.model import FeedAnswer, FeedRequest, PageAnswer, PageRequest
from worker.outbound import Outbound

STORY = document(b"<html><body><p>The post was shut at noon.</p></body></html>", "text/html")
CLOSED = document(b"User-agent: *\nDisallow: /private/", "text/plain")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher({"/story": STORY, "/private/story": STORY}) as publisher:
        yield publisher


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    outbound = Outbound(user_agent="tocsin/0", allow_networks=["127.0.0.0/8"], http=True)
    fetcher = Fetcher(outbound, host_concurrency=50, host_spacing_s=0.0, limits=Limits(deadline_s=5.0))
    yield fetcher
    fetcher.close()


def pages(fetcher: Fetcher, *urls: str, etag: str = "") -> dict[str, PageAnswer]:
    for url in urls:
        fetcher.start_page(PageRequest(article_id=url, url=url, etag=etag))
    answers: dict[str, PageAnswer] = {}
    while len(answers) < len(urls):
        answers |= {a.article_id: a for a in fetcher.collect(20.0) if isinstance(a, PageAnswer)}
    return answers


def page(fetcher: Fetcher, url: str, etag: str = "") -> PageAnswer:
    return pages(fetcher, url, etag=etag)[url]


def test_what_robots_txt_forbids_is_not_asked_for(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/robots.txt"] = CLOSED
    assert page(fetcher, publisher.url("/story")).page is not None
    answer = page(fetcher, publisher.url("/private/story"))
    assert (answer.page, "robots.txt" in answer.reason) == (None, True)
    assert publisher.asked_for("/private/story") == []


def test_a_robots_txt_is_asked_for_once_for_all_pages_of_its_origin(publisher: Publisher, fetcher: Fetcher) -> None:
    urls = [publisher.url(f"/story?{n}") for n in range(8)]
    publisher.pages |= {f"/story?{n}": STORY for n in range(8)}
    assert all(a.page for a in pages(fetcher, *urls).values())
    assert len(publisher.asked_for("/robots.txt")) == 1


@pytest.mark.parametrize(("page_of_rules", "read"), [(status(404), True), (status(403), True), (status(503), False)])
def test_rules_that_cannot_be_had_allow_all_unless_the_server_is_in_trouble(
    publisher: Publisher, fetcher: Fetcher, page_of_rules: Page, read: bool
) -> None:
    publisher.pages["/robots.txt"] = page_of_rules
    assert bool(page(fetcher, publisher.url("/story")).page) == read


def test_a_redirect_leads_to_where_other_rules_hold(publisher: Publisher, fetcher: Fetcher) -> None:
    with Publisher({"/private/story": STORY, "/robots.txt": CLOSED}) as other:
        publisher.pages["/moved"] = status(302, Location=other.url("/private/story"))
        answer = page(fetcher, publisher.url("/moved"))
    assert (answer.page, "robots.txt" in answer.reason) == (None, True)


def test_a_header_may_forbid_a_page(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/story"] = document(b"<p>x</p>", "text/html", X_Robots_Tag="noindex, nosnippet")
    assert "X-Robots-Tag" in page(fetcher, publisher.url("/story")).reason


def test_a_page_that_is_read_again_is_asked_for_only_if_it_changed(publisher: Publisher, fetcher: Fetcher) -> None:
    def live(visit: object) -> None:
        known = visit.headers.get("If-None-Match") == '"1"'  # type: ignore[attr-defined]
        visit.answer(304 if known else 200, b"" if known else b"<p>x</p>", {"ETag": '"1"', "Content-Type": "text/html"})  # type: ignore[attr-defined]

    publisher.pages["/live"] = live
    first = page(fetcher, publisher.url("/live"))
    assert (first.page, first.etag, first.unchanged) == (b"<p>x</p>", '"1"', False)
    again = page(fetcher, publisher.url("/live"), etag=first.etag)
    assert (again.page, again.etag, again.unchanged, again.reason) == (None, '"1"', True, "")


def test_a_busy_server_says_when_to_come_back(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/story"] = status(429, Retry_After="90")
    assert page(fetcher, publisher.url("/story")).retry_after_s == 90


def asked(fetcher: Fetcher, request: FeedRequest) -> FeedAnswer:
    fetcher.start_feed(request)
    while True:
        for answer in fetcher.collect(20.0):
            assert isinstance(answer, FeedAnswer)
            return answer


def test_a_feeds_own_headers_are_sent(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.pages["/feed"] = conditional(b"<rss><channel/></rss>", '"1"', "then")
    asked(fetcher, FeedRequest(name="f", url=publisher.url("/feed"), headers={"X-Api-Key": "k"}))
    assert publisher.asked[-1].headers["x-api-key"] == "k"


def test_a_page_is_asked_as_its_feed_is_and_robots_txt_without_its_secrets(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    with Sink(Answer(404), Answer(200, {"content-type": "text/html"}, b"<p>x</p>")) as proxy:
        request = PageRequest(article_id="p", url=publisher.url("/story"), headers={"x-key": "k"}, proxy=proxy.url)
        fetcher.start_page(request)
        (answer,) = fetcher.collect(20.0)
    assert isinstance(answer, PageAnswer)
    assert (answer.page, publisher.asked) == (b"<p>x</p>", [])
    robots, story = proxy.requests
    assert (robots.path, "x-key" in robots.headers) == (publisher.url("/robots.txt"), False)
    assert (story.path, story.headers["x-key"]) == (publisher.url("/story"), "k")


@pytest.mark.parametrize(
    ("codes", "leads_to"), [((301,), 1), ((308, 301), 2), ((302,), 0), ((301, 302), 1), ((302, 301), 0), ((307,), 0)]
)
def test_where_a_feed_moved_for_good_is_told(
    publisher: Publisher, fetcher: Fetcher, codes: tuple[int, ...], leads_to: int
) -> None:
    for n, code in enumerate(codes):
        publisher.pages[f"/{n}"] = status(code, Location=f"/{n + 1}")
    publisher.pages[f"/{len(codes)}"] = document(b"<rss><channel/></rss>")
    answer = asked(fetcher, FeedRequest(name="f", url=publisher.url("/0")))
    assert answer.result == "feed"
    assert answer.moved_to == (publisher.url(f"/{leads_to}") if leads_to else "")
