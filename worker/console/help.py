"""*Help*: the guides, written in Markdown beside this file and shown as they are."""

import re
from functools import cache
from importlib import resources
from typing import Any, Final

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markdown_it import MarkdownIt

from worker.console.visitors import Visit, page

GUIDES: Final = (
    "subscribing",
    "receiving",
    "triggers",
    "tuning",
    "operating",
    "scaling",
    "capacity",
    "security",
    "api",
    "problems",
)


@get("/help", sync_to_thread=True)
def contents(request: Visit) -> Response[str]:
    """All guides with their first sentence."""
    return page(request, "help.html", guides=[(g, *_head(g)) for g in GUIDES], name="", body="")


@get("/help/{name:str}", sync_to_thread=True)
def show(request: Visit, name: FromPath[str]) -> Response[str]:
    """One guide."""
    if name not in GUIDES:
        raise NotFoundException("no such guide")
    return page(request, "help.html", guides=[(g, *_head(g)) for g in GUIDES], name=name, body=rendered(name))


@cache
def _text(name: str) -> str:
    return resources.files("worker.console").joinpath("help", f"{name}.md").read_text(encoding="utf-8")


@cache
def _head(name: str) -> tuple[str, str]:
    title, _, rest = _text(name).partition("\n")
    first = re.sub(r"[`*\[\]]|\(\S+\)", "", rest.strip().partition("\n\n")[0].replace("\n", " "))
    return title.removeprefix("# ").strip(), first


@cache
def rendered(name: str) -> str:
    """A guide as HTML; raw HTML in it is text, and each heading can be linked to."""
    made = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(_text(name)))
    made = re.sub(r"<h([23])>(.*?)</h\1>", _anchored, made)
    return (
        made.replace("<pre>", '<pre tabindex="0">')
        .replace("<table>", '<div class="wide"><table>')
        .replace("</table>", "</table></div>")
    )


def _anchored(found: re.Match[str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"<[^>]+>", "", found[2]).lower()).strip("-")
    return f'<h{found[1]} id="{slug}">{found[2]}</h{found[1]}>'


ROUTES: list[Any] = [contents, show]
