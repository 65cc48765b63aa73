"""The table of severities: found, or named where it is wrong."""

from pathlib import Path

import pytest

from tests.support.paths import CONFIG
from worker import wiring
from worker.alerts import catalogue
from worker.errors import CatalogueError
from worker.settings import Settings


def test_a_config_folder_without_severities_takes_those_of_this_version(tmp_path: Path) -> None:
    (tmp_path / "triggers").symlink_to(CONFIG / "triggers")
    rules = wiring.make_rules(Settings(config_dir=str(tmp_path)))
    assert rules.scale == catalogue.load(CONFIG / "severity.yaml")
    assert rules.publishers == frozenset()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("triggers: {coup: extreme}", "is missing"),
        ("triggers: {coup: terrible}", "Invalid enum value"),
        ("triggers: [", "severity.yaml"),
    ],
)
def test_a_broken_table_of_severities_is_named(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "severity.yaml").write_text(table, encoding="utf-8")
    with pytest.raises(CatalogueError, match=words):
        catalogue.load(tmp_path / "severity.yaml")
