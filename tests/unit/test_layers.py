"""What import-linter cannot say; the layers themselves are its contracts."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import percenty_batch

PACKAGE = Path(percenty_batch.__path__[0])
ROOMS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
READS_THE_ENVIRONMENT = ("cli/", "manager/", "browser/own_session.py")
# The imitation takes its time; a lease has a heartbeat, and its holder elsewhere tells nobody.
SLEEPS = ("sandbox/", "jobs/lease.py")


@cache
def trees() -> dict[str, ast.Module]:
    """Read every module, once and only where these tests are run."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(nodes: Iterable[ast.stmt]) -> int:
    return max((node.end_lineno or 0 for node in nodes), default=0)


def test_no_room_imports_the_root() -> None:
    root = {"percenty_batch", *(f"percenty_batch.{name}" for name in percenty_batch.__all__)}
    assert {file for file, tree in trees().items() if root & set(imported(tree))} == set()


def test_another_room_is_entered_by_its_door_only() -> None:
    def is_deeper(file: str, name: str) -> bool:
        package, *path = name.split(".")
        is_other_room = package == "percenty_batch" and path[0] in ROOMS - {file.split("/")[0]}
        return is_other_room and len(path) > 2

    passed_by = {
        (file, name)
        for file, tree in trees().items()
        for name in imported(tree)
        if is_deeper(file, name)
    }
    assert passed_by == set()


def test_only_the_edges_look_at_the_environment() -> None:
    readers = {file for file, tree in trees().items() if "os.environ" in ast.unparse(tree)}
    assert {file for file in readers if not file.startswith(READS_THE_ENVIRONMENT)} == set()


def test_modules_and_functions_stay_small() -> None:
    long = {file for file, tree in trees().items() if lines(tree.body) >= LONGEST_MODULE}
    long |= {
        f"{file}: {function.name}"
        for file, tree in trees().items()
        for function in functions(tree)
        if lines(function.body) - function.lineno >= LONGEST_FUNCTION
    }
    assert long == set()


def test_every_module_says_what_it_is() -> None:
    assert {file for file, tree in trees().items() if not ast.get_docstring(tree)} == set()


def test_every_task_has_a_name() -> None:
    nameless = {
        f"{file}:{call.lineno}"
        for file, tree in trees().items()
        for name, call in calls(tree)
        if name.endswith("create_task") and "name" not in {each.arg for each in call.keywords}
    }
    assert nameless == set()


def test_nobody_waits_by_sleeping() -> None:
    sleeps = {"sleep", "wait_for_timeout"}
    sleepers = {
        file
        for file, tree in trees().items()
        for name, _ in calls(tree)
        if name.rpartition(".")[2] in sleeps
    }
    assert {file for file in sleepers if not file.startswith(SLEEPS)} == set()
