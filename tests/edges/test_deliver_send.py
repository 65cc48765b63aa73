"""The sender against a real endpoint: what is sent, and what each answer becomes."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.support.notices import SECRET, alert
from tests.support.sink import Answer, Sink
from worker.deliveries import formats
from worker.deliveries.model import Outcome, Post
from worker.deliveries.send import Sender
from worker.outbound import Outbound

BODY = formats.body(alert(), "alert.created", datetime.now(UTC), "")


@pytest.fixture
def sender() -> Iterator[Sender]:
    made = Sender(Outbound(user_agent="tocsin/test", allow_networks=("127.0.0.0/8",)))
    yield made
    made.close()


def post(url: str, name: str = "msg_1") -> Post:
    return Post(delivery_id=name, url=url, secret=SECRET, body=BODY)


def deliver(sender: Sender, url: str) -> Outcome:
    sender.start(post(url))
    [(name, outcome)] = sender.collect(20)
    assert (name, sender.in_flight) == ("msg_1", 0)
    return outcome


def test_a_delivery_is_a_signed_post(sender: Sender) -> None:
    with Sink(Answer(200, {}, b"thanks"), secret=SECRET) as sink:
        outcome = deliver(sender, f"{sink.url}/hook?a=b")
    [request] = sink.requests
    assert (request.method, request.path, request.verified) == ("POST", "/hook?a=b", True)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "msg_1"
    assert request.headers["user-agent"] == "tocsin/test"
    assert json.loads(request.body)["type"] == "alert.created"
    assert (outcome.verdict, outcome.attempt.status, outcome.attempt.body) == ("delivered", 200, "thanks")
    assert (outcome.attempt.error, outcome.attempt.seconds > 0) == ("", True)


def test_a_sink_with_another_secret_does_not_verify_it(sender: Sender) -> None:
    with Sink(secret="whsec_" + "A" * 32) as sink:
        deliver(sender, sink.url)
    assert sink.requests[0].verified is False


def test_each_answer_becomes_an_outcome(sender: Sender) -> None:
    answers = [
        Answer(204),
        Answer(500, {}, b"oh"),
        Answer(410),
        Answer(503, {"retry-after": "77"}),
        Answer(200, {"webhook-delivery": "disable"}),
        Answer(302, {"location": "http://169.254.169.254/"}),
    ]
    with Sink(*answers) as sink:
        outcomes = [deliver(sender, sink.url) for _ in answers]
    assert [o.verdict for o in outcomes] == ["delivered", "retry", "gone", "retry", "delivered", "retry"]
    assert [o.retry_after_s for o in outcomes] == [None, None, None, 77.0, None, None]
    assert [o.disables for o in outcomes] == [False, False, True, False, True, False]
    assert outcomes[1].attempt.body == "oh"
    assert len(sink.requests) == len(answers)


def test_a_long_answer_is_read_to_its_cap_and_kept_to_2_kib(sender: Sender) -> None:
    with Sink(Answer(200, {}, b"x" * 1_000_000)) as sink:
        outcome = deliver(sender, sink.url)
    assert (outcome.verdict, outcome.attempt.error, len(outcome.attempt.body)) == ("delivered", "", 2048)


def test_control_characters_in_an_answer_are_not_kept(sender: Sender) -> None:
    with Sink(Answer(500, {}, b"a\x00\x1b[31m\nb\xff")) as sink:
        assert deliver(sender, sink.url).attempt.body == "a\ufffd\ufffd[31m\nb\ufffd"


def test_a_failure_is_named_and_retried(sender: Sender) -> None:
    with Sink() as sink:
        closed = sink.url
    outcome = deliver(sender, closed)
    assert (outcome.verdict, outcome.attempt.status) == ("retry", None)
    assert outcome.attempt.error.startswith("refused: ")
    inside = deliver(sender, "http://10.0.0.1/")
    assert inside.attempt.error.startswith("address_refused: ")


def test_a_kept_connection_that_breaks_is_tried_once_more_at_once(sender: Sender) -> None:
    with Sink(Answer(), Answer(hang_up=True), Answer()) as sink:
        assert deliver(sender, sink.url).verdict == "delivered"
        assert deliver(sender, sink.url).verdict == "delivered"
    assert [r.headers["webhook-id"] for r in sink.requests] == ["msg_1"] * 3


def test_one_slow_endpoint_does_not_hold_the_others(sender: Sender) -> None:
    with Sink(Answer(delay_s=60)) as slow, Sink() as fast:
        for n in range(5):
            sender.start(post(slow.url, f"slow_{n}"))
        for n in range(50):
            sender.start(post(fast.url, f"fast_{n}"))
        done: list[str] = []
        while len(done) < 50:
            done += [name for name, _ in sender.collect(5)]
        assert sender.in_flight == 5
        assert all(name.startswith("fast_") for name in done)


def test_an_endpoint_that_never_ends_its_answer_is_left_at_the_deadline() -> None:
    sender = Sender(Outbound(user_agent="t", allow_networks=("127.0.0.0/8",)), deadline_s=1.5)
    with Sink(Answer(200, {}, b"a", drip=(b"b",), endless=True)) as drip, Sink(Answer(delay_s=60)) as silent:
        accepted, timed_out = deliver(sender, drip.url), deliver(sender, silent.url)
        sender.close()
    assert accepted.attempt.seconds + timed_out.attempt.seconds < 20
    # The status says that the message was taken; what follows it is not our concern.
    assert (accepted.verdict, accepted.attempt.error[:8]) == ("delivered", "timeout:")
    assert (timed_out.verdict, timed_out.attempt.error[:8]) == ("retry", "timeout:")


def test_send_waits_for_its_own_outcome_from_any_thread(sender: Sender) -> None:
    def echo(received: object) -> Answer:
        return Answer(200, {}, received.headers["webhook-id"].encode())  # type: ignore[attr-defined]

    with Sink(answer=echo) as sink:
        answers: dict[str, str] = {}

        def one(name: str) -> None:
            answers[name] = sender.send(post(sink.url, name)).attempt.body

        threads = [threading.Thread(target=one, args=(f"msg_{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {f"msg_{n}": f"msg_{n}" for n in range(8)}
