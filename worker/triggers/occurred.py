"""When something happened, where its sentence names one day and the document tells its own."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WHEN: Final = re.compile(
    r"\b(?P<day>" + "|".join(_DAYS) + r")(?!s)\b|\b(?P<near>yesterday|today|this morning|this afternoon)\b"
    r"|\b(?P<d1>\d{1,2})(?:st|nd|rd|th)? (?:of )?" + _MONTH.format("m1") + r"(?:,? (?P<y1>20\d\d))?\b"
    r"|\b" + _MONTH.format("m2") + r" (?P<d2>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<y2>20\d\d))?\b(?!:)",
    re.I,
)
# A day after these words is when somebody spoke, or when something begins, ends or is due.
_OTHER: Final = re.compile(
    r"\b(?:sa(?:id|ys?)|told|announced|reported|confirmed|warned|stated|statement|added|since|from|until|till|by|before|next|"
    r"ahead of|starting|beginning|through|due|last|previous|after|following|through|between|every|of|for)"
    r"(?: (?:\w+ ){0,2}on| late| early| on)?\s*$",
    re.I,
)


def occurred_at(run: str, date: datetime | None) -> datetime | None:
    """The day that a sentence names, at 00:00 UTC; ``None`` where it names none, two, or one still to come."""
    days: set[datetime] = set()
    for match in _WHEN.finditer(run):
        if _OTHER.search(run[max(0, match.start() - 30) : match.start()]):
            return None
        day = _day(match, date)
        if day is None:
            return None
        days.add(day)
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str], date: datetime | None) -> datetime | None:
    named = match.group("m1") or match.group("m2")
    if named:
        return _dated(named, match.group("d1") or match.group("d2"), match.group("y1") or match.group("y2"), date)
    if date is None:
        return None
    today = _midnight(date)
    if match.group("near"):
        return today - timedelta(days=match.group("near").lower() == "yesterday")
    back = (today.weekday() - _DAYS.index(match.group("day").lower())) % 7
    return today - timedelta(days=back)


def _dated(month: str, day: str, year: str | None, date: datetime | None) -> datetime | None:
    if year is None and date is None:
        return None
    try:
        made = datetime(int(year or date.year), _MONTHS.index(month.lower()[:3]) + 1, int(day), tzinfo=UTC)  # type: ignore[union-attr]
    except ValueError:
        return None
    if date is None or made <= date + timedelta(days=1):
        return made
    back = made.replace(year=made.year - 1) if year is None and (made.month, made.day) != (2, 29) else None
    return back if back is not None and (date - back).days <= 60 else None


def _midnight(date: datetime) -> datetime:
    return date.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
