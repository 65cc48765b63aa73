"""*Health*: is the world being read, are the bells rung, and what is to be done where not."""

from datetime import datetime
from typing import Any, Final, NamedTuple, cast, get_args

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from worker.api.desk import Desk
from worker.console.visitors import Visit, desk, page
from worker.ledger import KINDS, Kind, key
from worker.ops.figures import living, missing
from worker.watching import sight

LATE_S: Final = 60.0
SHOWN: Final = 100
DOES: Final[dict[Kind, str]] = {
    "feed": "feeds to poll",
    "page": "article pages to fetch",
    "article": "articles to judge",
    "alert": "alerts to tell of",
    "delivery": "posts to send",
    "delivery:slow": "posts to endpoints that failed",
}


class Queue(NamedTuple):
    """One kind of work on the ledger."""

    kind: Kind
    does: str
    due: int
    oldest_s: float
    on_ledger: int
    leased: int
    quarantined: int

    @property
    def late(self) -> bool:
        """Whether work waits longer than it should."""
        return self.oldest_s >= LATE_S


@get("/health", sync_to_thread=True)
def show(request: Visit) -> Response[str]:
    """Everything at a glance, what is wrong first."""
    return page(request, "health.html", **_state(desk(request)))


def _state(desk: Desk) -> dict[str, Any]:
    house = desk.house
    queues = [_queue(desk, kind) for kind in KINDS]
    dead = missing(house)
    feeds = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    last = max((f.last_success_at for f in feeds if f.last_success_at), default=None)
    ill = [f for f in feeds if f.health in ("failing", "gone")]
    memory = house.redis.info("memory")
    quarantine = [(kind, item, why) for kind in KINDS for item, why in house.ledger.quarantined(kind).items()]
    return {
        "queues": queues,
        "alive": living(house),
        "missing": [role for role, _ in dead],
        "feeds": len(feeds),
        "ill": ill,
        "last": last,
        "quarantine": quarantine[:SHOWN],
        "quarantined": len(quarantine),
        "memory": memory["used_memory"],
        "limit": memory.get("maxmemory", 0),
        "waiting": house.bells.waiting(),
        "alerts": desk.board.count(),
        "articles": int(house.redis.zcard(key("articles"))),
        "failing": [s for s in house.subscriptions.all() if s.failing_since or s.state == "disabled"],
        "troubles": _blind(desk) + _troubles(queues, dead, last, house.clock()),
    }


def _queue(desk: Desk, kind: Kind) -> Queue:
    ledger = desk.house.ledger
    return Queue(
        kind=kind,
        does=DOES[kind],
        due=ledger.due_now(kind),
        oldest_s=ledger.oldest_s(kind),
        on_ledger=ledger.scheduled(kind),
        leased=int(desk.house.redis.hlen(key("leased", kind))),
        quarantined=len(ledger.quarantined(kind)),
    )


def _blind(desk: Desk) -> list[tuple[str, str]]:
    """Why silence does not mean peace, as subscribers were told."""
    blind = sight(desk.house)
    if blind is None:
        return []
    return [(f"Blind since {blind.since:%Y-%m-%d %H:%M} UTC: {'; '.join(blind.reasons)}.", "Subscribers were told.")]


def _troubles(
    queues: list[Queue], dead: list[tuple[str, str]], last: datetime | None, now: datetime
) -> list[tuple[str, str]]:
    """What is wrong, and what to do."""
    found = [(f"No {role} shows a sign of life.", f"Start it: {command}") for role, command in dead]
    if last is not None and (now - last).total_seconds() > 3600:
        found.append(("No feed was read for over an hour.", "See Feeds for what each says."))
    late = [q for q in queues if q.late and q.kind not in ("feed", "page")]
    return found + [(f"There are {q.does} that have waited for over a minute.", "Start more workers.") for q in late]


@post("/health/quarantine/{kind:str}/{item:str}", sync_to_thread=True, opt={"scope": "operate"}, status_code=303)
def retry(request: Visit, kind: FromPath[str], item: FromPath[str]) -> Redirect:
    """Let an item be tried again."""
    if kind not in get_args(Kind):
        raise NotFoundException("no such kind of item")
    desk(request).house.ledger.retry(cast(Kind, kind), item)
    return Redirect("/health", status_code=303)


ROUTES: list[Any] = [show, retry]
