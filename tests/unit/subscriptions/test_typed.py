"""Circles, polygons and quiet hours as people type them."""

import json

import pytest

from worker.errors import SubscriptionRefused
from worker.subscriptions.area import Near
from worker.subscriptions.quiet import Quiet
from worker.subscriptions.typed import circle, hours, point, polygon, typed

RING = [[35.0, 29.2], [39.3, 32.2], [36.8, 33.3], [35.0, 29.2]]
SHAPE = {"type": "Polygon", "coordinates": [RING]}
POINTS = ((35.0, 29.2), (39.3, 32.2), (36.8, 33.3))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("35.0,29.2 39.3,32.2\n36.8, 33.3", id="points"),
        pytest.param(json.dumps(RING), id="a ring alone"),
        pytest.param(json.dumps(SHAPE), id="a geometry"),
        pytest.param(json.dumps({"type": "Feature", "geometry": SHAPE}), id="a feature"),
        pytest.param(json.dumps({"features": [{"type": "Feature", "geometry": SHAPE}]}), id="a collection"),
    ],
)
def test_a_polygon_is_read_from_points_and_from_geojson(text: str) -> None:
    assert polygon(text) == POINTS


@pytest.mark.parametrize("text", ["[]", "{}", "{", "[[1]]", "[" * 5000, '[["a", "b"]]', "1,2 3", "north, south"])
def test_what_is_no_polygon_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(SubscriptionRefused, match=r"polygon: .* cannot be read"):
        typed("polygon", text, polygon)


def test_nothing_is_no_polygon() -> None:
    assert typed("polygon", "", polygon) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [("33.5, 36.3", (33.5, 36.3)), ("-33.87;151.2", (-33.87, 151.2)), ("Damascus", None), ("1,2,3", None), ("", None)],
)
def test_a_point_is_told_from_a_name(text: str, found: tuple[float, float] | None) -> None:
    assert point(text) == found


def test_a_circle_and_quiet_hours_are_read_from_one_text() -> None:
    assert circle("33.5,36.3,100") == Near(lat=33.5, lon=36.3, km=100)
    assert hours("22:00-06:30@Asia/Amman") == Quiet(start="22:00", end="06:30", zone="Asia/Amman")
    assert hours("22:00-06:30").zone == "UTC"
