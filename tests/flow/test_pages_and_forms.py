"""Live pages, walls and official forms on the whole way from feed to webhook."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from msgspec.structs import replace

from tests.support.builders import article
from tests.support.sink import Answer, Received, Sink
from tests.support.town import Item, Publisher, alerts_of, doors, house_over, read, run_until_quiet, subscribe
from tests.support.warnings import cap
from worker.articles.model import Article
from worker.feeds.model import Notice
from worker.judge import Judge
from worker.ledger import key
from worker.wiring import House

FILLER = "".join(
    f"<p>The {what} was as full as on any other day of the season, a {who} said.</p>"
    for what, who in (("harbour", "pilot"), ("market", "trader"), ("station", "porter"), ("square", "guard"))
)
LIVE = (
    '<html lang="en"><head><title>War live updates</title><script type="application/ld+json">'
    '{{"@type": "LiveBlogPosting", "dateModified": "2026-03-01T12:00:00Z"}}</script></head>'
    "<body><article><h1>As it happens</h1>{}</article></body></html>"
)
CURFEW = "<p>In Guayaquil the governor imposed a night curfew after three nights of gunfire in the port.</p>"
CLOSED = "<p>Jordan closed its border with Syria on Monday until further notice, the ministry said.</p>"
CONSENT = (
    "<html><body><p>We use cookies. We and our partners store and/or access information on a device. In Guayaquil the"
    " governor imposed a night curfew. Accept all or manage your consent here.</p></body></html>"
)


class Town:
    """A publisher, a sink and a house that reads whole pages."""

    def __init__(self, house: House, judge: Judge, publisher: Publisher, sink: Sink, fetcher: Any, sender: Any) -> None:
        self.house, self.publisher, self.sink = house, publisher, sink
        self._way = (house, judge, fetcher, sender)

    def run(self) -> list[str]:
        run_until_quiet(*self._way)
        return sorted(a["data"]["trigger"] for a in alerts_of(self.sink.requests))

    def article(self) -> Article:
        (where,) = self.house.redis.keys(key("article", "*"))
        (article,) = self.house.articles.get_many([where.decode().rpartition(":")[2]])
        assert article is not None
        return article


@pytest.fixture
def town(redis_client: redis.Redis, judge: Judge) -> Iterator[Town]:
    publisher, house = Publisher(), house_over(redis_client)
    with Sink(answer=publisher.answer) as server, Sink() as sink, doors(house.settings) as (fetcher, sender):
        publisher.base = server.url
        subscribe(house, sink.url)
        yield Town(house, judge, publisher, sink, fetcher, sender)


def test_a_live_page_is_read_again_and_only_what_was_added_is_judged(town: Town) -> None:
    blog = Item("blog", "As it happens", "What we know.", page=LIVE.format(FILLER + CURFEW))
    town.publisher.items = [blog]
    read(town.house, town.publisher, full_text="page")
    assert town.run() == ["curfew"]
    first = town.article()
    assert (first.live, first.page) == (True, "fetched")
    due = town.house.redis.zscore(key("due", "page"), first.id)
    assert due is not None
    assert 200e6 < due - town.house.ledger.now_us() < 301e6
    blog.page = LIVE.format(CLOSED + FILLER + CURFEW)
    town.house.redis.zadd(key("due", "page"), {first.id: 1})
    assert town.run() == ["border_closure", "curfew"]
    again = town.article()
    assert again.text.startswith("Jordan closed its border")
    assert "Guayaquil" not in again.text
    assert again.revision == first.revision + 1


def test_a_consent_page_is_not_taken_for_the_article(town: Town) -> None:
    town.publisher.items = [Item("walled", "Notes from the coast", "What to know.", page=CONSENT)]
    read(town.house, town.publisher, full_text="page")
    assert town.run() == []
    article = town.article()
    assert (article.text, "consent" in article.page_note) == ("", True)


def test_an_article_keeps_what_its_page_says_of_itself(town: Town) -> None:
    head = (
        '<link rel="canonical" href="https://www.paper.example/curfew"><meta name="author" content="Reuters">'
        '<meta property="article:published_time" content="2026-03-01T11:00:00Z">'
    )
    page = LIVE.format(FILLER + CURFEW).replace("<title>", head + "<title>").replace("LiveBlogPosting", "NewsArticle")
    town.publisher.items = [Item("told", "Notes", "What to know.", page=page.replace("War live updates", "Notes"))]
    read(town.house, town.publisher, full_text="page")
    assert town.run() == ["curfew"]
    article = town.article()
    assert (article.canonical, article.site) == ("https://www.paper.example/curfew", "paper.example")
    assert (article.author, article.credit, article.origin, article.live) == ("Reuters", "reuters", "reuters", False)
    assert article.modified_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert town.house.redis.zcard(key("due", "page")) == 0


def test_a_national_service_warns_of_its_own_country(judge: Judge) -> None:
    lincoln = article(
        home="US", title="Flood Warning", notice=Notice(event="Flood", severity="Severe", areas=("Lincoln",))
    )
    elsewhere = replace(lincoln, notice=Notice(event="Flood", severity="Severe", areas=("Lower Valley",)))
    for told in (lincoln, elsewhere):
        (event,) = judge.official(told, [])
        assert (event.country, event.detection.trigger) == ("US", "storm_flood_fire")


@pytest.mark.parametrize(
    ("given", "phase"), [({}, "announced"), ({"status": "Test"}, None), ({"certainty": "Observed"}, "active")], ids=str
)
def test_an_official_warning_rings_by_its_form(town: Town, given: dict[str, str], phase: str | None) -> None:
    body = cap(sent=f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S+00:00}", **given)

    def answer(_request: Received) -> Answer:
        return Answer(200, {"content-type": "application/cap+xml"}, body)

    with Sink(answer=answer) as service:
        read(town.house, Publisher(base=service.url), "warnings", kind="hazard")
        town.run()
    told = [a["data"] for a in alerts_of(town.sink.requests)]
    assert [a["phase"] for a in told] == ([phase] if phase else [])
    if told:
        (place,) = told[0]["places"]
        assert (told[0]["trigger"], place["country"], place["lat"]) == ("storm_flood_fire", "SY", 34.73)


@pytest.mark.parametrize(
    "link",
    [
        '<link href="{0}/people"/><link type="application/cap+xml" href="{0}/form"/>',
        '<link rel="alternate" href="{0}/form"/>',
        '<link rel="alternate" href="{0}/people"/><link rel="enclosure" type="application/cap+xml" href="/form"/>',
    ],
    ids=["a link of its type", "the only link", "an enclosure"],
)
def test_a_form_that_a_feed_links_to_is_fetched_and_read_as_what_it_is(town: Town, link: str) -> None:
    sent = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S+00:00}"
    asked: list[Received] = []

    def answer(request: Received) -> Answer:
        asked.append(request)
        if request.path == "/form":
            return Answer(200, {"content-type": "text/xml"}, cap(sent=sent))
        if request.path != "/feed.xml":
            return Answer(404)
        entry = f"<id>urn:warning:1</id><title>Warning 1</title><updated>{sent}</updated>{link}".format(service.url)
        feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry}</entry></feed>'
        return Answer(200, {"content-type": "application/atom+xml"}, feed.encode())

    with Sink(answer=answer) as service:
        read(town.house, Publisher(base=service.url), "warnings", kind="hazard", language="de", full_text="auto")
        town.run()
    assert [r.path for r in asked] == ["/feed.xml", "/robots.txt", "/form"]
    article = town.article()
    assert article.notice is not None
    assert (article.notice.event, article.lang, article.text) == (
        "Flood Warning",
        "en",
        "The river stands above its banks.",
    )
    (told,) = [a["data"] for a in alerts_of(town.sink.requests)]
    assert (told["trigger"], told["places"][0]["country"]) == ("storm_flood_fire", "SY")
