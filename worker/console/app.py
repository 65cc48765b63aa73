"""The console's routes: a router for who is signed in, the door, and the shipped files."""

from typing import Any

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from worker.console import alert, deliveries, door, explain, feeds, health, help, now, subscribe, subscriptions
from worker.console.rendering import HEADERS, static
from worker.console.visitors import HANDLERS, guard

FOREVER = "public, max-age=31536000, immutable"


def console_routes() -> list[Any]:
    """Everything that people see."""
    rooms = (now, alert, subscribe, subscriptions, feeds, deliveries, health, explain, help)
    pages = Router(
        "/",
        route_handlers=[handler for room in rooms for handler in room.ROUTES],
        guards=[guard],
        exception_handlers=HANDLERS,
        include_in_schema=False,
    )
    outside = Router("/", route_handlers=[*door.ROUTES, shipped], exception_handlers=HANDLERS, include_in_schema=False)
    return [pages, outside]


@get("/static/{name:str}", sync_to_thread=False)
def shipped(name: FromPath[str]) -> Response[bytes]:
    """A file that the console ships."""
    found = static(name)
    if found is None:
        raise NotFoundException("no such file")
    return Response(found[0], media_type=found[1], headers={**HEADERS, "cache-control": FOREVER})
