"""Which alerts a subscription wants. Filters fail closed: what is not known to match does not."""

import re
from collections.abc import Collection
from typing import Final

from worker.alerts.model import SEVERITIES, Alert
from worker.errors import SubscriptionRefused
from worker.subscriptions.model import Filter, Terms
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
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_RANKS: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def wants(wish: Filter, alert: Alert) -> bool:
    """Whether an alert passes every limit of the filter."""
    return (
        (not wish.triggers or alert.trigger in wish.triggers)
        and alert.phase in wish.phases
        and alert.veracity in wish.veracities
        and _RANKS[alert.severity] >= _RANKS[wish.min_severity]
        and alert.confidence >= wish.min_confidence
        and (not wish.countries or _where(wish, alert))
        and (not wish.languages or any(_language(e.lang) in wish.languages for e in alert.evidence))
        and (not wish.sources or _told_by(wish, alert))
    )


def check(wish: Filter) -> None:
    """Raise SubscriptionRefused, naming the value and what is allowed, for a filter that can never match."""
    _among("triggers", wish.triggers, FAMILIES)
    _among("phases", wish.phases, PHASES)
    _among("veracities", wish.veracities, VERACITIES)
    _among("min_severity", (wish.min_severity,), SEVERITIES)
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
    for language in wish.languages:
        if not _LANGUAGE.fullmatch(language):
            raise SubscriptionRefused(f"languages: {language[:40]!r} is no ISO 639 code; use one such as en or ar")
    for source in wish.sources:
        if not source.strip() or len(source) > 200:
            raise SubscriptionRefused(f"sources: {source[:40]!r} is empty or longer than 200 characters")
    if not 0.0 <= wish.min_confidence <= 1.0:
        raise SubscriptionRefused(f"min_confidence: {wish.min_confidence} is not between 0 and 1")


def check_terms(terms: Terms) -> None:
    """Raise SubscriptionRefused, naming the value and what is allowed, for terms that cannot be kept."""
    for name, least, most in (("rate", 0.01, 1000.0), ("at_once", 1, 1000), ("give_up_hours", 0.0, 180.0)):
        value = getattr(terms, name)
        if value is not None and not least <= value <= most:
            raise SubscriptionRefused(f"{name}: {value:g} is not between {least:g} and {most:g}")


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


def _language(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _told_by(wish: Filter, alert: Alert) -> bool:
    wanted = {s.casefold().strip() for s in wish.sources}
    return any(name and name.casefold() in wanted for e in alert.evidence for name in (e.source, e.group))
