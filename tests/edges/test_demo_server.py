"""The demo's web site and the demo's endpoint, over real HTTP."""

import http.client
import json
from collections.abc import Iterator, Mapping

import pytest

from tests.support.paths import SEEDS
from worker.cli.demo_seeds import Seeds, feed_of
from worker.cli.demo_server import MAX_BODY, DemoServer
from worker.cli.demo_sink import Sink

ALERT = {"type": "alert.created", "data": {"id": "al_1", "revision": 1}}


def holds(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    return headers.get("webhook-signature") == f"{secret}:{len(body)}"


class Site:
    def __init__(self, server: DemoServer, seeds: Seeds, sink: Sink) -> None:
        self.server, self.seeds, self.sink = server, seeds, sink

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        host, _, port = self.server.base.removeprefix("http://").rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request(method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        answer = reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read()
        connection.close()
        return answer

    def post(self, message: object, webhook_id: str, secret: str) -> tuple[int, bytes]:
        body = json.dumps(message).encode()
        status, _, said = self.ask(
            "POST", "/hook", body, webhook_id=webhook_id, webhook_signature=f"{secret}:{len(body)}"
        )
        return status, said


@pytest.fixture
def site() -> Iterator[Site]:
    sink = Sink(holds)
    with DemoServer("127.0.0.1", 0, lambda path: seeds.get(path), sink.receive) as server:
        seeds = Seeds(SEEDS, server.base)
        yield Site(server, seeds, sink)


def test_every_feed_is_served_with_the_address_of_the_server_in_it(site: Site) -> None:
    for definition in site.seeds.definitions:
        status, headers, body = site.ask("GET", definition.url.removeprefix(site.server.base))
        assert status == 200
        assert headers["etag"].startswith('"')
        assert site.server.base.encode() in body
        assert b"seeds.invalid/" not in body
        assert definition.name in site.seeds.served


def test_whoever_has_a_feed_already_gets_304_and_no_body(site: Site) -> None:
    _, headers, _ = site.ask("GET", "/feeds/levant-wire.xml")
    status, _, body = site.ask("GET", "/feeds/levant-wire.xml", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/feeds/", "/feeds/none.xml", "/wire/none.html", "/feeds/..%2ffeeds.yaml"])
def test_what_is_not_there_is_404(site: Site, path: str) -> None:
    assert site.ask("GET", path)[0] == 404


def test_an_article_page_is_served_at_its_feeds_address(site: Site) -> None:
    status, headers, body = site.ask("GET", "/black-sea-briefing/odesa-night.html")
    assert (status, headers["content-type"]) == (200, "text/html")
    assert b"power substation" in body


def test_a_signed_webhook_is_kept_once_however_often_it_comes(site: Site) -> None:
    site.sink.know("s")
    assert [site.post(ALERT, "msg_1", "s")[0] for _ in range(3)] == [200, 200, 200]
    assert site.sink.arrivals.get_nowait().data == ALERT["data"]
    assert site.sink.arrivals.empty()
    assert (site.sink.verified, site.sink.repeated, site.sink.forged) == (3, 2, 0)


def test_a_forged_webhook_is_refused_and_counted(site: Site) -> None:
    site.sink.know("s")
    assert site.post(ALERT, "msg_1", "other")[0] == 401
    assert site.sink.arrivals.empty()
    assert site.sink.forged == 1


def test_a_ping_before_the_secret_is_known_is_echoed_and_verified_later(site: Site) -> None:
    ping = {"type": "subscription.ping", "data": {"challenge": "c1"}}
    status, said = site.post(ping, "ping_1", "s")
    assert (status, json.loads(said)) == (200, {"challenge": "c1"})
    assert site.sink.verified == 0
    site.sink.know("s")
    assert (site.sink.verified, site.sink.forged) == (1, 0)


def test_a_body_that_is_no_json_or_too_long_is_refused(site: Site) -> None:
    assert site.ask("POST", "/hook", b"{")[0] == 400
    assert site.ask("POST", "/hook", b" " * (MAX_BODY + 1))[0] == 413


def test_the_feed_of_an_article_is_the_first_part_of_its_path() -> None:
    assert feed_of("http://127.0.0.1:8000/levant-wire/homs?x=1") == "levant-wire"
    assert feed_of("nonsense") == ""
