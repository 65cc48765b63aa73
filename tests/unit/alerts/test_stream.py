"""The stream of 62 events: one alert each, whatever order and however often the articles come."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.stream import Item, groups, items, pairwise, standing, told
from worker.alerts.memory import Memory

STREAM = items()
TRUTH = {one.article.id: one for one in STREAM}
EVENTS = sorted({one.truth for one in STREAM})


@pytest.fixture(scope="module")
def after() -> Memory:
    return told(STREAM)


def test_the_stream_is_as_wide_as_it_should_be() -> None:
    assert len(EVENTS) >= 60
    assert len(STREAM) >= 300
    assert len({one.article.lang for one in STREAM}) >= 9
    assert len({one.event.detection.trigger for one in STREAM}) == 25


def test_pairs_of_articles_are_linked_as_a_reader_would(after: Memory) -> None:
    truth = {name: one.truth for name, one in TRUTH.items()}
    precision, recall = pairwise(truth, groups(standing(after)))
    assert 2 * precision * recall / (precision + recall) >= 0.95


def test_an_event_founds_hardly_more_than_one_alert(after: Memory) -> None:
    assert len(after.all()) <= 1.05 * len(EVENTS)


def test_no_two_events_are_merged(after: Memory) -> None:
    for alert in standing(after):
        assert len({TRUTH[t.article_id].truth for t in alert.traces}) == 1, alert.headline


def test_independent_sources_are_counted_right_in_every_case(after: Memory) -> None:
    for alert in standing(after):
        said = {TRUTH[t.article_id].witness for t in alert.traces}
        assert alert.independent_sources == len(said), (alert.headline, said)


@pytest.mark.parametrize(
    ("event", "phase", "veracity"),
    [
        ("closed-jordan", "ended", "reported"),
        ("coup-niamey", "active", "reported"),
        ("coup-rumour-accra", "active", "denied"),
        ("drill-denied", "active", "denied"),
        ("town-kupiansk", "active", "denied"),
        ("town-sake", "active", "reported"),
        ("kidnap-kaduna", "ended", "reported"),
        ("storm-oskar", "announced", "reported"),
    ],
)
def test_an_alert_ends_as_its_story_does(after: Memory, event: str, phase: str, veracity: str) -> None:
    (alert,) = [a for a in standing(after) if TRUTH[a.traces[0].article_id].truth == event]
    assert (alert.phase, alert.veracity) == (phase, veracity)


def test_a_growing_toll_is_told_as_its_newest_figure(after: Memory) -> None:
    (flood,) = [a for a in standing(after) if TRUTH[a.traces[0].article_id].truth == "flood-valencia"]
    assert [n.min for n in flood.numbers if n.kind == "killed"] == [64]


def facts(memory: Memory) -> set[tuple[object, ...]]:
    return {
        (frozenset(t.article_id for t in a.traces), a.phase, a.veracity, a.severity, a.independent_sources, a.places)
        for a in standing(memory)
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=st.sets(st.sampled_from(EVENTS), min_size=4, max_size=9), seed=st.integers(0, 2**32))
def test_a_shuffled_and_doubled_stream_ends_in_the_same_alerts(chosen: set[str], seed: int) -> None:
    part: list[Item] = [one for one in STREAM if one.truth in chosen]
    luck = random.Random(seed)
    mixed = part + luck.sample(part, len(part) // 3)
    luck.shuffle(mixed)
    assert facts(told(mixed)) == facts(told(part))
