"""From events to alerts: what an article says joins the alert of the same real-world event, or founds one.

Linked are events of the same trigger and country that were reported within the trigger's window and whose places do
not contradict each other. The rest is folding: what the new words change in the alert, or that they change nothing.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from worker.alerts.model import Alert, Change, Evidence
from worker.alerts.severity import severity
from worker.articles.model import Article
from worker.places.model import Event, Place
from worker.triggers.model import FAMILIES, Phase, Veracity

WINDOW: Final = timedelta(hours=48)
HAZARD_WINDOW: Final = timedelta(hours=96)
AFTER_END: Final = timedelta(hours=6)
SAME_PLACE_KM: Final = 15.0  # less than between two towns that are reported apart
MAX_EVIDENCE: Final = 40
PHASE_RANK: Final[dict[Phase, int]] = {"threatened": 0, "announced": 1, "active": 2, "ended": 3}


def window(trigger: str) -> timedelta:
    """How far apart two reports of one event may be published."""
    return HAZARD_WINDOW if FAMILIES[trigger] == "hazard" else WINDOW


def fold(article: Article, events: Sequence[Event], candidates: Iterable[Alert], *, now: datetime) -> list[Alert]:
    """The alerts that these events found or change, each once and one revision on.

    ``candidates`` are the kept alerts of the events' triggers and countries; ``now`` is written as ``updated_at``.
    The order of the result is the order of the events; an alert that only repeats what is known is not in it.
    """
    kept = {alert.id: alert for alert in candidates}
    working = dict(kept)
    touched: list[str] = []
    for event in events:
        joined = next((a for a in _best_first(working.values()) if same(a, event, article)), None)
        alert = _join(joined, event, article, now) if joined else _found(event, article, now)
        working[alert.id] = alert
        if alert.id not in touched:
            touched.append(alert.id)
    return [_next_revision(kept.get(i), working[i]) for i in touched if _changed(kept.get(i), working[i])]


def event_id(article: Article, event: Event) -> str:
    """The hash of article, trigger and place (else country): the same however often the article is judged."""
    return "ev_" + _hash(article.id, event.detection.trigger, event.place.casefold() or event.country)


def same(alert: Alert, event: Event, article: Article) -> bool:
    """Whether an event is one that this alert tells of."""
    detection = event.detection
    if alert.trigger != detection.trigger or alert.country != event.country or alert.merged_into:
        return False
    if any(e.event_id == event_id(article, event) for e in alert.evidence):
        return True
    told_before = any(e.article_id == article.id for e in alert.evidence)
    if told_before and _apart(alert.places, event.places):
        return False
    if (alert.veracity == "denied") != (detection.veracity == "denied"):
        return not told_before and _near(alert.places, event.places)
    apart = article.reported_at - alert.last_reported_at
    if alert.phase == "ended" and detection.phase != "ended" and apart > AFTER_END:
        return False
    early = alert.first_reported_at - article.reported_at
    return max(apart, early) <= window(alert.trigger) and _near(alert.places, event.places)


def _near(known: Sequence[Place], told: Sequence[Place]) -> bool:
    """Whether two places can be one: an unknown or wider one contradicts nothing."""
    if not known or not told:
        return not known and not told
    a, b = known[0], told[0]
    if "country" in (a.precision, b.precision) or a.name.casefold() == b.name.casefold():
        return True
    if a.geonames_id is not None and a.geonames_id == b.geonames_id:
        return True
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return True
    reach = SAME_PLACE_KM + max(a.radius_km or 0.0, b.radius_km or 0.0) * ("region" in (a.precision, b.precision))
    return distance_km(a.lat, a.lon, b.lat, b.lon) <= reach


def _apart(known: Sequence[Place], told: Sequence[Place]) -> bool:
    """Whether an article that names both means two places: then it tells of two events."""
    if not known or not told or "country" in (known[0].precision, told[0].precision):
        return False
    return known[0].name.casefold() != told[0].name.casefold()


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great-circle distance of two points given in degrees, in kilometres (haversine on a sphere of 6,371 km)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _best_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Alerts of an exact place before those of a whole country, then the newest."""
    return sorted(
        alerts, key=lambda a: (not a.places or a.places[0].precision == "country", -a.last_reported_at.timestamp())
    )


def _found(event: Event, article: Article, now: datetime) -> Alert:
    detection = event.detection
    grave, reasons = severity(detection.trigger, detection.phase, detection.veracity, event.places, detection.numbers)
    return Alert(
        id="al_" + _hash(event_id(article, event)),
        revision=0,
        trigger=detection.trigger,
        family=FAMILIES[detection.trigger],
        headline=_headline(event, article),
        phase=detection.phase,
        veracity=detection.veracity,
        confidence=detection.confidence,
        severity=grave,
        severity_reasons=reasons,
        places=event.places,
        numbers=detection.numbers,
        occurred_at=detection.occurred_at,
        first_reported_at=article.reported_at,
        last_reported_at=article.reported_at,
        detected_at=now,
        updated_at=now,
        attribution=detection.attribution,
        evidence=(_evidence(event, article),),
    )


def _join(alert: Alert, event: Event, article: Article, now: datetime) -> Alert:
    """The alert with one more event; ``changes`` names what it says anew."""
    detection = event.detection
    evidence = _with(alert.evidence, _evidence(event, article))
    newest = article.reported_at >= alert.last_reported_at
    phase = _phase(alert.phase, detection.phase, newest)
    veracity = _veracity(evidence)
    places = event.places if _more_exact(event.places, alert.places) else alert.places
    numbers = detection.numbers or alert.numbers
    grave, reasons = severity(alert.trigger, phase, veracity, places, numbers)
    independent = len({e.group for e in evidence})
    changes = tuple(
        f"{what}: {before} → {after}"
        for what, before, after in (
            ("phase", alert.phase, phase),
            ("veracity", alert.veracity, veracity),
            ("severity", alert.severity, grave),
            ("place", _name(alert.places), _name(places)),
            ("independent sources", alert.independent_sources, independent),
        )
        if before != after
    )
    return msgspec.structs.replace(
        alert,
        phase=phase,
        veracity=veracity,
        confidence=max(alert.confidence, detection.confidence),
        severity=grave,
        severity_reasons=reasons,
        places=places,
        numbers=numbers,
        first_reported_at=min(alert.first_reported_at, article.reported_at),
        last_reported_at=max(alert.last_reported_at, article.reported_at),
        updated_at=now,
        independent_sources=independent,
        attribution=alert.attribution or detection.attribution,
        evidence=evidence,
        changes=alert.changes + changes if alert.revision == 0 else changes,
    )


def _next_revision(before: Alert | None, after: Alert) -> Alert:
    change: Change = "alert.created"
    if before is not None:
        change = "alert.updated"
        if after.phase == "ended" and before.phase != "ended":
            change = "alert.ended"
        elif after.veracity == "denied" and before.veracity != "denied":
            change = "alert.withdrawn"
    changes = () if before is None else after.changes
    revision = before.revision + 1 if before else 1
    return msgspec.structs.replace(after, revision=revision, change=change, changes=changes)


def _changed(before: Alert | None, after: Alert) -> bool:
    """Whether the alert says anything that its subscribers do not know yet."""
    if before is None:
        return True
    fields = ("phase", "veracity", "severity", "independent_sources")
    return any(getattr(before, f) != getattr(after, f) for f in fields) or _name(before.places) != _name(after.places)


def _phase(known: Phase, told: Phase, newest: bool) -> Phase:
    """The later report decides; an earlier one read late only tells that it went further."""
    if newest:
        return told if told != "threatened" else known
    return max(known, told, key=PHASE_RANK.__getitem__) if known != "ended" else known


def _veracity(evidence: Sequence[Evidence]) -> Veracity:
    """Reported where anybody reports it as fact; denied where the newest word is a denial; claimed otherwise."""
    said = {e.veracity for e in evidence}
    if "reported" in said:
        return "reported"
    newest = max(evidence, key=lambda e: (e.published_at is not None, e.published_at))
    return newest.veracity


def _with(evidence: tuple[Evidence, ...], new: Evidence) -> tuple[Evidence, ...]:
    """The evidence with the newest words of each event, the oldest forty kept."""
    if any(e.event_id == new.event_id for e in evidence):
        return tuple(new if e.event_id == new.event_id else e for e in evidence)
    return (*evidence, new)[:MAX_EVIDENCE]


def _more_exact(told: Sequence[Place], known: Sequence[Place]) -> bool:
    order = ("country", "region", "city", "point")
    return bool(told) and (not known or order.index(told[0].precision) > order.index(known[0].precision))


def _name(places: Sequence[Place]) -> str:
    return places[0].name if places else "unknown"


def _headline(event: Event, article: Article) -> str:
    """The article's title where the event stands in it, otherwise the words that tell of it."""
    text = article.title if event.detection.end <= len(article.title) else event.detection.quote
    return text if len(text) <= 200 else text[:199] + "…"


def _evidence(event: Event, article: Article) -> Evidence:
    detection = event.detection
    return Evidence(
        event_id=event_id(article, event),
        article_id=article.id,
        url=article.url,
        source=article.feed,
        group=article.group,
        published_at=article.published_at,
        lang=article.lang,
        phase=detection.phase,
        veracity=detection.veracity,
        quote=detection.quote,
        start=detection.start,
        end=detection.end,
        rule=detection.rule,
    )


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()
