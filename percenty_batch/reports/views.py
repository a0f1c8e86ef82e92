"""From results to the plain values that the batch report's template shows. Pure.

A template sees exactly the fields of these classes; names of people's data stay raw here
and become inert when they are printed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from signal import Signals

from percenty_batch.models import (
    BatchResult,
    ItemOutcome,
    JobResult,
    JobStatus,
    LogGap,
    StopReason,
    Totals,
)
from percenty_batch.reports.gaps import gaps_of
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.texts import (
    NOT_BEGUN,
    STATUSES,
    STOP_REASONS,
    VERDICTS,
    failure_lines,
    gap_line,
    item_line,
)

MAX_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCounts:
    """How the accounts of a batch ended. total = succeeded + partial + failed + cancelled."""

    total: int
    succeeded: int
    partial: int
    failed: int
    cancelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """What was kept of one failure: of the item `label`, or (None) of the whole job.

    `files` are paths in the log folder, for the filter `log_link`.
    """

    label: str | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One account's section. None and empty: nothing to tell.

    `products` is how many were done, where the items counted are none themselves.
    """

    mark: str
    name: str
    status: str
    totals: Totals
    products: int | None
    errors: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    skipped_items: tuple[str, ...]
    stop_reason: str | None
    attempts: int
    source_counts: str | None
    is_clean: bool
    log: str
    error_log: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """One batch: its head, its sums and the sections of its accounts."""

    job_id: str
    stamp: str
    started_at: str
    finished_at: str
    duration: str
    mark: str
    verdict: str
    interrupted_by: str | None
    halted: str | None
    is_cut_off: bool
    resumptions: int
    totals: Totals
    products: int | None
    counts: AccountCounts
    success_rate: str
    accounts: tuple[AccountView, ...]
    logs: LogPaths
    gaps: tuple[str, ...]


def batch_view(result: BatchResult, logs: LogPaths, gaps: Sequence[LogGap] = ()) -> BatchView:
    """Turn one batch's result into the values of its report; `gaps` are the run's."""
    mark, verdict = VERDICTS[result.verdict]
    counts = account_counts(result.jobs)
    return BatchView(
        job_id=result.job_id,
        stamp=result.stamp,
        started_at=local_time(result.started_at),
        finished_at=local_time(result.finished_at),
        duration=seconds(result.duration_s),
        mark=mark,
        verdict=verdict,
        interrupted_by=_signal_name(result.interrupted_by),
        halted=result.halted,
        is_cut_off=result.is_cut_off,
        resumptions=result.resumptions,
        totals=result.totals,
        products=None if result.counts_products else result.products,
        counts=counts,
        success_rate=percent(counts.succeeded, counts.total),
        accounts=tuple(account_view(job, logs) for job in result.jobs),
        logs=logs,
        gaps=gap_lines(gaps_of(result, gaps)),
    )


def account_view(job: JobResult, logs: LogPaths) -> AccountView:
    """Turn one account's result into the values of its section."""
    mark, status = STATUSES[job.status]
    return AccountView(
        mark=mark,
        name=job.account,
        status=status,
        totals=job.totals,
        products=None if job.counts_products else job.products,
        errors=failure_lines(job.failure)
        + _item_lines(job, ItemOutcome.FAILED, ItemOutcome.UNKNOWN),
        evidence=_evidence(job),
        skipped_items=_item_lines(job, ItemOutcome.SKIPPED),
        stop_reason=stop_reason(job),
        attempts=job.attempts,
        source_counts=source_counts(job),
        is_clean=job.status is JobStatus.SUCCEEDED,
        log=logs.log_of(job.account),
        error_log=logs.error_log_of(job.account),
    )


def gap_lines(gaps: Iterable[LogGap]) -> tuple[str, ...]:
    """Tell what is missing from the logs, a line each."""
    return _shortened([gap_line(gap) for gap in gaps])


def account_counts(jobs: Iterable[JobResult]) -> AccountCounts:
    """Count the accounts of one batch by how they ended."""
    statuses = Counter(job.status for job in jobs)
    return AccountCounts(
        total=statuses.total(),
        succeeded=statuses[JobStatus.SUCCEEDED],
        partial=statuses[JobStatus.PARTIAL],
        failed=statuses[JobStatus.FAILED],
        cancelled=statuses[JobStatus.CANCELLED],
    )


def source_agrees(job: JobResult) -> bool | None:
    """Compare the list's own counts with what was done; None when one of them was not read.

    Every item that is done or was moved has left the list; an unknown one may have.
    """
    if job.source_before is None or job.source_after is None:
        return None
    left = job.source_before - job.source_after
    gone = sum(item.outcome is ItemOutcome.DONE or item.moved_to is not None for item in job.items)
    unknown = sum(
        item.outcome is ItemOutcome.UNKNOWN and item.moved_to is None for item in job.items
    )
    return gone <= left <= gone + unknown


def local_time(at: datetime) -> str:
    """Write a time in the guide's form: local, with microseconds, without a zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")


def seconds(duration_s: float) -> str:
    return f"{duration_s:.2f}초"


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal; `100.0%` only when it is the whole."""
    if not whole:
        return "0.0%"
    share = 100 * part / whole
    return f"{share if part == whole else min(share, 99.9):.1f}%"


def _item_lines(job: JobResult, *outcomes: ItemOutcome) -> tuple[str, ...]:
    lines = [item_line(item) for item in job.items if item.outcome in outcomes]
    return _shortened(lines)


def _shortened(lines: Sequence[str]) -> tuple[str, ...]:
    left_off = len(lines) - MAX_LINES
    rest = (f"… 외 {left_off}개 (JSON 참고)",) if left_off > 0 else ()
    return (*lines[:MAX_LINES], *rest)


def _evidence(job: JobResult) -> tuple[EvidenceView, ...]:
    kept = [(None, job.evidence), *((item.key, item.evidence) for item in job.items)]
    return tuple(EvidenceView(label=label, files=files) for label, files in kept if files)


def stop_reason(job: JobResult) -> str | None:
    """Say why a job ended, where that is worth a line."""
    if job.stop_reason is StopReason.CANCELLED and not job.attempts:
        return NOT_BEGUN  # a program that was killed was not stopped by anybody
    is_expected = job.stop_reason is StopReason.QUANTITY_REACHED
    is_told_by_failure = job.stop_reason is StopReason.ERROR and job.failure is not None
    return None if is_expected or is_told_by_failure else STOP_REASONS[job.stop_reason]


def source_counts(job: JobResult) -> str | None:
    """Tell the list's own counts before and after, and whether they agree with what was done."""
    if job.source_before is None and job.source_after is None:
        return None
    agrees = source_agrees(job)
    said = {None: "비교할 수 없음", True: "처리 결과와 일치", False: "처리 결과와 불일치"}[agrees]
    return f"{_count(job.source_before)} → {_count(job.source_after)} ({said})"


def _count(number: int | None) -> str:
    return "확인 불가" if number is None else f"{number}개"


def _signal_name(number: int | None) -> str | None:
    if number is None:
        return None
    known = {int(member): member.name for member in Signals}
    return known.get(number, str(number))
