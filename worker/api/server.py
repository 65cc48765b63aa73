"""The HTTP API: health for everybody, the rest for who holds the key; described at ``/schema``."""

import hmac
import ipaddress
from typing import Any

import redis
import uvicorn
from litestar import Litestar, Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from worker import __version__, wiring
from worker.api.alerts import AlertsController
from worker.api.health import healthz, readyz
from worker.api.subscriptions import SubscriptionsController
from worker.api.upkeep import UpkeepController
from worker.errors import AddressRefused, NotFound, SettingsError, SubscriptionRefused, TocsinError
from worker.settings import Settings
from worker.wiring import House

MAX_BODY = 64 * 1024


def create_app(house: House) -> Litestar:
    """The ASGI application over a house; raises SettingsError where it would stand open."""
    if not house.settings.api_key and not _loopback(house.settings.api_host):
        raise SettingsError("TOCSIN_API_KEY is not set and TOCSIN_API_HOST is not loopback: set the key")
    sender = wiring.make_sender(house.settings)
    v1 = Router("/v1", route_handlers=[SubscriptionsController, UpkeepController, AlertsController], guards=[_guard])
    return Litestar(
        route_handlers=[healthz, readyz, v1],
        state=State({"house": house, "sender": sender}),
        exception_handlers={TocsinError: _problem, redis.exceptions.RedisError: _away},
        request_max_body_size=MAX_BODY,
        on_shutdown=[sender.close],
        openapi_config=OpenAPIConfig(
            title="Tocsin",
            version=__version__,
            description="Alerts of real-world events, and who is told of them.",
            render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
            components=Components(
                security_schemes={"key": SecurityScheme(type="http", scheme="bearer", description="TOCSIN_API_KEY")}
            ),
            security=[{"key": []}],
        ),
    )


def serve(settings: Settings) -> None:
    """Serve until SIGTERM."""
    app = create_app(wiring.open_house(settings))
    uvicorn.run(app, host=settings.api_host, port=settings.api_port, log_level="warning", server_header=False)


def _guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in who sends ``Authorization: Bearer <TOCSIN_API_KEY>``; anybody where no key is set (loopback only)."""
    key = connection.app.state.house.settings.api_key
    given = connection.headers.get("authorization", "").removeprefix("Bearer ")
    if key and not hmac.compare_digest(given.encode(), key.encode()):
        raise NotAuthorizedException("send the header: Authorization: Bearer <TOCSIN_API_KEY>")


def _problem(_request: Request[Any, Any, Any], error: TocsinError) -> Response[dict[str, object]]:
    """An error of ours as RFC 9457 problem details."""
    status = (
        404 if isinstance(error, NotFound) else 422 if isinstance(error, SubscriptionRefused | AddressRefused) else 503
    )
    body: dict[str, object] = {"type": f"/problems/{type(error).__name__}", "title": str(error), "status": status}
    return Response(body, status_code=status, media_type="application/problem+json")


def _away(_request: Request[Any, Any, Any], error: redis.exceptions.RedisError) -> Response[dict[str, object]]:
    """Redis is away: nothing is lost, and the same request will do once it is back."""
    title = f"Redis does not answer ({type(error).__name__}): try again"
    body: dict[str, object] = {"type": "/problems/RedisAway", "title": title, "status": 503}
    return Response(body, status_code=503, media_type="application/problem+json", headers={"retry-after": "5"})


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
