"""Trigger files: what a good folder gives, and that an error names file, trigger and key."""

import shutil
from pathlib import Path

import pytest

from tests.support.paths import CONFIG
from worker.errors import CatalogueError
from worker.triggers import catalogue

GOOD = """
trigger: curfew
about: People must stay indoors.
languages:
  en:
    words: {curfew: ["curfew(s)"], off: [no, off, on, yes, 2011]}
    rules:
    - name: curfew set
      match: ["{curfew} set"]
"""


def folder(tmp_path: Path, text: str, name: str = "curfew.yaml") -> Path:
    for shared in ("_words.yaml", "_context.yaml", "_status.yaml"):
        (tmp_path / shared).write_text("en: {}\n", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_becomes_a_lexicon(tmp_path: Path) -> None:
    lexicon = catalogue.load(folder(tmp_path, GOOD))
    (file,) = lexicon.triggers
    assert file.trigger == "curfew"
    assert lexicon.languages == {"en"}


def test_words_that_yaml_takes_for_truth_or_numbers_stay_words(tmp_path: Path) -> None:
    (file,) = catalogue.load(folder(tmp_path, GOOD)).triggers
    assert file.languages["en"].words["off"] == ("no", "off", "on", "yes", "2011")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "trigger: curfew", "trigger: curfews", ["curfew.yaml", "trigger", "curfews"], id="unknown trigger"
        ),
        pytest.param("about:", "abuot:", ["curfew.yaml", "abuot"], id="unknown key"),
        pytest.param("match:", "matches:", ["curfew.yaml", "matches"], id="unknown key of a rule"),
        pytest.param("{curfew} set", "{gate} set", ["curfew.yaml", "curfew", "gate"], id="unknown set"),
        pytest.param("{curfew} set", "...", ["curfew.yaml", "..."], id="a line without words"),
        pytest.param("words:", "words: [", ["curfew.yaml", "YAML"], id="not YAML"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    with pytest.raises(CatalogueError) as caught:
        catalogue.load(folder(tmp_path, GOOD.replace(old, new)))
    assert all(word in str(caught.value) for word in said)


def test_a_file_is_named_for_its_trigger(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"curfew\.yaml"):
        catalogue.load(folder(tmp_path, GOOD, name="night.yaml"))


def test_a_folder_without_triggers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        catalogue.load(tmp_path)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONFIG / "triggers", tmp_path / "triggers"))


def edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_the_shipped_files_are_compiled_as_they_are_now() -> None:
    fresh = catalogue.COMPILED.read_bytes() == catalogue.compiled(CONFIG / "triggers")
    assert fresh, "config/triggers was changed: run `python -m training.compile_triggers` and commit what it writes"


def test_what_is_compiled_says_what_the_files_say(copied: Path) -> None:
    for path in copied.glob("*.yaml"):
        path.write_bytes(path.read_bytes() + b"\n# read as it stands here, and checked\n")
    assert catalogue.load(copied) == catalogue.load(CONFIG / "triggers")


def test_a_shipped_file_that_an_operator_changes_is_followed(copied: Path) -> None:
    edit(copied / "curfew.yaml", "about:", "about: Of our own,")
    changed, plain = (
        {file.trigger: file for file in catalogue.load(folder).triggers} for folder in (copied, CONFIG / "triggers")
    )
    assert [name for name in plain if changed[name] != plain[name]] == ["curfew"]
    assert changed["curfew"].about.startswith("Of our own,")


def test_an_operators_words_are_checked_against_the_files_that_were_left_alone(copied: Path) -> None:
    (copied / "_words.yaml").write_text("en: {}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no set of words"):
        catalogue.load(copied)


def test_a_shipped_file_under_the_name_of_another_is_refused(copied: Path) -> None:
    shutil.copy(copied / "_words.yaml", copied / "curfew.yaml")
    with pytest.raises(CatalogueError, match=r"curfew\.yaml"):
        catalogue.load(copied)
