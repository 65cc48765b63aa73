"""What a subscriber may rely on, over the whole way: rotation, v1a, lanes, dead letters, replay, notices, heartbeat."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis
from standardwebhooks import Webhook

from tests.support.sink import Answer, Received, Sink
from tests.support.town import CLOSED, CURFEW, Newsroom, Publisher, doors, house_over
from worker import retelling, watching
from worker.deliveries.sign import verify
from worker.errors import SubscriptionRefused
from worker.ledger import key
from worker.retelling import Wish
from worker.subscribing import change, rotate
from worker.subscriptions.model import Filter, Signing, Subscription, Terms
from worker.wiring import Judge


class Post(Newsroom):
    """A house with one subscriber whose endpoint answers as it is told, and a feed."""

    def subscribe(self, url: str, signing: Signing = "v1", **terms: Any) -> tuple[Subscription, str]:
        made, secret = self.house.subscriptions.new(url, Filter(), self.house.clock(), signing)
        made = msgspec.structs.replace(made.verified(), terms=Terms(**terms))
        self.house.subscriptions.add(made)
        return made, secret


@pytest.fixture
def post(redis_client: redis.Redis, judge: Judge) -> Iterator[Post]:
    publisher = Publisher()
    house = house_over(redis_client)
    with Sink(answer=publisher.answer) as server, doors(house.settings) as both:
        publisher.base = server.url
        yield Post(house, judge, publisher, both)


def signatures(request: Received) -> int:
    return len(request.headers["webhook-signature"].split())


def test_after_a_rotation_the_old_secret_signs_too_for_a_day(post: Post) -> None:
    with Sink() as sink:
        owner, old = post.subscribe(sink.url)
        changed, new = rotate(post.house, owner.id)
        assert changed.previous_until is not None
        assert changed.previous_until - datetime.now(UTC) > timedelta(hours=23)
        post.publish(CLOSED)
        (request,) = sink.requests
    assert new != old
    for secret in (old, new):
        Webhook(secret).verify(request.body, request.headers)
    over = msgspec.structs.replace(changed, previous_until=datetime.now(UTC) - timedelta(seconds=1))
    assert post.house.subscriptions.secret(over) == new


def test_a_subscription_may_ask_for_ed25519(post: Post) -> None:
    with Sink() as sink:
        owner, public = post.subscribe(sink.url, "v1a")
        post.publish(CLOSED)
        (request,) = sink.requests
    assert public == owner.public().public_key
    assert request.headers["webhook-signature"].startswith("v1a,")
    now = int(request.headers["webhook-timestamp"])
    assert verify(public, request.headers, request.body, now=now)
    assert "whsk_" not in msgspec.json.encode(owner.public()).decode()


def test_an_alert_is_written_once_for_all_who_want_it_and_signed_for_each(post: Post) -> None:
    with Sink() as sink:
        for n in range(3):
            post.subscribe(f"{sink.url}/{n}")
        post.publish(CLOSED)
        bodies = {r.body for r in sink.requests}
        ids = {r.headers["webhook-id"] for r in sink.requests}
    assert (len(bodies), len(ids)) == (1, 3)


def test_a_shortened_schedule_gives_up_early_and_a_dead_letter_is_sent_again_by_hand(post: Post) -> None:
    with Sink(Answer(500), Answer(204)) as sink:
        owner, _ = post.subscribe(sink.url, give_up_hours=0.001)
        post.publish(CLOSED)
        (dead,) = post.house.deliveries.recent(10)
        assert (dead.state, len(dead.attempts)) == ("dead", 1)
        assert retelling.retell(post.house, owner, Wish(dead=True)) == 1
        post.hurry()
        (done,) = post.house.deliveries.recent(10)
        assert (done.state, done.id, [a.status for a in done.attempts]) == ("delivered", dead.id, [500, 204])
        assert len({r.headers["webhook-id"] for r in sink.requests}) == 1


def test_all_since_a_time_and_one_alert_are_told_again_under_the_same_ids(post: Post) -> None:
    with Sink() as sink:
        owner, _ = post.subscribe(sink.url)
        post.publish(CLOSED, CURFEW)
        first = {r.headers["webhook-id"]: r.body for r in sink.requests}
        later = post.house.clock() + timedelta(seconds=1)
        assert retelling.retell(post.house, owner, Wish(since=later)) == 0
        assert retelling.retell(post.house, owner, Wish(since=later - timedelta(hours=1))) == 2
        post.hurry()
        assert len(sink.requests) == 4
        alert = json.loads(sink.requests[0].body)["data"]["id"]
        assert retelling.retell(post.house, owner, Wish(alert=alert)) == 1
        post.hurry()
        assert len(sink.requests) == 5
        assert {r.headers["webhook-id"]: r.body for r in sink.requests} == first


def test_what_is_told_again_keeps_to_the_pace_of_its_subscriber(post: Post) -> None:
    with Sink() as sink:
        owner, _ = post.subscribe(sink.url, rate=0.5)
        post.publish(CLOSED, CURFEW)
        post.hurry()
        retelling.retell(post.house, owner, Wish(since=post.house.clock() - timedelta(hours=1)))
        scores = [s for _, s in post.house.redis.zrange(key("due", "delivery:slow"), 0, -1, withscores=True)]
    assert scores[-1] - scores[0] >= 2_000_000


def test_one_call_enables_and_tells_what_was_missed(post: Post) -> None:
    with Sink(Answer(410), Answer(204)) as sink:
        owner, _ = post.subscribe(sink.url)
        post.publish(CLOSED)
        assert post.house.subscriptions.get(owner.id).state == "disabled"
        post.publish(CURFEW, name="other")
        assert len(sink.requests) == 1
        with pytest.raises(SubscriptionRefused, match="enable it first"):
            retelling.retell(post.house, post.house.subscriptions.get(owner.id), Wish(dead=True))
        ready, count = retelling.enable(post.house, post.house.subscriptions.get(owner.id))
        assert (ready.state, count) == ("active", 2)
        post.hurry()
        told = {json.loads(r.body)["data"]["trigger"] for r in sink.requests[1:]}
        assert told == {"border_closure", "curfew"}
        assert sink.requests[0].headers["webhook-id"] in {r.headers["webhook-id"] for r in sink.requests[1:]}


def test_a_failing_endpoint_is_sent_to_from_the_slow_lane(post: Post) -> None:
    with Sink(Answer(500)) as sink:
        owner, _ = post.subscribe(sink.url)
        post.publish(CLOSED)
        assert post.house.subscriptions.get(owner.id).failing_since is not None
        post.publish(CURFEW, name="other")
    lanes = {d.lane for d in post.house.deliveries.recent(10)}
    assert lanes == {"slow"}


def test_terms_that_cannot_be_kept_are_refused(post: Post) -> None:
    owner, _ = post.subscribe("https://example.org/hook")
    assert change(post.house, owner.id, Terms(rate=2.0)).rate == 2.0
    for bad in (Terms(rate=0.0), Terms(at_once=0), Terms(give_up_hours=1000.0)):
        with pytest.raises(SubscriptionRefused, match="is not between"):
            change(post.house, owner.id, bad)
    with pytest.raises(SubscriptionRefused, match="what to tell again"):
        retelling.retell(post.house, owner, Wish())


def look(post: Post) -> None:
    post.house.redis.delete(key("watched"))
    watching.watch(post.house)
    post.run()


def test_subscribers_hear_that_tocsin_is_blind_and_that_it_sees_again(post: Post) -> None:
    with Sink() as sink:
        post.subscribe(f"{sink.url}/system")
        post.subscribe(f"{sink.url}/quiet", system=False)
        post.publish()
        look(post)
        assert sink.requests == []
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        post.house.redis.set(key("polled"), long_ago.isoformat())
        look(post)
        look(post)
        post.house.ledger.commit(watching.poll_noted(post.house.clock()))
        look(post)
        messages = [json.loads(r.body) for r in sink.requests]
    assert [m["type"] for m in messages] == ["system.degraded", "system.restored"]
    assert messages[0]["data"]["reasons"] == ["no feed has answered for 60 minutes"]
    assert {r.path for r in sink.requests} == {"/system"}


def test_a_heartbeat_comes_to_those_who_asked_for_it(post: Post) -> None:
    with Sink() as sink:
        _, secret = post.subscribe(sink.url, heartbeat=True)
        look(post)
        look(post)
        (request,) = sink.requests
    Webhook(secret).verify(request.body, request.headers)
    assert json.loads(request.body)["type"] == "system.heartbeat"
