"""Made-up results that take every branch of a template, to check a user's before a run."""

from collections.abc import Sequence
from datetime import UTC, datetime

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    LogGap,
    Missing,
    StopReason,
)
from percenty_batch.reports.history import History
from percenty_batch.reports.page import PageView, page_view
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.summary import SummaryView, summary_view
from percenty_batch.reports.views import BatchView, batch_view

_AT = datetime(2024, 12, 1, 5, 30, 52, 123456, tzinfo=UTC)
_LOGS = LogPaths(
    accounts="logs/accounts/20241201_143052/",
    errors="logs/errors/20241201_143052/",
    reports="logs/reports/20241201_143052/",
    log_of=lambda account: f"logs/accounts/20241201_143052/{account}.log",
    error_log_of=lambda account: f"logs/errors/20241201_143052/{account}_errors.log",
)


_EVIDENCE = ("evidence/20241201_143052/user@example.com/a.png",)
_GAPS: Sequence[LogGap] = (
    LogGap(missing=Missing.INFO, cause="디스크 공간 부족", since=_AT, until=None, count=42),
    LogGap(missing=Missing.LINES, cause="로그 파일이 지워짐", since=_AT, until=_AT, count=0),
)


def sample_batch() -> BatchView:
    return batch_view(_batch("single_step_1_20241201_143052", None), _LOGS, _GAPS)


def sample_summary() -> SummaryView:
    written = _batch("single_step_1_20241201_143052", None)
    unwritten = _batch("single_step_1_20241201_143052_2", 2)
    return summary_view(
        [written, unwritten],
        stamp=written.stamp,
        logs=_LOGS,
        written={f"batch_report_{written.job_id}.md", f"batch_report_{written.job_id}.json"},
        gaps=_GAPS,
    )


def sample_page() -> PageView:
    return page_view(
        [_batch("single_step_1_20241201_143052", 2)],
        stamp="20241201_143052",
        logs=_LOGS,
        gaps=_GAPS,
        history=History(),
        notices=("알림을 보내지 못했습니다: mailto 1",),
    )


def _batch(job_id: str, interrupted_by: int | None) -> BatchResult:
    outcomes = (ItemOutcome.DONE, ItemOutcome.FAILED, ItemOutcome.SKIPPED, ItemOutcome.UNKNOWN)
    mixed = tuple(
        ItemResult(key=f"{index:024x}", outcome=outcome, reason="예시", evidence=_EVIDENCE)
        for index, outcome in enumerate(outcomes)
    )
    refused = Failure(kind=FailureKind.WRONG_PASSWORD, message="비밀번호가 올바르지 않습니다")
    return BatchResult(
        job_id=job_id,
        step="1",
        stamp="20241201_143052",
        jobs=(
            _job("user1@example.com", mixed[:1], StopReason.QUANTITY_REACHED),
            _job("user2@example.com", (), StopReason.ERROR, refused),
            _job("user3@example.com", mixed, StopReason.SOURCE_EMPTY),
            _job("user4@example.com", mixed[:1], StopReason.CANCELLED),
        ),
        started_at=_AT,
        finished_at=_AT,
        duration_s=13.67,
        interrupted_by=interrupted_by,
        halted="실패한 계정이 20%를 넘었습니다",
        is_cut_off=True,
        resumptions=1,
    )


def _job(
    account: str,
    items: tuple[ItemResult, ...],
    stop_reason: StopReason,
    failure: Failure | None = None,
) -> JobResult:
    is_short = stop_reason is not StopReason.QUANTITY_REACHED
    return JobResult(
        account=account,
        step="1",
        requested=len(items) + (5 if is_short else 0),
        items=items,
        stop_reason=stop_reason,
        failure=failure,
        attempts=2 if is_short else 1,
        started_at=_AT,
        finished_at=_AT,
        duration_s=13.67,
        source_before=10,
        source_after=9,
        evidence=_EVIDENCE if failure else (),
    )
