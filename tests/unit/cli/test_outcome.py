import signal
from datetime import UTC, datetime

import pytest

from percenty_batch.cli.outcome import exit_code, outcome_lines
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


def batch(*jobs: JobResult, interrupted_by: int | None = None) -> BatchResult:
    return BatchResult(
        job_id="single_step_1_20241201_120000",
        step="1",
        stamp="20241201_120000",
        jobs=jobs,
        started_at=NOON,
        finished_at=NOON,
        duration_s=12.34,
        interrupted_by=interrupted_by,
    )


GOOD = job("a@example.com", ItemOutcome.DONE, ItemOutcome.DONE)
HALF = job("b@example.com", ItemOutcome.DONE, ItemOutcome.FAILED)
BAD = job("c@example.com", failure="비밀번호가 올바르지 않습니다")
UNOPENED = job("d@example.com", failure="브라우저를 찾을 수 없습니다", attempts=0)
STOPPED = job("e@example.com", attempts=0, stop=StopReason.CANCELLED)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (batch(GOOD), 0),
        (batch(GOOD, BAD), 1),
        (batch(HALF), 1),
        (batch(BAD), 1),
        (batch(UNOPENED, GOOD), 1),
        (batch(UNOPENED, UNOPENED), 3),
        (batch(GOOD, interrupted_by=signal.SIGINT), 130),
        (batch(STOPPED, interrupted_by=signal.SIGINT), 130),
        (batch(GOOD, STOPPED, interrupted_by=signal.SIGTERM), 143),
    ],
)
def test_the_exit_code_tells_how_the_batch_ended(result: BatchResult, code: int) -> None:
    assert exit_code(result) == code


def test_the_lines_tell_the_verdict_and_each_account_that_fell_short() -> None:
    assert list(outcome_lines(batch(GOOD, HALF, BAD, STOPPED))) == [
        "⚠️ 부분 성공: 계정 4개 중 1개 성공, 처리 3개, 실패 1개 (12.3초)",
        "⚠️ b@example.com: 실패 1개 (000000000000000000000001: 저장 오류)",
        "❌ c@example.com: 비밀번호가 올바르지 않습니다",
        "❌ e@example.com: 중단되었습니다",
    ]


def test_an_item_that_nobody_can_tell_is_not_called_failed() -> None:
    *_, line = outcome_lines(batch(job("f@example.com", ItemOutcome.DONE, ItemOutcome.UNKNOWN)))

    assert line.startswith("⚠️ f@example.com: 실패 0개, 확인 불가 1개 (")


def test_a_batch_that_could_not_run_says_why_once() -> None:
    assert list(outcome_lines(batch(UNOPENED, UNOPENED))) == [
        "❌ 실행할 수 없음: 브라우저를 찾을 수 없습니다"
    ]


def test_a_reason_from_a_page_stays_one_line_without_control_characters() -> None:
    forged = job("c@example.com", failure="오류\n✅ 성공\x1b[2J\u202e")

    *_, line = outcome_lines(batch(GOOD, forged))

    assert line == r"❌ c@example.com: 오류\n✅ 성공\x1b[2J\u202e"
