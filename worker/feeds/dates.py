"""When a publisher says that something happened: the many ways to write a date, none of them read wrongly.

A moment is only a moment with date, time and an offset that has one meaning. ``IST`` is India, Ireland or Israel,
``10/11/2026`` two days of a year, and no offset at all is anywhere within 26 hours: all of these give no moment, and
the day where that is certain. Offsets are taken off here and the rest is read by libraries.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate
from functools import cache
from typing import Any, Final, NamedTuple

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
MAX_CHARS: Final = 100


class Reading(NamedTuple):
    """What a date says beyond doubt: the moment (UTC), or at least the day where it was written."""

    at: datetime | None = None
    day: date | None = None


NOTHING: Final = Reading()

# Hours east of Greenwich, and the months in which a name is in doubt: many write "CET" and "EST" all summer.
# IST, CST, BST, AST, SST, ECT, AMT and GST are left out, for they mean several things today.
_WINTER: Final = frozenset(range(4, 10))
_SUMMER: Final = frozenset({11, 12, 1, 2})
_NEVER: Final[frozenset[int]] = frozenset()
_SOUTH_WINTER: Final = frozenset({11, 12, 1, 2, 3})
_SOUTH_SUMMER: Final = frozenset(range(5, 10))
_NAMED: Final[dict[str, tuple[float, frozenset[int]]]] = {
    name: (hours, doubtful)
    for doubtful, names in (
        (_NEVER, {"UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "MSK": 3, "TRT": 3, "EAT": 3, "CAT": 2, "SAST": 2, "JST": 9}),
        (_NEVER, {"KST": 9, "HKT": 8, "SGT": 8, "PHT": 8, "WIB": 7, "ICT": 7, "NPT": 5.75, "PKT": 5, "BRT": -3}),
        (_NEVER, {"AWST": 8, "HST": -10}),
        (_WINTER, {"WET": 0, "CET": 1, "EET": 2, "EST": -5, "MST": -7, "PST": -8, "AKST": -9}),
        (_SUMMER, {"WEST": 1, "CEST": 2, "EEST": 3, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7, "AKDT": -8}),
        (_SOUTH_WINTER, {"AEST": 10, "ACST": 9.5, "NZST": 12}),
        (_SOUTH_SUMMER, {"AEDT": 11, "ACDT": 10.5, "NZDT": 13}),
    )
    for name, hours in names.items()
}
_ZONE: Final = re.compile(
    r"""(?P<rest>.*?\d.*?)\s*
        (?:\(?(?:UTC|GMT)?\)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?:\s*\([^()]{1,40}\))?
         | (?<=[\s\d])\(?(?P<name>[A-Z]{1,5})\)?)$""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR_LAST: Final = re.compile(
    r"(?P<rest>[A-Za-z]{3},? .{5,25}:\d\d) (?P<zone>[A-Za-z]{1,5}|[+-]\d\d:?\d\d) (?P<year>\d{4})"
)
_TIME: Final = re.compile(r"\d\s?[:.時时点시]\s?\d\d|T\d{4}|\d\s?(?:am|pm)\b", re.IGNORECASE)
_ENGLISH: Final = re.compile(
    r"(?:[a-z]{3,9}\.?,? +)?\d{1,2} +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +(?:\d{2}|[12]\d{3})"
    r" +\d{1,2}:\d\d(?::\d\d)?",
    re.IGNORECASE,
)
# The two forms of nearly all feeds, read without any library: RFC 822 and RFC 3339.
_USUAL: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d)"
    r" (?:GMT|UTC|UT|Z|(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d))"
    r"|(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)"
    r"(?:Z|(?P<isosign>[+-])(?P<isohours>\d\d):(?P<isominutes>\d\d))"
)
_MONTHS: Final = {"JanFebMarAprMayJunJulAugSepOctNovDec"[n : n + 3]: n // 3 + 1 for n in range(0, 36, 3)}
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d{1,6})?")
_ORDERS: Final = ("DMY", "MDY", "YMD")


@cache
def _library(order: str) -> Any:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped] # an eighth of a second, seldom needed

    settings: Any = {
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": order,
        "PREFER_LOCALE_DATE_ORDER": False,
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - the library wants it naive; nothing is relative to it
        "TIMEZONE": "UTC",
    }
    return DateDataParser(settings=settings)


class DateReader:
    """Reads the dates of one document, each form once, with at most so many calls of the slow library."""

    def __init__(self, slow_calls: int = 200) -> None:
        """A reader that gives every further doubtful date up once the calls are used."""
        self._slow_calls = slow_calls
        self._known: dict[str, Reading] = {}

    def read(self, text: str | None) -> Reading:
        """The moment and day that a date tells beyond doubt."""
        if not text or len(text) > MAX_CHARS:
            return NOTHING
        if text not in self._known:
            self._known[text] = _usual(text) or self._read(
                " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
            )
        return self._known[text]

    def _read(self, text: str) -> Reading:
        if _EPOCH.fullmatch(text):
            return _reading(datetime.fromtimestamp(float(text[:10]), UTC), UTC)
        year_last = _YEAR_LAST.fullmatch(text)
        if year_last:
            text = "{rest} {year} {zone}".format(**year_last.groupdict())
        zone = _ZONE.fullmatch(text)
        if zone and _TIME.search(zone["rest"]):
            naive = self._naive(zone["rest"].rstrip(" ,;"))
            offset = _offset(zone, naive)
            return _reading(naive, offset) if naive else NOTHING
        return _reading(self._naive(text), None)

    def _naive(self, text: str) -> datetime | None:
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            pass
        english = parsedate(text) if _ENGLISH.fullmatch(text) else None
        if english:
            try:
                return datetime(*english[:6])  # noqa: DTZ001 - its offset is added by the caller
            except ValueError:
                return None
        return self._slowly(text)

    def _slowly(self, text: str) -> datetime | None:
        if self._slow_calls <= 0:
            return None
        self._slow_calls -= 1
        found = set(_orders(text))
        return found.pop() if len(found) == 1 else None


def _usual(text: str) -> Reading | None:
    """What a date in one of the two usual forms says; ``None`` for any other, and for a day that is none."""
    found = _USUAL.fullmatch(text)
    if not found:
        return None
    day, month, year, time, *offset, iso, isosign, isohours, isominutes = found.groups()
    sign, hours, minutes = (isosign, isohours, isominutes) if iso else offset
    try:
        moment = datetime.fromisoformat(iso or f"{year}-{_MONTHS[month]:02}-{int(day):02}T{time}")
    except (ValueError, KeyError):
        return None
    return _reading(moment, _east(sign, hours, minutes) if sign else UTC)


def _orders(text: str) -> Iterator[datetime]:
    """The readings of a date in each order of day, month and year in which it is one."""
    for order in _ORDERS:
        try:
            data = _library(order).get_date_data(text)
        except (ValueError, OverflowError, TypeError, KeyError, IndexError, AttributeError, re.error):
            continue
        if data.date_obj is not None and data.date_obj.tzinfo is None:
            yield data.date_obj


def _offset(zone: re.Match[str], naive: datetime | None) -> timezone | None:
    if zone["name"]:
        hours, doubtful = _NAMED.get(zone["name"].upper(), (99.0, _NEVER))
        sure = hours < 99 and (naive is None or naive.month not in doubtful)
        return timezone(timedelta(hours=hours)) if sure else None
    return _east(zone["sign"], zone["hours"], zone["minutes"])


def _east(sign: str, hours: str, minutes: str | None) -> timezone | None:
    """The offset of these digits where a place on earth has it."""
    east = int(hours) * 60 + int(minutes or 0)
    if east % 15 or east > 14 * 60 or (sign == "-" and east > 12 * 60):
        return None
    return timezone(timedelta(minutes=east if sign == "+" else -east))


def _reading(moment: datetime | None, offset: timezone | None) -> Reading:
    if moment is None or not EARLIEST.year <= moment.year < LATEST.year:
        return NOTHING
    if offset is None:
        return Reading(None, moment.date())
    at = moment.replace(tzinfo=offset).astimezone(UTC)
    return Reading(at, at.date()) if EARLIEST <= at < LATEST else NOTHING
