"""What an article tells in one breath: of an event and what is only a part of it, the part founds no alert of its own.

"Police impose a curfew after shops were looted" is one alert, a curfew that is also reported as unrest. Once a report
tells of the looting by itself, that is an alert too; and where the looting is known already, the curfew joins its alert
(``link.py``). What an event leads to, and an article tells only after it, is a part of it however far down it stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from worker.alerts.distance import km_between
from worker.alerts.likeness import COMPATIBLE, LASTING, apart
from worker.articles.model import Article
from worker.places.model import Event
from worker.triggers.model import SCORER

# How far an event stands on its own. What authorities order always does; a fight, a riot or a flood may be the reason
# for it; blocked roads, damage and people who flee mostly are a part of something.
_PARTS: Final = {
    "air_strike": 1,
    "ground_fighting": 1,
    "abduction": 1,
    "territory_change": 1,
    "violent_unrest": 1,
    "earthquake_volcano": 1,
    "storm_flood_fire": 1,
    "industrial_transport_disaster": 1,
    "health_emergency": 1,
    "bombing": 2,
    "attack_on_civilians": 2,
    "mass_displacement": 3,
    "infrastructure_damage": 3,
    "route_closure": 3,
}
# People who leave or must stay at home, and what breaks down.
_HARM: Final = frozenset({"curfew", "evacuation", "infrastructure_damage", "mass_displacement", "route_closure"})
_DECREES: Final = frozenset(
    {"airspace_airport_closure", "border_closure", "communications_shutdown", "curfew", "emergency_rule"}
)
# What an event leads to: a part of it wherever an article tells first of the one and in a later sentence of the other.
_LEADS_TO: Final[Mapping[str, frozenset[str]]] = {
    "air_strike": _HARM | {"war_escalation"},
    "attack_on_civilians": _HARM,
    "bombing": _HARM,
    "earthquake_volcano": _HARM,
    "ground_fighting": _HARM | {"war_escalation"},
    "industrial_transport_disaster": _HARM,
    "storm_flood_fire": _HARM,
    "territory_change": _HARM,
    "violent_unrest": _HARM | {"communications_shutdown"},
}
# However it is told: houses that are left after a quake or an eruption, and what those decree who seize power.
_CAUSED: Final[Mapping[str, frozenset[str]]] = {"earthquake_volcano": frozenset({"evacuation"}), "coup": _DECREES}
NEARBY_KM: Final = 50.0
"""So far from an event may that be which it led to: the road below a volcano, the town downstream."""
LEAD: Final = 100
"""Sentences that begin so many characters after the title repeat it, or say who writes."""


def standing(event: Event) -> int:
    """How far an event stands on its own: 0 for one that always does."""
    return _PARTS.get(event.detection.trigger, 0)


def wholes_first(events: Iterable[Event]) -> list[Event]:
    """The events, each after those that it may be a part of."""
    told = list(events)
    triggers = {e.detection.trigger for e in told}
    led = {t for t in triggers if any(_caused(w, t, told) for w in triggers)}
    return sorted(told, key=lambda e: (e.detection.trigger in led, standing(e)))


def whole_of(
    part: Event, homes: Iterable[Event], known: Collection[Event], events: Sequence[Event], article: Article
) -> Event | None:
    """Which of the events that have a home another one of the article is a part of, or another word for."""
    told = [
        e
        for e in homes
        if e is not part
        and _together(e, part)
        and (_takes(e, part, events, article) or (e in known and _holds(e, part, events, article)))
    ]
    return min(told, key=standing, default=None)


def _holds(known: Event, new: Event, events: Sequence[Event], article: Article) -> bool:
    """Whether what was known before the article came takes in what one breath tells beside it, whole or part.

    What lasts takes in nothing that happens: a strike on a town is news, however long its people have been fleeing.
    """
    one, other = known.detection.trigger, new.detection.trigger
    if one == other or (one in LASTING and other not in LASTING) or not _one_breath(known, new, events, article):
        return False
    return _takes(new, known, events, article) or _one_reading(known, new)


def _one_reading(one: Event, other: Event) -> bool:
    """Whether the scorer read two triggers out of one sentence: it was of two minds on what that is."""
    here, there = one.detection, other.detection
    return here.rule == there.rule == SCORER and here.sentence == there.sentence


def _caused(one: str, other: str, events: Sequence[Event]) -> bool:
    """Whether what an article tells by the other trigger is only what the one led to."""
    return other in _CAUSED.get(one, ()) or (other in _LEADS_TO.get(one, ()) and _told_after(one, other, events))


def _told_after(one: str, other: str, events: Sequence[Event]) -> bool:
    """Whether an article tells of the other trigger first in a sentence of its own, after one that tells of the one."""
    starts = {e.detection.sentence[0] for e in events if e.detection.trigger == one}
    first = min(e.detection.sentence[0] for e in events if e.detection.trigger == other)
    return first not in starts and min(starts) < first


def _one_breath(one: Event, other: Event, events: Sequence[Event], article: Article) -> bool:
    """Whether two events stand in one sentence, or both at the top of the article, wherever it tells of them."""
    top = len(article.title) + LEAD
    spans = [(here, there) for here in _tellings(one, events) for there in _tellings(other, events)]
    return any((a < d and c < b) or max(a, c) <= top for (a, b), (c, d) in spans)


def _tellings(event: Event, events: Sequence[Event]) -> list[tuple[int, int]]:
    """The sentences that tell of an event at its place."""
    same = [e for e in events if (e.detection.trigger, e.place) == (event.detection.trigger, event.place)]
    return [e.detection.sentence for e in same]


def _takes(whole: Event, part: Event, events: Sequence[Event], article: Article) -> bool:
    one, other = whole.detection.trigger, part.detection.trigger
    if one == other or _caused(other, one, events):
        return False
    if _caused(one, other, events):
        return True
    lasting = one in LASTING and other in LASTING  # each ends in its own time
    takes = standing(whole) < standing(part) or (other in COMPATIBLE[one] and not lasting)
    return takes and _one_breath(whole, part, events, article)


def _together(whole: Event, part: Event) -> bool:
    """Whether two events happen at one place, or one of them near the other that led to it.

    What is only feared takes in nothing that happened.
    """
    if whole.detection.phase == "threatened" != part.detection.phase:
        return False
    if not apart(whole.places, part.places):
        return True
    led = part.detection.trigger in _LEADS_TO.get(whole.detection.trigger, ())
    km = km_between(whole.places[0], part.places[0])
    return led and whole.country == part.country and km is not None and km <= NEARBY_KM
