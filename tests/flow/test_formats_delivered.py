"""Every format on its whole way: alerts, digests and notices pass the same gate, and leave as their format has them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from tests.support.sink import Received, Sink
from tests.support.town import CLOSED, CURFEW, Newsroom, Publisher, doors, house_over
from worker import retelling, watching
from worker.deliveries.formats import CONTENT_TYPES
from worker.errors import SubscriptionRefused
from worker.judge import Judge
from worker.ledger import key
from worker.retelling import Wish
from worker.subscribing import Changes, Order, change, subscribe
from worker.subscriptions.model import CHAT_FORMATS, ONE_EACH, Filter, Format, Subscription, Terms
from worker.subscriptions.quiet import Quiet
from worker.wiring import House

NOW = datetime.now(UTC)
QUIET = Quiet(start=f"{NOW - timedelta(hours=2):%H:%M}", end=f"{NOW + timedelta(hours=2):%H:%M}")


class Town(Newsroom):
    """A house, a feed, and a sink that subscribers of every format post to under their format's name."""

    def __init__(self, house: House, judge: Judge, publisher: Publisher, both: tuple[Any, Any], sink: Sink) -> None:
        super().__init__(house, judge, publisher, both)
        self.sink = sink

    def subscribe(self, form: Format, wish: Filter | None = None, **terms: Any) -> Subscription:
        made, _ = self.house.subscriptions.new(f"{self.sink.url}/{form}", wish or Filter(), self.house.clock())
        made = msgspec.structs.replace(made.verified(), format=form, terms=Terms(**terms))
        self.house.subscriptions.add(made)
        return made

    def go_blind(self) -> None:
        self.house.redis.set(key("polled"), (datetime.now(UTC) - timedelta(hours=1)).isoformat())
        self.house.redis.delete(key("watched"))
        watching.watch(self.house)
        self.run()

    def came(self) -> dict[str, Received]:
        """The last request of each format."""
        return {r.path.strip("/"): r for r in self.sink.requests}


@pytest.fixture
def town(redis_client: redis.Redis, judge: Judge) -> Iterator[Town]:
    publisher, house = Publisher(), house_over(redis_client)
    with Sink(answer=publisher.answer) as server, Sink() as sink, doors(house.settings) as both:
        publisher.base = server.url
        yield Town(house, judge, publisher, both, sink)


def test_each_subscriber_reads_its_own_format(town: Town) -> None:
    for form in CONTENT_TYPES:
        town.subscribe(form)
    town.publish(CLOSED)
    assert {form: r.headers["content-type"] for form, r in town.came().items()} == CONTENT_TYPES
    cloud = town.came()["cloudevents"]
    assert json.loads(cloud.body)["id"] == cloud.headers["webhook-id"]


def test_two_subscribers_of_cloudevents_read_an_id_each(town: Town) -> None:
    town.subscribe("cloudevents")
    town.subscribe("cloudevents")
    town.publish(CLOSED)
    assert len({json.loads(r.body)["id"] for r in town.sink.requests}) == 2
    assert all(json.loads(r.body)["id"] == r.headers["webhook-id"] for r in town.sink.requests)


def test_a_notice_is_a_line_in_a_chat_and_nothing_where_only_alerts_can_be_told(town: Town) -> None:
    for form in CONTENT_TYPES:
        town.subscribe(form)
    town.publish()
    town.go_blind()
    came = {form: json.loads(r.body) for form, r in town.came().items()}
    assert came.keys() == CONTENT_TYPES.keys() - ONE_EACH
    assert came["standard"]["type"] == came["cloudevents"]["type"] == "system.degraded"
    assert came["cloudevents"]["specversion"] == "1.0"
    for form in CHAT_FORMATS:
        assert "no feed has answered" in json.dumps(came[form])
    assert set(came["slack"]) == {"text"}
    assert came["teams"]["attachments"][0]["content"]["type"] == "AdaptiveCard"


def test_a_digest_passes_the_gate_and_is_told_again_as_one(town: Town) -> None:
    owner = town.subscribe("slack", Filter(quiet=QUIET), rate=100.0)
    town.publish(CLOSED, CURFEW)
    assert town.sink.requests == []
    since = town.house.clock() - timedelta(hours=1)
    assert retelling.retell(town.house, owner, Wish(since=since)) == 0, "it is on its way"
    town.hurry()
    (first,) = town.sink.requests
    assert "2 alerts came in your quiet hours" in json.loads(first.body)["text"]
    assert town.house.redis.exists(key("breaker", owner.id)), "the gate learned how it went"
    assert retelling.retell(town.house, owner, Wish(since=since)) == 1
    town.hurry()
    assert [r.headers["webhook-id"] for r in town.sink.requests] == [first.headers["webhook-id"]] * 2
    assert town.sink.requests[1].body == first.body


def test_a_digest_that_was_given_up_comes_once_its_subscriber_is_back(town: Town) -> None:
    owner = town.subscribe("standard", Filter(quiet=QUIET))
    town.publish(CLOSED, CURFEW)
    town.house.subscriptions.add(owner.disabled("gone", town.house.clock() - timedelta(hours=1)))
    town.hurry()
    (dead,) = town.house.deliveries.recent(10)
    assert (dead.type, dead.state, town.sink.requests) == ("alert.digest", "dead", [])
    _, count = retelling.enable(town.house, town.house.subscriptions.get(owner.id))
    town.hurry()
    (request,) = town.sink.requests
    assert (count, request.headers["webhook-id"]) == (1, dead.id)


@pytest.mark.parametrize("form", sorted(ONE_EACH))
def test_what_a_format_cannot_carry_is_refused(town: Town, form: Format) -> None:
    _, sender = town.doors
    for wish, terms, word in ((Filter(quiet=QUIET), Terms(), "quiet"), (Filter(), Terms(heartbeat=True), "heartbeat")):
        with pytest.raises(SubscriptionRefused, match=word):
            subscribe(town.house, sender, town.sink.url, wish, "2xx", Order(format=form, terms=terms))
    assert town.house.subscriptions.all() == []
    kept = town.subscribe(form)
    with pytest.raises(SubscriptionRefused, match="heartbeat"):
        change(town.house, sender, kept.id, Changes(terms=Terms(heartbeat=True)))


def test_an_order_carries_format_terms_and_signing(town: Town) -> None:
    _, sender = town.doors
    order = Order(format="discord", terms=Terms(rate=0.5), signing="v1a")
    made, public = subscribe(town.house, sender, f"{town.sink.url}/discord", Filter(), "echo", order)
    assert (made.format, made.rate, made.public_key) == ("discord", 0.5, public)
    assert "Tocsin will post alerts here" in json.loads(town.sink.requests[0].body)["content"]
