"""The one guarded HTTP client, for inbound fetches and deliveries alike.

httpx over aiohttp, by its transport alone (no cookies, no redirects of its own), in an event loop that lives in one
daemon thread as long as the process: a loop that stops between jobs misses the peer's close. Every address is vetted
where names are resolved and again where the socket is made.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

import aiohttp
import httpx
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from worker.addresses import DEFAULT_PORTS, Network, networks, vet_endpoint, vet_url
from worker.errors import AddressRefused
from worker.failures import TooManyRedirects, judge
from worker.flights import Flight, Flights
from worker.inflate import Body, headers_of
from worker.proxies import greeting, through

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
BODILESS: Final = frozenset({204, 304})
# Shorter than the 5 s after which common servers hang up, so that a post seldom meets a connection about to close.
KEEPALIVE_S: Final = 4.0
MAX_HEADER: Final = 32 * 1024
VETTED: Final = 20_000  # addresses that are not vetted anew at each request: they are only words until they are dialled
# What a redirect may carry to another origin: nothing that could be a secret.
FOLLOWING: Final = frozenset({"accept", "accept-encoding", "accept-language", "if-none-match", "if-modified-since"})


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request; ``deadline_s`` covers names, connection, TLS, headers and body, ``max_bytes`` the unpacked body.

    Of its headers only ``FOLLOWING`` go along to another origin. A ``proxy`` is dialled in the peer's place, under the
    same guard: one on the inside must lie in an allowed network.
    """

    method: str = "GET"
    url: str
    headers: dict[str, str] = {}
    body: bytes = b""
    deadline_s: float
    connect_s: float = 5.0
    max_bytes: int
    redirects: int = 0
    proxy: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: ``status`` is ``None`` when nothing did, and ``error`` is empty when all went well.

    ``error`` is one of timeout, dns, refused, tls, dropped, too_large, address_refused, redirects, protocol; one that
    struck in the body stands beside the status. A body over its cap is cut there, ``truncated`` and ``too_large``.
    """

    status: int | None = None
    headers: dict[str, str] = {}
    body: bytes = b""
    url: str = ""
    truncated: bool = False
    error: str = ""
    detail: str = ""
    seconds: float = 0.0
    moved: tuple[tuple[int, str], ...] = ()


class EndpointRefused(AddressRefused, OSError):
    """An address refused inside the connector, which lets only an OSError pass unharmed."""


class _Flight:
    """What is known of a request under way, so that a deadline loses none of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.truncated = False
        self.moved: list[tuple[int, str]] = []


class _GuardedResolver(AbstractResolver):
    """Refuses a name when any of its addresses must not be dialled."""

    def __init__(self, inner: AbstractResolver, allow: Sequence[Network], ports: frozenset[int]) -> None:
        self._inner, self._allow, self._ports = inner, allow, ports

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:
        answers = [answer.copy() for answer in await self._inner.resolve(host, port, family)]
        for answer in answers:
            vet_endpoint(answer["host"], answer["port"], ports=self._ports, allow=self._allow)
        return answers

    async def close(self) -> None:
        await self._inner.close()


class Outbound:
    """A guarded client; ``ask`` runs only in coroutines given to ``start``, whose results ``collect`` hands out."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow_networks: Sequence[str] = (),
        http: bool = False,
        ports: frozenset[int] = frozenset({443, 8443}),
        concurrency: int = 100,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """A client that dials nothing yet; ``resolver`` replaces the system's, and is guarded like it."""
        self._user_agent, self._allow = user_agent, networks(allow_networks)
        self._http, self._ports, self._resolver = http, ports, resolver
        self._slots = asyncio.Semaphore(concurrency)
        self._flights = Flights(lookups=min(concurrency, 64))
        self._session: aiohttp.ClientSession | None = None
        self._tls: ssl.SSLContext | None = None
        # httpx's transports without its client: no cookies, no redirects, no log of URLs, whose path may be a password.
        self._transports: dict[str, AiohttpTransport] = {}
        self._vetted = lru_cache(maxsize=VETTED)(self._vet)

    @property
    def in_flight(self) -> int:
        """How many coroutines were started and not yet collected."""
        return self._flights.in_flight

    def start(self, tag: object, coroutine: Flight) -> None:
        """Run a coroutine on the client's thread; its result comes from ``collect`` with this tag."""
        self._flights.start(tag, coroutine)

    def run(self, coroutine: Flight) -> Any:
        """Run one coroutine on the client's thread and wait for its result; safe from any other thread."""
        return self._flights.run(coroutine)

    @property
    def late_s(self) -> float:
        """How long the client's thread lately took to look at what was started."""
        return self._flights.late_s

    def collect(self, timeout: float, gather_s: float = 0.0) -> list[tuple[object, Any]]:
        """Finished (tag, result) pairs: see ``Flights.collect``."""
        return self._flights.collect(timeout, gather_s)

    def close(self) -> None:
        """Cancel what is in flight, close every connection and end the thread."""
        self._flights.close(self._hang_up())

    async def ask(self, ask: Ask) -> Reply:
        """The peer's answer, or what kept it from coming: never raises for what a peer does."""
        async with self._slots:
            flight = _Flight(ask.url)
            began = time.monotonic()
            error = detail = ""
            try:
                async with asyncio.timeout(ask.deadline_s):
                    await self._follow(ask, flight)
                if flight.truncated:
                    error, detail = "too_large", f"the body is over {ask.max_bytes} bytes"
            except TimeoutError:
                error, detail = "timeout", f"no full answer within {ask.deadline_s:g} s"
            except Exception as caught:
                error, detail = judge(caught)
            return Reply(
                status=flight.status,
                headers=flight.headers,
                body=bytes(flight.body),
                url=flight.url,
                truncated=flight.truncated,
                error=error,
                detail=detail,
                seconds=time.monotonic() - began,
                moved=tuple(flight.moved),
            )

    async def _follow(self, ask: Ask, flight: _Flight) -> None:
        url, headers = ask.url, ask.headers
        while True:
            url, vetted = self._vetted(url)
            flight.url = url
            await self._hop(ask, vetted, headers, flight)
            target = flight.headers.get("location", "")
            if flight.status not in REDIRECTS or not target or not ask.redirects or ask.method not in ("GET", "HEAD"):
                return
            if len(flight.moved) >= ask.redirects:
                raise TooManyRedirects(f"more than {ask.redirects} redirects")
            target = _target(url, target)
            flight.moved.append((flight.status, target[:2048]))
            if urlsplit(target)[:2] != urlsplit(url)[:2]:
                headers = {k: v for k, v in headers.items() if k.lower() in FOLLOWING}
            url, flight.status, flight.headers = target, None, {}

    def _vet(self, url: str) -> tuple[str, httpx.URL]:
        """A URL in normal form, as text and in parts; raises AddressRefused. Its addresses are vetted when dialled."""
        normal = vet_url(_target(url, ""), ports=self._ports, http=self._http, allow=self._allow)
        return normal, httpx.URL(normal)

    async def _hop(self, ask: Ask, url: httpx.URL, headers: dict[str, str], flight: _Flight) -> None:
        request = httpx.Request(
            ask.method,
            url,
            headers={"user-agent": self._user_agent, "accept-encoding": "gzip", **headers},
            stream=httpx.ByteStream(ask.body),  # given as content, httpx would write headers that aiohttp writes too
            extensions={"timeout": {"connect": ask.connect_s, "pool": ask.connect_s}},
        )
        request.read()
        request.headers.encoding = "utf-8"  # otherwise guessed anew for each of them
        transport = self._opened(ask.proxy)
        if ask.proxy:
            await self._vet_behind(str(url))
            # Without TLS there is no tunnel: the proxy itself reads the request's headers, and takes its own off.
            request.headers.update(greeting(ask.proxy) if url.scheme == "http" else {})
        response = await transport.handle_async_request(request)
        try:
            flight.status = response.status_code
            flight.headers = headers_of(response.headers.raw)
            if flight.status not in BODILESS and (flight.status not in REDIRECTS or not ask.redirects):
                await _read(response, ask.max_bytes, flight)
        finally:
            await response.aclose()

    async def _vet_behind(self, url: str) -> None:
        """Refuse a name whose addresses are bad as far as we can see them: a proxy looks names up for itself."""
        parts = urlsplit(url)
        guarded = _GuardedResolver(self._resolver or aiohttp.ThreadedResolver(), self._allow, self._ports)
        with contextlib.suppress(OSError):
            await guarded.resolve(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])

    def _opened(self, proxy: str) -> AiohttpTransport:
        if proxy not in self._transports:
            # Here the environment names certificate authorities (SSL_CERT_FILE) only; proxies never come from it.
            tls = self._tls = self._tls or httpx.create_ssl_context(trust_env=True)
            self._transports[proxy] = AiohttpTransport(
                verify=tls, trust_env=False, client=self._connected(tls), proxy=through(proxy) if proxy else None
            )
        return self._transports[proxy]

    def _connected(self, tls: ssl.SSLContext) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_GuardedResolver(self._resolver or aiohttp.ThreadedResolver(), self._allow, self._ports),
                socket_factory=self._socket,
                ssl=tls,
                limit=0,
                keepalive_timeout=KEEPALIVE_S,
                use_dns_cache=False,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                max_line_size=MAX_HEADER,
                max_field_size=MAX_HEADER,
            )
        return self._session

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if family not in (socket.AF_INET, socket.AF_INET6):
            raise EndpointRefused(f"address family {family} is not IP")
        try:
            vet_endpoint(address[0], address[1], ports=self._ports, allow=self._allow)
        except AddressRefused as error:
            raise EndpointRefused(str(error)) from error
        return socket.socket(family, kind, protocol)

    async def _hang_up(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()
        self._session = None


async def _read(response: httpx.Response, cap: int, flight: _Flight) -> None:
    body = Body(flight.headers.get("content-encoding", ""), cap)
    flight.body = body.content
    async for chunk in response.aiter_raw():
        if not body.feed(chunk):
            flight.truncated = True
            return
    body.finish()


def _target(base: str, target: str) -> str:
    try:
        return urldefrag(urljoin(base, target) if target else base)[0]
    except ValueError as error:
        raise AddressRefused(f"the URL cannot be read: {error}") from error
