"""Trigger files: what a good folder gives, and that an error names file, trigger and key."""

from pathlib import Path

import pytest

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
