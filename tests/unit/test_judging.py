"""How articles are dealt out to the judge."""

import pytest

from tests.support.builders import article
from worker.judging import CHARS_AT_ONCE, parts

BOOK = CHARS_AT_ONCE + 1
HALF = CHARS_AT_ONCE // 2


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([100] * 16, [16], id="short ones together"),
        pytest.param([BOOK, BOOK, 100], [1, 1, 1], id="long ones alone"),
        pytest.param([100, HALF, BOOK, HALF, HALF, 100], [2, 1, 2, 1], id="in order"),
    ],
)
def test_articles_are_judged_together_while_they_are_short(sizes: list[int], expected: list[int]) -> None:
    articles = [article(f"ar_{n}", text="x" * size) for n, size in enumerate(sizes)]
    dealt = list(parts(articles))
    assert [len(part) for part in dealt] == expected
    assert [one for part in dealt for one in part] == articles
