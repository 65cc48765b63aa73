"""The HTTP API and the console: health for everybody, the rest for who holds a key; described at ``/schema``."""

import resource
from typing import Any

import redis
import uvicorn
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from worker import __version__, wiring
from worker.api import problems
from worker.api.access import guard, insist_on_a_key
from worker.api.alerts import AlertsController, alerts_atom, alerts_geojson, wanted, which
from worker.api.articles import ArticlesController
from worker.api.deliveries import DeliveriesController
from worker.api.desk import Desk
from worker.api.exchange import discover_feeds, feeds_opml, import_feeds
from worker.api.feeds import FeedsController
from worker.api.health import healthz, metrics, readyz
from worker.api.pages import Pages
from worker.api.stream import Hub, alerts_stream
from worker.api.subscriptions import SubscriptionsController
from worker.api.triggers import TriggersController, explain
from worker.console.app import console_routes
from worker.errors import TocsinError
from worker.settings import Settings
from worker.wiring import House

MAX_BODY = 1024 * 1024
GRACE_S = 5
CONNECTIONS = 65_536
HANDLERS: dict[Any, Any] = {
    TocsinError: problems.on_ours,
    redis.exceptions.RedisError: problems.on_away,
    HTTPException: problems.on_refused,
    Exception: problems.on_mistake,
}


def create_app(house: House) -> Litestar:
    """The ASGI application over a house; raises SettingsError where it would stand open."""
    insist_on_a_key(house)
    desk = Desk(house)
    v1 = Router(
        "/v1",
        route_handlers=[
            *(
                FeedsController,
                discover_feeds,
                feeds_opml,
                import_feeds,
                TriggersController,
                explain,
                ArticlesController,
                AlertsController,
                alerts_stream,
            ),
            *(alerts_geojson, alerts_atom, SubscriptionsController, DeliveriesController),
        ],
        guards=[guard],
        dependencies={
            "kind": Provide(which, sync_to_thread=False),
            "wish": Provide(wanted, sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
    )
    return Litestar(
        route_handlers=[healthz, readyz, metrics, v1, *console_routes()],
        state=State({"desk": desk, "house": house, "hub": Hub(desk), "pages": Pages()}),
        exception_handlers=HANDLERS,
        request_max_body_size=MAX_BODY,
        on_shutdown=[desk.close],
        openapi_config=_described(),
    )


def _described() -> OpenAPIConfig:
    scheme = SecurityScheme(type="http", scheme="bearer", description="made by tocsin keys add, or TOCSIN_API_KEY")
    return OpenAPIConfig(
        title="Tocsin",
        version=__version__,
        description="Alerts of real-world events, what they were read from, and who is told of them.",
        render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        components=Components(security_schemes={"key": scheme}),
        security=[{"key": []}],
    )


class Server(uvicorn.Server):
    """A server that tells its house when it is asked to stop, so that open streams end."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        """A server over this house."""
        super().__init__(config)
        self._house = house

    def handle_exit(self, sig: int, frame: Any) -> None:
        """End the streams, then stop as uvicorn does."""
        self._house.stopping.set()
        super().handle_exit(sig, frame)


def open_many() -> None:
    """Let this process hold as many connections as the system allows it: a shell's usual limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def serve(settings: Settings) -> None:
    """Serve until SIGTERM."""
    open_many()
    house = wiring.open_house(settings)
    config = uvicorn.Config(
        create_app(house),
        host=settings.api_host,
        port=settings.api_port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    Server(config, house).run()
