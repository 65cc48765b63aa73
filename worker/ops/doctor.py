"""What is wrong, and what to do about it."""

import msgspec

from worker import wiring
from worker.access import memory_share, standing_open
from worker.api.access import loopback
from worker.api.keys import KeyStore
from worker.errors import TocsinError
from worker.feeds import catalogue as feeds
from worker.judge import make_judge
from worker.ledger import KINDS
from worker.ops.figures import living, missing
from worker.queues import FUNCTIONS
from worker.settings import Settings
from worker.watching import sight
from worker.wiring import House

OLD_S = 60
APART_S = 2.0
SHOWN = 5


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at; ``remedy`` says what to do where it is not good."""

    good: bool
    what: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at from here, in the order in which to mend it."""
    findings = [_config(settings)]
    try:
        house = wiring.open_house(settings)
    except TocsinError as error:
        return [*findings, Finding(False, str(error), "do as it says; tocsin up starts everything")]
    findings.append(Finding(True, f"Redis {house.redis.info()['redis_version']} answers and evicts nothing"))
    findings += [_clock(house), _secrets(settings), _open(house), _door(house), _memory(house)]
    findings += [_durable(house), *_roles(house), _sight(house), *_feeds(house), *_queues(house), *_quarantine(house)]
    return findings


def _config(settings: Settings) -> Finding:
    try:
        count = len(feeds.load(settings.config / "feeds.yaml"))
        make_judge(settings)
    except TocsinError as error:
        return Finding(False, str(error), "mend the file that it names")
    return Finding(True, f"{settings.config} holds {count} feeds and a lexicon that compiles")


def _secrets(settings: Settings) -> Finding:
    if settings.secrets_key:
        return Finding(True, "secrets are sealed")
    return Finding(False, "secrets lie in Redis as they are", "set TOCSIN_SECRETS_KEY")


def _open(house: House) -> Finding:
    if reason := standing_open(house.redis):
        return Finding(False, f"anybody can read and write our Redis: {reason}", "give it a user and a password")
    return Finding(True, "Redis is not open to everybody")


def _memory(house: House) -> Finding:
    share, limit = memory_share(house.redis), house.settings.memory_limit
    if share < limit:
        return Finding(True, f"the memory of Redis is {share:.0%} full")
    return Finding(False, f"the memory of Redis is {share:.0%} full: polling is paused", "raise its maxmemory")


def _durable(house: House) -> Finding:
    """Whether what was accepted outlives Redis."""
    told = house.redis.info("persistence")
    if not told.get("aof_enabled"):
        return Finding(False, "Redis writes no log: what was accepted dies with it", "set its appendonly to yes")
    if told.get("aof_last_write_status") != "ok":
        return Finding(False, "Redis cannot write its log", "look at its disk and its own log")
    return Finding(True, "Redis writes all to its log on disk")


def _roles(house: House) -> list[Finding]:
    alive, dead = {role for role, _ in living(house)}, missing(house)
    shown = [Finding(True, f"{', '.join(sorted(alive))} show signs of life")] if alive else []
    return shown + [Finding(False, f"no {role} shows a sign of life", f"start it: {command}") for role, command in dead]


def _sight(house: House) -> Finding:
    if blind := sight(house):
        return Finding(False, f"blind since {blind.since:%Y-%m-%d %H:%M} UTC: {'; '.join(blind.reasons)}", "see below")
    failing = [n for s in house.subscriptions.all() if (n := s.notice(house.clock()))]
    if failing:
        return Finding(False, f"{len(failing)} subscriptions fail for a day: {failing[0]}", "tocsin subscriptions list")
    return Finding(True, "subscribers are told, and nothing keeps Tocsin from seeing")


def _clock(house: House) -> Finding:
    apart = abs(house.ledger.now_us() / 1e6 - house.clock().timestamp())
    what = f"this clock and that of Redis are {apart:.1f} s apart"
    return Finding(apart < APART_S, what, "" if apart < APART_S else "let both follow the same time server")


def _door(house: House) -> Finding:
    """Who may come in, where the API listens beyond this machine."""
    if loopback(house.settings.api_host) or house.settings.api_key or KeyStore(house.ledger).exist():
        return Finding(True, "the API is open to nobody but this machine and who holds a key")
    return Finding(
        False, "the API will not start beyond loopback without a key", "tocsin keys add NAME --scope operate"
    )


def _feeds(house: House) -> list[Finding]:
    found = [f for f in house.feeds.get_many(house.feeds.names()) if f is not None]
    if not found:
        return [Finding(False, "no feed is read", "start tocsin poller, which reads config/feeds.yaml")]
    ill = [f for f in found if f.health in ("failing", "gone")]
    good = Finding(True, f"{len(found) - len(ill)} of {len(found)} feeds are well")
    shown = [Finding(False, f"feed {f.name} is {f.health}: {f.reason}", f.remedy) for f in ill[:SHOWN]]
    if len(ill) > SHOWN:
        shown.append(Finding(False, f"and {len(ill) - SHOWN} feeds more", "tocsin feeds list"))
    return [good, *shown]


def _queues(house: House) -> list[Finding]:
    rows = []
    for kind in KINDS:
        late = house.ledger.oldest_s(kind)
        role = "poller" if kind in ("feed", "page") else "classifier" if kind in ("article", "alert") else "sender"
        what = f"{house.ledger.due_now(kind)} of kind {kind} are due, the oldest for {late:.0f} s"
        rows.append(Finding(late < OLD_S, what, "" if late < OLD_S else f"start a (further) tocsin {role}"))
    waiting = house.bells.waiting()
    rows.append(Finding(True, "rings that wait: " + ", ".join(f"{n} {waiting[n]}" for n in FUNCTIONS)))
    return rows


def _quarantine(house: House) -> list[Finding]:
    counts = {kind: len(house.ledger.quarantined(kind)) for kind in KINDS}
    if not any(counts.values()):
        return [Finding(True, "nothing is in quarantine")]
    told = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n)
    return [Finding(False, f"in quarantine: {told}", "tocsin quarantine list")]
