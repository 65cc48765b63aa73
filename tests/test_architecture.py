"""The rules of the house, read from the source: levels, purity, direction of imports, sizes, docstrings, names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.support.paths import ROOT

PACKAGE: Final = ROOT / "worker"
ROOMS: Final = ("feeds", "articles", "triggers", "places", "alerts", "subscriptions", "deliveries")
FRONTS: Final = ("cli", "api", "console", "ops")
EDGES: Final = {
    *("settings", "ledger", "outbound", "failures", "flights", "proxies", "queues", "embedded", "access", "vault"),
}
EDGES_OF_ROOMS: Final = {
    *("fetch", "gate", "turns", "store", "catalogue", "extract", "parsing", "remote", "semantic", "gazetteer", "send"),
}
SHELL: Final = {
    *("wiring", "pipeline", "jobs", "receiving", "judging", "telling", "sending", "retelling", "watching"),
    *("subscribing", "trying", "keeping", "upgrading", "reading", "tuning", "judge"),
}
# An edge in two files, beside the store → ledger and fetch/send/extract → outbound of the plan.
WITHIN: Final[dict[str, set[str]]] = {
    "outbound": {"failures", "flights", "proxies"},
    "feeds.fetch": {"feeds.parsing", "feeds.gate"},
    "feeds.turns": {"ledger"},
}
# What touches the clock, luck, the disk, the network or another process.
IMPURE: Final = {
    "aiohttp", "asyncio", "concurrent", "ftplib", "glob", "http", "httpx", "multiprocessing", "os", "pathlib", "queue",
    "random", "redis", "requests", "rq", "secrets", "select", "shutil", "signal", "smtplib", "socket", "socketserver",
    "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request", "uuid", "uvicorn",
}  # fmt: skip
IMPURE_CALLS: Final = {"now", "utcnow", "today"}
BANNED_NAMES: Final = {"utils", "util", "helpers", "helper", "common", "core", "models", "base", "manager", "misc"}
MAX_FILE: Final = 300
MAX_FUNCTION: Final = 40
MAX_PARAMETERS: Final = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[str]:
    return sorted(str(p.relative_to(PACKAGE))[:-3].replace("/", ".") for p in PACKAGE.rglob("*.py"))


ALL: Final = modules()


def path(module: str) -> Path:
    return PACKAGE / (module.replace(".", "/") + ".py")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(path(module).read_text(encoding="utf-8"), str(path(module)))


def level(module: str) -> str:
    first, _, rest = module.partition(".")
    if first in FRONTS:
        return "front"
    if module in SHELL:
        return "shell"
    if module in EDGES or rest in EDGES_OF_ROOMS:
        return "edge"
    return "pure"


@cache
def imported(module: str) -> tuple[tuple[str, int], ...]:
    """Every module that this one names in an import, inside functions too, with the line."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            inside = [f"{node.module}.{a.name}" for a in node.names]
            mods = [name for name in inside if name.removeprefix("worker.") in ALL]
            found += [(name, node.lineno) for name in mods or [str(node.module)]]
    return tuple(found)


def ours(module: str) -> Iterator[tuple[str, int]]:
    for name, line in imported(module):
        if name.startswith("worker."):
            yield name.removeprefix("worker."), line


def functions(module: str) -> Iterator[Function]:
    return (n for n in ast.walk(tree(module)) if isinstance(n, Function))


def report(wrong: list[str]) -> None:
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("module", [m for m in ALL if level(m) == "pure"])
def test_pure_code_touches_neither_clock_nor_luck_nor_the_world(module: str) -> None:
    wrong = [
        f"worker/{module}:{line} imports {name}"
        for name, line in imported(module)
        if name in IMPURE or name.partition(".")[0] in IMPURE
    ]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_CALLS:
                wrong.append(f"worker/{module}:{node.lineno} asks the clock: {ast.unparse(node.func)}()")
            if isinstance(node.func, ast.Name) and node.func.id in {"open", "input", "print"}:
                wrong.append(f"worker/{module}:{node.lineno} calls {node.func.id}()")
    report(wrong)


@pytest.mark.parametrize("module", [m for m in ALL if level(m) == "pure"])
def test_pure_code_imports_pure_code_only(module: str) -> None:
    report([f"worker/{module}:{line} imports {n}" for n, line in ours(module) if level(n) != "pure"])


@pytest.mark.parametrize("module", [m for m in ALL if level(m) == "edge"])
def test_an_edge_imports_no_other_edge_than_its_own_door(module: str) -> None:
    kind = module.rpartition(".")[2]
    allowed = {
        "store": {"ledger", "vault"},
        "gate": {"ledger"},
        "fetch": {"outbound"},
        "send": {"outbound"},
        "extract": {"outbound"},
    }.get(kind, set())
    report(
        [
            f"worker/{module}:{line} imports {name}"
            for name, line in ours(module)
            if level(name) != "pure" and name not in allowed | WITHIN.get(module, set())
        ]
    )


@pytest.mark.parametrize("module", [m for m in ALL if level(m) in ("pure", "edge")])
def test_imports_point_to_the_left(module: str) -> None:
    room = module.partition(".")[0]
    right = ROOMS[ROOMS.index(room) + 1 :] if room in ROOMS else ROOMS
    wrong = [
        f"worker/{module}:{line} imports {name}"
        for name, line in ours(module)
        if name.partition(".")[0] in (*right, *FRONTS, *SHELL)
    ]
    report(wrong)


@pytest.mark.parametrize("module", [m for m in ALL if level(m) == "shell"])
def test_the_shell_knows_nothing_of_the_fronts(module: str) -> None:
    report([f"worker/{module}:{line} imports {n}" for n, line in ours(module) if level(n) == "front"])


def test_there_are_no_cycles() -> None:
    graph = {m: {n for n, _ in ours(m) if n in ALL} for m in ALL}
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, f"cycle: {' → '.join((*way, module))}"
        if module not in done:
            for name in sorted(graph[module]):
                walk(name, (*way, module))
            done.add(module)

    for module in ALL:
        walk(module, ())


@pytest.mark.parametrize("module", ALL)
def test_files_and_functions_are_small(module: str) -> None:
    lines = len(path(module).read_text(encoding="utf-8").splitlines())
    wrong = [f"worker/{module} has {lines} lines, more than {MAX_FILE}"] if lines > MAX_FILE else []
    for function in functions(module):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > MAX_FUNCTION:
            wrong.append(
                f"worker/{module}:{function.lineno} {function.name} has {length} lines, more than {MAX_FUNCTION}"
            )
        given = function.args
        count = len([a for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in ("self", "cls")])
        options = any("click" in ast.unparse(d) or "option" in ast.unparse(d) for d in function.decorator_list)
        if count > MAX_PARAMETERS and not options:
            wrong.append(f"worker/{module}:{function.lineno} {function.name} has {count} parameters")
    report(wrong)


@pytest.mark.parametrize("module", ALL)
def test_every_module_class_and_public_function_has_a_docstring(module: str) -> None:
    wrong = [] if ast.get_docstring(tree(module)) else [f"worker/{module} has no docstring"]

    def look(nodes: list[ast.stmt], inside: str) -> None:
        for node in nodes:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                overridden = any(ast.unparse(d).endswith(("override", "overload")) for d in node.decorator_list)
                if not ast.get_docstring(node) and not overridden:
                    wrong.append(f"worker/{module}:{node.lineno} {inside}{node.name} has no docstring")
                if isinstance(node, ast.ClassDef):
                    look(node.body, f"{node.name}.")

    look(tree(module).body, "")
    report(wrong)


@pytest.mark.parametrize("module", [m for m in ALL if m.endswith("__init__")])
def test_an_init_is_a_sign_on_the_door_without_re_exports(module: str) -> None:
    _, *rest = tree(module).body
    extra = [n for n in rest if not (isinstance(n, ast.Assign) and ast.unparse(n.targets[0]).startswith("__"))]
    assert not extra, f"worker/{module} holds more than a docstring: {ast.unparse(extra[0])[:80]}"


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    named = [m for m in ALL if set(m.split(".")) & BANNED_NAMES]
    assert not named


def test_every_room_of_the_plan_is_there_and_no_other_folder() -> None:
    folders = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    assert set(ROOMS) <= folders <= {*ROOMS, *FRONTS}
