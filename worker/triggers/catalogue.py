"""Reads the trigger files of a folder and checks them."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from worker.errors import CatalogueError
from worker.triggers.lexicon import Lexicon, TriggerFile
from worker.triggers.matcher import Matcher
from worker.triggers.model import FAMILIES
from worker.triggers.wording import PatternError

WEIGHTS = Path(__file__).parent / "data" / "judge.json"


class _Fitted(msgspec.Struct):
    """The judge's weights with a note that says how they were fitted."""

    note: str
    weights: dict[str, float]


_Words = dict[str, dict[str, tuple[str, ...]]]


def load(folder: Path) -> Lexicon:
    """Every trigger file of the folder; an error names the file, the trigger and the key."""
    files = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))
    if not files:
        raise CatalogueError(f"{folder}: no trigger files here")
    lexicon = Lexicon(
        triggers=tuple(_trigger(path) for path in files),
        shared=_read(folder / "_words.yaml", _Words),
        context=_merged(_read(folder / "_context.yaml", _Words), _read(folder / "_status.yaml", _Words)),
        weights=_weights(),
    )
    for file, path in zip(lexicon.triggers, files, strict=True):
        _check(lexicon, file, path.name)
    return lexicon


def replaced(lexicon: Lexicon, file: TriggerFile) -> Lexicon:
    """The lexicon with this file in the place of the one of its trigger; raises CatalogueError for one that is none."""
    if file.trigger not in {f.trigger for f in lexicon.triggers}:
        raise CatalogueError(f"trigger: {file.trigger[:60]!r} is none of the triggers of this house")
    _check(lexicon, file, "file")
    files = tuple(file if f.trigger == file.trigger else f for f in lexicon.triggers)
    return msgspec.structs.replace(lexicon, triggers=files)


def read(path: Path) -> TriggerFile:
    """One trigger file; raises CatalogueError."""
    return _trigger(path)


def _weights() -> dict[str, float]:
    if not WEIGHTS.exists():
        return {}
    return msgspec.json.decode(WEIGHTS.read_bytes(), type=_Fitted).weights


def _merged(first: _Words, second: _Words) -> _Words:
    return {code: {**first.get(code, {}), **second.get(code, {})} for code in first.keys() | second.keys()}


def _trigger(path: Path) -> TriggerFile:
    file: TriggerFile = _read(path, TriggerFile)
    if file.trigger not in FAMILIES:
        raise CatalogueError(f"{path.name}: key trigger: {file.trigger!r} is none of the 25 triggers")
    if path.stem != file.trigger:
        raise CatalogueError(f"{path.name}: key trigger: a file is named for its trigger, {file.trigger}.yaml")
    return file


def _check(lexicon: Lexicon, file: TriggerFile, name: str) -> None:
    one = msgspec.structs.replace(lexicon, triggers=(file,))
    for code in file.languages:
        try:
            Matcher(one, [code])
        except PatternError as error:
            raise CatalogueError(f"{name}: {file.trigger}: languages.{code}: {error}") from error


def _read(path: Path, kind: Any) -> Any:
    try:
        # Every scalar stays text, so that the words no, off and 2011 need no quotes.
        data = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 builds only text
        return msgspec.convert(data, kind, strict=False)
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{path.name}: {error}") from error
