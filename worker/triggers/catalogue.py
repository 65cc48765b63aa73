"""Reads the trigger files of a folder and checks them.

The files that are shipped are read from ``data/lexicon.json``, where they stand by the digest of their content in a
form that takes a thirtieth of the time: one that somebody has changed is no longer found there, is read and is checked.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import yaml

from worker.errors import CatalogueError
from worker.triggers import lines
from worker.triggers.lexicon import Lexicon, TriggerFile
from worker.triggers.model import FAMILIES
from worker.triggers.wording import PatternError

WEIGHTS = Path(__file__).parent / "data" / "judge.json"
COMPILED = Path(__file__).parent / "data" / "lexicon.json"


class _Fitted(msgspec.Struct):
    """The judge's weights with a note that says how they were fitted."""

    note: str
    weights: dict[str, float]


_Words = dict[str, dict[str, tuple[str, ...]]]


class _Reader:
    """Reads files, those that are shipped from their compiled form; ``own`` are the names of all others."""

    def __init__(self) -> None:
        self.own: set[str] = set()
        self._shipped: dict[str, msgspec.Raw] = {}
        if COMPILED.exists():
            self._shipped = msgspec.json.decode(COMPILED.read_bytes(), type=dict[str, msgspec.Raw])

    def read(self, path: Path, kind: Any) -> Any:
        """What a file says; raises CatalogueError."""
        content = _content(path)
        shipped = self._shipped.get(_digest(content))
        try:
            if shipped is not None:
                return msgspec.json.decode(shipped, type=kind)
            self.own.add(path.name)
            return msgspec.convert(_parsed(path, content), kind, strict=False)
        except msgspec.ValidationError as error:
            raise CatalogueError(f"{path.name}: {error}") from error


def load(folder: Path) -> Lexicon:
    """Every trigger file of the folder; an error names the file, the trigger and the key."""
    files = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))
    if not files:
        raise CatalogueError(f"{folder}: no trigger files here")
    reader = _Reader()
    words, around, phases = (reader.read(folder / f"_{name}.yaml", _Words) for name in ("words", "context", "status"))
    lexicon = Lexicon(
        triggers=tuple(_trigger(path, reader) for path in files),
        shared=words,
        context=_merged(around, phases),
        weights=_weights(),
    )
    for file, path in zip(lexicon.triggers, files, strict=True):
        if not reader.own.isdisjoint({path.name, "_words.yaml"}):
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
    return _trigger(path, _Reader())


def compiled(folder: Path) -> bytes:
    """The content of ``data/lexicon.json`` for a folder: what each file says, by its digest, a file a line."""
    rows = []
    for path in sorted(folder.glob("*.yaml")):
        content = _content(path)
        rows.append(b'"%s":%s' % (_digest(content).encode(), msgspec.json.encode(_parsed(path, content))))
    return b"{\n" + b",\n".join(rows) + b"\n}\n"


def _weights() -> dict[str, float]:
    if not WEIGHTS.exists():
        return {}
    return msgspec.json.decode(WEIGHTS.read_bytes(), type=_Fitted).weights


def _merged(first: _Words, second: _Words) -> _Words:
    return {code: {**first.get(code, {}), **second.get(code, {})} for code in first.keys() | second.keys()}


def _trigger(path: Path, reader: _Reader) -> TriggerFile:
    file: TriggerFile = reader.read(path, TriggerFile)
    if file.trigger not in FAMILIES:
        raise CatalogueError(f"{path.name}: key trigger: {file.trigger!r} is none of the 25 triggers")
    if path.stem != file.trigger:
        raise CatalogueError(f"{path.name}: key trigger: a file is named for its trigger, {file.trigger}.yaml")
    return file


def _check(lexicon: Lexicon, file: TriggerFile, name: str) -> None:
    for code, section in file.languages.items():
        try:
            lines.check(section, lexicon.shared.get(code, {}))
        except PatternError as error:
            raise CatalogueError(f"{name}: {file.trigger}: languages.{code}: {error}") from error


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error


def _parsed(path: Path, content: bytes) -> Any:
    try:
        # Every scalar stays text, so that the words no, off and 2011 need no quotes.
        return yaml.load(content, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 builds only text
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
