"""What went wrong with a request, by its innermost cause: a word that a program can act on, and words for a person."""

import socket
import ssl
from typing import Final

import aiohttp
import httpx

from worker.errors import AddressRefused
from worker.inflate import BadEncoding


class TooManyRedirects(Exception):
    """A chain of redirects longer than was asked for."""


_KINDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (AddressRefused, "address_refused"),
    (TooManyRedirects, "redirects"),
    (TimeoutError, "timeout"),
    (httpx.ConnectTimeout, ""),
    (httpx.TimeoutException, "timeout"),
    (socket.gaierror, "dns"),
    (aiohttp.ClientConnectorDNSError, "dns"),
    (ssl.SSLError, "tls"),
    (aiohttp.ClientSSLError, "tls"),
    (ConnectionRefusedError, "refused"),
    (ConnectionResetError, "dropped"),
    (aiohttp.ClientConnectorError, "refused"),
    (aiohttp.ClientConnectionError, "dropped"),
    (aiohttp.ClientPayloadError, "dropped"),
    (BadEncoding, "protocol"),
)


def judge(caught: BaseException) -> tuple[str, str]:
    """The kind of a failure and its words, judged by its innermost cause that has a kind.

    httpx-aiohttp raises ConnectTimeout for refused, DNS, TLS and dropped alike, so that name itself tells nothing.
    """
    kind, detail = "protocol", f"{type(caught).__name__}: {caught}"
    link: BaseException | None = caught
    while link is not None:
        found = next((k for cls, k in _KINDS if isinstance(link, cls)), "")
        if found:
            kind, detail = found, str(link) or type(link).__name__
        link = link.__cause__
    return kind, detail[:300]
