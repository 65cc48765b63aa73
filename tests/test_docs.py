"""What the documents say is so: commands, links, settings, the error tree, the locks."""

import inspect
import re
import tomllib
from pathlib import Path
from typing import Final

import click
import msgspec
import pytest
import yaml

import worker.errors
from tests.support.paths import CONFIG, ROOT
from worker.cli.main import COMMANDS, tocsin
from worker.console.help import GUIDES as GUIDE_NAMES
from worker.settings import Settings

GUIDES: Final = tuple(f"worker/console/help/{name}.md" for name in GUIDE_NAMES)
DOCUMENTS: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", "RELIABILITY.md")
LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE: Final = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.M | re.S)
INLINE: Final = re.compile(r"`((?:tocsin|make) [^`]+)`")
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(document: str) -> list[str]:
    """Every command line that the document shows, without prompts, continued lines joined."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found = [m[1] for m in INLINE.finditer(text)]
    for block in CODE.findall(text):
        lines = block.replace("\\\n", " ").splitlines()
        found += [line.removeprefix("$ ").strip() for line in lines]
    return [c for c in found if c.startswith(("tocsin ", "make ", ".venv/bin/tocsin "))]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))


def option_names(command: click.Command) -> set[str]:
    return {name for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)}


def check(line: str) -> None:
    words = re.sub(r"\s[|#<>].*", "", line).removeprefix(".venv/bin/").split()
    if words[0] == "make":
        assert words[1] in targets(), f"{line}: make has no target {words[1]}"
        return
    command: click.Command = tocsin
    known = {"--help", "-h"} | option_names(command)
    for word in words[1:]:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"{line}: tocsin has no option {word} there"
        elif isinstance(command, click.Group) and "|" not in word:
            found = command.get_command(click.Context(command), word)
            assert found is not None, f"{line}: tocsin has no command {word}"
            command = found
            known |= option_names(command)


@pytest.mark.parametrize("document", [*DOCUMENTS, *GUIDES])
def test_every_command_that_a_document_shows_exists(document: str) -> None:
    for line in commands(document):
        check(line)


def test_the_readme_shows_the_commands_of_the_first_hour() -> None:
    shown = " ".join(commands("README.md"))
    assert all(word in shown for word in ("make demo", "tocsin up", "tocsin subscribe", "tocsin explain"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_resolves(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [t.partition("#")[0] for t in LINK.findall(text) if not t.startswith(("http:", "https:", "mailto:", "#"))]
    assert not [t for t in targets if t and not (ROOT / t).exists()]


def test_every_command_of_the_table_can_be_imported_and_explains_itself() -> None:
    for name in COMMANDS:
        command = tocsin.get_command(click.Context(tocsin), name)
        assert command is not None
        assert command.help, f"tocsin {name} has no help"


def test_the_env_example_lists_every_setting_with_its_default_and_no_other() -> None:
    text = (CONFIG / "tocsin.env.example").read_text(encoding="utf-8")
    written = dict(re.findall(r"^#?TOCSIN_([A-Z_]+)=(.*)$", text, re.M))
    fields = {f.name.upper(): f.default for f in msgspec.structs.fields(Settings)}
    assert written.keys() == fields.keys()
    plain = {n: d for n, d in fields.items() if isinstance(d, int | float) and not isinstance(d, bool)}
    assert {n: float(written[n]) for n in plain} == {n: float(d) for n, d in plain.items()}


def test_compose_sets_no_unknown_setting_and_every_role_is_guarded() -> None:
    read = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    for name, service in read["services"].items():
        given = service.get("environment", {})
        assert {k.removeprefix("TOCSIN_").lower() for k in given} <= set(Settings.__struct_fields__), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "mem_limit" in service, name
        assert service["restart"] == ("no" if name == "demo" else "always")


def test_the_tree_in_the_docstring_of_errors_is_the_tree_of_its_classes() -> None:
    drawn = re.findall(r"[├└]─ (\w+)", str(worker.errors.__doc__))
    classes = {n for n, c in inspect.getmembers(worker.errors, inspect.isclass) if c.__module__ == "worker.errors"}
    assert len(drawn) == len(set(drawn))
    assert {*drawn, "TocsinError"} == classes


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_every_dependency_with_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    chosen = [*project["dependencies"], *extras["semantic"]]
    if name == "requirements-dev.txt":
        chosen += [d for group in extras.values() for d in group]
    wanted = {re.split(r"[^A-Za-z0-9._-]", d)[0].lower().replace("_", "-") for d in chosen}
    locked = {line.split("==")[0].lower() for line in text.splitlines() if re.match(r"[A-Za-z0-9._-]+==", line)}
    assert wanted <= locked, f"run make lock: {wanted - locked}"
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(locked)


def test_no_document_is_empty_and_the_licence_is_whole() -> None:
    for name in (*DOCUMENTS, "LICENSE"):
        assert Path(ROOT / name).stat().st_size > 500, name
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert "END OF TERMS AND CONDITIONS" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("document", GUIDES)
def test_a_guide_links_only_to_guides_that_there_are(document: str) -> None:
    links = LINK.findall((ROOT / document).read_text(encoding="utf-8"))
    named = {link.removeprefix("/help/").partition("#")[0] for link in links if link.startswith("/help/")}
    assert named <= set(GUIDE_NAMES)


def test_every_problem_has_its_paragraph() -> None:
    known = re.findall(r"^## (.+)$", (ROOT / "worker/console/help/problems.md").read_text(encoding="utf-8"), re.M)
    names = {n for n, c in inspect.getmembers(worker.errors, inspect.isclass) if c.__module__ == "worker.errors"}
    assert {re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize() for name in names} <= set(known)
