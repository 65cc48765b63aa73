"""The steps of ``deliver``: what leaves now and what must wait its turn, and what each answer means."""

import logging
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from worker.alerts.model import Alert
from worker.deliveries import formats, schedule
from worker.deliveries.gate import Passage, Verdict
from worker.deliveries.model import DIGEST, Delivery, Outcome, Post
from worker.errors import SettingsError
from worker.ledger import Kind, Leases, Transaction
from worker.subscriptions.model import Subscription
from worker.wiring import House

if TYPE_CHECKING:
    from worker.deliveries.send import Sender

DEADLINE_S: Final = 20.0
# A post that takes half as long again as is usual now gives its slot to another, and is waited for beside it.
PATIENCE: Final = 1.5
PATIENCE_S: Final = (0.05, 0.5)
# A process that is so late itself gives no slot away: more posts at a time would only let all of them time out.
LATE_S: Final = 0.1
LEARNT: Final = 0.02
LOST_S: Final = 60.0
LOCKED_MS: Final = 60_000
BODIES: Final = 256
log = logging.getLogger("tocsin")

Lane = Literal["fast", "slow"]
Name = tuple[str, int, str, str, str]  # alert or notice, revision, type, format, and the id where it is told
SLOW: Final[Kind] = "delivery:slow"


class Flight(NamedTuple):
    """A post under way, begun at this time of the monotonic clock."""

    delivery: Delivery
    owner: Subscription
    probe: bool
    began: float


class Bodies:
    """Messages as they are sent: written once for all subscribers who read the same, and remembered."""

    def __init__(self, house: House) -> None:
        """None yet."""
        self._house = house
        self._kept: OrderedDict[Name, formats.Message | None] = OrderedDict()

    def of(self, pairs: Iterable[tuple[Delivery, Subscription]]) -> dict[Name, formats.Message | None]:
        """The messages of these, by their ``name``; ``None`` where nothing is kept of what one tells."""
        wanted = {self.name(d, s): (d, s) for d, s in pairs}
        missing = {name: pair for name, pair in wanted.items() if name not in self._kept}
        alerts = list(dict.fromkeys((d.alert, d.revision) for d, _ in missing.values() if d.revision))
        found = dict(zip(alerts, self._house.alerts.revisions(alerts), strict=True))
        for name, (delivery, owner) in missing.items():
            alert = found.get((delivery.alert, delivery.revision))
            self._kept[name] = written(self._house, delivery, owner, alert)
        for name in wanted:
            self._kept.move_to_end(name)
        answer = {name: self._kept[name] for name in wanted}
        while len(self._kept) > BODIES:
            self._kept.popitem(last=False)
        return answer

    @staticmethod
    def name(delivery: Delivery, owner: Subscription) -> Name:
        """What a message follows from; CloudEvents tell the id, and a digest is of one subscriber alone."""
        own = delivery.id if owner.format == "cloudevents" or delivery.type == DIGEST else ""
        return (delivery.alert, delivery.revision, delivery.type, owner.format, own)


def written(house: House, delivery: Delivery, owner: Subscription, alert: Alert | None) -> formats.Message | None:
    """What a delivery says in its subscription's format; ``None`` where nothing is kept of what it tells."""
    console = house.settings.console_url
    if delivery.type == DIGEST:
        kept = house.alerts.revisions(house.subscriptions.held(owner.id, delivery.alert))
        alerts = [a for a in kept if a is not None]
        at = datetime.fromisoformat(delivery.alert)
        return formats.digest(alerts, at, owner.format, webhook_id=delivery.id, console_url=console) if alerts else None
    if not delivery.revision:
        said = house.deliveries.notice(delivery.alert)
        return formats.notice(said, owner.format, webhook_id=delivery.id, console_url=console) if said else None
    if alert is None:
        return None
    return formats.message(alert, delivery.type, owner.format, webhook_id=delivery.id, console_url=console)


class Courier:
    """The posts of one sender process: they fly on between its jobs, and a slot that is free is filled at once."""

    def __init__(self, house: House, sender: "Sender", kind: Kind) -> None:
        """Nothing in flight."""
        self._house, self._sender, self.kind = house, sender, kind
        self._lane: Lane = "slow" if kind == SLOW else "fast"
        self._leases = Leases(house.ledger, kind, DEADLINE_S)
        self._bodies = Bodies(house)
        self._young: deque[tuple[float, str]] = deque()
        self._usual_s = PATIENCE_S[0]
        self.flying: dict[str, Flight] = {}

    def room(self, now: float) -> int:
        """How many more posts may start: those that have taken long hold no slot, unless we are late ourselves."""
        settings = self._house.settings
        if self._sender.late_s > LATE_S:
            return settings.send_concurrency - len(self.flying)
        patience = min(max(PATIENCE * self._usual_s, PATIENCE_S[0]), PATIENCE_S[1])
        while self._young and (now - self._young[0][0] > patience or self._young[0][1] not in self.flying):
            self._young.popleft()
        young = sum(item in self.flying for _, item in self._young)
        return min(settings.send_concurrency - young, settings.send_held - len(self.flying))

    def launch(self) -> None:
        """Claim deliveries that are due and post those whose endpoint takes one now; put off or bury the others."""
        ids = self._leases.take(self.room(time.monotonic()))
        if not ids:
            return
        try:
            self._launch(ids)
        finally:
            for item in ids:
                if item not in self.flying:
                    self._leases.settle(item)

    def collect(self, timeout: float) -> list[tuple[str, Outcome]]:
        """What came back, waiting up to ``timeout`` s for one."""
        return self._sender.collect(timeout)

    def settle(self, outcomes: Sequence[tuple[str, Outcome]]) -> None:
        """Write attempts and what follows of each: done, due again later, dead, or the end of the subscription."""
        now = self._house.clock()
        transactions = []
        for item, outcome in outcomes:
            flight, claim = self.flying.pop(item, None), self._leases.settle(item)
            if flight is None or claim is None:
                continue
            transaction = Transaction().fence(claim, item)
            self._usual_s += LEARNT * (min(outcome.attempt.seconds, PATIENCE_S[1]) - self._usual_s)
            give_up = timedelta(hours=flight.owner.terms.give_up_hours)
            after = schedule.after(flight.delivery, outcome, now=now, luck=self._house.luck(), give_up=give_up)
            self._house.deliveries.settle(transaction, claim, after, now)
            self._learn(transaction, flight, outcome, now)
            transactions.append(transaction)
            log.info(
                "delivery.attempted delivery=%s subscription=%s status=%s error=%s state=%s since=%.3f",
                *(item, flight.owner.id, outcome.attempt.status, outcome.attempt.error, after.state),
                (now - (flight.delivery.begun_at or flight.delivery.created_at)).total_seconds(),
            )
        self._house.ledger.commit(*transactions)

    def renew(self) -> None:
        """Renew the leases of what flies; forget what never came back."""
        self._leases.renew()
        if self.flying and time.monotonic() - next(iter(self.flying.values())).began > LOST_S:
            self.flying.pop(next(iter(self.flying)))

    def _launch(self, ids: Sequence[str]) -> None:
        house = self._house
        found = house.deliveries.get_many(ids)
        owners = house.subscriptions.get_many([d.subscription if d else "" for d in found])
        settled = []
        ready: list[tuple[Delivery, Subscription]] = []
        for item, delivery, owner in zip(ids, found, owners, strict=True):
            if delivery is not None and owner is not None and owner.state != "disabled":
                ready.append((delivery, owner))
            elif (claim := self._leases.settle(item)) and delivery is None:
                settled.append(Transaction().fence(claim, item).done(claim.kind, item))
            elif claim and delivery:
                settled.append(house.deliveries.bury(claim, delivery, "the subscription is disabled or gone"))
        passages = [Passage(d.id, s.id, s.rate, s.terms.at_once) for d, s in ready]
        verdicts = house.gate.admit(passages, self._lane)
        going = [pair for pair, verdict in zip(ready, verdicts, strict=True) if not self._must_wait(pair[1], verdict)]
        bodies = self._bodies.of(going)
        for (delivery, owner), verdict in zip(ready, verdicts, strict=True):
            if self._must_wait(owner, verdict):
                settled.append(self._put_off(delivery, verdict))
            elif (message := bodies[self._bodies.name(delivery, owner)]) is None:
                if claim := self._leases.settle(delivery.id):
                    settled.append(house.deliveries.bury(claim, delivery, "what it tells is past its retention"))
            elif not self._post(delivery, owner, message, verdict):
                settled.append(self._put_off(delivery, Verdict(wait_us=LOCKED_MS * 1000)))
        house.ledger.commit(*settled)

    def _must_wait(self, owner: Subscription, verdict: Verdict) -> bool:
        return verdict.wait_us > 0 or (self._lane == "fast" and (verdict.slow or owner.failing_since is not None))

    def _put_off(self, delivery: Delivery, verdict: Verdict) -> Transaction:
        """Give a delivery back until its turn, or to the slow lane at once."""
        transaction = Transaction()
        if claim := self._leases.settle(delivery.id):
            transaction.fence(claim, delivery.id)
            if not verdict.wait_us:
                transaction.done(claim.kind, delivery.id).make_due(SLOW, delivery.id)
            else:
                transaction.make_due(claim.kind, delivery.id, verdict.wait_us // 1000 + 1)
        return transaction

    def _post(self, delivery: Delivery, owner: Subscription, message: formats.Message, verdict: Verdict) -> bool:
        try:
            secret = self._house.subscriptions.secret(owner)
        except SettingsError as error:
            log.error("secrets.locked subscription=%s error=%s", owner.id, error)
            return False
        now = time.monotonic()
        body, kind = message
        self._sender.start(Post(delivery_id=delivery.id, url=owner.url, secret=secret, body=body, content_type=kind))
        self.flying[delivery.id] = Flight(delivery, owner, verdict.probe, now)
        self._young.append((now, delivery.id))
        return True

    def _learn(self, transaction: Transaction, flight: Flight, outcome: Outcome, now: datetime) -> None:
        """Write what an answer tells of its endpoint."""
        house, owner = self._house, flight.owner
        house.gate.settle(
            transaction,
            (flight.delivery.id, owner.id),
            good=outcome.verdict in ("delivered", "abort"),
            probe=flight.probe,
            seconds=outcome.attempt.seconds,
            at=now,
        )
        known = owner.after(outcome, now=now)
        if known != owner:
            house.subscriptions.put(transaction, known)
        if known.state == "disabled":
            log.warning("subscription.disabled subscription=%s reason=%s", owner.id, known.reason)
        elif (notice := known.notice(now)) and house.subscriptions.first_notice(owner.id):
            log.warning("subscription.failing subscription=%s notice=%s", owner.id, notice)
