"""What the ledger's records come to: the results that every report is made of. Pure."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from percenty_batch.errors import FailureKind
from percenty_batch.ledger.records import (
    AttemptRecord,
    BatchPlan,
    BatchRecord,
    ItemRecord,
    JobEnd,
    JobProgress,
    JobRecord,
    RunPlan,
    RunRecord,
    Start,
)
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobOutline,
    JobResult,
    JobStatus,
    LogGap,
    StopReason,
    Totals,
)

CUT_OFF = "프로그램이 도중에 종료되었습니다"
LEFT_OFF = "중단됨"  # why nobody saw the end of an item of a job without a failure


def run_results(run: RunRecord) -> tuple[BatchResult, ...]:
    """Tell all batches of a run as they stand."""
    resumptions = len(run.starts) - 1
    return tuple(
        batch_result(
            run.plan,
            batch,
            resumptions=resumptions,
            starts=run.starts,
            opens_round=batch is together[0],
        )
        for together in run.rounds
        for batch in together
    )


def log_gaps(run: RunRecord) -> tuple[LogGap, ...]:
    """Tell what is missing from the run's logs, each gap as it was known last."""
    gaps = (gap for batch in run.batches if batch.end for gap in batch.end.gaps)
    return tuple({(gap.missing, gap.cause, gap.since): gap for gap in gaps}.values())


def account_outcomes(batches: Iterable[BatchRecord]) -> dict[str, bool]:
    """Tell of each account whether it succeeded in every batch that it is in."""
    outcomes: dict[str, bool] = {}
    for batch in batches:
        for job in batch.jobs:
            has_succeeded = job_result(job, batch.plan.step).status is JobStatus.SUCCEEDED
            outcomes[job.account] = has_succeeded and outcomes.get(job.account, True)
    return outcomes


def batch_result(
    run: RunPlan,
    batch: BatchRecord,
    *,
    resumptions: int = 0,
    starts: Sequence[Start] = (),
    opens_round: bool = True,
) -> BatchResult:
    """Tell a batch as it stands. Without its end it was cut off: it lasted as long as is known,
    without the time between the `starts`.

    The batch that `opens_round` begins with the round; the others were planned with it, and begin
    with the first account that has come to them.
    """
    times = sorted(_times(batch, opens_round=opens_round))
    return BatchResult(
        job_id=batch.plan.job_id,
        step=batch.plan.step,
        stamp=run.stamp,
        jobs=tuple(job_result(job, batch.plan.step) for job in batch.jobs),
        started_at=times[0],
        finished_at=batch.end.finished_at if batch.end else times[-1],
        duration_s=batch.end.duration_s if batch.end else _alive_s(times, starts),
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
        duration_s=worked_s(job),
        source_before=end.source_before if end else None,
        source_after=end.source_after if end else None,
        evidence=end.evidence if end else (),
    )


def job_outline(
    account: str,
    step: str,
    requested: int,
    *,
    end: JobEnd | None,
    attempts: int,
    outcomes: Mapping[ItemOutcome | None, int],
) -> JobOutline:
    """Tell what `job_result` tells, from counts: of its attempts, and of its items by outcome.

    Items in flight have no outcome.
    """
    is_cut_off = end is None and bool(attempts or outcomes)
    unknown = outcomes.get(ItemOutcome.UNKNOWN, 0) + outcomes.get(None, 0)
    return JobOutline(
        account=account,
        step=step,
        totals=Totals(
            requested=requested,
            done=outcomes.get(ItemOutcome.DONE, 0),
            failed=outcomes.get(ItemOutcome.FAILED, 0),
            skipped=outcomes.get(ItemOutcome.SKIPPED, 0),
            unknown=unknown,
        ),
        stop_reason=end.stop_reason if end else _stop_reason(is_cut_off=is_cut_off),
        failure=end.failure if end else _cut_off() if is_cut_off else None,
        attempts=attempts,
    )


def job_progress(job: JobRecord, plan: BatchPlan, since: datetime) -> JobProgress:
    """Tell how far a job is."""
    times = [item.recorded_at for item in job.items if item.recorded_at]
    return JobProgress(
        job_id=plan.job_id,
        outline=JobOutline.of(job_result(job, plan.step)),
        begun_at=job.attempts[0].started_at if job.attempts else None,
        last_at=max(_job_times(job), default=None),
        ended_at=job.end.finished_at if job.end else None,
        recent=sum(at >= since for at in times),
    )


def worked_s(job: JobRecord) -> float:
    """Tell how long the job was worked on: as its end says, else what its attempts took.

    One that was cut off took until the last sign of life in it.
    """
    if job.end:
        return job.end.duration_s
    times = sorted(_job_times(job))
    nexts = [*(attempt.started_at for attempt in job.attempts[1:]), None]
    return sum(
        _seconds(attempt.started_at, _end_of(attempt, times, begin_of_next))
        for attempt, begin_of_next in zip(job.attempts, nexts, strict=False)
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
        reason=failure.message if failure else LEFT_OFF,
        kind=failure.kind if failure else None,
    )


def _alive_s(times: Sequence[datetime], starts: Sequence[Start]) -> float:
    """Add up the time in each start, from the first to the last sign of life in it."""
    begins = [start.started_at for start in starts]
    by_start = (list(group) for _, group in groupby(times, lambda at: bisect(begins, at)))
    return sum(_seconds(group[0], group[-1]) for group in by_start)


def _end_of(
    attempt: AttemptRecord, times: Sequence[datetime], begin_of_next: datetime | None
) -> datetime:
    """Give the attempt's end; of one that was cut off, the last sign of life before the next."""
    if attempt.finished_at:
        return attempt.finished_at
    alive = (at for at in times if begin_of_next is None or at < begin_of_next)
    return max(alive, default=attempt.started_at)


def _seconds(begin: datetime, end: datetime) -> float:
    return max((end - begin).total_seconds(), 0.0)


def _times(batch: BatchRecord, *, opens_round: bool) -> Iterator[datetime]:
    """Every moment at which the batch is known to have been alive; at least one."""
    worked = [at for job in batch.jobs for at in _job_times(job)]
    yield from worked
    if opens_round:
        yield batch.plan.started_at
    elif not worked:  # nobody has come to it
        yield batch.end.finished_at if batch.end else batch.plan.started_at


def _job_times(job: JobRecord) -> Iterable[datetime]:
    """Every moment at which the job is known to have been alive."""
    for attempt in job.attempts:
        yield from filter(None, (attempt.started_at, attempt.finished_at))
    for item in job.items:
        yield from filter(None, (item.claimed_at, item.recorded_at))
