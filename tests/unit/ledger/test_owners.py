import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from percenty_batch.ledger import owners, this_process
from percenty_batch.ledger.owners import is_dead
from percenty_batch.ledger.records import Owner

US = this_process("run")


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until its input is closed."""
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process
        process.kill()


def owner_of(pid: int) -> Owner:
    born = owners._born(pid)
    assert born is not None
    return replace(US, pid=pid, born=born, run_id="another")


def test_this_process_is_named_the_same_each_time() -> None:
    assert this_process("run") == US
    assert os.getpid() == US.pid
    assert US.run_id == "run"


def test_we_live() -> None:
    assert not is_dead(US, US)


def test_a_process_lives_until_it_is_killed_and_is_dead_even_before_anybody_waited_for_it(
    child: subprocess.Popen[bytes],
) -> None:
    owner = owner_of(child.pid)
    assert not is_dead(owner, US)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # a zombie from now on
    assert is_dead(owner, US)
    child.wait()
    assert is_dead(owner, US)


def test_a_later_process_of_the_same_id_is_not_taken_for_the_owner() -> None:
    assert is_dead(replace(US, born=US.born - 1), US)


def test_nothing_is_known_of_processes_in_another_place() -> None:
    assert not is_dead(replace(US, born=US.born - 1, place="another container"), US)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux names the boot and the namespace")
def test_a_place_is_one_boot_of_one_host_and_one_pid_namespace() -> None:
    host, boot, namespace = US.place.split(" ", 2)
    assert host == US.host
    assert len(boot) == 36
    assert namespace.startswith("pid:[")


def test_elsewhere_than_on_linux_the_host_is_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    us = this_process("run")
    assert us.place == us.host
    assert not is_dead(us, us)
    assert is_dead(replace(us, born=us.born - 1), us)


@pytest.mark.parametrize(
    ("answer", "is_gone"), [(psutil.NoSuchProcess(1), True), (psutil.AccessDenied(1), False)]
)
def test_elsewhere_a_process_is_dead_when_nobody_knows_it_and_no_signal_is_sent(
    monkeypatch: pytest.MonkeyPatch, answer: psutil.Error, *, is_gone: bool
) -> None:
    def refuse(_pid: int) -> None:
        raise answer

    def kill(_pid: int, _signal: int) -> None:
        raise AssertionError("on Windows this is Ctrl-C")

    us = this_process("run")
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setattr(psutil, "Process", refuse)
    monkeypatch.setattr(os, "kill", kill)
    assert is_dead(replace(us, place=us.host), replace(us, place=us.host)) is is_gone


def test_an_owner_is_shown_by_host_process_and_run() -> None:
    assert str(replace(US, host="밤", pid=7)) == "밤 (pid 7, 실행 run)"


@pytest.mark.parametrize(("answer", "is_gone"), [(PermissionError, False), (OSError(3, ""), True)])
def test_a_process_that_proc_hides_lives_as_long_as_it_can_be_found(
    monkeypatch: pytest.MonkeyPatch, answer: type[OSError] | OSError, *, is_gone: bool
) -> None:
    def refuse(_pid: int, _signal: int) -> None:
        raise answer

    monkeypatch.setattr(owners, "_born", lambda _pid: None)
    monkeypatch.setattr(os, "kill", refuse)
    assert is_dead(replace(US, pid=1), US) is is_gone
