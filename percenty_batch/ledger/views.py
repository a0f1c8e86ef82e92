"""What the ledger's records come to: the results that every report is made of. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from percenty_batch.errors import FailureKind
from percenty_batch.ledger.records import BatchRecord, ItemRecord, JobRecord, RunPlan
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)

CUT_OFF = "프로그램이 도중에 종료되었습니다"


def batch_result(run: RunPlan, batch: BatchRecord, *, resumptions: int = 0) -> BatchResult:
    """Tell a batch as it stands. Without its end it was cut off: it lasted as long as is known."""
    last = max(_times(batch))
    return BatchResult(
        job_id=batch.plan.job_id,
        step=batch.plan.step,
        stamp=run.stamp,
        jobs=tuple(job_result(job, batch.plan.step) for job in batch.jobs),
        started_at=batch.plan.started_at,
        finished_at=batch.end.finished_at if batch.end else last,
        duration_s=(
            batch.end.duration_s if batch.end else (last - batch.plan.started_at).total_seconds()
        ),
        interrupted_by=batch.end.interrupted_by if batch.end else None,
        halted=batch.end.halted if batch.end else None,
        is_cut_off=batch.end is None,
        resumptions=resumptions,
    )


def job_result(job: JobRecord, step: str) -> JobResult:
    """Tell a job as it stands. One without an end was cut off, or never begun."""
    end = job.end
    is_cut_off = end is None and bool(job.attempts or job.items)
    failure = end.failure if end else _cut_off() if is_cut_off else None
    begun_at = job.attempts[0].started_at if job.attempts else None
    last = max(_job_times(job), default=None)
    return JobResult(
        account=job.account,
        step=step,
        requested=job.requested,
        items=tuple(_item_result(item, failure) for item in job.items),
        stop_reason=end.stop_reason if end else _stop_reason(is_cut_off=is_cut_off),
        failure=failure,
        attempts=len(job.attempts),
        started_at=begun_at,
        finished_at=end.finished_at if end and begun_at else last,
        duration_s=end.duration_s if end else _seconds(begun_at, last),
        source_before=end.source_before if end else None,
        source_after=end.source_after if end else None,
        evidence=end.evidence if end else (),
    )


def _stop_reason(*, is_cut_off: bool) -> StopReason:
    return StopReason.ERROR if is_cut_off else StopReason.CANCELLED


def _cut_off() -> Failure:
    return Failure(kind=FailureKind.UNKNOWN, message=CUT_OFF)


def _item_result(item: ItemRecord, failure: Failure | None) -> ItemResult:
    """An item without a result was in flight: nobody saw its end."""
    return item.result or ItemResult(
        key=item.key,
        outcome=ItemOutcome.UNKNOWN,
        reason=failure.message if failure else "중단됨",
        kind=failure.kind if failure else None,
    )


def _seconds(begin: datetime | None, end: datetime | None) -> float:
    return (end - begin).total_seconds() if begin and end else 0.0


def _times(batch: BatchRecord) -> Iterator[datetime]:
    yield batch.plan.started_at
    for job in batch.jobs:
        yield from _job_times(job)


def _job_times(job: JobRecord) -> Iterable[datetime]:
    """Every moment at which the job is known to have been alive."""
    for attempt in job.attempts:
        yield from filter(None, (attempt.started_at, attempt.finished_at))
    for item in job.items:
        yield from filter(None, (item.claimed_at, item.recorded_at))
