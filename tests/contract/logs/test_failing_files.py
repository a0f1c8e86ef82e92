"""A disk that fails costs lines, which are counted, and never an account's work."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from percenty_batch.logs import RunFolders, RunLogs, files

OpenLogs = Callable[..., RunLogs]

A = "a@example.com"


def messages(path: Path) -> list[str]:
    return [line.split(" - ", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_costs_only_the_lines_it_refuses(logs: RunLogs, folders: RunFolders) -> None:
    log = logs.account(A)
    log.info("before")
    logs.close_account(A)
    kept = folders.account_log(A).rename(folders.root / "kept.log")
    folders.account_log(A).symlink_to("/dev/full")
    log.info("lost in one file")
    log.error("lost in one file")
    assert logs.lost_lines == 2
    folders.account_log(A).unlink()
    kept.rename(folders.account_log(A))
    log.info("after")
    assert messages(folders.account_log(A)) == [f"[{A}] before", f"[{A}] after"]
    assert len(messages(folders.batch_log)) == 4
    assert messages(folders.error_log(A)) == [f"[{A}] lost in one file"]
    assert logs.lost_lines == 2


def test_half_a_line_does_not_swallow_the_next_one(
    logs: RunLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    is_full = False

    def write_half(descriptor: int, data: bytes) -> int:
        nonlocal is_full
        if is_full:
            raise OSError(errno.ENOSPC, "disk full")
        is_full = True
        return write(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write_half)
        logs.batch.info("torn apart")
    logs.batch.info("whole")
    logs.close()
    logs.batch.info("after")
    torn, whole, after = folders.batch_log.read_text(encoding="utf-8").splitlines()
    assert "torn apart" not in torn
    assert whole.endswith(" - INFO - whole")
    assert after.endswith(" - INFO - after")
    assert logs.lost_lines == 1


def test_a_line_that_the_system_takes_in_pieces_is_written_whole(
    logs: RunLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
        logs.batch.info("조각조각")
        logs.batch.info("다음")
    logs.close()
    logs.batch.info("끝")
    assert messages(folders.batch_log) == ["조각조각", "다음", "끝"]
    assert logs.lost_lines == 0


def test_deleted_folders_are_made_again(
    open_logs: OpenLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_DELETED_CHECK_S", 0.0)
    logs = open_logs()
    logs.account(A).error("before")
    shutil.rmtree(folders.root)
    logs.account(A).error("after")
    for path in (folders.account_log(A), folders.error_log(A), folders.batch_log):
        assert messages(path) == [f"[{A}] after"]
    assert logs.lost_lines == 0


def test_a_folder_that_cannot_be_made_again_is_counted(
    open_logs: OpenLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_DELETED_CHECK_S", 0.0)
    logs = open_logs()
    logs.account(A).info("before")
    shutil.rmtree(folders.accounts)
    folders.accounts.touch()
    logs.account(A).error("half")
    assert logs.lost_lines == 1
    assert messages(folders.error_log(A)) == [f"[{A}] half"]
    folders.accounts.unlink()
    logs.account(A).info("after")
    assert messages(folders.account_log(A)) == [f"[{A}] after"]
    assert logs.lost_lines == 1


def test_used_up_descriptors_are_taken_from_our_own_files(
    logs: RunLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.account(A)
    logs.batch.info("open")
    open_file, close_file = os.open, os.close
    given_back: list[int] = []

    def refuse(path: str, flags: int, mode: int) -> int:
        if not given_back:
            raise OSError(errno.EMFILE, "too many open files")
        return open_file(path, flags, mode)

    def close(descriptor: int) -> None:
        given_back.append(descriptor)
        close_file(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        patched.setattr(os, "close", close)
        logs.account(A).info("written")
    assert logs.lost_lines == 0
    assert messages(folders.account_log(A)) == [f"[{A}] written"]
    assert messages(folders.batch_log) == ["open", f"[{A}] written"]
