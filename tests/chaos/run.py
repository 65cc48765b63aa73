"""A chaos run: publish, kill, and wait until all that was published has arrived."""

import json
import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psutil
import redis

from tests.chaos.fleet import Fleet, Watch, harm
from tests.chaos.proof import proof
from tests.chaos.world import Ears, Press, Report
from tests.support.paths import configured
from tests.support.sink import Sink
from tests.support.town import LOCAL, house_over
from worker import reading
from worker.errors import RedisUnusable
from worker.feeds.model import FeedDefinition
from worker.ledger import KINDS, key
from worker.ops.reconcile import reconcile
from worker.subscriptions.model import Filter, Terms
from worker.wiring import House

WEIGHTS = {"sender": 4.0, "classifier": 3.0, "poller": 2.0, "sender-slow": 1.0, "redis": 1.0}
WORST = 0.95  # so often a process is killed while it holds leases, which is the worst moment
IMPATIENCE = 0.02  # a look that finds nobody of the role with leases is this seldom the last
STOPS = 0.1  # one in ten is stopped for some seconds instead of killed
HOOKS = 3
SETTLE_S = 900.0  # whom the endpoint refused three times in a row is asked again after five minutes


@dataclass(frozen=True)
class Plan:
    """How much, how fast, how long at most."""

    kills: int
    every_s: float
    most_s: float
    seed: int
    feeds: int = 8
    ahead: int = 40  # reports that are published and not told yet


class Chaos:
    """One run in one folder, which keeps sink.jsonl, kills.jsonl, recovered.jsonl and verdict.json."""

    def __init__(self, folder: Path, plan: Plan, reports: list[Report], say: Callable[[str], None]) -> None:
        self.folder, self.plan, self.say = folder, plan, say
        self.random = random.Random(plan.seed)
        self.reports, self.published = list(reports), list[Report]()
        self.kills = 0
        self.aim, self.worst = "sender", True
        self.retried: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def run(self) -> dict[str, Any]:
        """The verdict."""
        with ExitStack() as stack:
            ears = Ears(self.folder / "sink.jsonl", self.plan.seed)
            stack.callback(ears.close)
            press = Press(self.plan.feeds, delay_s=0.1)
            wires = stack.enter_context(Sink(answer=press.answer))
            sink = stack.enter_context(Sink(answer=ears.answer))
            fleet = Fleet(self.folder, self._environ(), (wires, sink))
            stack.callback(fleet.stop)
            watch = Watch(fleet, self.folder / "recovered.jsonl")
            stack.callback(watch.close)
            house = house_over(redis.Redis.from_url(fleet.redis.url))
            hooks = self._settle_in(house, press, ears, (wires.url, sink.url))
            fleet.revive()
            with (self.folder / "kills.jsonl").open("w", encoding="utf-8") as log:
                self._fire(fleet, watch, house, press, ears, log)
            self._calm(fleet, house, ears, hooks)
            verdict = proof(self.folder, self.published, hooks)
            sums = reconcile(house)
            verdict |= {"quarantined_and_retried": len(self.retried), "sums_right": sums.right}
            verdict["left_in_quarantine"] = sum(sums.quarantined.values())
        (self.folder / "verdict.json").write_text(json.dumps(verdict, indent=1) + "\n")
        return verdict

    def _environ(self) -> dict[str, str]:
        return {
            "TOCSIN_CONFIG_DIR": str(configured(self.folder / "config")),
            "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_SCORER": "off",
            "TOCSIN_CLASSIFY_BATCH": "8",
            "TOCSIN_HOST_SPACING_S": "0",
            "TOCSIN_HOST_CONCURRENCY": "8",
            "TOCSIN_LOG_LEVEL": "error",
        }

    def _settle_in(self, house: House, press: Press, ears: Ears, urls: tuple[str, str]) -> list[str]:
        wires, sink = urls
        terms = Terms(rate=200.0, at_once=100, system=False)
        for n in range(HOOKS):
            made, secret = house.subscriptions.new(f"{sink}/hook{n}", Filter(), house.clock())
            ears.trust(f"/hook{n}", secret)
            house.subscriptions.add(msgspec.structs.replace(made.verified(), terms=terms))
        for name, publisher in press.publishers.items():
            publisher.base = f"{wires}/{name}"
            given = {"language": "en", "group": name, "full_text": "page" if name in press.paged else "feed"}
            definition = FeedDefinition(name=name, url=f"{wires}/{name}/feed.xml", interval_s=30, **given)  # type: ignore[arg-type]
            reading.add(house, definition, again=True)
        return [f"/hook{n}" for n in range(HOOKS)]

    def _fire(self, fleet: Fleet, watch: Watch, house: House, press: Press, ears: Ears, log: Any) -> None:
        while not ears.arrived:  # everything has started, however slow the machine
            self._revive(fleet)
            self._publish(house, press, ears)
            time.sleep(0.05)
        began = said = due = time.monotonic()
        while self.kills < self.plan.kills and time.monotonic() - began < self.plan.most_s:
            self._revive(fleet)
            waits = time.monotonic() >= due
            self._publish(house, press, ears, hurry=waits)
            if waits and (victim := self._victim(fleet)):
                self._strike(fleet, watch, victim, log)
                self._aim()
                due = time.monotonic() + self.random.expovariate(1 / self.plan.every_s)
            if time.monotonic() - said > 30:
                said = time.monotonic()
                told = len(ears.arrived)
                self.say(f"{said - began:.0f} s: {self.kills} kills, {len(self.published)} published, {told} told")
            time.sleep(0.02)

    def _publish(self, house: House, press: Press, ears: Ears, *, hurry: bool = True) -> None:
        """Keep so many reports on their way, and let every feed be asked each second or so.

        They must last for all kills: each has its share, and more where a kill waits for somebody with leases.
        """
        share = (len(self.reports) + len(self.published)) * (self.kills + 1) / self.plan.kills
        wanted = hurry or len(self.published) < share
        if self.reports and wanted and len(self.published) - len(ears.arrived) // HOOKS < self.plan.ahead:
            report = self.reports.pop()
            press.publish(report)
            self.published.append(report)
        if self.random.random() < 0.1:
            _poke(house, self.random.choice(list(press.publishers)))

    def _strike(self, fleet: Fleet, watch: Watch, victim: tuple[str, Any, list[Any]], log: Any) -> None:
        name, process, held = victim
        role = name.partition("@")[0]
        leases = fleet.leases(held)
        stops = self.random.random() < STOPS
        seconds = self.random.uniform(1, 12) if role != "redis" else self.random.uniform(1, 4)
        if process.poll() is not None:
            return
        if stops:
            fleet.stopped[name] = (psutil.Process(process.pid), time.monotonic() + seconds)
            harm(process, signal.SIGSTOP)
        else:
            harm(process, signal.SIGKILL)
            self.kills += 1
        watch.killed(process.pid, role, [] if stops else held, [] if stops else leases)
        row = {"at": round(time.time(), 3), "process": name, "role": role, "pid": process.pid, "held": len(held)}
        row |= {"signal": "STOP", "seconds": round(seconds, 1)} if stops else {"signal": "KILL"}
        log.write(json.dumps(row) + "\n")
        log.flush()

    def _aim(self) -> None:
        (self.aim,) = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))
        self.worst = self.random.random() < WORST and self.aim != "redis"

    def _victim(self, fleet: Fleet) -> tuple[str, Any, list[Any]] | None:
        """A process of the role that is aimed at, with what it holds; ``None``: look again in a moment."""
        there = {n: p for n, p in fleet.processes().items() if n.partition("@")[0] == self.aim}
        held = {name: fleet.held(name, process) for name, process in there.items()}
        names = [name for name, items in held.items() if items or not self.worst]
        if names:
            name = self.random.choice(names)
            return name, there[name], held[name]
        if self.random.random() < IMPATIENCE:
            self._aim()
        return None

    def _calm(self, fleet: Fleet, house: House, ears: Ears, hooks: list[str]) -> None:
        """No more kills: wait until all has arrived; what was given up is retried, as an operator would."""
        wanted = {(h, r.trigger, r.country) for h in hooks for r in self.published}
        until = time.monotonic() + SETTLE_S
        while time.monotonic() < until:
            self._revive(fleet)
            try:
                for name in [n.decode() for n in house.redis.smembers(key("feeds"))]:
                    _poke(house, name)
                for kind in KINDS:
                    for item in house.ledger.quarantined(kind):
                        self.retried.add(f"{kind}/{item}")
                        house.ledger.retry(kind, item)
                if wanted <= ears.arrived.keys() and not any(reconcile(house).deliveries[s] for s in ("due",)):
                    return
            except redis.exceptions.RedisError:
                continue
            time.sleep(1.0)

    @staticmethod
    def _revive(fleet: Fleet) -> None:
        try:
            fleet.revive()
        except (RedisUnusable, redis.exceptions.RedisError):
            time.sleep(0.1)


def _poke(house: House, name: str) -> None:
    """Let a feed be due now, unless somebody holds it: real feeds are asked every few minutes."""
    try:
        if not house.redis.hexists(key("leased", "feed"), name):
            house.redis.zadd(key("due", "feed"), {name: house.ledger.now_us()}, xx=True, lt=True)
    except redis.exceptions.RedisError:
        return
