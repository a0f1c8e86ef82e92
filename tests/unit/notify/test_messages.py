from dataclasses import replace
from datetime import UTC, datetime

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)
from percenty_batch.notify import digest, fingerprint, halt_alert, messages
from percenty_batch.reports import people

AT = datetime(2026, 6, 1, tzinfo=UTC)


def job(
    account: str,
    *items: ItemResult,
    kind: FailureKind | None = None,
    message: str = "",
    reason: StopReason = StopReason.QUANTITY_REACHED,
) -> JobResult:
    return JobResult(
        account=account,
        step="1",
        requested=3,
        items=items,
        stop_reason=StopReason.ERROR if kind else reason,
        failure=Failure(kind=kind, message=message) if kind else None,
        attempts=1,
        started_at=AT,
        finished_at=AT,
        duration_s=1.0,
    )


def batch(*jobs: JobResult) -> BatchResult:
    return BatchResult(
        job_id="single_step_1_x",
        step="1",
        stamp="x",
        jobs=jobs,
        started_at=AT,
        finished_at=AT,
        duration_s=1.0,
    )


DONE = ItemResult(key="1", outcome=ItemOutcome.DONE)
GOOD = job("good@example.com", DONE)
LATE = job("late@example.com", kind=FailureKind.TIMEOUT, message="응답이 없습니다")
REFUSED = job("refused@example.com", kind=FailureKind.WRONG_PASSWORD, message="비밀번호 오류")
LEFT = job("left@example.com", reason=StopReason.CANCELLED)


def told(*jobs: JobResult, is_update: bool = False) -> str:
    message = digest(
        [batch(*jobs)], stamp="20260601_020000", run_id="RUN", place="h:/l", is_update=is_update
    )
    return "\n".join([message.title, *message.head, "", *message.rows])


def test_a_success_is_short() -> None:
    assert told(GOOD).splitlines() == [
        "퍼센티 배치 ✅ 성공: 계정 1/1 (20260601_020000)",
        "✅ 성공: 계정 1개 중 1개 성공, 처리 1개, 실패 0개",
        "다시 시작할 것이 없습니다.",
        "실행: RUN (h:/l)",
    ]


def test_it_says_who_failed_and_why_and_whether_the_rest_can_be_started_again() -> None:
    assert told(GOOD, LEFT, LATE, REFUSED).splitlines() == [
        "퍼센티 배치 ⚠️ 부분 성공: 계정 1/4 (20260601_020000)",
        "⚠️ 부분 성공: 계정 4개 중 1개 성공, 처리 1개, 실패 0개",
        "다시 시작할 수 있음 (계정 2개): percenty-batch resume RUN",
        "사람이 먼저 확인해야 함 (계정 1개): 비밀번호 오류 1",
        "실행: RUN (h:/l)",
        "",
        "- refused@example.com (1단계): 비밀번호 오류",
        "- late@example.com (1단계): 응답이 없습니다",
        "- left@example.com (1단계): 도중에 멈춤",
    ]


def test_an_update_is_marked_as_one() -> None:
    assert told(GOOD, is_update=True).startswith("[갱신] 퍼센티 배치 ✅")


def test_a_failed_item_is_the_reason_of_a_job_without_a_failure_of_its_own() -> None:
    bad = ItemResult(key="66f0", outcome=ItemOutcome.FAILED, reason="저장 실패")
    assert "- a@example.com (1단계): 66f0: 저장 실패, 처리 1/3" in told(
        job("a@example.com", DONE, bad)
    )


def test_texts_of_pages_are_masked_and_inert() -> None:
    bad = replace(LATE, failure=Failure(kind=FailureKind.TIMEOUT, message="<b>s3cret</b> @here"))
    message = digest(
        [batch(bad)],
        stamp="x",
        run_id="RUN",
        place="h",
        mask=lambda text: text.replace("s3cret", "***"),
    )
    assert message.rows == ("- late@example.com (1단계): ‹b›∗∗∗‹/b› ＠here",)


def test_a_halt_is_told_with_its_reason() -> None:
    message = halt_alert("계정 5개 중 3개가 실패하여 배치를 멈춥니다", run_id="RUN", place="h:/l")
    assert message.title == "퍼센티 배치 ⛔ 배치 중단 (RUN)"
    assert message.head[0] == "계정 5개 중 3개가 실패하여 배치를 멈춥니다"


@pytest.mark.parametrize(
    "other",
    [
        batch(GOOD, REFUSED),
        batch(GOOD, replace(LATE, items=(DONE,))),
        replace(batch(GOOD, LATE), halted="x"),
        replace(batch(GOOD, LATE), interrupted_by=15),
    ],
)
def test_another_outcome_has_another_fingerprint(other: BatchResult) -> None:
    assert fingerprint([other]) != fingerprint([batch(GOOD, LATE)])


def test_the_same_outcome_told_later_has_the_same_fingerprint() -> None:
    later = replace(batch(GOOD, LATE), finished_at=AT.replace(hour=5), duration_s=9.0)
    assert fingerprint([replace(later, resumptions=1)]) == fingerprint([batch(GOOD, LATE)])


def test_digest_and_morning_page_send_for_a_person_because_of_the_same_failures() -> None:
    assert messages._NEEDS_A_PERSON.keys() == people._TO_DO.keys()
