"""A request through a proxy: the proxy is dialled under the guard, and nothing private goes along to other origins."""

import socket
from collections.abc import Iterator

import pytest

from tests.edges.test_outbound import LOOPBACK, Names, ask
from tests.support.sink import Answer, Sink
from worker.outbound import Outbound

SECRETS = {"X-Api-Key": "secret", "Authorization": "Bearer x", "Accept": "text/html"}


def name(host: str) -> list[str]:
    if host == "nowhere.example":
        raise socket.gaierror("not known")
    return {"inside.example": ["10.0.0.1"]}.get(host, ["127.0.0.1"])


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    client = Outbound(user_agent="t", allow_networks=LOOPBACK, http=True, ports=frozenset({80}), resolver=Names(name))
    yield client
    client.close()


def test_a_proxy_is_asked_in_the_peers_place(outbound: Outbound) -> None:
    with Sink(Answer(200, {}, b"fetched")) as proxy:
        reply = ask(outbound, "http://news.example/feed", proxy=proxy.url)
    assert (reply.status, reply.body) == (200, b"fetched")
    assert proxy.requests[0].path == "http://news.example/feed"


@pytest.mark.parametrize("url", ["http://inside.example/", "http://10.0.0.1/", "http://169.254.169.254/latest"])
def test_a_proxy_is_no_way_inside(outbound: Outbound, url: str) -> None:
    with Sink(Answer(200)) as proxy:
        reply = ask(outbound, url, proxy=proxy.url)
    assert (reply.error, proxy.requests) == ("address_refused", [])


def test_a_name_that_only_the_proxy_knows_is_left_to_it(outbound: Outbound) -> None:
    with Sink(Answer(200)) as proxy:
        assert ask(outbound, "http://nowhere.example/", proxy=proxy.url).status == 200


def test_a_proxy_on_the_inside_must_be_allowed() -> None:
    client = Outbound(user_agent="t", http=True, ports=frozenset({80}), resolver=Names(lambda _: ["93.184.216.34"]))
    with Sink(Answer(200)) as proxy:
        reply = ask(client, "http://news.example/", proxy=proxy.url)
    client.close()
    assert (reply.error, proxy.connections) == ("address_refused", 0)


def test_only_harmless_headers_follow_to_another_origin(outbound: Outbound) -> None:
    with Sink(Answer(200)) as other, Sink(Answer(302, {"location": other.url})) as first:
        ask(outbound, first.url, redirects=1, headers=SECRETS)
    assert first.requests[0].headers["x-api-key"] == "secret"
    assert not other.requests[0].headers.keys() & {"x-api-key", "authorization"}
    assert other.requests[0].headers["accept"] == "text/html"


def test_all_headers_stay_at_their_own_origin(outbound: Outbound) -> None:
    with Sink(Answer(302, {"location": "/b"}), Answer(200)) as sink:
        ask(outbound, sink.url, redirects=1, headers=SECRETS)
    assert [r.headers["x-api-key"] for r in sink.requests] == ["secret", "secret"]


def test_a_proxy_is_told_the_user_of_its_url_and_the_peer_and_we_never_see_it(outbound: Outbound) -> None:
    with Sink(Answer(407)) as proxy:
        reply = ask(outbound, "http://news.example/feed", proxy=proxy.url.replace("//", "//me:hush@"))
    assert (reply.status, proxy.requests[0].headers["proxy-authorization"]) == (407, "Basic bWU6aHVzaA==")
    gone = ask(outbound, "https://news.example:80/feed", proxy=proxy.url.replace("//", "//me:hush@"))
    assert gone.error == "refused"
    assert "hush" not in f"{reply} {gone}"
    with Sink(Answer(407)) as tunnel:
        ask(outbound, "https://news.example:80/feed", proxy=tunnel.url.replace("//", "//me:hush@"))
    (asked,) = tunnel.requests
    assert (asked.method, asked.headers["proxy-authorization"]) == ("CONNECT", "Basic bWU6aHVzaA==")
