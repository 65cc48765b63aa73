"""The HTTP API over a real server: who may ask, what it makes, what it refuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import redis

from tests.support import stage
from tests.support.builders import NOON, RULES, article, event
from tests.support.sink import Answer, Received, Sink
from tests.support.town import house_over
from worker.alerts import link
from worker.api.server import create_app
from worker.errors import SettingsError
from worker.ledger import Transaction
from worker.wiring import House

KEY = "k" * 20


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    return house_over(redis_client, api_key=KEY)


@pytest.fixture
def api(house: House) -> Iterator[httpx.Client]:
    with serving(house) as client:
        yield client


@contextmanager
def serving(house: House) -> Iterator[httpx.Client]:
    with (
        stage.serving(house) as address,
        httpx.Client(base_url=address, headers={"authorization": f"Bearer {KEY}"}, timeout=30) as client,
    ):
        yield client


def echo(request: Received) -> Answer:
    """An endpoint that proves that it wants to be told."""
    return Answer(200, body=json.dumps(json.loads(request.body)["data"]).encode())


def test_health_is_open_and_the_rest_is_not(api: httpx.Client) -> None:
    bare = {"authorization": ""}
    assert api.get("/healthz", headers=bare).json() == {"status": "ok"}
    assert api.get("/readyz", headers=bare).status_code == 200
    for path in ("/v1/alerts", "/v1/subscriptions"):
        assert api.get(path, headers=bare).status_code == 401
        assert api.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        assert api.get(path).status_code == 200


def test_an_open_api_must_be_bound_to_loopback(redis_client: redis.Redis) -> None:
    with pytest.raises(SettingsError, match="TOCSIN_API_KEY"):
        create_app(house_over(redis_client, api_host="0.0.0.0"))  # noqa: S104 - what must be refused  # noqa: S104 - what must be refused


def test_a_subscription_is_made_shown_and_removed(api: httpx.Client, house: House) -> None:
    with Sink(answer=echo) as sink:
        wish = {"url": f"{sink.url}/hook", "triggers": ["border_closure"], "countries": ["JO"]}
        made = api.post("/v1/subscriptions", json=wish)
        assert made.status_code == 201, made.text
        body = made.json()
        assert body["secret"].startswith("whsec_")
        assert body["state"] == "active"
        (ping,) = sink.requests
        assert json.loads(ping.body)["type"] == "subscription.ping"
    shown = api.get(f"/v1/subscriptions/{body['id']}").json()
    assert "secret" not in shown
    assert shown["filter"]["countries"] == ["JO"]
    assert [s["id"] for s in api.get("/v1/subscriptions").json()["items"]] == [body["id"]]
    assert api.delete(f"/v1/subscriptions/{body['id']}").status_code == 204
    assert api.get(f"/v1/subscriptions/{body['id']}").status_code == 404
    assert house.subscriptions.all() == []


def test_an_endpoint_that_does_not_echo_the_challenge_is_refused(api: httpx.Client, house: House) -> None:
    with Sink(Answer(200, body=b"ok")) as sink:
        refused = api.post("/v1/subscriptions", json={"url": sink.url})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert "challenge" in refused.json()["detail"]
    assert house.subscriptions.all() == []


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        pytest.param({"url": "http://169.254.169.254/"}, 422, id="an address inside"),
        pytest.param({"url": "https://example.org/", "triggers": ["tea_time"]}, 422, id="an unknown trigger"),
        pytest.param({"url": "https://example.org/", "countries": ["Jordan"]}, 422, id="no country code"),
        pytest.param({"url": "https://example.org/", "colour": "red"}, 400, id="an unknown key"),
        pytest.param({}, 400, id="no URL"),
        pytest.param({"url": "x" * 3000}, 400, id="too long"),
        pytest.param({"url": "x" * 2_000_000}, 413, id="too large"),
    ],
)
def test_a_bad_wish_is_refused_by_name(api: httpx.Client, wish: dict[str, object], status: int) -> None:
    assert api.post("/v1/subscriptions", json=wish).status_code == status


def test_alerts_are_listed_and_shown(api: httpx.Client, house: House) -> None:
    (alert,) = link.fold(article(), [event()], [], now=NOON, rules=RULES)
    transaction = Transaction()
    house.alerts.put(transaction, alert)
    house.ledger.commit(transaction)
    assert [a["id"] for a in api.get("/v1/alerts").json()["items"]] == [alert.id]
    assert api.get(f"/v1/alerts/{alert.id}").json()["evidence"][0]["quote"] == "Jordan closes its border"
    assert api.get("/v1/alerts/al_none").status_code == 404
    assert api.get("/v1/alerts", params={"limit": "0"}).status_code == 400


def test_a_redis_that_is_away_is_said_so() -> None:
    with serving(house_over(redis.Redis(unix_socket_path="/nowhere"), api_key=KEY)) as api:
        answer = api.get("/v1/alerts")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert api.get("/readyz").status_code == 503
        assert api.get("/healthz").status_code == 200


def test_the_api_describes_itself(api: httpx.Client) -> None:
    described = api.get("/schema/openapi.json").json()
    assert {"/healthz", "/readyz", "/v1/alerts", "/v1/subscriptions"} <= described["paths"].keys()
