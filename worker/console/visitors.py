"""Who is at the console, what they may do, and whether it was really they who asked."""

import asyncio
import hmac
import secrets
from typing import Any, Final, cast
from urllib.parse import quote, urlsplit

import redis
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from worker.api import problems
from worker.api.access import READING, desk_of, is_open, local, same_site
from worker.api.desk import Desk
from worker.api.keys import Caller, Scope, Session
from worker.console.rendering import html, render
from worker.errors import TocsinError

COOKIE: Final = "tocsin_session"
Connection = ASGIConnection[Any, Any, Any, Any]
Visit = Request[Any, Any, Any]
# Where nobody ever made a key, whoever is on this machine is the operator; what they send must still be their own.
ON_THIS_MACHINE: Final = Session(caller=Caller(name="this machine", scope="operate"), csrf=secrets.token_urlsafe(24))


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in who is signed in and has the scope; what changes something must carry the session's own token."""
    session = await asyncio.to_thread(_session, connection)
    if session is None:
        raise NotAuthorizedException("sign in first")
    cast(dict[str, Any], connection.scope)["tocsin_session"] = session
    wanted: Scope = handler.opt.get("scope", "read")
    if not session.caller.may(wanted):
        raise PermissionDeniedException(f"you may {session.caller.scope}; this wants {wanted}")
    if isinstance(connection, Request) and connection.method not in READING:
        await prove(connection, session.csrf)


async def prove(request: Visit, token: str) -> None:
    """Raise PermissionDeniedException unless the request comes from our own page."""
    given = request.headers.get("x-csrf-token", "")
    if not given:
        given = str((await request.form()).get("csrf", ""))
    if not same_site(request) or not hmac.compare_digest(given.encode(), token.encode()):
        raise PermissionDeniedException("this did not come from a page of yours; reload the page and try again")


def _session(connection: Connection) -> Session | None:
    desk = desk_of(connection)
    kept = desk.keys.session(connection.cookies.get(COOKIE, ""))
    if kept is not None:
        return kept
    return ON_THIS_MACHINE if is_open(desk) and local(connection) else None


def session_of(request: Visit) -> Session:
    """The session that the guard found."""
    return cast(Session, request.scope["tocsin_session"])  # type: ignore[typeddict-item]


def page(request: Visit, template: str, *, status: int = 200, **given: Any) -> Response[str]:
    """A page of the console, for this visitor."""
    desk, session = desk_of(request), session_of(request)
    known = {
        "caller": session.caller,
        "csrf": session.csrf,
        "path": request.url.path,
        "now": desk.house.clock(),
        "signed_in": session is not ON_THIS_MACHINE,
    }
    return html(render(template, **known, **given), status=status)


def desk(request: Visit) -> Desk:
    """The desk behind the console."""
    return desk_of(request)


def back(request: Visit, fallback: str) -> Redirect:
    """To the page that was left."""
    parts = urlsplit(request.headers.get("referer", ""))
    own = parts.netloc == request.headers.get("host", "")
    where = parts.path + (f"?{parts.query}" if parts.query else "") if own and parts.path.startswith("/") else fallback
    return Redirect(where, status_code=303)


def on_stranger(request: Visit, error: HTTPException) -> Response[Any]:
    """Whoever is not signed in goes to the door, and comes back to where they wanted."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"/signin?next={quote(where)}", status_code=303)
    return problems.on_refused(request, error)


def on_problem(request: Visit, error: Exception) -> Response[Any]:
    """A page that says what is wrong and what to do."""
    if isinstance(error, TocsinError):
        problem = problems.ours(error)
    elif isinstance(error, redis.exceptions.RedisError):
        problem = problems.Problem(
            type="", title="Redis does not answer", status=503, detail="", remedy=problems.REMEDIES[503]
        )
    elif isinstance(error, HTTPException):
        problem = problems.refused(error)
    else:
        problem = problems.mistake(request, error)
    known = cast(dict[str, Any], request.scope).get("tocsin_session")
    return html(render("problem.html", problem=problem, session=known), status=problem.status)


HANDLERS: Final[dict[Any, Any]] = {
    NotAuthorizedException: on_stranger,
    TocsinError: on_problem,
    redis.exceptions.RedisError: on_problem,
    HTTPException: on_problem,
    Exception: on_problem,
}
