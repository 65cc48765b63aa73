"""What an article tells twice: the title and the lead are one event, though a place was read differently in each.

"Uganda keeps Bunagana closed. The crossing between Uganda and eastern Congo …" is one closure, not one of each country.
Which place is right shows by what others report: both stay in the one alert.
"""

from collections.abc import Sequence
from typing import Final

from worker.alerts.breath import LEAD
from worker.alerts.distance import km_between
from worker.alerts.likeness import apart
from worker.alerts.wording import content, sites
from worker.articles.model import Article
from worker.places.model import Event, Place

TOWNS_KM: Final = 50.0
"""Two towns that are farther apart are two, even where the title names one and the lead both."""
_BORDERS: Final = frozenset({"border_closure", "route_closure"})


def retold(one: Event, other: Event, events: Sequence[Event], article: Article) -> bool:
    """Whether two events of an article, which give two places, are one in other words."""
    if one.detection.trigger != other.detection.trigger or not apart(one.places, other.places):
        return False
    return (
        _restates(one, other, events, article) or _restates(other, one, events, article) or _sides(one, other, article)
    )


def _restates(head: Event, lead: Event, events: Sequence[Event], article: Article) -> bool:
    """Whether the lead names the place of the title, yet tells of nothing there but this."""
    start, _ = lead.detection.sentence
    title = len(article.title)
    if head.detection.sentence[1] > title or not title <= start <= title + LEAD:
        return False
    if _one_magnitude(head, lead):
        return True
    if not _named(head, lead, article) or _two_towns(head.places[0], lead.places[0]):
        return False
    beside = [e for e in events if e.detection.trigger == lead.detection.trigger and _shares_sentence(e, lead)]
    return all(apart(e.places, head.places) for e in beside)


def _sides(one: Event, other: Event, article: Article) -> bool:
    """Whether one sentence tells of one crossing from both of its sides."""
    start, end = one.detection.sentence
    crossing = one.detection.trigger in _BORDERS and one.country != other.country
    return crossing and _shares_sentence(one, other) and len(sites(article.document().full[start:end])) == 1


def _one_magnitude(one: Event, other: Event) -> bool:
    """Whether two events are earthquakes of one magnitude."""
    here, there = ({n.min for n in e.detection.numbers if n.kind == "magnitude"} for e in (one, other))
    return bool(here & there)


def _named(head: Event, lead: Event, article: Article) -> bool:
    """Whether the lead names the place as the title does: Acapulco, though a map has Acapulco de Juárez."""
    start, end = lead.detection.sentence
    name = set(content(head.place)).intersection(content(article.title))
    return bool(name) and name <= set(content(article.document().full[start:end]))


def _two_towns(one: Place, other: Place) -> bool:
    if {one.precision, other.precision} & {"country", "region"} or one.country != other.country:
        return False
    km = km_between(one, other)
    return km is None or km > TOWNS_KM


def _shares_sentence(one: Event, other: Event) -> bool:
    here, there = one.detection.sentence, other.detection.sentence
    return here[0] < there[1] and there[0] < here[1]
