"""The figures of the whole house in the Prometheus text format: what stands in Redis, and what each role counted."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from worker.ledger import KINDS, key
from worker.ops.counting import Snapshot, published
from worker.watching import sight
from worker.wiring import House

HELP: Final[dict[str, tuple[str, str]]] = {
    "tocsin_up": ("gauge", "1 for each role that showed a sign of life within a minute and a half"),
    "tocsin_blind": ("gauge", "1 while subscribers know that silence does not mean peace"),
    "tocsin_due": ("gauge", "items that are due now, or have lost their worker"),
    "tocsin_queue_age_seconds": ("gauge", "for how long the oldest item has been due"),
    "tocsin_ledger_items": ("gauge", "items on the ledger: due, leased or due later"),
    "tocsin_leased": ("gauge", "items that a worker holds"),
    "tocsin_quarantined": ("gauge", "items that were given up after several tries"),
    "tocsin_rings_waiting": ("gauge", "jobs that wait in a queue"),
    "tocsin_feeds": ("gauge", "feeds by health"),
    "tocsin_poll_lag_seconds": ("gauge", "by how much the most belated feed is late"),
    "tocsin_last_poll_age_seconds": ("gauge", "since when no feed was polled with success"),
    "tocsin_alerts": ("gauge", "alerts that are kept"),
    "tocsin_articles": ("gauge", "articles that are kept"),
    "tocsin_subscriptions": ("gauge", "subscriptions by state"),
    "tocsin_redis_memory_bytes": ("gauge", "memory that Redis uses"),
    "tocsin_redis_memory_limit_bytes": ("gauge", "the most that Redis may use; 0 where nothing is set"),
    "tocsin_polls_total": ("counter", "answers to polls, by result"),
    "tocsin_articles_new_total": ("counter", "new and changed entries that polls brought"),
    "tocsin_host_errors_total": ("counter", "failed polls, by host"),
    "tocsin_pages_total": ("counter", "article pages that were asked for, by result"),
    "tocsin_articles_judged_total": ("counter", "articles that were judged"),
    "tocsin_events_total": ("counter", "events that were detected"),
    "tocsin_alerts_told_total": ("counter", "revisions of alerts that were fanned out, by trigger"),
    "tocsin_delivery_attempts_total": ("counter", "posts, by the answer's class"),
    "tocsin_detection_seconds": ("histogram", "from an article first seen to judged"),
    "tocsin_delivery_seconds": ("histogram", "from an alert's revision to an accepted post"),
    "tocsin_log_events_total": ("counter", "log lines, by event"),
}
ROLES: Final = ("poller", "classifier", "sender", "sender-slow")
Labels = Mapping[str, str]
Row = tuple[str, Labels, float]


def text(house: House, *, alerts: int) -> str:
    """Every figure, each name with its help and type once."""
    rows = [*_ledger(house), *_feeds(house), *_stores(house, alerts)]
    for snapshot in published(house.redis):
        rows += counted(snapshot)
    return written(rows)


def written(rows: Iterable[Row]) -> str:
    """Rows in the text format, grouped by name."""
    grouped: dict[str, list[str]] = {}
    for name, labels, value in rows:
        base = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
        told = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
        grouped.setdefault(base, []).append(f"{name}{{{told}}} {value:g}" if told else f"{name} {value:g}")
    lines: list[str] = []
    for base, found in grouped.items():
        kind, about = HELP.get(base, ("untyped", base))
        lines += [f"# HELP {base} {about}", f"# TYPE {base} {kind}", *found]
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _ledger(house: House) -> list[Row]:
    rows: list[Row] = []
    for kind in KINDS:
        labels = {"kind": kind}
        rows += [
            ("tocsin_due", labels, house.ledger.due_now(kind)),
            ("tocsin_queue_age_seconds", labels, house.ledger.oldest_s(kind)),
            ("tocsin_ledger_items", labels, house.ledger.scheduled(kind)),
            ("tocsin_leased", labels, int(house.redis.hlen(key("leased", kind)))),
            ("tocsin_quarantined", labels, len(house.ledger.quarantined(kind))),
        ]
    rows += [("tocsin_rings_waiting", {"queue": name}, count) for name, count in house.bells.waiting().items()]
    return rows


def _feeds(house: House) -> list[Row]:
    found = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    now = house.clock()
    health = dict.fromkeys(("new", "healthy", "failing", "gone", "paused"), 0)
    for feed in found:
        health[feed.health] = health.get(feed.health, 0) + 1
    late = max((now - f.next_poll_at for f in found if f.next_poll_at), default=None)
    last = max((f.last_success_at for f in found if f.last_success_at), default=None)
    rows: list[Row] = [("tocsin_feeds", {"health": name}, count) for name, count in health.items()]
    rows.append(("tocsin_poll_lag_seconds", {}, max(0.0, late.total_seconds()) if late else 0.0))
    if last is not None:
        rows.append(("tocsin_last_poll_age_seconds", {}, max(0.0, (now - last).total_seconds())))
    return rows


def _stores(house: House, alerts: int) -> list[Row]:
    states = {"active": 0, "unverified": 0, "disabled": 0}
    for subscription in house.subscriptions.all():
        states[subscription.state] += 1
    info = house.redis.info("memory")
    rows: list[Row] = [("tocsin_subscriptions", {"state": s}, n) for s, n in states.items()]
    return [
        *rows,
        ("tocsin_blind", {}, 1 if sight(house) else 0),
        ("tocsin_alerts", {}, alerts),
        ("tocsin_articles", {}, int(house.redis.zcard(key("articles")))),
        ("tocsin_redis_memory_bytes", {}, info["used_memory"]),
        ("tocsin_redis_memory_limit_bytes", {}, info.get("maxmemory", 0)),
        *(("tocsin_up", {"role": role, "host": host}, 1) for role, host in living(house)),
    ]


def living(house: House) -> list[tuple[str, str]]:
    """The roles that showed a sign of life lately, with their hosts."""
    start = key("alive", "")
    found = cast(Iterable[bytes], house.redis.scan_iter(match=start + "*", count=1000))
    pairs = [k.decode()[len(start) :].partition(":") for k in found]
    return sorted((role, host) for role, _, host in pairs)


def missing(house: House) -> list[tuple[str, str]]:
    """The roles without which news stands still and that showed no sign of life, and the command of each."""
    alive = {role for role, _ in living(house)}
    return [(role, f"tocsin {role.replace('-slow', ' --slow')}") for role in ROLES if role not in alive]


def counted(snapshot: Snapshot) -> list[Row]:
    """The rows of one process."""
    own = {"role": snapshot.role, "process": snapshot.process}
    rows: list[Row] = [(name, {**own, **dict(labels)}, value) for name, labels, value in snapshot.counters]
    for name, bounds, counts, total in snapshot.histograms:
        running = 0
        for bound, count in zip((*map(str, bounds), "+Inf"), counts, strict=True):
            running += count
            rows.append((f"{name}_bucket", {**own, "le": bound}, running))
        rows += [(f"{name}_sum", own, total), (f"{name}_count", own, running)]
    return rows
