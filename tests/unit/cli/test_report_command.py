import importlib
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.manager import shared_place
from percenty_batch.settings import Settings
from tests.unit.cli.ledgers import (
    JOB_ID,
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
report_module = importlib.import_module("percenty_batch.cli.report")
REPORTS = LOGS / "reports" / RUN_ID
BATCH = REPORTS / f"batch_report_{JOB_ID}.md"


def test_a_run_that_was_cut_off_is_told_with_what_is_known(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one)

    ran = command("report")

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        "⚠️ 부분 성공: 계정 2개 중 1개 성공, 처리 1개, 실패 0개 (0.0초)",
        "⚠️ 프로그램이 도중에 종료되었습니다 (이어서 하기: percenty-batch resume)",
        "❌ b@example.com: 시작하지 않음",
        f"보고서: {BATCH}",
        f"보고서: {REPORTS / f'summary_report_{RUN_ID}.md'}",
        f"보고서: {REPORTS / f'summary_report_{RUN_ID}.html'}",
    ]
    document = json.loads(BATCH.with_suffix(".json").read_text(encoding="utf-8"))
    assert document["is_cut_off"]
    assert (document["totals"]["done"], document["totals"]["not_attempted"]) == (1, 1)


@pytest.mark.parametrize("run", [(), (RUN_ID,)], ids=["the latest", "by its number"])
def test_a_finished_run_is_reported_again(command: Command, run: tuple[str, ...]) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)

    ran = command("report", *run)

    assert ran.code == 0
    assert ran.out.startswith("✅ 성공: 계정 2개 중 2개 성공")
    assert "도중에" not in ran.out + BATCH.read_text(encoding="utf-8")


def test_the_same_ledger_gives_the_same_bytes_in_every_format(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)

    assert command("report", "--format", "junit,csv,handover").code == 0
    first = {path.name: path.read_bytes() for path in REPORTS.iterdir()}
    assert command("report", "--format", "junit,csv,handover").code == 0

    assert {path.name: path.read_bytes() for path in REPORTS.iterdir()} == first
    assert {name.partition(".")[2] for name in first} == {"md", "json", "html", "csv", "junit.xml"}


def test_a_format_that_is_not_known_is_refused(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one)

    ran = command("report", "--format", "pdf")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("오류: --format: 'junit', 'csv', 'handover' 중 하나여야 합니다")


def test_the_ledger_may_be_in_another_folder(command: Command) -> None:
    write(Path("nightly"), begin, plan_batch, finish_one, finish_all)

    ran = command("report", "--logs-dir", "nightly")

    assert ran.code == 0
    assert (Path("nightly/reports") / RUN_ID / BATCH.name).is_file()


def test_a_run_that_is_still_working_is_refused(command: Command) -> None:
    elsewhere = replace(owner(), place="elsewhere", host="their-host", pid=7)
    write(LOGS, begin, plan_batch, held_by(elsewhere))

    ran = command("report")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"오류: 실행 {RUN_ID}: 아직 실행 중입니다 (their-host (pid 7")
    assert not REPORTS.exists()


def test_another_places_run_of_a_shared_ledger_replaces_no_report_here(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)
    monkeypatch.setattr(report_module, "shared_place", lambda _settings: "here:/logs")

    ran = command("report")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"오류: 실행 {RUN_ID}: 보고서는 실행한 곳에서만 다시 만들 수 있습니다 (h:.)\n"
    )
    assert not REPORTS.exists()


def test_only_where_the_ledger_is_shared_the_place_is_asked_for() -> None:
    alone = Settings.model_validate({"logs": {"folder": "logs"}})
    shared = Settings.model_validate(
        {"logs": {"folder": "logs"}, "ledger": {"url": "postgresql://u@h/d"}}
    )
    assert shared_place(alone) is None
    assert shared_place(shared) == f"{socket.gethostname()}:{Path('logs').absolute()}"


def test_a_run_whose_process_died_a_moment_ago_is_not_working(command: Command) -> None:
    write(LOGS, begin, plan_batch, held_by(replace(owner(), born=-1.0)))

    ran = command("report")

    assert ran.code == 1
    assert "⚠️ 프로그램이 도중에 종료되었습니다" in ran.out


def test_without_a_ledger_or_a_run_there_is_nothing_to_report(command: Command) -> None:
    assert command("report").code == 2
    assert not LOGS.exists()
    write(LOGS)
    assert command("report").err == "오류: 원장에 실행이 없습니다\n"
    assert command("report", "x").err == "오류: x: 원장에 없는 실행입니다\n"
    write(LOGS, begin)
    assert "아무것도 시작하기 전에 끝났습니다" in command("report").err


def test_a_report_that_cannot_be_written_is_exit_code_7(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)
    (LOGS / "reports").write_text("", encoding="utf-8")

    ran = command("report")

    assert ran.code == 7
    assert ran.out.startswith("✅ 성공")
    assert "보고서를 쓰지 못했습니다" in ran.err
