"""What the guide promises of a run's log files."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import psutil
import pytest
import structlog

from percenty_batch.logs import RunFolders, RunLogs, Secrets

OpenLogs = Callable[..., RunLogs]

USER1, USER2 = "user1@example.com", "user2@example.com"
AT = datetime(2024, 12, 1, 14, 30, 52)  # noqa: DTZ001 - local time is meant
AT_NS = int(AT.timestamp()) * 1_000_000_000 + 123_000_000
ANY_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - [A-Z]+ - (\[[^]]+\] )?\S.*")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def messages(path: Path) -> list[str]:
    return [line.split(" - ", 2)[2] for line in read(path).splitlines()]


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error):
        return error


def test_the_guides_lines_come_out_to_the_letter(open_logs: OpenLogs, folders: RunFolders) -> None:
    logs = open_logs(now_ns=lambda: AT_NS)
    logs.account(USER1).info("=== 1단계 실행 시작: 수량=100 ===")
    logs.account(USER2).error("로그인 중 예외 발생: 비밀번호가 올바르지 않습니다")
    logs.batch.info("배치 시작")
    first = (
        "2024-12-01 14:30:52,123 - INFO - [user1@example.com] === 1단계 실행 시작: 수량=100 ===\n"
    )
    second = (
        "2024-12-01 14:30:52,123 - ERROR - [user2@example.com] "
        "로그인 중 예외 발생: 비밀번호가 올바르지 않습니다\n"
    )
    assert read(folders.account_log(USER1)) == first
    assert read(folders.account_log(USER2)) == second
    assert read(folders.error_log(USER2)) == second
    assert read(folders.batch_log) == (
        first + second + "2024-12-01 14:30:52,123 - INFO - 배치 시작\n"
    )


def test_a_registered_account_has_both_files_and_they_are_empty_while_it_is_clean(
    logs: RunLogs, folders: RunFolders
) -> None:
    logs.account(USER1)
    assert read(folders.account_log(USER1)) == read(folders.error_log(USER1)) == ""
    logs.account(USER1).warning("느림")
    assert read(folders.error_log(USER1)) == ""


def test_errors_and_critical_lines_reach_the_error_file_in_order(
    logs: RunLogs, folders: RunFolders
) -> None:
    log = logs.account(USER1)
    log.error("하나")
    log.info("둘")
    log.critical("셋")
    log.error("오류", exc_info=raised(ValueError("넷")))
    shown = messages(folders.error_log(USER1))
    assert [line.removeprefix(f"[{USER1}] ").split(" ")[0] for line in shown] == [
        *("하나", "셋", "오류")
    ]
    assert r"오류 상세: Traceback (most recent call last):\n" in shown[2]
    assert shown[2].endswith(r"\nValueError: 넷")


def test_the_level_filters_every_file(open_logs: OpenLogs, folders: RunFolders) -> None:
    logs = open_logs(level="warning")
    logs.account(USER1).info("조용히")
    logs.account(USER1).warning("크게")
    assert messages(folders.account_log(USER1)) == [f"[{USER1}] 크게"]
    assert messages(folders.batch_log) == [f"[{USER1}] 크게"]


def test_a_page_cannot_forge_a_line(logs: RunLogs, folders: RunFolders) -> None:
    forged = "2024-12-01 14:30:52,123 - ERROR - [user2@example.com] 로그인 실패"
    logs.account(USER2)
    for end in ("\n", "\r", "\x85", "\u2028", "\x1b[2K\r", "\x0c"):
        logs.account(USER1).info(f"console: x{end}{forged}")
        error = raised(RuntimeError(f"x{end}{forged}"))
        logs.account(USER1).error(f"x{end}{forged}", exc_info=error)
    lines = read(folders.batch_log).splitlines()
    assert len(lines) == 12
    assert all(ANY_LINE.fullmatch(line) for line in lines)
    assert all(f" - [{USER1}] " in line[:60] for line in lines)
    assert read(folders.account_log(USER2)) == ""


@pytest.mark.parametrize("line_format", ["text", "json"])
def test_secrets_are_masked_in_every_sink(
    open_logs: OpenLogs, folders: RunFolders, secrets: Secrets, line_format: str
) -> None:
    mirrored: list[str] = []
    secret = "Tr0ub4dor&3 \"x'"
    secrets.add(secret)
    logs = open_logs(line_format=line_format, mirror=mirrored.append)
    log = logs.account(USER1).bind(password=secret)
    log.error("console: %s", secret, given=[secret])
    error = RuntimeError(f"page.fill({json.dumps(secret)})")
    error.__cause__ = ValueError(repr(secret))
    log.error("입력 실패", exc_info=raised(error))
    files = [path for path in folders.root.rglob("*.log") if read(path)]
    assert len(files) == 3
    for text in (*map(read, files), "\n".join(mirrored)):
        assert "Tr0ub4dor" not in text
        assert text.count("***") >= 3


def test_json_lines_replace_the_text_lines(open_logs: OpenLogs, folders: RunFolders) -> None:
    logs = open_logs(line_format="json")
    logs.account(USER1).bind(step="1", attempt=1).error("실패", item="3f2a")
    logs.batch.info("끝")
    first, last = map(json.loads, read(folders.batch_log).splitlines())
    assert [json.loads(read(folders.account_log(USER1)))] == [first]
    assert [json.loads(read(folders.error_log(USER1)))] == [first]
    assert datetime.fromisoformat(first.pop("at")).tzinfo is not None
    assert first == {
        "level": "ERROR",
        "account": USER1,
        "message": "실패",
        "step": "1",
        "attempt": 1,
        "item": "3f2a",
    }
    assert (last["account"], last["message"]) == (None, "끝")


def test_the_mirror_gets_the_batch_logs_lines_and_may_fail(
    open_logs: OpenLogs, folders: RunFolders
) -> None:
    lines: list[str] = []

    def mirror(line: str) -> None:
        lines.append(line)
        raise BrokenPipeError

    logs = open_logs(mirror=mirror)
    logs.account(USER1).info("하나")
    logs.batch.info("둘")
    assert lines == read(folders.batch_log).splitlines()


def test_account_loggers_are_found_by_id_as_in_the_guide(
    logs: RunLogs, folders: RunFolders
) -> None:
    logs.account(USER1)
    log = logs.account_loggers.get(USER1)
    assert log
    log.info("사용자 정의 로그 메시지")
    log.error("오류 메시지")
    assert messages(folders.error_log(USER1)) == [f"[{USER1}] 오류 메시지"]
    assert logs.account_loggers.get(USER2) is None
    assert list(logs.account_loggers) == [USER1]


def test_a_logger_works_after_its_job_and_after_the_run(logs: RunLogs, folders: RunFolders) -> None:
    log = logs.account(USER1)
    log.info("하나")
    logs.close_account(USER1)
    log.info("둘")
    logs.close()
    before = open_files()
    log.error("셋")
    assert messages(folders.account_log(USER1)) == [
        f"[{USER1}] {word}" for word in ("하나", "둘", "셋")
    ]
    assert messages(folders.batch_log) == messages(folders.account_log(USER1))
    assert messages(folders.error_log(USER1)) == [f"[{USER1}] 셋"]
    assert open_files() == before


def open_files() -> int:
    return len(psutil.Process().open_files())


def test_closing_twice_and_an_unknown_account_are_no_errors(logs: RunLogs) -> None:
    logs.close_account("nobody@example.com")
    logs.close()
    logs.close()


def test_the_logs_of_a_run_open_again_for_its_next_batch(
    logs: RunLogs, folders: RunFolders
) -> None:
    logs.account(USER1).info("하나")
    logs.close()
    with logs:
        logs.account(USER1).info("둘")
        structlog.get_logger().info("셋")
        with pytest.raises(RuntimeError, match="already open"):
            logs.__enter__()
    assert messages(folders.batch_log) == [f"[{USER1}] 하나", f"[{USER1}] 둘", "셋"]


def test_500_accounts_never_open_more_files_than_allowed(
    open_logs: OpenLogs, folders: RunFolders
) -> None:
    before = open_files()
    logs = open_logs(max_open_files=16)
    accounts = [f"user{number}@example.com" for number in range(500)]
    highest = 0
    for round_number in range(2):
        for number, account in enumerate(accounts):
            logs.account(account).error(f"줄 {round_number}")
            if number % 25 == 0:
                highest = max(highest, open_files() - before)
    assert highest == 16
    assert all(
        messages(path) == [f"[{account}] 줄 0", f"[{account}] 줄 1"]
        for account in accounts
        for path in (folders.account_log(account), folders.error_log(account))
    )
    assert len(read(folders.batch_log).splitlines()) == 1000
    logs.close()
    assert open_files() == before


@pytest.mark.parametrize("max_open_files", [1, 2, 3])
def test_few_descriptors_lose_no_line_and_keep_the_order(
    open_logs: OpenLogs, folders: RunFolders, max_open_files: int
) -> None:
    logs = open_logs(max_open_files=max_open_files)
    for number in range(20):
        logs.account((USER1, USER2)[number % 2]).error(f"{number}")
    assert [line.split("] ")[1] for line in messages(folders.batch_log)] == [
        str(number) for number in range(20)
    ]
    assert (
        len(messages(folders.error_log(USER1))) == len(messages(folders.account_log(USER2))) == 10
    )


def test_threads_never_write_into_each_others_lines(
    open_logs: OpenLogs, folders: RunFolders
) -> None:
    logs = open_logs(max_open_files=2)
    accounts = [f"user{number}@example.com" for number in range(8)]

    def write(account: str) -> None:
        for number in range(100):
            logs.account(account).error(f"{number}")

    with ThreadPoolExecutor(len(accounts)) as pool:
        list(pool.map(write, accounts))
    for account in accounts:
        expected = [f"[{account}] {number}" for number in range(100)]
        assert messages(folders.account_log(account)) == expected
        assert messages(folders.error_log(account)) == expected
    assert len(messages(folders.batch_log)) == 800


def test_wild_account_ids_have_files_of_their_own(logs: RunLogs, folders: RunFolders) -> None:
    accounts = ["../up", "A@example.com", "a@example.com", "CON", "가" * 200, "\ud800", ""]
    for account in accounts:
        logs.account(account).error("하나")
    assert len(list(folders.accounts.iterdir())) == len(accounts)
    assert len(list(folders.errors.iterdir())) == len(accounts)
    assert logs.lost_lines == 0


def test_a_line_whose_call_has_returned_survives_kill_9(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from percenty_batch.logs import RunFolders, RunLogs, Secrets
folders = RunFolders(root=Path({str(tmp_path)!r}), stamp="s")
with RunLogs(folders, Secrets()) as logs:
    logs.account("a").error("last words")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert run.returncode == -signal.SIGKILL
    folders = RunFolders(root=tmp_path, stamp="s")
    for path in (folders.account_log("a"), folders.error_log("a"), folders.batch_log):
        assert messages(path) == ["[a] last words"]


def test_structlogs_own_capture_sees_the_events(logs: RunLogs, folders: RunFolders) -> None:
    with structlog.testing.capture_logs() as events:
        logs.account(USER1).info("하나", item=3)
        structlog.get_logger().info("둘")
    assert events == [
        {"account": USER1, "item": 3, "event": "하나", "log_level": "info"},
        {"event": "둘", "log_level": "info"},
    ]
    logs.account(USER1).info("셋")
    assert messages(folders.account_log(USER1)) == [f"[{USER1}] 셋"]
