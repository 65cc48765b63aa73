"""The recorded feeds and the alerts expected of them agree with each other, to the letter."""

import html
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import yaml

from tests.support.paths import SEEDS
from worker.cli.demo_expect import Expectations, load
from worker.feeds.model import FeedDefinition, ParsedFeed
from worker.feeds.parse import parse
from worker.triggers.model import FAMILIES, alerts

DEFINITIONS = {
    d.name: d
    for d in msgspec.convert(yaml.safe_load((SEEDS / "feeds.yaml").read_text())["feeds"], tuple[FeedDefinition, ...])
}
EXPECTED = load(SEEDS / "expected.yaml")
# The ten triggers that the first release speaks of; the demo shows each of them.
SHOWN = {
    "border_closure",
    "evacuation",
    "mass_displacement",
    "territory_change",
    "air_strike",
    "infrastructure_damage",
    "leave_advisory",
    "airspace_airport_closure",
    "curfew",
    "emergency_rule",
}


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def recorded(name: str) -> ParsedFeed:
    return parse((SEEDS / "feeds" / DEFINITIONS[name].url.rpartition("/")[2]).read_bytes())


def texts(name: str) -> dict[str, str]:
    found = {}
    for entry in recorded(name).entries:
        page = SEEDS / "pages" / entry.link.rpartition("/")[2]
        read = page.read_text(encoding="utf-8") if page.is_file() else ""
        found[plain(entry.title)] = plain(f"{entry.title} {entry.summary} {entry.content} {read}")
    return found


def evidence(expected: Expectations) -> list[tuple[str, str, str]]:
    found = [(a.feed, a.item, a.quote) for a in expected.alerts]
    found += [(a.feed, a.item, a.or_quote) for a in expected.alerts if a.or_quote]
    return found + [(e.feed or a.feed, e.item or a.item, e.quote) for a in expected.alerts for e in a.also]


def test_every_recorded_feed_is_listed_and_every_listed_feed_is_recorded() -> None:
    files = {p.name for p in Path(SEEDS / "feeds").iterdir()}
    assert {d.url.rpartition("/")[2] for d in DEFINITIONS.values()} == files
    assert len(files) >= 14


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_entry_of_a_feed_is_either_expected_to_ring_or_expected_to_be_silent(name: str) -> None:
    ringing = {item for feed, item, _ in evidence(EXPECTED) if feed == name}
    silent = {s.item for s in EXPECTED.silent if s.feed == name}
    assert not ringing & silent
    assert set(texts(name)) == ringing | silent


@pytest.mark.parametrize(("feed", "item", "quote"), evidence(EXPECTED), ids=lambda v: str(v)[:40])
def test_every_expected_quote_stands_in_its_entry_to_the_letter(feed: str, item: str, quote: str) -> None:
    assert quote in texts(feed)[item]


def test_the_seeds_show_every_trigger_of_the_first_release() -> None:
    assert {a.trigger for a in EXPECTED.alerts} == SHOWN
    assert set(FAMILIES) >= SHOWN


def test_no_expected_alert_is_a_threat_or_a_denial_and_none_is_listed_twice() -> None:
    assert all(alerts(a.phase, a.veracity) for a in EXPECTED.alerts)
    assert max(Counter((a.trigger, a.country, a.place) for a in EXPECTED.alerts).values()) == 1


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_what_must_ring_was_published_in_the_day_before_the_feeds_own_clock(name: str) -> None:
    clock = DEFINITIONS[name].recorded_at
    assert clock is not None
    titles = {item for feed, item, _ in evidence(EXPECTED) if feed == name}
    for entry in recorded(name).entries:
        if plain(entry.title) in titles and entry.published_at is not None:
            assert timedelta(0) <= clock - entry.published_at < timedelta(hours=24)
