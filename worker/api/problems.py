"""Errors as RFC 9457 problem details: what is wrong, which field, and what to do about it."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import redis
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec

from worker.errors import (
    AddressRefused,
    CatalogueError,
    Conflict,
    FeedUnreadable,
    KeyRefused,
    NotFound,
    PageUnreadable,
    QueryRefused,
    SubscriptionRefused,
    TocsinError,
)

log = logging.getLogger("tocsin")
MEDIA: Final = "application/problem+json"
STATUS: Final[dict[type[TocsinError], int]] = {
    NotFound: 404,
    Conflict: 409,
    QueryRefused: 400,
    SubscriptionRefused: 422,
    AddressRefused: 422,
    CatalogueError: 422,
    KeyRefused: 422,
    PageUnreadable: 422,
    FeedUnreadable: 422,
}
REMEDIES: Final[dict[int, str]] = {
    400: "send what the OpenAPI description at /schema/openapi.json asks for",
    401: "send the header: Authorization: Bearer <key>; an operator makes one with tocsin keys add",
    403: "ask an operator for a key with a wider scope",
    404: "list what there is, and take an id from there",
    405: "see the allow header, and /schema/openapi.json",
    413: "send less at a time",
    415: "send application/json",
    429: "wait as long as retry-after says",
    503: "nothing is lost; ask again in some seconds",
}
_FIELD: Final = re.compile(r"([a-z_][a-z_0-9.]*): ")
_UNKNOWN: Final = re.compile(r"(?:unknown field|required field|parameter) [`']([^`']+)[`']")


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457: ``detail`` says what is wrong, ``field`` where, and ``remedy`` what to do."""

    type: str
    title: str
    status: int
    detail: str = ""
    field: str = ""
    remedy: str = ""


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """A problem as the answer to a request."""
    body = msgspec.json.encode(problem)
    return Response(body, status_code=problem.status, media_type=MEDIA, headers=dict(headers or {}))


def ours(error: TocsinError) -> Problem:
    """An error of ours; its message may begin with the field, and end with the remedy after a semicolon."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 503)
    text = str(error)
    field = _FIELD.match(text)
    detail, semicolon, remedy = text[field.end() if field else 0 :].partition("; ")
    return Problem(
        type=f"/help/problems#{_slug(type(error).__name__)}",
        title=_words(type(error).__name__),
        status=status,
        detail=detail,
        field=field[1] if field else "",
        remedy=remedy if semicolon else REMEDIES.get(status, ""),
    )


def refused(error: HTTPException) -> Problem:
    """A request that never came as far as us: no such path, no such method, no key, a body of another shape."""
    status = error.status_code
    first: dict[str, Any] = next((e for e in error.extra or () if isinstance(e, dict)), {})
    detail = str(first.get("message") or error.detail)
    detail, _, place = detail.partition(" - at `$.")
    named = _UNKNOWN.search(detail)
    inside = [place.rstrip("`")] if place else [str(first["key"])] if first.get("key") not in (None, "data") else []
    field = ".".join([*inside, named[1]] if named else inside)
    phrase = HTTPStatus(status).phrase
    return Problem(
        type=f"/help/problems#{status}",
        title=phrase,
        status=status,
        detail=detail[:500] if status < 500 else "",
        field=field,
        remedy=REMEDIES.get(status, ""),
    )


def on_ours(_request: Request[Any, Any, Any], error: TocsinError) -> Response[bytes]:
    """The exception handler for errors of ours."""
    return answer(ours(error))


def on_refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """The exception handler for what the framework refused."""
    headers = {k.lower(): v for k, v in (error.headers or {}).items()}
    if error.status_code == 401:
        headers["www-authenticate"] = "Bearer"
    return answer(refused(error), headers)


def on_away(_request: Request[Any, Any, Any], error: redis.exceptions.RedisError) -> Response[bytes]:
    """Redis is away: nothing is lost, and the same request will do once it is back."""
    problem = Problem(
        type="/help/problems#redis-away",
        title="Redis does not answer",
        status=503,
        detail=type(error).__name__,
        remedy=REMEDIES[503],
    )
    return answer(problem, {"retry-after": "5"})


def mistake(request: Request[Any, Any, Any], error: Exception) -> Problem:
    """A mistake of ours: the log says more than the answer."""
    log.error("api.failed method=%s path=%s", request.method, request.url.path, exc_info=error)
    remedy = "the log of the API says more; tell its operator"
    return Problem(type="/help/problems#500", title="Internal Server Error", status=500, remedy=remedy)


def on_mistake(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The exception handler for mistakes of ours."""
    return answer(mistake(request, error))


def said(*statuses: int) -> dict[int, ResponseSpec]:
    """For the OpenAPI description: these statuses come as problem details."""
    return {
        status: ResponseSpec(Problem, media_type=MEDIA, description=HTTPStatus(status).phrase, generate_examples=False)
        for status in (*statuses, 400, 401, 403, 429, 503)
    }


def _slug(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize()
