"""How work is dealt out in portions."""

import pytest

from worker.portions import portions


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([1] * 7, [[1, 1, 1], [1, 1, 1], [1]], id="light ones, three at a time"),
        pytest.param([11, 12, 1], [[11], [12], [1]], id="heavy ones alone"),
        pytest.param([1, 5, 11, 5, 5, 1], [[1, 5], [11], [5, 5], [1]], id="in order, ten at most"),
        pytest.param([0, 0, 10, 0], [[0, 0, 10], [0]], id="weightless ones are counted"),
    ],
)
def test_items_come_in_order_and_in_bounds(weights: list[int], expected: list[list[int]]) -> None:
    assert list(portions(weights, int, 10, together=3)) == expected
