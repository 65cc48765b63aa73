"""Each noun of the API over a real server: keys and scopes, pages, streams, pushes, replays, other formats."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree as Xml

import httpx
import msgspec
import pytest
import redis
from standardwebhooks import Webhook

from tests.support import stage
from tests.support.sink import Answer, Received, Sink
from tests.support.town import house_over
from worker import judging
from worker.api.keys import KeyStore
from worker.wiring import House

KEY = "k" * 20


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    return house_over(redis_client, api_key=KEY)


@pytest.fixture
def api(house: House) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {KEY}"}
    with stage.serving(house) as address, httpx.Client(base_url=address, headers=headers, timeout=30) as client:
        yield client


def echo(request: Received) -> Answer:
    return Answer(200, body=json.dumps(json.loads(request.body)["data"]).encode())


def as_key(house: House, scope: str) -> dict[str, str]:
    _, text = KeyStore(house.ledger).add(f"a {scope} key", scope, house.clock())  # type: ignore[arg-type]
    return {"authorization": f"Bearer {text}"}


def test_a_key_reaches_as_far_as_its_scope_and_no_further(api: httpx.Client, house: House) -> None:
    read, subscribe, operate = (as_key(house, s) for s in ("read", "subscribe", "operate"))
    for key in (read, subscribe, operate):
        assert api.get("/v1/alerts", headers=key).status_code == 200
    wish = {"url": "https://example.org/", "triggers": ["tea_time"]}
    assert api.post("/v1/subscriptions", json=wish, headers=read).status_code == 403
    assert api.post("/v1/subscriptions", json=wish, headers=subscribe).status_code == 422
    feed = {"name": "a", "url": "https://a.example/", "language": "en", "group": "a"}
    refused = api.post("/v1/feeds", json=feed, headers=subscribe)
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert "operate" in refused.json()["detail"]
    assert api.post("/v1/feeds", json=feed, headers=operate).status_code == 201


def test_only_the_hash_of_a_key_is_kept_and_a_removed_one_lets_nobody_in(api: httpx.Client, house: House) -> None:
    headers = as_key(house, "read")
    _, _, secret = headers["authorization"].split("_", 2)  # which may hold one itself
    assert len(secret) > 20
    kept = b"".join(house.redis.get(k) or b"" for k in house.redis.scan_iter("tocsin:apikey:*"))
    assert secret.encode() not in kept
    (made,) = KeyStore(house.ledger).all()
    KeyStore(house.ledger).remove(made.id)
    assert api.get("/v1/alerts", headers=headers).status_code == 401


def test_an_open_house_listens_to_this_machine_only_and_not_to_pages_from_elsewhere(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    with stage.serving(house) as address, httpx.Client(base_url=address, timeout=30) as api:
        assert api.get("/v1/alerts").status_code == 200
        assert api.get("/v1/alerts", headers={"host": "evil.example"}).status_code == 401
        elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        assert api.post("/v1/subscriptions/preview", json={}, headers=elsewhere).status_code == 401


def test_an_open_house_is_closed_once_a_key_is_made(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    as_key(house, "read")
    with stage.serving(house) as address:
        assert httpx.get(f"{address}/v1/alerts", timeout=30).status_code == 401


def test_pages_show_every_alert_once_while_new_ones_arrive(api: httpx.Client, house: House) -> None:
    now = house.clock()
    stage.keep(house, *(stage.rang(row, now) for row in stage.RANG))
    seen: list[str] = []
    cursor: str | None = None
    for step in range(20):
        page = api.get("/v1/alerts", params={"limit": 4, **({"cursor": cursor} if cursor else {})}).json()
        seen += [a["id"] for a in page["items"]]
        if step == 1:
            stage.keep(house, stage.rang(stage.ARABIC, now))
        if not (cursor := page["next"]):
            break
    assert len(seen) == len(set(seen)) == len(stage.RANG)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"country": "JO"}, ["al_border_closure-jo"], id="country"),
        pytest.param({"trigger": ["curfew", "coup"]}, ["al_curfew-ec", "al_coup-ne"], id="two triggers"),
        pytest.param({"severity": "extreme"}, ["al_bombing-pk", "al_coup-ne"], id="severity"),
        pytest.param({"family": "hazard"}, ["al_earthquake_volcano-tr", "al_storm_flood_fire-ph"], id="family"),
        pytest.param({"words": "odesa"}, ["al_air_strike-ua"], id="words"),
        pytest.param({"phase": "ended"}, [], id="phase"),
    ],
)
def test_alerts_are_filtered(api: httpx.Client, house: House, asked: dict[str, object], found: list[str]) -> None:
    stage.keep(house, *(stage.rang(row, house.clock()) for row in stage.RANG))
    assert [a["id"] for a in api.get("/v1/alerts", params=asked).json()["items"]] == found  # type: ignore[arg-type]


def test_a_filter_that_is_none_is_named_with_its_remedy(api: httpx.Client) -> None:
    answer = api.get("/v1/alerts", params={"country": "Jordan"})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert problem["field"] == "country"
    assert "ISO 3166" in problem["remedy"]


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("/v1/subscriptions", {"url": "https://example.org/", "wish": 1}, "wish"),
        ("/v1/subscriptions", {"url": "https://example.org/", "terms": {"pace": 1}}, "terms.pace"),
        ("/v1/subscriptions", {}, "url"),
        ("/v1/subscriptions", {"url": 5}, "url"),
        ("/v1/articles", {"title": "Curfew"}, "Idempotency-Key"),
    ],
)
def test_what_is_of_another_shape_is_named(api: httpx.Client, path: str, sent: dict[str, object], field: str) -> None:
    answer = api.post(path, json=sent)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_an_operator_takes_an_alert_back_and_drops_an_article(api: httpx.Client, house: House) -> None:
    stage.furnish(house)
    withdrawn = api.post("/v1/alerts/al_coup-ne/withdraw", json={"reason": "it was a film set"}).json()
    assert (withdrawn["change"], withdrawn["withdrawn"]) == ("alert.withdrawn", "it was a film set")
    assert api.post("/v1/articles/ar_curfew-ec/drop").status_code == 202
    assert api.get("/v1/articles/ar_curfew-ec").json()["title"] == ""
    assert house.ledger.due_now("article") == house.ledger.due_now("alert") == 1
    assert api.post("/v1/alerts/al_none/withdraw", json={"reason": "x"}).status_code == 404
    _, key = KeyStore(house.ledger).add("desk", "subscribe", house.clock())
    only = {"authorization": f"Bearer {key}"}
    assert api.post("/v1/articles/ar_curfew-ec/drop", headers=only).status_code == 403


def test_an_alert_comes_as_geojson_atom_and_cap(api: httpx.Client, house: House) -> None:
    stage.keep(house, stage.rang(stage.RANG[0], house.clock()))
    features = api.get("/v1/alerts.geojson").json()["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [36.0, 31.0]}
    atom = api.get("/v1/alerts.atom")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert Xml.fromstring(atom.text).findtext(".//{*}entry/{*}title", "").startswith("Jordan closes")  # noqa: S314 - our own
    cap = api.get("/v1/alerts/al_border_closure-jo.cap")
    assert "urn:oasis:names:tc:emergency:cap:1.2" in cap.text


def events(api: httpx.Client, count: int, headers: dict[str, str], started: threading.Event) -> list[dict[str, str]]:
    """The first events of a stream."""
    found: list[dict[str, str]] = []
    with api.stream("GET", "/v1/alerts/stream", headers=headers) as stream:
        event: dict[str, str] = {}
        for line in stream.iter_lines():
            started.set()
            name, colon, value = line.partition(": ")
            if colon and name:
                event[name] = value
            elif not line and "data" in event:
                found.append(event)
                event = {}
                if len(found) == count:
                    return found
            elif not line:
                event = {}
    return found


def test_a_stream_tells_of_alerts_as_they_come_and_of_those_missed(api: httpx.Client, house: House) -> None:
    now, started, got = house.clock(), threading.Event(), list[dict[str, str]]()
    stage.keep(house, stage.rang(stage.RANG[5], now))
    listener = threading.Thread(target=lambda: got.extend(events(api, 1, {}, started)), daemon=True)
    listener.start()
    assert started.wait(20)
    deadline = time.monotonic() + 20
    while not got and time.monotonic() < deadline:
        stage.keep(house, stage.rang(stage.RANG[0], house.clock() + timedelta(hours=0.2)))
        listener.join(1.0)
    assert json.loads(got[0]["data"])["id"] == "al_border_closure-jo"
    stage.keep(house, stage.rang(stage.RANG[1], house.clock() + timedelta(hours=1)))
    missed = events(api, 2, {"last-event-id": got[0]["id"]}, threading.Event())
    assert {json.loads(e["data"])["id"] for e in missed} >= {"al_airspace_airport_closure-it"}


def test_an_article_is_pushed_once_for_each_key(api: httpx.Client, house: House) -> None:
    pushed = {"title": "Jordan closes its border with Syria", "source": "desk"}
    first = api.post("/v1/articles", json=pushed, headers={"idempotency-key": "n1"})
    again = api.post("/v1/articles", json=pushed, headers={"idempotency-key": "n1"})
    other = api.post("/v1/articles", json={**pushed, "title": "Other"}, headers={"idempotency-key": "n1"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["id"] == again.json()["id"]
    assert house.ledger.due_now("article") == 1
    assert [a["title"] for a in api.get("/v1/articles", params={"feed": "desk"}).json()["items"]] == [pushed["title"]]
    assert api.post("/v1/articles", json=pushed).status_code == 400


def test_articles_are_listed_by_when_they_were_first_seen(api: httpx.Client, house: House) -> None:
    stage.keep(house, *(stage.rang(row, house.clock()) for row in stage.RANG))
    every = api.get("/v1/articles").json()["items"]
    times = sorted(a["first_seen_at"] for a in every)
    middle = times[len(times) // 2]
    older = api.get("/v1/articles", params={"until": middle}).json()["items"]
    newer = api.get("/v1/articles", params={"since": middle}).json()["items"]
    assert 0 < len(older) == len(every) - len(newer) < len(every)
    assert all(a["first_seen_at"] < middle for a in older)
    assert all(a["first_seen_at"] >= middle for a in newer)
    assert api.get("/v1/articles", params={"since": "2026-03-01T12:00:00"}).status_code == 400


def test_the_deliveries_of_one_alert_are_listed_page_by_page(api: httpx.Client, house: House) -> None:
    stage.furnish(house)
    every = api.get("/v1/deliveries", params={"limit": 200}).json()["items"]
    alert = every[0]["alert"]
    about = {d["id"] for d in every if d["alert"] == alert}
    found, wish = list[str](), {"alert": alert, "limit": "1"}
    while page := api.get("/v1/deliveries", params=wish).json():
        found += [d["id"] for d in page["items"]]
        if page["next"] is None:
            break
        wish["cursor"] = page["next"]
    assert (len(found), set(found)) == (len(about), about)
    dead = api.get("/v1/deliveries", params={"alert": alert, "state": "dead"}).json()["items"]
    assert {d["id"] for d in dead} == {d["id"] for d in every if d["alert"] == alert and d["state"] == "dead"}
    assert api.get("/v1/deliveries", params={"alert": "al_none"}).json() == {"items": [], "next": None}


def test_a_filter_is_tried_before_it_is_used(api: httpx.Client, house: House) -> None:
    stage.keep(house, *(stage.rang(row, house.clock()) for row in stage.RANG))
    found = api.post("/v1/subscriptions/preview", json={"countries": ["JO", "IT"]}).json()
    assert (found["alerts"], found["of"], found["days"]) == (2, len(stage.RANG), 7)
    assert [s["place"] for s in found["newest"]] == ["Jordan", "Catania"]
    judging.withdraw_alert(house, found["newest"][0]["id"], "it was a film set")
    assert api.post("/v1/subscriptions/preview", json={"countries": ["JO", "IT"]}).json()["alerts"] == 2
    assert house.subscriptions.all() == []


def test_a_subscription_is_changed_tested_and_given_a_new_secret(api: httpx.Client, house: House) -> None:
    with Sink(answer=echo) as sink:
        made = api.post("/v1/subscriptions", json={"url": f"{sink.url}/hook"}).json()
        where = f"/v1/subscriptions/{made['id']}"
        changed = api.patch(where, json={"filter": {"countries": ["JO"]}, "enabled": False}).json()
        assert (changed["filter"]["countries"], changed["state"]) == (["JO"], "disabled")
        assert api.patch(where, json={"enabled": True}).json()["state"] == "active"
        assert api.post(f"{where}/test").json()["accepted"] is True
        assert len(sink.requests) == 2
        rotated = api.post(f"{where}/rotate-secret").json()
        assert rotated["secret"] != made["secret"]
    assert api.patch(where, json={"filter": {"countries": ["Nowhere"]}}).status_code == 422


def test_another_address_must_prove_itself_and_is_told_what_the_old_one_missed(api: httpx.Client, house: House) -> None:
    with Sink(answer=echo) as old, Sink(answer=echo) as new, Sink() as mute:
        made = api.post("/v1/subscriptions", json={"url": old.url}).json()
        where, secret = f"/v1/subscriptions/{made['id']}", made["secret"]
        failing = msgspec.structs.replace(house.subscriptions.get(made["id"]), failing_since=house.clock())
        house.subscriptions.add(failing)
        for url in (mute.url, "http://169.254.169.254/"):
            assert api.patch(where, json={"url": url, "format": "cloudevents"}).status_code == 422
        assert house.subscriptions.get(made["id"]) == failing
        changed = api.patch(where, json={"url": f"{new.url}/hook"}).json()
        assert (changed["url"], changed["failing_since"]) == (f"{new.url}/hook", None)
        (ping,) = new.requests
        Webhook(secret).verify(ping.body, ping.headers)
        first = json.loads(old.requests[0].body)["data"]["challenge"]
        assert json.loads(ping.body)["data"]["challenge"] != first
    assert house.subscriptions.secret(house.subscriptions.get(made["id"])) == secret


def test_dead_letters_are_sent_again_under_their_ids(api: httpx.Client, house: House) -> None:
    stage.furnish(house)
    (dead,) = api.get("/v1/deliveries", params={"state": "dead"}).json()["items"]
    answer = api.post(f"/v1/subscriptions/{dead['subscription']}/replay", json={"dead": True})
    assert (answer.status_code, answer.json()) == (202, {"deliveries": 1})
    assert api.get(f"/v1/deliveries/{dead['id']}").json()["state"] == "due"
    assert api.post(f"/v1/subscriptions/{dead['subscription']}/replay", json={}).status_code in (400, 422)


def test_a_feeds_headers_are_told_and_never_shown(api: httpx.Client, house: House) -> None:
    feed = {"name": "wire", "url": "https://wire.example/rss", "language": "en", "group": "wire"}
    told = [
        api.post("/v1/feeds", json={**feed, "headers": {"X-Key": "hush"}, "proxy": "http://me:hush@proxy.example"}),
        api.patch("/v1/feeds/wire", json={"paused": True}),
        api.patch("/v1/feeds/wire", json={"interval_s": 60}),
        api.get("/v1/feeds/wire"),
        api.get("/v1/feeds"),
        api.get("/v1/feeds.opml"),
        api.post("/v1/feeds", json={**feed, "name": "b", "headers": {"X-Key": "hush\n"}}),
    ]
    assert [t.status_code for t in told] == [201, 200, 200, 200, 200, 200, 422]
    assert "hush" not in "".join(t.text for t in told)
    assert house.feeds.revealed(house.feeds.get("wire")).definition.headers == {"X-Key": "hush"}
    changed = api.patch("/v1/feeds/wire", json={"headers": {"X-Key": "new"}, "proxy": ""}).json()["definition"]
    assert (changed["headers"], changed["proxy"]) == ({"X-Key": "***"}, "")
    assert house.feeds.revealed(house.feeds.get("wire")).definition.headers == {"X-Key": "new"}
    assert api.patch("/v1/feeds/wire", json={"headers": {"X-Key": "***"}}).status_code == 422


def test_feeds_are_added_paused_and_removed(api: httpx.Client, house: House) -> None:
    feed = {"name": "wire", "url": "https://wire.example/rss", "language": "en", "group": "wire"}
    assert api.post("/v1/feeds", json=feed).status_code == 201
    assert api.post("/v1/feeds", json=feed).status_code == 409
    assert api.post("/v1/feeds", json={**feed, "name": "bad name"}).status_code == 422
    assert api.patch("/v1/feeds/wire", json={"paused": True}).json()["health"] == "paused"
    assert house.ledger.scheduled("feed") == 0
    assert api.post("/v1/feeds/wire/poll").json()["health"] == "new"
    assert "https://wire.example/rss" in api.get("/v1/feeds.opml").text
    assert api.delete("/v1/feeds/wire").status_code == 204
    assert api.get("/v1/feeds/wire").status_code == 404


def test_who_asks_too_often_is_told_how_long_to_wait(redis_client: redis.Redis) -> None:
    house = house_over(redis_client, api_key=KEY, api_rate=60)
    headers = {"authorization": f"Bearer {KEY}"}
    with stage.serving(house) as address, httpx.Client(base_url=address, headers=headers, timeout=30) as api:
        answers = [api.get("/v1/triggers/none") for _ in range(12)]
    limited = [a for a in answers if a.status_code == 429]
    assert limited
    assert int(limited[0].headers["retry-after"]) >= 1


def test_the_figures_name_every_kind_of_work(api: httpx.Client, house: House) -> None:
    stage.furnish(house)
    text = api.get("/metrics").text
    assert 'tocsin_due{kind="delivery"} 0' in text
    assert "tocsin_alerts 14" in text
    assert 'tocsin_feeds{health="failing"} 1' in text
    assert api.get("/metrics", headers={"authorization": ""}).status_code == 401
