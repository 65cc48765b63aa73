"""The small sums behind pages and figures: projection, bars, limits, log lines as counts and as objects."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from worker.api.board import Card, Query, Spot
from worker.api.keys import Caller
from worker.api.limits import Limiter
from worker.console import atlas, charts
from worker.console.door import _inside
from worker.console.rendering import ago, mark
from worker.ops.counting import Counter
from worker.ops.figures import counted, written
from worker.ops.lines import ObjectLines

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def card(n: int = 1, **given: Any) -> Card:
    values: dict[str, Any] = {
        "id": f"al_{n}",
        "updated_ms": int(NOON.timestamp() * 1000),
        "revision": 1,
        "trigger": "curfew",
        "family": "move",
        "headline": "Curfew",
        "phase": "active",
        "veracity": "reported",
        "severity": "moderate",
        "spot": Spot(name="Homs", country="SY", lat=34.7, lon=36.7),
        "countries": ("SY",),
    }
    return Card(**{**values, **given})


def record(form: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("tocsin", logging.INFO, "", 0, form, args, None)


@pytest.mark.parametrize(
    ("lon", "lat", "x", "y"),
    [
        pytest.param(11.5, 0.0, 1800, 876, id="the middle"),
        pytest.param(-168.4, 66.0, 526, 130, id="west of the cut"),
        pytest.param(-168.6, 66.0, 3074, 130, id="east of the cut"),
    ],
)
def test_a_point_lies_where_the_drawing_has_it(lon: float, lat: float, x: float, y: float) -> None:
    found = atlas.project(lon, lat)
    assert abs(found[0] - x) < 120
    assert abs(found[1] - y) < 60


def test_alerts_of_one_spot_are_one_mark_of_the_gravest() -> None:
    (made,) = atlas.marks([card(1), card(2, severity="extreme"), card(3)])
    assert (made.id, made.count, made.severity) == ("al_2", 3, "extreme")


def test_bars_count_each_alert_once_in_its_hour() -> None:
    chart = charts.by_hour([card(1), card(2), card(3, family="attack")], NOON, 24)
    assert sum(b.total for b in chart.bars) == chart.most == 3
    assert chart.bars[-1].total == 3
    assert dict(chart.totals) == {"attack": 1, "move": 2}


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        pytest.param(Query(), True, id="everything"),
        pytest.param(Query(countries=("SY",)), True, id="its country"),
        pytest.param(Query(countries=("JO",)), False, id="another country"),
        pytest.param(Query(min_severity="severe"), False, id="graver"),
        pytest.param(Query(words="homs"), True, id="its place"),
        pytest.param(Query(until_ms=int(NOON.timestamp() * 1000)), False, id="until is not in it"),
    ],
)
def test_a_question_takes_what_it_asks_for(asked: Query, taken: bool) -> None:
    assert asked.takes(card()) is taken


def test_a_limiter_lets_a_burst_through_and_then_one_at_a_time() -> None:
    clock = [0.0]
    limiter = Limiter(60, lambda: clock[0])
    assert [limiter.wait_s("a") for _ in range(10)] == [0.0] * 10
    assert limiter.wait_s("a") == pytest.approx(1.0)
    assert limiter.wait_s("b") == 0.0
    clock[0] = 1.01
    assert limiter.wait_s("a") == 0.0


def test_a_scope_holds_the_ones_before_it() -> None:
    caller = Caller(name="a", scope="subscribe")
    assert [caller.may(s) for s in ("read", "subscribe", "operate")] == [True, True, False]  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", ""])
def test_signing_in_leads_nowhere_else(where: str) -> None:
    assert _inside(where) == "/"


def test_log_lines_become_counts() -> None:
    counter = Counter("sender")
    for status, state in ((204, "delivered"), (500, "due")):
        counter.emit(record("delivery.attempted status=%s state=%s since=%.3f", status, state, 0.2))
    counter.emit(record("feed.polled feed=%s host=%s result=%s new=%d", "a", "a.example", "failed", 0))
    text = written(counted(counter.snapshot()))
    assert 'tocsin_delivery_attempts_total{role="sender",process="' in text
    assert 'answer="5xx"} 1' in text
    assert 'host="a.example"} 1' in text
    assert text.count("# TYPE tocsin_delivery_seconds histogram") == 1
    assert 'le="+Inf"} 1' in text


def test_a_log_line_is_an_object_with_its_ids() -> None:
    line = json.loads(ObjectLines().format(record("alert.told alert=%s revision=%d", "al_1", 2)))
    assert (line["event"], line["alert"], line["revision"]) == ("alert.told", "al_1", 2)


def test_times_are_told_as_people_do() -> None:
    assert ago(NOON.replace(hour=9), NOON) == "3 h ago"
    assert ago(NOON.replace(minute=5), NOON) == "in 5 min"
    assert ago(None, NOON) == "never"


def test_a_shipped_file_is_named_by_its_content() -> None:
    assert mark("console.css").startswith("/static/console.css?v=")
