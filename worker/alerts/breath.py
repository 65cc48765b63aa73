"""What an article tells in one breath: of an event and what is only a part of it, the part founds no alert of its own.

"Police impose a curfew after shops were looted" is one alert, a curfew that is also reported as unrest. Once a report
tells of the looting by itself, that is an alert too (``link.py``).
"""

from collections.abc import Iterable
from typing import Final

from worker.alerts.likeness import COMPATIBLE, LASTING, apart
from worker.articles.model import Article
from worker.places.model import Event

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
    "mass_displacement": 2,
    "infrastructure_damage": 2,
    "route_closure": 2,
}
# Houses that are left after a quake or an eruption are part of it, however it is told.
_CAUSED: Final = {("earthquake_volcano", "evacuation")}
# After a flood or a fire they are part of it where they are told of further down, not in one breath with it.
_ADDED: Final = {("storm_flood_fire", "evacuation"), ("industrial_transport_disaster", "evacuation")}
LEAD: Final = 100
"""Sentences that begin so many characters after the title repeat it, or say who writes."""


def standing(event: Event) -> int:
    """How far an event stands on its own: 0 for one that always does."""
    return _PARTS.get(event.detection.trigger, 0)


def wholes_first(events: Iterable[Event], article: Article) -> list[Event]:
    """The events, each after those that it may be a part of."""
    told = list(events)
    return sorted(told, key=lambda e: (any(_caused(w, e, article) for w in told), standing(e)))


def whole_of(part: Event, events: Iterable[Event], article: Article) -> Event | None:
    """The event that another one of the article is told in one breath with, and is a part of or another word for."""
    told = [e for e in events if e is not part and _takes(e, part, article) and not apart(part.places, e.places)]
    return min(told, key=standing, default=None)


def _caused(whole: Event, part: Event, article: Article) -> bool:
    """Whether an event is only what another one of the article led to."""
    pair = whole.detection.trigger, part.detection.trigger
    return pair in _CAUSED or (pair in _ADDED and not _one_breath(whole, part, article))


def _one_breath(one: Event, other: Event, article: Article) -> bool:
    """Whether two events stand in one sentence, or both at the top of the article."""
    top = len(article.title) + LEAD
    here, there = one.detection.sentence, other.detection.sentence
    return (here[0] < there[1] and there[0] < here[1]) or max(here[0], there[0]) <= top


def _takes(whole: Event, part: Event, article: Article) -> bool:
    one, other = whole.detection.trigger, part.detection.trigger
    if one == other or _caused(part, whole, article):
        return False
    if _caused(whole, part, article):
        return True
    lasting = one in LASTING and other in LASTING  # each ends in its own time
    takes = standing(whole) < standing(part) or (other in COMPATIBLE[one] and not lasting)
    return takes and _one_breath(whole, part, article)
