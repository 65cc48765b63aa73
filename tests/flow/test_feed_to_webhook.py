"""The whole way: a feed is polled, an article judged, a webhook arrives."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from standardwebhooks import Webhook

from tests.support.sink import Answer, Received, Sink
from tests.support.town import (
    CLOSED,
    CURFEW,
    QUIET,
    Item,
    Publisher,
    alerts_of,
    doors,
    house_over,
    let_leases_run_out,
    read,
    run_until_quiet,
    subscribe,
)
from worker.judge import Judge
from worker.ops.reconcile import reconcile
from worker.wiring import House


class Town:
    """A publisher, a sink, a house, and its doors."""

    def __init__(self, house: House, judge: Judge, publisher: Publisher, sink: Sink, fetcher: Any, sender: Any) -> None:
        self.house, self.judge, self.publisher, self.sink = house, judge, publisher, sink
        self.fetcher, self.sender = fetcher, sender

    def run(self) -> list[dict[str, Any]]:
        run_until_quiet(self.house, self.judge, self.fetcher, self.sender)
        return alerts_of(self.sink.requests)


@pytest.fixture
def town(redis_client: redis.Redis, judge: Judge) -> Iterator[Town]:
    publisher = Publisher()
    house = house_over(redis_client)
    with Sink(answer=publisher.answer) as server, Sink() as sink, doors(house.settings) as (fetcher, sender):
        publisher.base = server.url
        yield Town(house, judge, publisher, sink, fetcher, sender)


def test_an_event_in_a_feed_arrives_as_a_signed_webhook(town: Town) -> None:
    secret = subscribe(town.house, town.sink.url + "/hook")
    town.publisher.items = [CLOSED, QUIET]
    read(town.house, town.publisher)
    (alert,) = town.run()
    data = alert["data"]
    assert (alert["type"], data["trigger"], data["phase"], data["revision"]) == (
        "alert.created",
        "border_closure",
        "active",
        1,
    )
    assert data["places"][0]["country"] == "JO"
    assert data["evidence"][0]["quote"] in CLOSED.title
    (request,) = town.sink.requests
    Webhook(secret).verify(request.body, request.headers)
    assert reconcile(town.house).right


def test_only_those_who_asked_for_it_are_told(town: Town) -> None:
    subscribe(town.house, town.sink.url + "/jordan", countries=("JO",))
    subscribe(town.house, town.sink.url + "/ecuador", countries=("EC",), triggers=("curfew",))
    subscribe(town.house, town.sink.url + "/nobody", countries=("NZ",))
    town.publisher.items = [CLOSED, CURFEW]
    read(town.house, town.publisher)
    town.run()
    paths = {r.path: json.loads(r.body)["data"]["trigger"] for r in town.sink.requests}
    assert paths == {"/jordan": "border_closure", "/ecuador": "curfew"}


def test_an_event_that_stands_only_on_the_page_is_found_there(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    story = (
        "<html><head><title>Morning notes</title></head><body><article><h1>Morning notes</h1>"
        "<p>The markets were calm on Monday and the harbour was full of fishing boats as usual.</p>"
        "<p>In Guayaquil the governor imposed a night curfew after three nights of gunfire in the port.</p>"
        "<p>Residents said that the evening had been as quiet as any other in the season.</p>"
        "</article></body></html>"
    )
    town.publisher.items = [Item("notes", "Morning notes from the coast", "What to know today.", page=story)]
    read(town.house, town.publisher, full_text="page")
    (alert,) = town.run()
    assert alert["data"]["trigger"] == "curfew"


def test_the_first_poll_alerts_on_nothing_older_than_a_day(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    month = datetime.now(UTC) - timedelta(days=30)
    town.publisher.items = [
        Item(f"old{day}", f"Jordan closes its border with Syria, day {day}", published=month + timedelta(days=day))
        for day in range(29)
    ]
    town.publisher.items.append(CURFEW)
    read(town.house, town.publisher)
    (alert,) = town.run()
    assert alert["data"]["trigger"] == "curfew"


def test_a_poll_that_brings_nothing_new_sends_nothing_again(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    town.publisher.items = [CLOSED]
    read(town.house, town.publisher)
    assert len(town.run()) == 1
    for _ in range(2):
        town.house.ledger.redis.zadd("tocsin:due:feed", {"wire": 1})
        assert len(town.run()) == 1
    assert [r.headers.get("if-none-match") is not None for r in town.publisher.asked] == [False, True, True]


def test_a_second_publisher_sends_an_update_under_the_same_alert(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    town.publisher.items = [CLOSED]
    read(town.house, town.publisher)
    town.run()
    read(town.house, town.publisher, "other")
    first, second = town.run()
    assert (second["type"], second["data"]["id"], second["data"]["revision"]) == (
        "alert.updated",
        first["data"]["id"],
        2,
    )
    assert second["data"]["independent_sources"] == 2


def test_a_webhook_that_fails_is_sent_again_under_the_same_id(town: Town) -> None:
    with Sink(Answer(503), Answer(500), Answer(204)) as flaky:
        subscribe(town.house, flaky.url)
        town.publisher.items = [CLOSED]
        read(town.house, town.publisher)
        town.run()
        for count in (2, 3):
            for kind in ("delivery", "delivery:slow"):
                for item in town.house.redis.zrange(f"tocsin:due:{kind}", 0, -1):
                    town.house.redis.zadd(f"tocsin:due:{kind}", {item: 1})
            town.run()
            flaky.wait_for(count)
        assert len({r.headers["webhook-id"] for r in flaky.requests}) == 1
        (delivery,) = town.house.deliveries.recent(10)
        assert (delivery.state, [a.status for a in delivery.attempts]) == ("delivered", [503, 500, 204])


def test_an_endpoint_that_answers_410_is_told_no_more(town: Town) -> None:
    with Sink(Answer(410)) as gone:
        subscribe(town.house, gone.url)
        town.publisher.items = [CLOSED]
        read(town.house, town.publisher)
        town.run()
        (subscription,) = town.house.subscriptions.all()
        assert subscription.state == "disabled"
        town.publisher.items = [CURFEW]
        read(town.house, town.publisher, "other")
        town.run()
        assert len(gone.requests) == 1


def test_a_broken_feed_harms_no_other(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    town.publisher.items = [CLOSED]

    def broken(_request: Received) -> Answer:
        return Answer(200, {"content-type": "text/html"}, b"<html><body>Sign in to read on</body></html>")

    with Sink(answer=broken) as wrong:
        read(town.house, Publisher(base=wrong.url), "broken")
        read(town.house, town.publisher)
        assert len(town.run()) == 1
        feed = town.house.feeds.get("broken")
        assert feed.health == "failing"
        assert feed.reason
        assert feed.remedy


def test_an_article_that_breaks_the_judge_is_quarantined_and_harms_no_neighbour(town: Town, judge: Judge) -> None:
    subscribe(town.house, town.sink.url)
    town.publisher.items = [CLOSED, Item("poison", "POISON"), CURFEW]
    read(town.house, town.publisher)

    class Poisoned:
        def __call__(self, documents: Any, homes: Any = ()) -> Any:
            if any(d.title == "POISON" for d in documents):
                raise ValueError("cannot judge this")
            return judge(documents, homes)

    town.judge = Poisoned()  # type: ignore[assignment]
    assert {a["data"]["trigger"] for a in town.run()} == {"border_closure", "curfew"}
    (reason,) = town.house.ledger.quarantined("article").values()
    assert "cannot judge this" in reason
    assert reconcile(town.house).right


def test_what_has_fallen_off_the_ledger_is_found_and_mended(town: Town) -> None:
    subscribe(town.house, town.sink.url)
    town.publisher.items = [CLOSED]
    read(town.house, town.publisher)
    let_leases_run_out(town.house.redis)
    town.run()
    article = next(iter(town.house.redis.keys("tocsin:article:*"))).decode()
    town.house.redis.hdel(article, "j")
    sums = reconcile(town.house)
    assert (sums.right, len(sums.lost["article"])) == (False, 1)
    reconcile(town.house, repair=True)
    town.run()
    assert reconcile(town.house).right
    assert len(town.sink.requests) == 1
