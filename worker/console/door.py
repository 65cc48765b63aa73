"""The door: sign in by a key or the operator's password, and sign out."""

import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from worker.api.access import by_key, is_open, same_site
from worker.api.desk import Desk
from worker.api.keys import SESSION_S, Caller
from worker.console.rendering import html, render
from worker.console.visitors import COOKIE, Visit, desk

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/signin", sync_to_thread=True)
def show(request: Visit) -> Response[Any]:
    """The form; where nobody needs to sign in, the first page."""
    if is_open(desk(request)):
        return Redirect("/", status_code=303)
    return _form(request.query_params.get("next", "/"), "")


@post("/signin", sync_to_thread=True, status_code=303)
def sign_in(request: Visit, data: Form) -> Response[Any]:
    """A session for who knows a key or the password; a dozen tries a minute for each address."""
    house, following = desk(request), str(data.get("next", "/"))
    if not same_site(request):
        return _form(following, "That did not come from this page. Reload it and try again.", status=403)
    if house.sign_ins.wait_s(request.client.host if request.client else ""):
        return _form(following, "Too many tries. Wait a minute.", status=429)
    caller = _caller(house, str(data.get("secret", "")).strip())
    if caller is None:
        return _form(following, "No key or password of this Tocsin.", status=401)
    token, _ = house.keys.sign_in(caller, "" if caller.name in ("operator", "TOCSIN_API_KEY") else caller.name)
    cookie = Cookie(
        key=COOKIE,
        value=token,
        max_age=SESSION_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )
    return Redirect(_inside(following), status_code=303, cookies=[cookie])


@post("/signout", sync_to_thread=True, status_code=303)
def sign_out(request: Visit) -> Response[Any]:
    """The session ends here and now."""
    if same_site(request):
        desk(request).keys.sign_out(request.cookies.get(COOKIE, ""))
    return Redirect("/signin", status_code=303, cookies=[Cookie(key=COOKIE, value="", max_age=0, path="/")])


def _caller(desk: Desk, secret: str) -> Caller | None:
    password = desk.house.settings.console_password
    if password and hmac.compare_digest(secret.encode(), password.encode()):
        return Caller(name="operator", scope="operate")
    return by_key(desk, secret) if secret else None


def _secure(request: Visit) -> bool:
    told = request.headers.get("x-forwarded-proto", request.url.scheme)
    return told == "https" or desk(request).house.settings.console_url.startswith("https://")


def _inside(where: str) -> str:
    """Only ever a path of our own."""
    parts = urlsplit(where)
    fits = where.startswith("/") and not where.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return where if fits and "\n" not in where and "\r" not in where else "/"


def _form(following: str, error: str, *, status: int = 200) -> Response[str]:
    return html(render("signin.html", next=_inside(following), error=error), status=status)


ROUTES = [show, sign_in, sign_out]
