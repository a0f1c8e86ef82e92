"""A disk that fails costs lines, which are counted, and never an account's work."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from percenty_batch.logs import RunFolders, RunLogs, files, guard
from percenty_batch.models import LogGap, Missing

OpenLogs = Callable[..., RunLogs]

A = "a@example.com"


def messages(path: Path) -> list[str]:
    return [line.split(" - ", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_costs_only_the_lines_it_refuses(logs: RunLogs, folders: RunFolders) -> None:
    log = logs.account(A)
    log.warning("before")
    logs.close_account(A)
    kept = folders.account_log(A).rename(folders.root / "kept.log")
    folders.account_log(A).symlink_to("/dev/full")
    log.warning("lost in one file")
    log.error("lost in one file")
    assert logs.lost_lines == 2
    folders.account_log(A).unlink()
    kept.rename(folders.account_log(A))
    log.warning("after")
    assert messages(folders.account_log(A)) == [f"[{A}] before", f"[{A}] after"]
    *_, told, error, after = messages(folders.batch_log)
    assert told.startswith("디스크 공간이 부족하여")
    assert (error, after) == (f"[{A}] lost in one file", f"[{A}] after")
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
        logs.batch.warning("torn apart")
    logs.batch.warning("whole")
    logs.close()
    logs.batch.warning("after")
    torn, whole, after = folders.batch_log.read_text(encoding="utf-8").splitlines()
    assert "torn apart" not in torn
    assert whole.endswith(" - WARNING - whole")
    assert after.endswith(" - WARNING - after")
    assert logs.lost_lines == 2  # this one, and the one that would have told of it


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
    (gap,) = logs.gaps
    assert (gap.missing, gap.cause, gap.until is None) == (
        Missing.LINES,
        "로그 파일이 지워짐",
        False,
    )


def test_a_file_that_was_deleted_while_it_was_closed_is_noticed(
    logs: RunLogs, folders: RunFolders
) -> None:
    logs.account(A).info("before")
    logs.close_account(A)
    folders.account_log(A).unlink()
    logs.account(A).info("after")
    assert messages(folders.account_log(A)) == [f"[{A}] after"]
    assert [gap.cause for gap in logs.gaps] == ["로그 파일이 지워짐"]


def test_a_file_that_the_system_has_forgotten_is_opened_anew(
    open_logs: OpenLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(_: int) -> None:
        raise OSError(errno.ESTALE, "stale file handle")

    monkeypatch.setattr(files, "_DELETED_CHECK_S", 0.0)
    logs = open_logs()
    logs.batch.info("before")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", forgotten)
        logs.batch.info("after")
    assert messages(folders.batch_log) == ["before", "after"]


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


@contextmanager
def refusing(number: int) -> Iterator[None]:
    """Refuse every file that is opened or written, as a disk does."""

    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "open", refuse)
        patched.setattr(os, "write", refuse)
        yield


def told(gap: LogGap) -> tuple[Missing, str, int]:
    return gap.missing, gap.cause, gap.count


def test_a_folder_that_turns_read_only_costs_lines_until_it_takes_them_again(
    logs: RunLogs, folders: RunFolders
) -> None:
    logs.account(A).info("before")
    with refusing(errno.EROFS):
        logs.account(A).info("lost")
        logs.account(A).error("lost")
    (gap,) = logs.gaps
    assert (told(gap), gap.until) == ((Missing.LINES, "읽기 전용", 5), None)
    logs.account(A).info("after")
    assert [gap.until is None for gap in logs.gaps] == [False]
    assert messages(folders.account_log(A)) == [f"[{A}] before", f"[{A}] after"]
    assert logs.lost_lines == 5


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_without_room_all_is_given_up_that_may_be_and_errors_are_tried_on(
    open_logs: OpenLogs, folders: RunFolders, number: int
) -> None:
    seen: list[str] = []
    logs = open_logs(level="debug", mirror=seen.append)
    log = logs.account(A)
    with refusing(number):
        log.error("no room")
    log.debug("withheld")
    log.info("withheld")
    log.error("written")
    assert (logs.disk.may_trace(), logs.disk.may_take_evidence()) == (False, False)
    assert messages(folders.account_log(A)) == [f"[{A}] written"]
    lost, *withheld = map(told, logs.gaps)
    assert lost[:2] == (Missing.LINES, "디스크 공간 부족")
    assert withheld == [
        (missing, "디스크 공간 부족", 1)
        for missing in (Missing.DEBUG, Missing.INFO, Missing.TRACES, Missing.EVIDENCE)
    ]
    assert [line.count("withheld") for line in seen] == [0, 0, 1, 1, 0]


def test_lines_below_the_level_are_no_gap(logs: RunLogs) -> None:
    with refusing(errno.ENOSPC):
        logs.batch.error("no room")
    logs.batch.debug("nobody wants it")
    assert [gap.missing for gap in logs.gaps] == [Missing.LINES]


def test_a_disk_that_fills_up_and_is_cleared_is_told_in_the_batch_log(
    open_logs: OpenLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 0
    monkeypatch.setattr(guard, "free_bytes", lambda _: free)
    monkeypatch.setattr(guard, "_LOOK_EVERY_S", 0.0)
    logs = open_logs(min_free_mb=100)
    logs.account(A).info("withheld")
    free = 2**40
    logs.account(A).info("written")
    assert messages(folders.account_log(A)) == [f"[{A}] written"]
    assert messages(folders.batch_log) == [
        "디스크 공간이 부족하여 trace, 화면, HTML, 디버그와 정보 로그를 남기지 않습니다",
        "디스크 여유 공간이 다시 충분하여 모두 남깁니다",
        f"[{A}] written",
    ]
    (gap,) = logs.gaps
    assert (told(gap), gap.until is None) == ((Missing.INFO, "디스크 공간 부족", 1), False)
