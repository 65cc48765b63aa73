"""Which alerts a subscription wants. Filters fail closed: what is not known to match does not."""

import re
from collections.abc import Callable, Collection
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from worker.alerts.model import SEVERITIES, Alert
from worker.errors import SubscriptionRefused
from worker.places.model import Place
from worker.subscriptions.area import FARTHEST_KM, extent, inside, near
from worker.subscriptions.model import Filter
from worker.subscriptions.quiet import minutes
from worker.triggers.model import FAMILIES, PHASES, VERACITIES

# ISO 3166-1 alpha-2, and XK for Kosovo as gazetteers use it.
COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table is read more easily than 250 strings
)
MAX_VALUES: Final = 500
MOST_SOURCES: Final = 20
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_RANKS: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def wants(wish: Filter, alert: Alert) -> bool:
    """Whether an alert passes every limit of the filter."""
    return (
        (not wish.triggers or not told_as(alert).isdisjoint(wish.triggers))
        and (not wish.families or not {FAMILIES[t] for t in told_as(alert)}.isdisjoint(wish.families))
        and alert.phase in wish.phases
        and alert.veracity in wish.veracities
        and _RANKS[alert.severity] >= _RANKS[wish.min_severity]
        and alert.confidence >= wish.min_confidence
        and alert.independent_sources >= wish.min_independent_sources
        and (not wish.countries or _where(wish, alert))
        and (wish.near is None or _lies(wish, alert, lambda p: near(wish.near, p)))  # type: ignore[arg-type]
        and (not wish.polygon or _lies(wish, alert, lambda p: inside(wish.polygon, p)))
        and (not wish.languages or any(_language(e.lang) in wish.languages for e in alert.evidence))
        and (not wish.sources or _told_by(wish, alert))
    )


def check(wish: Filter) -> None:
    """Raise SubscriptionRefused, naming the value and what is allowed, for a filter that can never match."""
    _among("triggers", wish.triggers, FAMILIES)
    _among("phases", wish.phases, PHASES)
    _among("veracities", wish.veracities, VERACITIES)
    _among("min_severity", (wish.min_severity,), SEVERITIES)
    _among("families", wish.families, FAMILIES.values())
    for name in ("phases", "veracities"):
        if not getattr(wish, name):
            raise SubscriptionRefused(f"{name}: is empty, so nothing can match; leave it out for the default")
    for name in ("triggers", "countries", "languages", "sources", "phases", "veracities"):
        if len(getattr(wish, name)) > MAX_VALUES:
            raise SubscriptionRefused(f"{name}: more than {MAX_VALUES} values")
    for country in wish.countries:
        if country not in COUNTRIES:
            hint = f"write {country.upper()}" if country.upper() in COUNTRIES else "use ISO 3166-1 alpha-2, such as JO"
            raise SubscriptionRefused(f"countries: {country[:40]!r} is no country code; {hint}")
    _check_words(wish)
    if not 0.0 <= wish.min_confidence <= 1.0:
        raise SubscriptionRefused(f"min_confidence: {wish.min_confidence} is not between 0 and 1")
    if not 1 <= wish.min_independent_sources <= MOST_SOURCES:
        raise SubscriptionRefused(f"min_independent_sources: must be between 1 and {MOST_SOURCES}")
    _check_place(wish)
    _check_quiet(wish)
    _check_together(wish)


def _check_words(wish: Filter) -> None:
    for language in wish.languages:
        if not _LANGUAGE.fullmatch(language):
            raise SubscriptionRefused(f"languages: {language[:40]!r} is no ISO 639 code; use one such as en or ar")
    for source in wish.sources:
        if not source.strip() or len(source) > 200:
            raise SubscriptionRefused(f"sources: {source[:40]!r} is empty or longer than 200 characters")


def _check_place(wish: Filter) -> None:
    if (circle := wish.near) is not None:
        if not (-90 <= circle.lat <= 90 and -180 <= circle.lon <= 180):
            raise SubscriptionRefused("near: latitude is -90 to 90 and longitude -180 to 180 degrees")
        if not 0 < circle.km <= FARTHEST_KM:
            raise SubscriptionRefused(f"near: km must be more than 0 and at most {FARTHEST_KM:,.0f}")
    if not wish.polygon:
        return
    if not 3 <= len(set(wish.polygon)) <= MAX_VALUES:
        raise SubscriptionRefused(f"polygon: needs 3 to {MAX_VALUES} different points [longitude, latitude]")
    if not all(-90 <= y <= 90 and -180 <= x <= 180 for x, y in wish.polygon):
        raise SubscriptionRefused("polygon: a point is [longitude, latitude] in degrees, in this order")
    if extent(wish.polygon) < 1e-9:
        raise SubscriptionRefused("polygon: its points lie on one line, so no place can be in it")


def _check_quiet(wish: Filter) -> None:
    if wish.quiet is None:
        return
    try:
        same = minutes(wish.quiet.start) == minutes(wish.quiet.end)
        ZoneInfo(wish.quiet.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise SubscriptionRefused(f"quiet: {error}") from error
    if same:
        raise SubscriptionRefused("quiet: starts when it ends; leave it out for no quiet hours")
    _among("quiet.unless", (wish.quiet.unless,), SEVERITIES)


def _check_together(wish: Filter) -> None:
    """Refuse limits of which each is possible, and both together are not."""
    if wish.triggers and wish.families and not {FAMILIES[t] for t in wish.triggers} & set(wish.families):
        raise SubscriptionRefused(f"families: none of the triggers is of the family {', '.join(wish.families)}")
    if wish.min_severity == "minor":
        return
    for name, over in (("phases", "ended"), ("veracities", "denied")):
        if set(getattr(wish, name)) == {over}:
            raise SubscriptionRefused(f"min_severity: what is {over} is minor, and {name} asks for nothing else")


def told_as(alert: Alert) -> frozenset[str]:
    """The triggers that its reports were found by."""
    return frozenset((alert.trigger, *alert.also))


def _among(name: str, values: Collection[str], allowed: Collection[str]) -> None:
    for value in values:
        if value not in allowed:
            raise SubscriptionRefused(f"{name}: {value[:40]!r} is unknown; allowed are {', '.join(allowed)}")


def _where(wish: Filter, alert: Alert) -> bool:
    # An actor's country is not where it happens: a raid by one state into another concerns those who live in the other.
    countries = {p.country for p in alert.places if p.country and p.role != "actor"}
    if not countries:
        return wish.place_unknown
    return not countries.isdisjoint(wish.countries)


def _lies(wish: Filter, alert: Alert, holds: Callable[[Place], bool]) -> bool:
    """Whether the most exact of its places is known to lie there; a wider one beside it decides nothing."""
    places = [p for p in alert.places if p.role != "actor"]
    if not places or all(p.lat is None for p in places):
        return wish.place_unknown and not any(p.country for p in places)
    return any(holds(p) for p in places if p.precision != "country") or holds(places[0])


def _language(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _told_by(wish: Filter, alert: Alert) -> bool:
    wanted = {s.casefold().strip() for s in wish.sources}
    return any(name and name.casefold() in wanted for e in alert.evidence for name in (e.source, e.group))
