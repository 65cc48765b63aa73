"""What a subscriber may rely on, over the whole way: rotation, v1a, lanes, dead letters, replay, notices, heartbeat."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
import pytest
import redis
from standardwebhooks import Webhook

from tests.support.builders import NOON
from tests.support.flights import deaf
from tests.support.sink import Answer, Received, Sink
from tests.support.town import CLOSED, CURFEW, LOCAL, Item, Newsroom, Publisher, doors, house_over
from worker import retelling, watching
from worker.deliveries.model import Delivery
from worker.deliveries.send import Sender
from worker.deliveries.sign import verify
from worker.errors import SubscriptionRefused
from worker.judge import Judge
from worker.ledger import key
from worker.outbound import Outbound
from worker.retelling import Wish
from worker.sending import Courier, Flight
from worker.subscribing import Changes, change, rotate
from worker.subscriptions.model import Filter, Signing, Subscription, Terms


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
    _, sender = post.doors
    assert change(post.house, sender, owner.id, Changes(terms=Terms(rate=2.0))).rate == 2.0
    for bad in (Terms(rate=0.0), Terms(at_once=0), Terms(give_up_hours=1000.0)):
        with pytest.raises(SubscriptionRefused, match="is not between"):
            change(post.house, sender, owner.id, Changes(terms=bad))
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


def later(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


# What the endpoint answers; what becomes of delivery and subscription, and in how many seconds it is tried again.
ANSWERS: dict[str, tuple[Answer, str, str, tuple[float, float]]] = {
    "2xx": (Answer(299), "delivered", "active", (0, 0)),
    "redirect": (Answer(307, {"location": "/elsewhere"}), "due", "active", (3, 6)),
    "404": (Answer(404), "due", "active", (3, 6)),
    "410": (Answer(410), "dead", "disabled", (0, 0)),
    "503 and seconds": (Answer(503, {"retry-after": "77"}), "due", "active", (70, 77)),
    "503 and a date": (Answer(503, {"retry-after": later(40_000)}), "due", "active", (36_000, 40_000)),
    "429 and too soon": (Answer(429, {"retry-after": "1"}), "due", "active", (3, 6)),
    "429 and too late": (Answer(429, {"retry-after": "999999"}), "due", "active", (86_300, 86_400)),
    "500 may not say when": (Answer(500, {"retry-after": "77"}), "due", "active", (3, 6)),
    "disable": (Answer(500, {"webhook-delivery": "disable"}), "dead", "disabled", (0, 0)),
    "taken, and disable": (Answer(200, {"webhook-delivery": "disable"}), "delivered", "disabled", (0, 0)),
    "abort": (Answer(422, {"webhook-delivery": "abort-message"}), "dead", "active", (0, 0)),
    "hung up": (Answer(hang_up=True), "due", "active", (3, 6)),
}


@pytest.mark.parametrize(("answer", "state", "owner_state", "again"), ANSWERS.values(), ids=ANSWERS.keys())
def test_each_answer_is_obeyed(
    post: Post, answer: Answer, state: str, owner_state: str, again: tuple[float, float]
) -> None:
    with Sink(answer) as sink:
        owner, _ = post.subscribe(sink.url)
        post.publish(CLOSED)
        (delivery,) = post.house.deliveries.recent(10)
        assert {r.path for r in sink.requests} == {"/"}
    owner = post.house.subscriptions.get(owner.id)
    assert (delivery.state, owner.state, len(delivery.attempts)) == (state, owner_state, 1)
    assert bool(delivery.reason) == (state == "dead")
    assert (owner.failing_since is None) == (state == "delivered" or answer.status == 422 or owner_state == "disabled")
    due = post.house.redis.zscore(key("due", "delivery:slow"), delivery.id)
    wait = (due - post.house.ledger.now_us()) / 1e6 if due else 0.0
    assert again[0] <= wait <= again[1]


COUNTRIES = ["Jordan", "Syria", "Iraq", "Turkey", "Iran", "Egypt", "Libya", "Tunisia", "Algeria", "Morocco", "Sudan"]
BORDERS = [Item(name, f"{name} closes its border") for name in COUNTRIES]


def test_no_more_posts_fly_to_an_endpoint_than_it_takes(post: Post) -> None:
    most = []

    def answer(_request: Received) -> Answer:
        most.append(len(sink.flying))
        return Answer(delay_s=0.2)

    with Sink(answer=answer) as sink:
        post.subscribe(sink.url, rate=100.0, at_once=2)
        post.publish(*BORDERS[:6])
        while any(d.state == "due" for d in post.house.deliveries.recent(10)):
            post.run()
    assert max(most) == 2


def test_a_sender_that_is_late_itself_starts_no_more_posts_than_it_has_slots(post: Post) -> None:
    outbound = Outbound(user_agent="late", allow_networks=LOCAL, http=True)
    courier = Courier(post.house, Sender(outbound), "delivery")
    slots, now = post.house.settings.send_concurrency, time.monotonic()
    owner, _ = post.subscribe("http://127.0.0.1:9/")
    made = Delivery(id="d", alert="a", revision=1, subscription=owner.id, type="alert.created", created_at=NOON)
    courier.flying = {f"msg_{n}": Flight(made, owner, False, now - 5.0) for n in range(slots)}
    assert courier.room(now) == slots  # all of them have taken long, and hold no slot
    there = threading.Event()
    outbound.start("deaf", deaf(there, 0.4))
    assert there.wait(5.0)
    outbound.start("late", asyncio.sleep(0))
    while outbound.in_flight:
        outbound.collect(5.0)
    assert courier.room(now) == 0
    outbound.close()


def test_the_breaker_spares_an_endpoint_that_fails_and_asks_it_once_again(post: Post) -> None:
    failing = [True]
    with Sink(answer=lambda _: Answer(500 if failing else 204)) as sink:
        owner, _ = post.subscribe(sink.url, rate=100.0, at_once=20)
        post.publish(*BORDERS[:10])
        post.publish(BORDERS[10], name="other")
        post.hurry()
        assert len(sink.requests) == 10
        failing.clear()
        post.house.redis.hset(key("breaker", owner.id), "until", "1")  # half a minute later
        post.hurry()
        post.hurry()
        assert {d.state for d in post.house.deliveries.recent(20)} == {"delivered"}


def test_an_endpoint_that_fails_for_a_day_is_noticed_and_after_eight_disabled_until_it_is_back(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with Sink(Answer(500), Answer(500), Answer(204)) as sink, caplog.at_level(logging.WARNING, "tocsin"):
        owner, _ = post.subscribe(sink.url)
        for days, item in ((1, CLOSED), (8, CURFEW)):
            since = datetime.now(UTC) - timedelta(days=days, minutes=1)
            post.house.redis.set(key("failing", owner.id), since.isoformat())
            post.publish(item, name=item.guid)
            assert post.house.subscriptions.get(owner.id).state == ("active" if days == 1 else "disabled")
        assert "subscription.failing" in caplog.text
        assert "every attempt failed since" in post.house.subscriptions.get(owner.id).reason
        _, count = retelling.enable(post.house, post.house.subscriptions.get(owner.id))
        post.hurry()
        assert count == 2
        assert {d.state for d in post.house.deliveries.recent(10)} == {"delivered"}


def test_two_rotations_in_a_day_leave_all_three_secrets_alive(post: Post) -> None:
    with Sink() as sink:
        owner, first = post.subscribe(sink.url)
        secrets = [first, *(rotate(post.house, owner.id)[1] for _ in range(2))]
        post.publish(CLOSED)
        (request,) = sink.requests
    assert signatures(request) == 3
    for secret in secrets:
        Webhook(secret).verify(request.body, request.headers)
