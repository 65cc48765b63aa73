"""How often a feed should be asked, learned from when its entries were published: by hour and weekday, fading.

A twelfth of the time between two entries is waited: half of the entries are then found within a 24th of that time.
Between one minute and one hour; a feed that has been silent for days is asked ever less, once a day at the least.
Warnings and advisories are silent until they matter, so silence teaches nothing about them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from worker.feeds.model import Rhythm

SHORTEST_S: Final = 60
LONGEST_S: Final = 3_600
# The longest for kinds whose silence means that all is well.
LONGEST_OF: Final[Mapping[str, int]] = {"hazard": 120, "advisory": 600}
SILENT_S: Final = 86_400
SHARE: Final = 12
# A month ago counts a quarter of today.
HALF_LIFE_S: Final = 14 * 86_400.0
PAST: Final = timedelta(days=7)
SILENCE: Final = timedelta(days=3)
ENOUGH: Final = 3.0
# Hours differ only where days of them were seen, weekdays only after two weeks.
HOURS_KNOWN_S: Final = 3 * 86_400.0
DAYS_KNOWN_S: Final = 14 * 86_400.0


def heard(rhythm: Rhythm, published: Sequence[datetime], now: datetime) -> Rhythm:
    """The rhythm once a poll brought new entries of these times, or none."""
    times = [t for t in published if now - PAST <= t <= now]
    hours, days = list(rhythm.hours) or [0.0] * 24, list(rhythm.days) or [0.0] * 7
    began = rhythm.heard_at or min(times, default=now)
    passed = max(0.0, (now - began).total_seconds())
    kept = 0.5 ** (passed / HALF_LIFE_S) if rhythm.heard_at else 1.0
    hours, days = [h * kept for h in hours], [d * kept for d in days]
    for time in times:
        hours[time.hour] += 1
        days[time.weekday()] += 1
    newest = max([*times, *([rhythm.newest_at] if rhythm.newest_at else [])], default=None)
    return msgspec.structs.replace(
        rhythm,
        hours=tuple(round(h, 4) for h in hours),
        days=tuple(round(d, 4) for d in days),
        seconds=rhythm.seconds * kept + passed,
        since=rhythm.since or now,
        heard_at=now,
        newest_at=newest,
    )


def interval_s(rhythm: Rhythm, kind: str, now: datetime) -> int | None:
    """The seconds between polls that this rhythm suggests at this time; ``None`` where too little was heard yet."""
    longest = LONGEST_OF.get(kind, LONGEST_S)
    last = rhythm.newest_at or rhythm.since
    if last is not None and now - last > SILENCE and kind not in LONGEST_OF:
        return int(max(longest, min(SILENT_S, (now - last).total_seconds() / 24)))
    if sum(rhythm.hours) < ENOUGH or rhythm.seconds <= 0:
        return LONGEST_OF.get(kind)
    # A morning is met half an hour early, for a long wait that was chosen at night would sleep into it.
    rate = max(_rate(rhythm, now), _rate(rhythm, now + timedelta(minutes=30)))
    return int(min(longest, max(SHORTEST_S, 1 / (rate * SHARE)))) if rate > 0 else longest


def _rate(rhythm: Rhythm, at: datetime) -> float:
    """Entries a second that are to be expected at this time."""
    count = sum(rhythm.hours)
    rate = count / max(rhythm.seconds, 3_600.0)
    if rhythm.seconds >= HOURS_KNOWN_S:
        rate *= _share(rhythm.hours, at.hour, count)
    if rhythm.seconds >= DAYS_KNOWN_S:
        rate *= _share(rhythm.days, at.weekday(), count)
    return rate


def _share(bins: Sequence[float], number: int, count: float) -> float:
    """How much busier than the average this bin is; its neighbours count half, and few entries tell little."""
    around = (bins[number - 1] + 2 * bins[number] + bins[(number + 1) % len(bins)]) / 4
    return (around + 1) / ((count + len(bins)) / len(bins))
