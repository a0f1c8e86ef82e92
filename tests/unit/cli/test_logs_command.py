import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.cli import work
from percenty_batch.errors import LedgerError
from percenty_batch.logs import RunFolders
from percenty_batch.manager import tidying
from percenty_batch.settings import Settings
from tests.unit.cli.ledgers import (
    DONE,
    JOB_ID,
    LEFT,
    RUN_ID,
    begin,
    finish_all,
    finish_one,
    held_by,
    owner,
    plan_batch,
    write,
)

Command = Callable[..., Any]

LOGS = Path("logs")
FOLDERS = RunFolders(root=LOGS, stamp=RUN_ID)
NEWER = RunFolders(root=LOGS, stamp="20260101_000000")
LINE = "2024-12-01 12:00:00,000 - INFO - [a] 로그인 성공\n"


def leave_logs(*folders: RunFolders) -> None:
    for each in folders:
        for account in (DONE, LEFT):
            for path in (each.account_log(account), each.error_log(account)):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(LINE * 20, encoding="utf-8")
        each.batch_log.write_text(LINE * 40, encoding="utf-8")


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the tidy believe that it is so many days after the run."""

    def set_clock(days: int) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
                return datetime(2024, 12, 1 + days, 13, tzinfo=UTC)

        monkeypatch.setattr(tidying, "datetime", Clock)

    return set_clock


@pytest.fixture
def finished(command: Command) -> None:
    """An old run of which every account succeeded, and a newer one that nobody knows."""
    write(LOGS, begin, plan_batch, finish_one, finish_all)
    leave_logs(FOLDERS, NEWER)
    command("report")


def files() -> list[str]:
    return sorted(
        path.relative_to(LOGS).as_posix()
        for path in LOGS.rglob("*")
        if path.is_file() and "ledger" not in path.name
    )


def test_a_dry_run_prints_the_plan_and_changes_nothing(
    command: Command, finished: None, days_later: Callable[[int], None]
) -> None:
    days_later(3)
    before = files()

    ran = command("logs", "tidy", "--dry-run")

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert f"압축: accounts/{RUN_ID}/{DONE}.log (끝난 지 2일 지남, 1,080 bytes)" in lines
    assert f"보고서 다시 쓰기: reports/{RUN_ID}/ (보고서가 가리키는 파일이 바뀜)" in lines
    assert f"그대로 둠: {NEWER.stamp} (가장 최근 실행)" in lines
    assert lines[-1] == "계획: 압축 5개, 삭제 0개 (아무것도 바꾸지 않음)"
    assert files() == before


def test_logs_are_compressed_and_the_reports_name_them(
    command: Command, finished: None, days_later: Callable[[int], None]
) -> None:
    days_later(3)

    ran = command("logs", "tidy")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("로그 정리: 압축 5개, 삭제 0개")
    report = FOLDERS.reports / f"batch_report_{JOB_ID}.json"
    named = [
        path
        for account in json.loads(report.read_text(encoding="utf-8"))["accounts"]
        for path in (account["log"], account["error_log"])
    ]
    assert named[0] == f"logs/accounts/{RUN_ID}/{DONE}.log.zst"
    assert all(Path(path).is_file() for path in named)
    assert command("logs", "tidy").out.startswith("로그 정리: 압축 0개, 삭제 0개")


def test_a_run_that_succeeded_is_gone_after_two_weeks_but_not_from_the_ledger(
    command: Command, finished: None, days_later: Callable[[int], None]
) -> None:
    days_later(15)
    command("logs", "tidy")

    assert [path for path in files() if RUN_ID in path] == []
    assert len([path for path in files() if NEWER.stamp in path]) == 5
    assert command("report", RUN_ID).code == 0


def test_a_run_of_which_an_account_did_not_succeed_keeps_that_one(
    command: Command, days_later: Callable[[int], None]
) -> None:
    write(LOGS, begin, plan_batch, finish_one)
    leave_logs(FOLDERS, NEWER)
    days_later(15)

    command("logs", "tidy")

    assert [path for path in files() if RUN_ID in path] == [
        f"accounts/{RUN_ID}/{LEFT}.log.zst",
        f"batch_processor_{RUN_ID}.log.zst",
        f"errors/{RUN_ID}/{LEFT}_errors.log.zst",
    ]


def test_a_run_that_somebody_works_at_is_left_alone(
    command: Command, days_later: Callable[[int], None]
) -> None:
    elsewhere = replace(owner(), place="elsewhere")
    write(LOGS, begin, plan_batch, held_by(elsewhere))
    leave_logs(FOLDERS, NEWER)
    days_later(15)
    before = files()

    assert f"그대로 둠: {RUN_ID} (실행 중)" in command("logs", "tidy", "--dry-run").out
    assert command("logs", "tidy").code == 0
    assert files() == before


def test_without_a_ledger_every_run_is_unknown_and_left_alone_unless_it_is_asked_for(
    command: Command, days_later: Callable[[int], None]
) -> None:
    leave_logs(FOLDERS, NEWER)
    before = files()

    ran = command("logs", "tidy", "--dry-run")
    assert f"그대로 둠: {RUN_ID} (원장에 없는 실행 (--unknown으로 포함))" in ran.out
    assert command("logs", "tidy").out.startswith("로그 정리: 압축 0개, 삭제 0개")
    assert files() == before
    assert not (LOGS / "ledger.sqlite3").exists()
    assert "압축 0개" in command("logs", "tidy", "--unknown").out  # written a moment ago


def test_what_cannot_be_tidied_is_told_and_makes_exit_code_1(
    command: Command, finished: None, days_later: Callable[[int], None]
) -> None:
    days_later(3)
    FOLDERS.account_log(DONE).with_name(f"{DONE}.log.zst").write_bytes(b"damaged")

    ran = command("logs", "tidy")

    assert ran.code == 1
    assert ran.err == (
        f"오류: logs/accounts/{RUN_ID}/{DONE}.log: 정리하지 못했습니다 (압축 파일이 손상됨)\n"
    )
    assert "압축 4개" in ran.out


def test_after_a_run_a_tidy_that_fails_is_a_warning_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_settings: object) -> None:
        raise LedgerError("원장을 사용할 수 없습니다")

    monkeypatch.setattr(work, "tidy_logs", fail)
    work._tidy(Settings())
    assert capsys.readouterr().err == (
        "경고: 로그를 정리하지 못했습니다: 원장을 사용할 수 없습니다\n"
    )
