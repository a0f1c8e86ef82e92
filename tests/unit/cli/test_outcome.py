import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from percenty_batch.cli.outcome import exit_code, exit_code_of_all, outcome_lines
from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)

NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)


def job(
    account: str,
    *outcomes: ItemOutcome,
    failure: str | None = None,
    attempts: int = 1,
    stop: StopReason = StopReason.QUANTITY_REACHED,
) -> JobResult:
    return JobResult(
        account=account,
        step="1",
        requested=len(outcomes),
        items=tuple(
            ItemResult(key=f"{n:024x}", outcome=outcome, reason="저장 오류")
            for n, outcome in enumerate(outcomes)
        ),
        stop_reason=stop,
        failure=Failure(kind=FailureKind.WRONG_PASSWORD, message=failure) if failure else None,
        attempts=attempts,
        started_at=NOON,
        finished_at=NOON,
        duration_s=1.0,
    )


def batch(
    *jobs: JobResult,
    interrupted_by: int | None = None,
    halted: str | None = None,
    is_cut_off: bool = False,
) -> BatchResult:
    return BatchResult(
        job_id="single_step_1_20241201_120000",
        step="1",
        stamp="20241201_120000",
        jobs=jobs,
        started_at=NOON,
        finished_at=NOON,
        duration_s=12.34,
        interrupted_by=interrupted_by,
        halted=halted,
        is_cut_off=is_cut_off,
    )


GOOD = job("a@example.com", ItemOutcome.DONE, ItemOutcome.DONE)
HALF = job("b@example.com", ItemOutcome.DONE, ItemOutcome.FAILED)
BAD = job("c@example.com", failure="비밀번호가 올바르지 않습니다")
UNOPENED = job("d@example.com", failure="브라우저를 찾을 수 없습니다", attempts=0)
STOPPED = job("e@example.com", attempts=0, stop=StopReason.CANCELLED)
PARKED = job("f@example.com", attempts=0, stop=StopReason.SITE_DOWN)
HALTED = job("g@example.com", attempts=0, stop=StopReason.HALTED)
LATE = job("h@example.com", attempts=0, stop=StopReason.DEADLINE)
AFTER_A_FAILURE = job("j@example.com", attempts=0, stop=StopReason.EARLIER_STEP)
TOO_SLOW = job("i@example.com", failure="제한 시간을 넘었습니다", stop=StopReason.DEADLINE)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (batch(GOOD), 0),
        (batch(GOOD, BAD), 1),
        (batch(HALF), 1),
        (batch(BAD), 1),
        (batch(UNOPENED, GOOD), 1),
        (batch(UNOPENED, UNOPENED), 3),
        (batch(BAD, PARKED), 4),
        (batch(GOOD, HALTED), 4),
        (batch(GOOD, HALTED, LATE), 4),
        (batch(GOOD, BAD, halted="배치를 멈춥니다"), 4),  # also where nobody was left
        (batch(GOOD, LATE), 5),
        (batch(LATE), 5),
        (batch(GOOD, TOO_SLOW), 1),
        (batch(STOPPED, is_cut_off=True), 1),
        (batch(BAD, PARKED, LATE, interrupted_by=signal.SIGTERM), 143),
        (batch(GOOD, interrupted_by=signal.SIGINT), 130),
        (batch(STOPPED, interrupted_by=signal.SIGINT), 130),
        (batch(GOOD, STOPPED, interrupted_by=signal.SIGTERM), 143),
    ],
)
def test_the_exit_code_tells_how_the_batch_ended(result: BatchResult, code: int) -> None:
    assert exit_code(result) == code


@pytest.mark.parametrize(
    ("results", "has_reports", "code"),
    [
        ([batch(GOOD), batch(GOOD)], True, 0),
        ([batch(GOOD), batch(GOOD)], False, 7),
        ([batch(GOOD), batch(HALF)], False, 1),
        ([batch(GOOD), batch(LATE), batch(HALF)], True, 5),
        ([batch(UNOPENED)], False, 3),
        ([batch(HALF), batch(STOPPED, interrupted_by=signal.SIGTERM)], True, 143),
        ([batch(LATE), batch(GOOD, HALTED)], True, 4),
        ([batch(BAD), batch(AFTER_A_FAILURE)], True, 1),
    ],
)
def test_a_missing_report_is_told_only_where_all_else_succeeded(
    results: list[BatchResult], has_reports: bool, code: int
) -> None:
    assert exit_code_of_all(results, has_reports=has_reports) == code


def test_the_lines_tell_the_verdict_and_each_account_that_fell_short() -> None:
    assert list(outcome_lines(batch(GOOD, HALF, BAD, STOPPED))) == [
        "⚠️ 부분 성공: 계정 4개 중 1개 성공, 처리 3개, 실패 1개 (12.3초)",
        "⚠️ b@example.com: 실패 1개 (000000000000000000000001: 저장 오류)",
        "❌ c@example.com: 비밀번호가 올바르지 않습니다",
        "❌ e@example.com: 시작하지 않음",
    ]


def test_an_item_that_nobody_can_tell_is_not_called_failed() -> None:
    *_, line = outcome_lines(batch(job("f@example.com", ItemOutcome.DONE, ItemOutcome.UNKNOWN)))

    assert line.startswith("⚠️ f@example.com: 실패 0개, 확인 불가 1개 (")


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (PARKED, "시작하지 않음 (사이트 장애)"),
        (HALTED, "시작하지 않음 (실패 한도)"),
        (LATE, "시작하지 않음 (실행 마감)"),
        (AFTER_A_FAILURE, "시작하지 않음 (앞 단계 실패)"),
        (replace(PARKED, attempts=1), "도중에 멈춤 (사이트 장애)"),
        (replace(LATE, attempts=1), "도중에 멈춤 (실행 마감)"),
    ],
)
def test_an_account_that_was_left_alone_is_told_with_what_ended_the_batch(
    left: JobResult, why: str
) -> None:
    _, halted, line = outcome_lines(batch(GOOD, left, halted="배치를 멈춥니다"))

    assert (halted, line) == ("⚠️ 배치를 멈춥니다", f"❌ {left.account}: {why}")


def test_a_batch_that_was_cut_off_says_so_even_if_nothing_was_opened() -> None:
    lines = list(outcome_lines(batch(STOPPED, is_cut_off=True)))

    assert lines[0].startswith("❌ 실패: 계정 1개 중 0개 성공")
    assert lines[1].startswith("⚠️ 프로그램이 도중에 종료되었습니다")


def test_a_batch_that_could_not_run_says_why_once() -> None:
    assert list(outcome_lines(batch(UNOPENED, UNOPENED))) == [
        "❌ 실행할 수 없음: 브라우저를 찾을 수 없습니다"
    ]


def test_a_reason_from_a_page_stays_one_line_without_control_characters() -> None:
    forged = job("c@example.com", failure="오류\n✅ 성공\x1b[2J\u202e")

    *_, line = outcome_lines(batch(GOOD, forged))

    assert line == r"❌ c@example.com: 오류\n✅ 성공\x1b[2J\u202e"
