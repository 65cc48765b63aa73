"""The recorded feeds as a web site: what it serves, and when each feed was first asked for."""

import hashlib
import mimetypes
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import yaml

from worker.errors import CatalogueError
from worker.feeds.model import FeedDefinition

PLACEHOLDER: Final = "http://seeds.invalid"
TYPES: Final = {".xml": "application/xml", ".rdf": "application/rdf+xml", ".json": "application/feed+json"}


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is served; ``etag`` has its quotes."""

    body: bytes
    content_type: str
    etag: str


class Seeds:
    """The folder ``seeds/``, with the address of a server in the place of the placeholder."""

    def __init__(self, folder: Path, base: str) -> None:
        """The seeds of this folder as they are served at ``base``; raises CatalogueError."""
        self._folder = folder
        self._base = base
        self.served: dict[str, float] = {}
        try:
            read = yaml.safe_load((folder / "feeds.yaml").read_text(encoding="utf-8"))
            self.definitions = tuple(self._here(d) for d in msgspec.convert(read["feeds"], list[FeedDefinition]))
        except (OSError, KeyError, TypeError, yaml.YAMLError, msgspec.ValidationError) as error:
            raise CatalogueError(f"{folder / 'feeds.yaml'}: {error}") from error

    def _here(self, definition: FeedDefinition) -> FeedDefinition:
        return msgspec.structs.replace(definition, url=definition.url.replace(PLACEHOLDER, self._base))

    def catalogue(self) -> str:
        """The definitions as a feeds file that an operator could have written."""
        rows = [msgspec.to_builtins(d, builtin_types=(datetime,)) for d in self.definitions]
        return yaml.safe_dump({"feeds": [{k: v for k, v in row.items() if v not in ("", None)} for row in rows]})

    def get(self, path: str) -> Resource | None:
        """What stands at this path, ``/feeds/<file>`` or ``/<feed>/<page>``; ``None`` where nothing does."""
        name = Path(path.partition("?")[0]).name
        folder = "feeds" if path.startswith("/feeds/") else "pages"
        file = self._folder / folder / name
        if not name or not file.is_file():
            return None
        if folder == "feeds":
            self.served.setdefault(name.partition(".")[0], time.monotonic())
        body = file.read_bytes().replace(PLACEHOLDER.encode(), self._base.encode())
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = hashlib.sha256(body).hexdigest()[:16]
        return Resource(body=body, content_type=kind, etag=f'"{digest}"')


def feed_of(url: str) -> str:
    """The feed that an entry's address belongs to: the first part of its path."""
    return url.partition("://")[2].partition("/")[2].partition("/")[0]
