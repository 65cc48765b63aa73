"""The outbound client against real peers: good, slow, broken and hostile ones."""

import asyncio
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.support.authority import certificate
from tests.support.sink import Answer, Sink
from worker.outbound import Ask, Outbound, Reply

LOOPBACK = ("127.0.0.0/8",)


class Names(AbstractResolver):
    """A resolver whose answers the test decides, anew at each question."""

    def __init__(self, answer: Callable[[str], list[str]]) -> None:
        self._answer = answer

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=a,
                port=port,
                family=socket.AF_INET6 if ":" in a else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for a in self._answer(host)
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    client = Outbound(user_agent="tocsin/test", allow_networks=LOOPBACK)
    yield client
    client.close()


def ask(outbound: Outbound, url: str, **more: Any) -> Reply:
    wanted = {"deadline_s": 5.0, "max_bytes": 100_000, **more}
    outbound.start("one", outbound.ask(Ask(url=url, **wanted)))
    [(tag, reply)] = outbound.collect(20)
    assert tag == "one"
    return reply


def test_a_good_answer_comes_back_whole(outbound: Outbound) -> None:
    with Sink(Answer(200, {"ETag": '"a"', "Content-Type": "text/plain"}, b"hello")) as sink:
        reply = ask(outbound, f"{sink.url}/x", headers={"if-none-match": '"b"'})
    assert (reply.status, reply.body, reply.error, reply.truncated) == (200, b"hello", "", False)
    assert reply.headers["etag"] == '"a"'
    assert reply.url == f"{sink.url}/x"
    [request] = sink.requests
    assert request.headers["user-agent"] == "tocsin/test"
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["if-none-match"] == '"b"'
    assert request.headers["host"] == f"127.0.0.1:{sink.port}"


def test_a_post_sends_its_bytes_as_they_are(outbound: Outbound) -> None:
    body = bytes(range(256))
    with Sink() as sink:
        reply = ask(outbound, sink.url, method="POST", body=body, headers={"content-type": "application/json"})
    assert reply.status == 204
    assert sink.requests[0].body == body
    assert sink.requests[0].headers["content-type"] == "application/json"


def test_connections_are_kept_and_cookies_are_not(outbound: Outbound) -> None:
    with Sink(Answer(200, {"set-cookie": "a=b; Path=/"})) as sink:
        for _ in range(5):
            assert ask(outbound, sink.url).status == 200
        assert sink.connections == 1
    assert all("cookie" not in r.headers for r in sink.requests)


def test_a_proxy_in_the_environment_is_not_used(outbound: Outbound, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sink() as sink, Sink() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert ask(outbound, sink.url).status == 204
        assert proxy.requests == []


def test_a_body_over_the_cap_is_cut_there(outbound: Outbound) -> None:
    with Sink(Answer(200, {}, b"x" * 50_000)) as sink:
        reply = ask(outbound, sink.url, max_bytes=1000)
    assert (reply.status, len(reply.body), reply.truncated, reply.error) == (200, 1000, True, "too_large")


def test_a_body_of_just_the_cap_is_whole(outbound: Outbound) -> None:
    with Sink(Answer(200, {}, b"x" * 1000)) as sink:
        reply = ask(outbound, sink.url, max_bytes=1000)
    assert (len(reply.body), reply.truncated, reply.error) == (1000, False, "")


def test_gzip_is_unpacked(outbound: Outbound) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second")
    with Sink(Answer(200, {"content-encoding": "gzip"}, packed)) as sink:
        assert ask(outbound, sink.url).body == b"first second"


def test_a_gzip_bomb_ends_at_the_cap(outbound: Outbound) -> None:
    bomb = gzip.compress(bytes(100_000_000), 1)
    with Sink(Answer(200, {"content-encoding": "gzip"}, bomb)) as sink:
        reply = ask(outbound, sink.url, max_bytes=1_000_000)
    assert (len(reply.body), reply.error) == (1_000_000, "too_large")
    assert reply.seconds < 4


def test_empty_gzip_members_without_end_are_cut(outbound: Outbound) -> None:
    piece = gzip.compress(b"") * 2000
    answer = Answer(200, {"content-encoding": "gzip"}, b"", drip=(piece,), every_s=0.001, endless=True)
    with Sink(answer) as sink:
        reply = ask(outbound, sink.url, max_bytes=1000)
    assert reply.error == "too_large"
    assert reply.seconds < 3


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-encoding": "gzip"}, b"not gzip at all"),
        ({"content-encoding": "gzip"}, gzip.compress(b"x" * 1000)[:-12]),
        ({"content-encoding": "br"}, b"xx"),
        ({"content-encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"x"))),
    ],
    ids=["no gzip", "cut short", "brotli", "chained"],
)
def test_an_encoding_that_is_broken_or_was_not_asked_for_is_named(
    outbound: Outbound, headers: dict[str, str], body: bytes
) -> None:
    with Sink(Answer(200, headers, body)) as sink:
        assert ask(outbound, sink.url).error == "protocol"


def test_a_slow_drip_ends_at_the_deadline(outbound: Outbound) -> None:
    with Sink(Answer(200, {}, b"a", drip=(b"b",), every_s=0.05, endless=True)) as sink:
        reply = ask(outbound, sink.url, deadline_s=0.4)
    assert (reply.status, reply.error) == (200, "timeout")
    assert reply.body.startswith(b"ab")
    assert 0.4 <= reply.seconds < 4


def test_headers_that_never_come_end_at_the_deadline(outbound: Outbound) -> None:
    with Sink(Answer(200, delay_s=30)) as sink:
        reply = ask(outbound, sink.url, deadline_s=0.3)
    assert (reply.status, reply.error) == (None, "timeout")
    assert reply.seconds < 4


def test_a_name_that_never_resolves_ends_at_the_deadline() -> None:
    class Never(Names):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
            await asyncio.sleep(60)
            return []

    client = Outbound(user_agent="t", allow_networks=LOOPBACK, resolver=Never(lambda _: []))
    assert ask(client, "http://sink:1/", deadline_s=10, connect_s=0.3).error == "timeout"
    client.close()


def test_a_connection_that_never_opens_ends_at_the_connect_deadline(outbound: Outbound) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        reply = ask(outbound, f"http://127.0.0.1:{full.getsockname()[1]}/", deadline_s=10, connect_s=0.3)
    assert reply.error == "timeout"
    assert reply.seconds < 5


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def test_each_failure_has_its_own_kind(outbound: Outbound, tmp_path: Path) -> None:
    authority, key = certificate(tmp_path, "localhost")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(authority, key)
    assert ask(outbound, f"http://127.0.0.1:{free_port()}/").error == "refused"
    with Sink(Answer(hang_up=True)) as sink:
        assert ask(outbound, sink.url, method="POST", body=b"x").error == "dropped"
    with Sink(tls=tls) as sink:
        reply = ask(outbound, f"https://127.0.0.1:{sink.port}/")
        assert (reply.error, sink.requests) == ("tls", [])
    with Sink(Answer(raw=b"SSH-2.0-OpenSSH_9.6\r\n")) as sink:
        assert ask(outbound, sink.url).error == "protocol"
    with Sink(Answer(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort")) as sink:
        reply = ask(outbound, sink.url)
        assert (reply.status, reply.error, reply.body) == (200, "dropped", b"short")


def test_a_name_that_is_not_there_is_a_dns_error() -> None:
    def missing(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = Outbound(user_agent="t", resolver=Names(missing))
    assert ask(client, "https://example.com/").error == "dns"
    client.close()


def test_a_certificate_and_the_name_in_the_hello_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path, "hooks.example.com")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    hello: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: hello.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with Sink(tls=tls) as sink:
        client = Outbound(
            user_agent="t",
            allow_networks=LOOPBACK,
            ports=frozenset({sink.port}),
            resolver=Names(lambda _: ["127.0.0.1"]),
        )
        reply = ask(client, f"https://hooks.example.com:{sink.port}/")
        wrong = ask(client, f"https://other.example.com:{sink.port}/")
        client.close()
    assert (reply.status, reply.error, hello[0]) == (204, "", "hooks.example.com")
    assert sink.requests[0].headers["host"] == f"hooks.example.com:{sink.port}"
    assert (wrong.error, len(sink.requests)) == ("tls", 1)


def test_no_more_than_allowed_fly_at_once_and_the_wait_is_not_held_against_them() -> None:
    client = Outbound(user_agent="t", allow_networks=LOOPBACK, concurrency=10)
    lock, most = threading.Lock(), [0]

    def count(_: Any) -> Answer:
        with lock:
            most[0] = max(most[0], sink.connections)
        return Answer(200, delay_s=0.15)

    with Sink(answer=count) as sink:
        for n in range(100):
            client.start(n, client.ask(Ask(url=sink.url, deadline_s=1.2, max_bytes=10)))
        assert client.in_flight == 100
        done: list[tuple[object, Reply]] = []
        while client.in_flight:
            done += client.collect(5)
    client.close()
    assert sorted(tag for tag, _ in done) == list(range(100))  # type: ignore[type-var]
    assert {reply.status for _, reply in done} == {200}
    assert most[0] <= 10


def test_collect_gives_up_after_its_timeout(outbound: Outbound) -> None:
    with Sink(Answer(delay_s=30)) as sink:
        outbound.start("slow", outbound.ask(Ask(url=sink.url, deadline_s=60, max_bytes=10)))
        sink.wait_for(1)
        began = time.monotonic()
        assert outbound.collect(0.05) == []
        assert time.monotonic() - began < 4
        assert outbound.in_flight == 1
    outbound.close()
    assert outbound.in_flight == 0


def test_what_a_coroutine_raises_reaches_the_collector(outbound: Outbound) -> None:
    async def broken() -> None:
        raise LookupError("ours")

    outbound.start("x", broken())
    with pytest.raises(LookupError, match="ours"):
        outbound.collect(5)
    assert outbound.in_flight == 0


def test_a_client_that_was_never_used_closes() -> None:
    Outbound(user_agent="t").close()
