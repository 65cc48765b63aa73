"""How much speaks for two events being one: places, time, words and figures, each in log-odds that are added.

The numbers were set by reading pairs of real reports; above 0, two reports are taken for one event.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from worker.alerts.distance import km_between
from worker.alerts.model import Trace
from worker.alerts.wording import containment, content, names_in, weights
from worker.places.model import Place
from worker.triggers.model import FAMILIES, Number

COPY: Final = 0.3
"""From this share of common five-word runs on, one text is a copy of the other."""
ONE_MOULD: Final = -1.0
"""Two texts that agree so little on the place may be no copies, but cast in one mould, as advice and bulletins are."""
OTHER_LAND: Final = -3.0
"""Two countries, and no two points near their border: however like the words, these are two events."""
MAGNITUDE_DIFFERS: Final = 0.6  # first estimates are put right by less
FELT_KM: Final = 150.0
"""So far away may a town be that felt a quake of magnitude 6; twice as far one of 7."""
FELT: Final = 1.0
OTHER_WORD: Final = 1.2
"""So much alike must be the sentences that two triggers were found in: what else two pages share is their mould."""
SAME_PLACE_KM: Final = 15.0  # less than between two towns that are reported apart
OBLONG: Final = 1.5
"""So many times as far as its radius a region may reach: islands and provinces are no circles."""
OUTLYING: Final = 2.5
"""And so many times a state as large as Texas, of which a place is known to be in it."""
BORDER: Final = 1.0
"""So much speaks a border between two places against their being one."""

# Things that are so for a while, and of which a place has one at a time. The others happen, again and again.
LASTING: Final = frozenset(
    {
        "airspace_airport_closure",
        "border_closure",
        "communications_shutdown",
        "coup",
        "curfew",
        "embassy_drawdown",
        "emergency_rule",
        "evacuation",
        "health_emergency",
        "leave_advisory",
        "mass_displacement",
        "route_closure",
        "territory_change",
        "war_escalation",
    }
)
# What one outlet calls a bombing, another calls an attack or an explosion.
_ALIKE: Final = (
    {"air_strike", "bombing", "attack_on_civilians", "industrial_transport_disaster"},
    {"air_strike", "ground_fighting"},
    {"attack_on_civilians", "violent_unrest", "ground_fighting"},
    {"ground_fighting", "territory_change", "war_escalation"},
    {"air_strike", "infrastructure_damage", "industrial_transport_disaster"},
    {"storm_flood_fire", "industrial_transport_disaster"},
    {"embassy_drawdown", "leave_advisory", "evacuation"},
    {"attack_on_civilians", "abduction"},
    {"coup", "territory_change"},
    {"evacuation", "mass_displacement"},
    {"route_closure", "border_closure"},
    {"route_closure", "infrastructure_damage"},
    {"curfew", "emergency_rule"},
)
COMPATIBLE: Final = {t: frozenset().union(*(g for g in _ALIKE if t in g)) - {t} for t in FAMILIES}
_DAY: Final = timedelta(days=1)


def likeness(a: Trace, b: Trace) -> float:
    """The log-odds that two events are one."""
    if a.article_id == b.article_id and a.trigger == b.trigger:
        return -9.0 if two_of_one(a, b) else 9.0
    copied = containment(a.runs, b.runs)
    where = max(place_odds(a, b), FELT if _one_quake(a, b) else -9.0)
    if where <= OTHER_LAND and not _tell_of_each_other(a, b):
        return -3.0
    if copied >= COPY and where < ONE_MOULD and (a.group == b.group or not _tell_of_each_other(a, b)):
        return -3.0
    if a.trigger != b.trigger and (sentence_odds(a, b) < OTHER_WORD or (copied >= COPY and _filled_in(a, b))):
        return -3.0
    if copied >= COPY:
        return (6.0 if a.trigger == b.trigger else 2.0) + min(0.0, where + 1.0)
    odds = where + _time_odds(a, b) + _figure_odds(a.numbers, b.numbers) + word_odds(a, b)
    return odds + (0.0 if a.trigger == b.trigger else -2.2)


def _one_quake(a: Trace, b: Trace) -> bool:
    """Whether two reports of one day give one magnitude: an earthquake is told of by each town that felt it."""
    if abs(a.reported_at - b.reported_at) > _DAY or not a.places or not b.places:
        return False
    km, same = km_between(a.places[0], b.places[0]), set(_magnitudes([a])) & set(_magnitudes([b]))
    return km is not None and bool(same) and km <= FELT_KM * max(1.0, max(same) - 5.0)


def two_of_one(a: Trace, b: Trace) -> bool:
    """Whether one article tells of them, and as of two events at two places."""
    return a.article_id == b.article_id and b.event_id not in a.retold and apart(a.places, b.places)


def place_odds(a: Trace, b: Trace) -> float:
    """What the places say: the same, one inside the other, or apart."""
    if not a.places or not b.places:
        known = bool(a.places or b.places)
        return -1.3 if known else -0.5 if a.lang[:2] == b.lang[:2] else -1.5
    one, other = a.places[0], b.places[0]
    if one.country != other.country:
        return _over_the_border(one, other)
    wide = "country" in (one.precision, other.precision)
    # One of them is lasting: what a country has one of at a time may be told of the country as a whole.
    width = _width(one if one.precision == "country" else other) * (0.6 if a.trigger in LASTING else 1.0)
    if wide and one.precision == other.precision:
        return 0.9 - width
    if wide:
        exact, vague = (one, b) if other.precision == "country" else (other, a)
        return 2.2 - 0.4 * width if _named(exact, vague) else 0.6 - width
    if one.name.casefold() == other.name.casefold() or (one.geonames_id and one.geonames_id == other.geonames_id):
        return 2.6 if "region" not in (one.precision, other.precision) else 1.9 - _breadth(one)
    return _distance_odds(one, other) + (1.5 if _named(one, b) or _named(other, a) else 0.0)


def _over_the_border(one: Place, other: Place) -> float:
    """What two places in two countries say: a fight at a border is told of from both sides."""
    known = "country" not in (one.precision, other.precision) and None not in (one.lat, one.lon, other.lat, other.lon)
    return max(-3.0, _distance_odds(one, other) - BORDER) if known else -3.0


def _distance_odds(one: Place, other: Place) -> float:
    km = km_between(one, other)
    if km is None:
        return 0.0
    regions = [p for p in (one, other) if p.precision == "region"]
    if len(regions) == 2:
        reach = max(p.radius_km or 50.0 for p in regions)
        return 0.9 if km < max(reach, SAME_PLACE_KM) else -1.4 - min(2.0, km / 400)
    if regions:
        inside = km <= SAME_PLACE_KM + (regions[0].radius_km or 50.0)
        same = bool(one.admin1) and one.admin1 == other.admin1
        near = 1.4 if same and inside else 1.1 if inside or same else -1.8 - min(2.0, km / 300)
        return near - _breadth(regions[0]) if near > 0 else near
    if km <= SAME_PLACE_KM:
        return 2.0
    return -1.2 - min(2.8, km / 60)


def _width(country: Place) -> float:
    """What a whole country says less the larger it is: in one of 100 km much less happens than in one of 2,000."""
    return 0.9 * math.log2(max(1.0, (country.radius_km or 300.0) / 250.0))


def _breadth(region: Place) -> float:
    """What a region says less the larger it is."""
    return 0.7 * math.log2(max(1.0, (region.radius_km or 50.0) / 150.0))


def _named(exact: Place, vague: Trace) -> bool:
    """Whether the report that gives only a wide place names the exact one all the same."""
    name = _stems(exact.name)
    return bool(name) and name <= set(vague.words)


def _tell_of_each_other(a: Trace, b: Trace) -> bool:
    """Whether one of two reports names the place of the other, as copies do of which one was read amiss."""
    mine, theirs = _stems(a.places[0].name), _stems(b.places[0].name)
    # Papua New Guinea names no Guinea.
    return bool(mine and mine <= set(b.words) - theirs) or bool(theirs and theirs <= set(a.words) - mine)


def _filled_in(a: Trace, b: Trace) -> bool:
    """Whether two reports of one publisher are notices of two things that last, with other words in one form."""
    lasts = a.trigger in LASTING or b.trigger in LASTING
    mine, theirs = set(a.telling), set(b.telling)
    return lasts and a.group == b.group and bool(mine - theirs) and bool(theirs - mine)


@lru_cache(maxsize=20_000)
def _stems(name: str) -> frozenset[str]:
    return frozenset(content(name))


def _time_odds(a: Trace, b: Trace) -> float:
    """What the time between two reports says, and the days on which they say it happened."""
    lasting = a.trigger in LASTING or FAMILIES[a.trigger] == "hazard"
    days = abs(a.reported_at - b.reported_at) / _DAY
    over = (a.phase == "ended") != (b.phase == "ended")  # an end may come long after what it ends
    slow = lasting or _looks_back(a, b) or _looks_back(b, a)
    odds = (0.7 if lasting else 0.3) - (0.1 if over else 0.25 if slow else 1.2) * max(0.0, days - 0.5)
    if a.occurred_at and b.occurred_at:
        apart_days = abs(a.occurred_at - b.occurred_at) / _DAY
        if apart_days < 1:
            odds += 0.8 + 0.6 * min(days, 2.0)
        elif not over:
            odds -= min(4.0, (0.3 if lasting else 1.6) * apart_days)
    elif (a.occurred_at or b.occurred_at) and not over:
        told, other = (a, b) if a.occurred_at else (b, a)
        before = (told.occurred_at - other.reported_at) / _DAY  # type: ignore[operator]
        if before > 0.5:  # it had not happened yet when the other was published
            odds -= 0.3 if lasting or other.phase in ("threatened", "announced") else min(3.0, 1.5 * before)
    return odds


def _looks_back(late: Trace, early: Trace) -> bool:
    """Whether a report tells of an earlier day, on which the other one was published."""
    day = late.occurred_at
    return day is not None and late.reported_at - day > _DAY and abs(early.reported_at - day) < _DAY


def _figure_odds(a: Sequence[Number], b: Sequence[Number]) -> float:
    """What the figures say: equal ones for it, magnitudes that differ against it; tolls may grow."""
    odds = 0.0
    for one in a:
        for other in b:
            if one.kind != other.kind or one.min is None or other.min is None:
                continue
            low, high = sorted((one.min, other.min))
            if one.kind == "magnitude":
                odds += 1.5 if high - low < 0.35 else -3.0 * min(2.0, high - low)
            elif low == high and high > 1:
                odds += 0.6 if one.approximate or other.approximate else 1.0
            elif low > 0 and high / low > 4 and not (one.approximate or other.approximate):
                odds -= 0.6
    return max(-5.0, min(2.0, odds))


def word_odds(a: Trace, b: Trace) -> float:
    """What the words say: those that both share, by how much each says."""
    return _shared_odds(a, b, a.words, b.words) + name_odds(a, b)


def sentence_odds(a: Trace, b: Trace) -> float:
    """What the words of the two sentences say that tell of the events; of a trace without them, all its words."""
    return _shared_odds(a, b, a.telling or a.words, b.telling or b.words) + name_odds(a, b)


def _shared_odds(a: Trace, b: Trace, words: tuple[str, ...], others: tuple[str, ...]) -> float:
    if a.lang[:2] != b.lang[:2] and a.lang and b.lang:
        return min(1.5, 0.5 * weights(set(words).intersection(others)))
    (mine, most), (theirs, least) = _own(words, a.places), _own(others, b.places)
    return 6.0 * weights(mine & theirs) / (min(most, least) + 2.0) - 0.7


def name_odds(a: Trace, b: Trace) -> float:
    """What given names say: one Hurricane Erin is the other, and is not Hurricane Melissa."""
    mine, theirs = names_in(a.words), names_in(b.words)
    if not mine or not theirs:
        return 0.0
    return 2.0 if mine & theirs else -2.5


@lru_cache(maxsize=8192)
def _own(words: tuple[str, ...], places: tuple[Place, ...]) -> tuple[frozenset[str], float]:
    """These words without those of the place, which are counted as a place; and how much they say together."""
    own = frozenset(words).difference(*(_stems(p.name) for p in places))
    return own, weights(own)


def contradicts(trace: Trace, told: Sequence[Trace]) -> bool:
    """Whether an event has another name, or another magnitude, than all that is told of one."""
    names = names_in(trace.words)
    known = frozenset[str]().union(*(names_in(t.words) for t in told)) if names else names
    if names and known and not names & known:
        return True
    mine = _magnitudes([trace])
    theirs = _magnitudes(told) if mine else mine
    return bool(theirs) and min(abs(m - t) for m in mine for t in theirs) > MAGNITUDE_DIFFERS


def _magnitudes(traces: Sequence[Trace]) -> list[float]:
    return [n.min for t in traces for n in t.numbers if n.kind == "magnitude" and n.min is not None]


def apart(known: Sequence[Place], told: Sequence[Place]) -> bool:
    """Whether an article that names both means two places: then it tells of two events."""
    if not known or not told:
        return False
    if known[0].country != told[0].country:
        return True
    if "country" in (known[0].precision, told[0].precision) or _holds(known[0], told[0]) or _holds(told[0], known[0]):
        return False
    return known[0].name.casefold() != told[0].name.casefold()


def _holds(region: Place, place: Place) -> bool:
    """Whether a place lies in a region."""
    km = km_between(region, place)
    if region.precision != "region" or place.precision == "region" or km is None:
        return False
    within = bool(region.admin1) and region.admin1 == place.admin1  # so does each county name its state
    return km <= (OUTLYING if within else OBLONG) * (region.radius_km or 50.0)
