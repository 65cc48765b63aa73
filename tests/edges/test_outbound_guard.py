"""The guard inside the outbound client: names, sockets and redirects that lead inside."""

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.edges.test_outbound import LOOPBACK, Names, ask
from tests.support.sink import Answer, Sink
from worker.errors import AddressRefused
from worker.outbound import Outbound

FIRST_ONLY = ("127.0.0.1/32",)


@pytest.fixture
def client_with() -> Iterator[Callable[..., Outbound]]:
    clients = []

    def make(answer: Callable[[str], list[str]] | None = None, **more: object) -> Outbound:
        resolver = Names(answer) if answer else None
        clients.append(Outbound(user_agent="t", resolver=resolver, **more))  # type: ignore[arg-type]
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700::1111", "::1"],
        ["93.184.216.34", "::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["169.254.169.254"],
    ],
    ids=" ".join,
)
def test_a_name_with_any_bad_answer_is_refused(client_with: Callable[..., Outbound], answers: list[str]) -> None:
    reply = ask(client_with(lambda _: answers), "https://rebind.example.com/")
    assert (reply.status, reply.error) == (None, "address_refused")


def test_localhost_of_the_real_resolver_is_refused(client_with: Callable[..., Outbound]) -> None:
    # 10.9.8.0/24 is allowed only so that a local name may be looked up at all.
    reply = ask(client_with(None, allow_networks=("10.9.8.0/24",)), "http://localhost:80/")
    assert reply.error == "address_refused"


def test_a_name_that_rebinds_reaches_only_what_was_vetted(client_with: Callable[..., Outbound]) -> None:
    with Sink(Answer(200, {"connection": "close"})) as good, Sink(host="127.0.0.2", port=good.port) as inside:
        turns = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"]])
        client = client_with(lambda _: next(turns), allow_networks=FIRST_ONLY)
        url = f"http://rebind:{good.port}/"
        assert ask(client, url).status == 200
        assert ask(client, url).error == "address_refused"
        assert ask(client, url).status == 200
    assert (len(good.requests), inside.connections) == (2, 0)


def test_answers_changed_after_they_were_vetted_are_not_dialled(client_with: Callable[..., Outbound]) -> None:
    class Fickle(list[str]):
        """Good when it is looked at first, bad ever after."""

        looks = 0

        def __iter__(self) -> Iterator[str]:
            self.looks += 1
            yield "127.0.0.1" if self.looks == 1 else "127.0.0.2"

    with Sink() as good, Sink(host="127.0.0.2", port=good.port) as inside:
        answers = Fickle()
        client = client_with(lambda _: answers, allow_networks=FIRST_ONLY)
        assert ask(client, f"http://rebind:{good.port}/").status == 204
    assert inside.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fe80::1%1", "8.8.8.8"])
def test_the_socket_itself_is_refused(client_with: Callable[..., Outbound], address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(AddressRefused):
        client_with()._socket((family, socket.SOCK_STREAM, 6, "", (address, 80)))


def test_a_unix_socket_is_refused(client_with: Callable[..., Outbound]) -> None:
    with pytest.raises(AddressRefused):
        client_with()._socket((socket.AF_UNIX, socket.SOCK_STREAM, 0, "", "/var/run/docker.sock"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "https://[::1]/", "https://0x7f.1/", "https://u@example.com/", "nonsense"]
)
def test_a_url_is_vetted_before_anything_is_dialled(client_with: Callable[..., Outbound], url: str) -> None:
    reply = ask(client_with(), url)
    assert (reply.status, reply.error) == (None, "address_refused")


def test_a_port_on_an_open_address_is_vetted_though_its_name_is_local(client_with: Callable[..., Outbound]) -> None:
    client = client_with(lambda _: ["8.8.8.8"], allow_networks=FIRST_ONLY)
    assert ask(client, "http://intranet:9000/").error == "address_refused"


REDIRECTS = {
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata over https": "https://169.254.169.254/",
    "loopback six": "http://[::1]:80/",
    "another loopback": "http://127.0.0.2/",
    "file": "file:///etc/passwd",
    "user name": "http://a@127.0.0.1/",
    "hex": "http://0x7f.1/",
    "nonsense": "http://[",
}


@pytest.mark.parametrize("target", REDIRECTS.values(), ids=REDIRECTS.keys())
def test_a_redirect_to_the_inside_is_refused(client_with: Callable[..., Outbound], target: str) -> None:
    client = client_with(None, allow_networks=FIRST_ONLY)
    with Sink(Answer(302, {"location": target})) as sink:
        reply = ask(client, sink.url, redirects=5)
    assert reply.error == "address_refused"
    assert [code for code, _ in reply.moved] in ([302], [])
    assert len(sink.requests) == 1


def test_redirects_are_followed_and_told(client_with: Callable[..., Outbound]) -> None:
    client = client_with(None, allow_networks=LOOPBACK)
    with Sink(
        Answer(301, {"location": "/two#part"}), Answer(302, {"location": "three"}), Answer(200, {}, b"there")
    ) as sink:
        reply = ask(client, f"{sink.url}/one", redirects=3, headers={"accept": "x/y"})
        assert (reply.status, reply.body, reply.url) == (200, b"there", f"{sink.url}/three")
        assert reply.moved == ((301, f"{sink.url}/two"), (302, f"{sink.url}/three"))
        assert [r.path for r in sink.requests] == ["/one", "/two", "/three"]
        assert sink.requests[2].headers["accept"] == "x/y"


def test_a_chain_of_redirects_ends(client_with: Callable[..., Outbound]) -> None:
    client = client_with(None, allow_networks=LOOPBACK)
    with Sink(Answer(302, {"location": "/again"})) as sink:
        reply = ask(client, sink.url, redirects=3)
        assert (reply.error, reply.status, len(sink.requests)) == ("redirects", 302, 4)


def test_a_secret_header_does_not_follow_to_another_host(client_with: Callable[..., Outbound]) -> None:
    client = client_with(None, allow_networks=LOOPBACK)
    with Sink() as other, Sink(Answer(302, {"location": other.url})) as sink:
        reply = ask(client, sink.url, redirects=1, headers={"Authorization": "Bearer x"})
    assert reply.status == 204
    assert "authorization" in sink.requests[0].headers
    assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_no_redirect_is_followed_unless_asked(client_with: Callable[..., Outbound], method: str) -> None:
    client = client_with(None, allow_networks=LOOPBACK)
    with Sink(Answer(302, {"location": "/b"}, b"moved"), Answer(200)) as sink:
        reply = ask(client, sink.url, method=method)
    assert (reply.status, reply.error, reply.moved, reply.body) == (302, "", (), b"moved")
    assert len(sink.requests) == 1
