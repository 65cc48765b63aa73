"""Which network addresses may be dialled: never the inside of a network, whatever a URL or a name server says.

``ipaddress.is_global`` is not enough (it calls several translated and anycast forms global), so the ranges stand here.
Sources: the IANA special-purpose address registries, RFC 6890, RFC 6052 (64:ff9b::/96), and the hosting provider's
metadata services 169.254.169.254 and 168.63.129.16.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

import idna

from worker.errors import AddressRefused

Network = IPv4Network | IPv6Network

MAX_URL: Final = 2048
DEFAULT_PORTS: Final = {"https": 443, "http": 80}

REFUSED_V4: Final = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
ALLOWED_V6: Final = IPv6Network("2000::/3")
REFUSED_V6: Final = tuple(
    IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
# In these the last 32 bits are an IPv4 address that is dialled in the end.
EMBEDDED_V4: Final = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))

_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A last label like this makes some resolvers read the whole host as an IPv4 address in octal, hex or short form.
_NUMERIC: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
_LOCAL_SUFFIXES: Final = (".localhost", ".local", ".internal")


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """The networks of these names such as ``127.0.0.0/8``; raises AddressRefused naming the one that is none."""
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise AddressRefused(f"not a network: {error}; write it like 127.0.0.0/8") from error


def vet_address(address: str, allow: Sequence[Network] = ()) -> None:
    """Raise AddressRefused unless this literal address lies in the open Internet or in an allowed network."""
    ip = _parse(address)
    if not _allowed(ip, allow):
        _refuse_inside(ip)


def vet_endpoint(address: str, port: int, *, ports: frozenset[int], allow: Sequence[Network] = ()) -> None:
    """Raise AddressRefused unless address and port may be dialled; an allowed network may use any port."""
    ip = _parse(address)
    if _allowed(ip, allow):
        return
    _refuse_inside(ip)
    if port not in ports:
        raise AddressRefused(f"port {port} is not among {_listed(ports)}")


def vet_url(url: str, *, ports: frozenset[int], http: bool, allow: Sequence[Network] = ()) -> str:
    """The URL in normal form; raises AddressRefused for one that must not be dialled.

    A literal address in an allowed network, and while any network is allowed a local name (``localhost``, one label),
    may use http and any port: what the name resolves to is vetted with its port when it is dialled.
    """
    if len(url) > MAX_URL:
        raise AddressRefused(f"the URL is longer than {MAX_URL} characters")
    if _FORBIDDEN.search(url):
        raise AddressRefused("the URL holds a space, a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(f"the URL cannot be read: {error}") from error
    _refuse_shape(parts, url)
    host, trusted = _host(parts.hostname or "", allow)
    if parts.scheme == "http" and not (http or trusted):
        raise AddressRefused("http is not allowed: use https")
    if port is None:
        port = DEFAULT_PORTS[parts.scheme]
    if not trusted and port not in ports:
        raise AddressRefused(f"port {port} is not among {_listed(ports)}")
    shown = f":{port}" if port != DEFAULT_PORTS[parts.scheme] else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~[]")
    query = "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~[]") if parts.query else ""
    normal = f"{parts.scheme}://{host}{shown}{path}{query}"
    if len(normal) > MAX_URL:
        raise AddressRefused(f"the URL in normal form is longer than {MAX_URL} characters")
    return normal


def _refuse_shape(parts: SplitResult, url: str) -> None:
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressRefused(f"scheme {parts.scheme[:20]!r} is not https")
    if "@" in parts.netloc:
        raise AddressRefused("the URL carries a user name or password")
    if "#" in url:
        raise AddressRefused("the URL carries a fragment")
    if not parts.hostname:
        raise AddressRefused("the URL names no host")
    if "[" in parts.netloc and ":" not in parts.hostname:
        raise AddressRefused("the brackets hold no IPv6 address")


def _host(host: str, allow: Sequence[Network]) -> tuple[str, bool]:
    """The host in normal form, and whether it is one of ours (allowed address or local name)."""
    if ":" in host:
        ip = _parse(host)
        return f"[{ip}]", _vetted(ip, allow)
    name = _ascii(host)
    if _NUMERIC.fullmatch(name.rpartition(".")[2]):
        ip = _parse(name)
        return str(ip), _vetted(ip, allow)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise AddressRefused(f"{name[:80]!r} is not a host name")
    local = "." not in name or name.endswith(_LOCAL_SUFFIXES)
    if local and not allow:
        raise AddressRefused(f"{name[:80]!r} is a local name")
    return name, local


def _ascii(host: str) -> str:
    # Mapping comes first: full-width digits and the ideographic full stop are another way to write 127.0.0.1.
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError as error:
            raise AddressRefused(f"the host is not a valid international name: {error}") from error
    return host.lower().removesuffix(".")


def _parse(address: str) -> IPv4Address | IPv6Address:
    try:
        ip = ip_address(address)
    except ValueError as error:
        raise AddressRefused(f"{address[:80]!r} is not an IP address in plain form") from error
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        raise AddressRefused(f"{address[:80]!r} carries a scope id")
    return ip


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv6Address) and any(ip in n for n in EMBEDDED_V4):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _allowed(ip: IPv4Address | IPv6Address, allow: Sequence[Network]) -> bool:
    inner = _embedded(ip)
    return any(inner.version == n.version and inner in n for n in allow)


def _vetted(ip: IPv4Address | IPv6Address, allow: Sequence[Network]) -> bool:
    if _allowed(ip, allow):
        return True
    _refuse_inside(ip)
    return False


def _refuse_inside(ip: IPv4Address | IPv6Address) -> None:
    inner = _embedded(ip)
    if isinstance(inner, IPv4Address):
        bad: Network | None = next((n for n in REFUSED_V4 if inner in n), None)
    elif inner not in ALLOWED_V6:
        raise AddressRefused(f"{ip} lies outside {ALLOWED_V6}")
    else:
        bad = next((n for n in REFUSED_V6 if inner in n), None)
    if bad is not None:
        raise AddressRefused(f"{ip} lies in {bad}, which is not the open Internet")


def _listed(ports: frozenset[int]) -> str:
    return ", ".join(str(p) for p in sorted(ports))
