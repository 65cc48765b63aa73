"""Which addresses and URLs may be dialled."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

import httpx
import pytest
import yarl
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.addresses import networks, vet_address, vet_endpoint, vet_url
from worker.errors import AddressRefused

PORTS = frozenset({443, 8443})
LOOPBACK = (ip_network("127.0.0.0/8"),)


def words(text: str) -> list[str]:
    return text.split()


INSIDE_V4 = words(
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 "
    "172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1 "
    "192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255"
)
INSIDE_V6 = words(
    ":: ::1 ::127.0.0.1 ::ffff:0:7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::5efe:7f00:1 "
    "64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:1::a00:1 100::1 2001::1 2001:db8::1 "
    "2002:7f00:1:: 2002:a9fe:a9fe:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 3fff::1 5f00::1 2620:4f:8000::1"
)
OPEN = words(
    "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 192.0.1.1 100.63.255.255 168.63.129.15 223.255.255.255 "
    "2606:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888 2001:200::1 64:ff9b::808:808 ::ffff:8.8.8.8"
)


@pytest.mark.parametrize("address", INSIDE_V4 + INSIDE_V6)
def test_an_inside_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        vet_address(address)


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_open_internet_passes(address: str) -> None:
    vet_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.1",
        "",
        "localhost",
        "fe80::1%eth0",
        "2606:4700::1%1",
        "8.8.8.8 ",
        "٨.8.8.8",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        vet_address(text)


@pytest.mark.parametrize("host", INSIDE_V4 + [f"[{a}]" for a in INSIDE_V6])
def test_a_url_with_an_inside_literal_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        vet_url(f"https://{host}/hook", ports=PORTS, http=False, allow=())


HOSTILE = {
    "hex and short": "https://0x7f.1/",
    "hex whole": "https://0x7f000001/",
    "octal": "https://0177.0.0.1/",
    "decimal": "https://2130706433/",
    "short": "https://127.1/",
    "four parts with hex": "https://127.0.0.0x1/",
    "too large a part": "https://1.2.3.256/",
    "trailing dot": "https://127.0.0.1./",
    "full-width digits": "https://１２７.０.０.１/",
    "ideographic full stops": "https://127。0。0。1/",
    "circled digits": "https://①②⑦.0.0.1/",
    "mapped in brackets": "https://[::ffff:10.0.0.1]/",
    "scope id": "https://[fe80::1%25eth0]/",
    "scope id on an open address": "https://[2606:4700::1111%1]/",
    "ipvfuture": "https://[v1.fe80]/",
    "bracket not closed": "https://[::1/",
    "percent in host": "https://127.0.0.1%2f@example.com/",
    "percent-encoded host": "https://%31%32%37.0.0.1/",
    "user name": "https://user@example.com/",
    "user name and password": "https://a:b@example.com/",
    "empty user": "https://@example.com/",
    "fragment": "https://example.com/#x",
    "empty fragment": "https://example.com/#",
    "http": "http://example.com/",
    "http on the https port": "http://example.com:443/",
    "port 22": "https://example.com:22/",
    "port 80": "https://example.com:80/",
    "port 0": "https://example.com:0/",
    "port too large": "https://example.com:65536/",
    "port is a word": "https://example.com:https/",
    "port in other digits": "https://example.com:４４３/",
    "backslash": "https://example.com\\@127.0.0.1/",
    "tab in host": "https://exam\tple.com/",
    "line feed": "https://example.com/\nHost: x",
    "space before": " https://example.com/",
    "space inside": "https://example.com/a b",
    "file": "file:///etc/passwd",
    "gopher": "gopher://example.com/",
    "unix socket": "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "javascript": "javascript:alert(1)",
    "no scheme": "//example.com/",
    "no host": "https:///path",
    "only a path": "/etc/passwd",
    "empty": "",
    "too long": "https://example.com/" + "a" * 2048,
    "too long in normal form": "https://example.com/" + "é" * 500,
    "label too long": f"https://{'a' * 64}.com/",
    "empty label": "https://example..com/",
    "leading hyphen": "https://-example.com/",
    "localhost": "https://localhost/",
    "under localhost": "https://a.localhost/",
    "local": "https://printer.local/",
    "metadata name": "https://metadata.google.internal/",
    "one label": "https://intranet/",
    "bad international name": "https://xn--a-é.com/",
    "joiner in name": "https://exa\u200dmple.com/",
    "semicolon in host": "https://example.com;.evil.com/",
}


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_url_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        vet_url(url, ports=PORTS, http=False, allow=())


NORMAL = {
    "as it is": ("https://example.com/hook", "https://example.com/hook"),
    "no path": ("https://example.com", "https://example.com/"),
    "capitals": ("HTTPS://Example.COM/Hook", "https://example.com/Hook"),
    "default port": ("https://example.com:443/", "https://example.com/"),
    "other port": ("https://example.com:8443/", "https://example.com:8443/"),
    "trailing dot": ("https://example.com./", "https://example.com/"),
    "international name": ("https://bücher.example/ü?q=ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
    "mapped dots": ("https://example。com/", "https://example.com/"),
    "query with marks": ("https://example.com/?a[]=1&b=%20", "https://example.com/?a[]=1&b=%20"),
    "underscore": ("https://a_b.example.com/", "https://a_b.example.com/"),
    "open address": ("https://8.8.8.8/", "https://8.8.8.8/"),
    "open address, six": ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
}


@pytest.mark.parametrize(("url", "normal"), NORMAL.values(), ids=NORMAL.keys())
def test_a_good_url_comes_back_in_normal_form(url: str, normal: str) -> None:
    assert vet_url(url, ports=PORTS, http=False, allow=()) == normal


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/x", "http://localhost:9000/", "http://sink:8080/", "https://[::ffff:127.0.0.1]:1/"]
)
def test_an_allowed_network_may_use_http_and_any_port(url: str) -> None:
    assert vet_url(url, ports=PORTS, http=False, allow=LOOPBACK)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://example.com/", "https://example.com:9000/", "https://[::1]/"]
)
def test_an_allowed_network_opens_nothing_else(url: str) -> None:
    with pytest.raises(AddressRefused):
        vet_url(url, ports=PORTS, http=False, allow=LOOPBACK)


def test_an_open_address_is_dialled_on_vetted_ports_only() -> None:
    vet_endpoint("8.8.8.8", 443, ports=PORTS)
    vet_endpoint("127.0.0.1", 9000, ports=PORTS, allow=LOOPBACK)
    with pytest.raises(AddressRefused, match="port 9000"):
        vet_endpoint("8.8.8.8", 9000, ports=PORTS, allow=LOOPBACK)
    with pytest.raises(AddressRefused):
        vet_endpoint("127.0.0.1", 443, ports=PORTS)


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(AddressRefused) as caught:
        vet_url("https://user:hunter2@example.com/", ports=PORTS, http=False, allow=())
    assert "hunter2" not in str(caught.value)


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(AddressRefused, match="sandwich"):
        networks(["sandwich"])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_every_way_to_embed_an_address_is_judged_like_the_address(number: int) -> None:
    def refused(address: str) -> bool:
        try:
            vet_address(address)
        except AddressRefused:
            return True
        return False

    plain = refused(str(IPv4Address(number)))
    for base in ("::ffff:0:0", "64:ff9b::"):
        assert refused(str(IPv6Address(int(IPv6Address(base)) + number))) == plain
    if not plain:
        assert IPv4Address(number).is_global


STARTS = st.sampled_from(["https://", "https://example.com", "https://example.com/", "https://é.example", ""])
SHARP = st.text(alphabet=st.sampled_from("a1.:/@?#%[]\\;&=é。１-_~!$'()*+, \u200d"), max_size=30)


@given(st.text(max_size=40) | SHARP, STARTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_refused_or_normal_and_normal_form_is_stable(text: str, start: str) -> None:
    try:
        normal = vet_url(start + text, ports=PORTS, http=False, allow=())
    except AddressRefused:
        return
    assert normal.isascii()
    assert vet_url(normal, ports=PORTS, http=False, allow=()) == normal
    # Neither of the two libraries that read the URL after us may see another host or port in it.
    ours = urlsplit(normal)
    for theirs in (httpx.URL(normal), yarl.URL(normal)):
        assert (theirs.raw_host.decode() if isinstance(theirs, httpx.URL) else theirs.raw_host) == ours.hostname
        assert (theirs.port or 443) == (ours.port or 443)
