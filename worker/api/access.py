"""Who may ask: the bearer of a key, or anybody on this machine where no key was ever set."""

import asyncio
import hmac
import ipaddress
from typing import Any, Final, cast
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, TooManyRequestsException
from litestar.handlers import BaseRouteHandler

from worker.api.desk import Desk
from worker.api.keys import Caller, KeyStore, Scope
from worker.errors import SettingsError
from worker.settings import Settings
from worker.wiring import House

Connection = ASGIConnection[Any, Any, Any, Any]
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def desk_of(connection: Connection) -> Desk:
    """The desk of the application that a request came to."""
    return cast(Desk, connection.app.state.desk)


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in who has the scope that the route wants (``opt={"scope": ...}``), and not too often."""
    desk = desk_of(connection)
    caller = await bearer(connection)
    if caller is None:
        raise NotAuthorizedException("no key, or one that is not known here")
    wait = desk.limiter.wait_s(caller.name)
    if wait:
        raise TooManyRequestsException("too many requests for this key", headers={"retry-after": str(int(wait) + 1)})
    wanted: Scope = handler.opt.get("scope", "read")
    if not caller.may(wanted):
        raise PermissionDeniedException(f"this key may {caller.scope}; this wants {wanted}")


async def bearer(connection: Connection) -> Caller | None:
    """Who sends ``Authorization: Bearer <key>``; on an open API, anybody."""
    desk = desk_of(connection)
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        return await asyncio.to_thread(by_key, desk, given) if _asks_redis(desk, given) else by_key(desk, given)
    if not _may_be_open(desk.house.settings) or not local(connection):
        return None
    anyone = Caller(name="this machine", scope="operate")
    return None if await asyncio.to_thread(desk.keys.exist) else anyone


def by_key(desk: Desk, given: str) -> Caller | None:
    """The caller of a key: the one of the settings, or one that was made."""
    own = desk.house.settings.api_key
    if own and hmac.compare_digest(given.encode(), own.encode()):
        return Caller(name="TOCSIN_API_KEY", scope="operate")
    known = desk.keys.known(given)
    return Caller(name=known.id, scope=known.scope) if known else None


def _asks_redis(desk: Desk, given: str) -> bool:
    own = desk.house.settings.api_key
    return not (own and hmac.compare_digest(given.encode(), own.encode())) and not desk.keys.remembers(given)


def is_open(desk: Desk) -> bool:
    """Whether anybody on this machine may do anything: no key was ever made, and it listens on loopback only."""
    return _may_be_open(desk.house.settings) and not desk.keys.exist()


def _may_be_open(settings: Settings) -> bool:
    return not settings.api_key and not settings.console_password and loopback(settings.api_host)


def insist_on_a_key(house: House) -> None:
    """Raises SettingsError where a house would stand open to other machines."""
    keyed = house.settings.api_key or KeyStore(house.ledger).exist()
    if not keyed and not loopback(house.settings.api_host):
        raise SettingsError("TOCSIN_API_KEY is not set and TOCSIN_API_HOST is not loopback: set the key")


def local(connection: Connection) -> bool:
    """Whether a request means this machine and comes from no other site: a page elsewhere must not steer us."""
    host = connection.headers.get("host", "")
    return loopback(urlsplit(f"//{host}").hostname or "") and same_site(connection)


def same_site(connection: Connection) -> bool:
    """Whether a browser says that the request comes from our own pages; programs say nothing, and pass."""
    if isinstance(connection, Request) and connection.method in READING:
        return True
    origin = connection.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != connection.headers.get("host", ""):
        return False
    return connection.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def loopback(host: str) -> bool:
    """Whether this name or address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
