"""The guide's sample report, to the letter, apart from the verdict and lines that are added."""

from datetime import datetime
from pathlib import Path

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)
from percenty_batch.reports import LogPaths, write_batch_report

STAMP = "20241201_143052"
STARTED_AT = datetime.fromisoformat("2024-12-01 14:30:52.123456").astimezone()
FINISHED_AT = datetime.fromisoformat("2024-12-01 14:31:05.789012").astimezone()

GUIDE = """\
# 배치 실행 보고서

**작업 ID:** single_step_1_20241201_143052
**시작 시간:** 20241201_143052
**실행 시간:** 2024-12-01 14:30:52.123456
**완료 시간:** 2024-12-01 14:31:05.789012
**소요 시간:** 13.67초
**전체 성공 여부:** ✅ 성공

## 계정별 실행 결과

### ✅ user1@example.com
- **처리 완료:** 100개
- **처리 실패:** 0개
- **성공 여부:** 성공

### ❌ user2@example.com
- **처리 완료:** 0개
- **처리 실패:** 0개
- **성공 여부:** 실패
- **오류 내용:**
  - 로그인 실패

## 전체 요약

- **총 계정 수:** 2개
- **성공한 계정:** 1개
- **실패한 계정:** 1개
- **총 처리 완료:** 100개
- **총 처리 실패:** 0개
- **성공률:** 50.0%

## 상세 로그 파일

- **계정별 로그:** `logs/accounts/20241201_143052/`
- **에러 로그:** `logs/errors/20241201_143052/`
- **보고서:** `logs/reports/20241201_143052/`
"""

# Line after which ours stand, and ours. The guide's own lines keep their order and text.
ADDED = {
    "- **성공 여부:** 성공": ["- **요청 수량:** 100개"],
    "  - 로그인 실패": [
        "  - 비밀번호 오류: 비밀번호가 올바르지 않습니다",
        "- **요청 수량:** 100개",
        "- **시도하지 않음:** 100개",
        "- **로그:** `logs/accounts/20241201_143052/user2@example.com.log`",
        "- **에러 로그:** `logs/errors/20241201_143052/user2@example.com_errors.log`",
    ],
    "- **성공률:** 50.0%": ["- **총 요청 수량:** 200개", "- **총 시도하지 않음:** 100개"],
}


def job(account: str, done: int, failure: Failure | None = None) -> JobResult:
    return JobResult(
        account=account,
        step="1",
        requested=100,
        items=tuple(ItemResult(key=f"{n:024x}", outcome=ItemOutcome.DONE) for n in range(done)),
        stop_reason=StopReason.ERROR if failure else StopReason.QUANTITY_REACHED,
        failure=failure,
        attempts=1,
        started_at=STARTED_AT,
        finished_at=FINISHED_AT,
        duration_s=13.0,
    )


def sample_report(folder: Path) -> Path:
    refused = Failure(kind=FailureKind.WRONG_PASSWORD, message="비밀번호가 올바르지 않습니다")
    result = BatchResult(
        job_id=f"single_step_1_{STAMP}",
        step="1",
        stamp=STAMP,
        jobs=(job("user1@example.com", 100), job("user2@example.com", 0, refused)),
        started_at=STARTED_AT,
        finished_at=FINISHED_AT,
        duration_s=13.665556,
    )
    logs = LogPaths(
        accounts=f"logs/accounts/{STAMP}/",
        errors=f"logs/errors/{STAMP}/",
        reports=f"logs/reports/{STAMP}/",
        log_of=lambda account: f"logs/accounts/{STAMP}/{account}.log",
        error_log_of=lambda account: f"logs/errors/{STAMP}/{account}_errors.log",
    )
    written = write_batch_report(result, folder=folder, log_paths=logs).markdown
    assert written is not None
    return written


def test_the_guides_sample_is_reproduced_to_the_letter_but_for_the_verdict(tmp_path: Path) -> None:
    expected = []
    for line in GUIDE.replace("✅ 성공", "⚠️ 부분 성공").splitlines():
        expected += [line, *ADDED.get(line, [])]

    assert sample_report(tmp_path).read_text("utf-8").splitlines() == expected


def test_the_report_has_the_guides_file_name_and_line_ends(tmp_path: Path) -> None:
    report = sample_report(tmp_path)

    assert report.name == "batch_report_single_step_1_20241201_143052.md"
    assert b"\r" not in report.read_bytes()
    assert report.read_bytes().endswith(b"`\n")
