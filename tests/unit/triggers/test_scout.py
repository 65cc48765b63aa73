"""The scout: log-odds of sentences by their words alone."""

from pathlib import Path

import numpy as np
import pytest

from worker.errors import TocsinError
from worker.triggers.model import FAMILIES
from worker.triggers.scout import Scout, tokens
from worker.triggers.semantic import load_scout

CURFEW = list(FAMILIES).index("curfew")


def test_a_sentence_weighs_the_sum_of_its_known_words_each_once() -> None:
    table = np.zeros((2, len(FAMILIES)), dtype=np.float32)
    table[:, CURFEW] = 2.0, 0.5
    scout = Scout(["curfew", "0"], table, np.full(len(FAMILIES), -3.0, dtype=np.float32))
    rows = scout.read(["nothing here", "a curfew curfew from 9 to 17", ""])
    assert rows[:, CURFEW].tolist() == [-3.0, -0.5, -3.0]


def test_no_sentence_gives_no_row() -> None:
    assert load_scout().read([]).shape == (0, len(FAMILIES))


@pytest.mark.parametrize(
    "sentence",
    ["a night curfew was imposed on the city", "se decretó el toque de queda nocturno", "全市实行宵禁"],
    ids=["en", "es", "zh"],
)
def test_the_shipped_table_points_at_what_a_sentence_tells(sentence: str) -> None:
    row = load_scout().read([sentence])[0]
    assert int(row.argmax()) == CURFEW


def test_a_script_without_spaces_is_read_in_pairs() -> None:
    assert tokens("实行宵禁 2024") == {"实行", "行宵", "宵禁", "0"}


def test_a_broken_table_names_itself(tmp_path: Path) -> None:
    (tmp_path / "scout.npz").write_bytes(b"PK no table")
    with pytest.raises(TocsinError, match=r"scout\.npz cannot be read"):
        load_scout(tmp_path / "scout.npz")
