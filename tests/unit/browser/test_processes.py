import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from percenty_batch.browser.processes import Tree, family, kill

WAIT = "import sys; sys.stdin.read()"
PARENT = (
    "import subprocess, sys; "
    f"child = subprocess.Popen([sys.executable, '-c', {WAIT!r}]); "
    "print(child.pid, flush=True); child.wait()"
)


@pytest.fixture
def parent_and_child() -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """Look like a driver and its browser; both wait for ever."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, "run-driver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        members = psutil.Process(parent.pid), psutil.Process(int(parent.stdout.readline()))
        yield members
        kill(members)


def is_alive(process: psutil.Process) -> bool:
    try:
        process.wait(timeout=10)
    except psutil.TimeoutExpired:
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def test_a_tree_is_the_driver_that_was_started_next(
    request: pytest.FixtureRequest,
) -> None:
    tree = Tree()
    assert tree.members() == []
    tree.expect()
    assert tree.members() == []
    parent, child = request.getfixturevalue("parent_and_child")
    assert tree.members() == [parent, child]
    assert tree.memory_mb() > 1


def test_drivers_of_others_do_not_belong_to_it(
    parent_and_child: tuple[psutil.Process, psutil.Process],
) -> None:
    tree = Tree()
    tree.expect()
    assert tree.members() == []
    assert tree.kill() == 0
    assert all(process.is_running() for process in parent_and_child)


def test_a_browser_whose_driver_died_still_belongs_to_it(request: pytest.FixtureRequest) -> None:
    tree = Tree()
    tree.expect()
    parent, child = request.getfixturevalue("parent_and_child")
    tree.settle()
    kill([parent])
    assert not is_alive(parent)
    assert child in tree.members()
    assert tree.kill() == 1
    assert not is_alive(child)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_stopped_processes_are_killed_as_well(request: pytest.FixtureRequest) -> None:
    tree = Tree()
    tree.expect()
    parent, child = request.getfixturevalue("parent_and_child")
    for process in (parent, child):
        process.suspend()
    assert tree.kill() == 2
    assert not is_alive(parent)
    assert not is_alive(child)


def test_a_family_has_each_member_once(
    parent_and_child: tuple[psutil.Process, psutil.Process],
) -> None:
    parent, child = parent_and_child
    assert family([parent, child]) == [parent, child]
    assert family([child, parent]) == [child, parent]
