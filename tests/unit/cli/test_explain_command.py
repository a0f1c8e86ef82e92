from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import JobRef, Lease, Ledger
from percenty_batch.models import Failure, ItemOutcome, ItemResult, StopReason
from tests.unit.cli.ledgers import (
    DONE,
    JOB_ID,
    LEASE_S,
    LEFT,
    RUN_ID,
    begin,
    end_of_job,
    finish_all,
    finish_one,
    owner,
    plan_batch,
    write,
)
from tests.unit.jobs.builders import NOON

Command = Callable[..., Any]
LOGS = Path("logs")
SLOW = Failure(kind=FailureKind.TIMEOUT, message="응답이 없습니다 \x1b[2J\u202e")


async def retry(ledger: Ledger) -> None:
    """The other account fails, waits, fails at an item, and leaves one in flight."""
    lease = await ledger.acquire(f"account:{LEFT}", owner(), LEASE_S)
    assert isinstance(lease, Lease)
    job = JobRef(run_id=RUN_ID, job_id=JOB_ID, step="1", account=LEFT, lease=lease)
    await ledger.begin_attempt(job, 1, NOON)
    await ledger.end_attempt(job, 1, NOON + timedelta(seconds=20), SLOW)
    await ledger.begin_attempt(job, 2, NOON + timedelta(seconds=25.5))
    failed = ItemResult(
        key="650a",
        outcome=ItemOutcome.FAILED,
        reason="메모가 다릅니다",
        duration_s=4.0,
        evidence=("evidence/s/b/650a.png",),
    )
    await ledger.record_item(job, failed, NOON + timedelta(seconds=40))
    await ledger.end_attempt(job, 2, NOON + timedelta(seconds=41), None)
    end = replace(end_of_job(StopReason.SOURCE_EMPTY), duration_s=35.5)
    await ledger.end_job(job, end)


def test_an_accounts_night_is_told_from_the_ledger_alone(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one, retry)

    ran = command("explain", LEFT)

    assert (ran.code, ran.err) == (0, "")
    day, clock = f"{NOON.astimezone():%Y-%m-%d}", f"{NOON.astimezone():%H:%M:}"
    assert ran.out.splitlines() == [
        f"계정 {LEFT}, 실행 {RUN_ID}",
        "",
        f"❌ 1단계: 실패, 1개 중 완료 0개, 실패 1개 ({JOB_ID})",
        f"  {day} {clock}00  시도 1 시작",
        f"  {clock}20  시도 1 끝: 시간 초과: 응답이 없습니다 \\x1b[2J\\u202e",
        f"  {clock}25  시도 2 시작 (5.5초 기다린 뒤)",
        f"  {clock}40  650a: 실패 - 메모가 다릅니다 (4.0초)",
        f"  {clock}41  시도 2 끝: 오류 없음",
        "  끝: 처리할 상품 없음, 일한 시간 35.5초",
        "  증거:",
        "    evidence/s/b/650a.png",
        "",
        f"로그: accounts/{RUN_ID}/{LEFT}.log",
        f"에러 로그: errors/{RUN_ID}/{LEFT}_errors.log",
        "",
        "지난 밤: 기록이 없습니다",
    ]


def test_a_run_may_be_named(command: Command) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)
    assert command("explain", DONE, RUN_ID).out.startswith(f"계정 {DONE}, 실행 {RUN_ID}\n")


def test_what_the_ledger_does_not_know_is_refused(command: Command) -> None:
    assert command("explain", DONE).code == 2
    write(LOGS, begin, plan_batch)
    assert command("explain", "c@example.com").err == (
        "오류: c@example.com: 원장에 이 계정의 기록이 없습니다\n"
    )
    assert command("explain", DONE, "x").err == (
        f"오류: {DONE}: 실행 x에 이 계정의 기록이 없습니다\n"
    )
