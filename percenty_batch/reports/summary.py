"""From a run's batches to the plain values that the summary report's template shows. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from percenty_batch.models import (
    BatchResult,
    JobStatus,
    LogGap,
    Totals,
    Verdict,
    verdict_of_batches,
)
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.texts import VERDICTS
from percenty_batch.reports.views import (
    AccountView,
    BatchView,
    account_view,
    batch_view,
    gap_lines,
    percent,
)


def batch_report_name(job_id: str) -> str:
    """Name a batch's report, without the ending."""
    return f"batch_report_{job_id}"


def summary_report_name(stamp: str) -> str:
    """Name a run's summary report, without the ending."""
    return f"summary_report_{stamp}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """One batch of the run. A report that was not written is None."""

    batch: BatchView
    report: str | None
    report_json: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """An account that did not succeed in one batch."""

    job_id: str
    account: AccountView


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """Distinct accounts of a run; one that falls short in any batch has not succeeded."""

    total: int
    succeeded: int

    @property
    def not_succeeded(self) -> int:
        return self.total - self.succeeded


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """A run: its batches, its sums and the accounts that need a look."""

    stamp: str
    mark: str
    verdict: str
    batches: tuple[BatchEntry, ...]
    totals: Totals
    counts: RunCounts
    success_rate: str
    shortfalls: tuple[Shortfall, ...]
    logs: LogPaths
    gaps: tuple[str, ...]
    notices: tuple[str, ...] = ()


def summary_view(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    logs: LogPaths,
    written: Collection[str],
    gaps: Sequence[LogGap] = (),
    notices: Sequence[str] = (),
) -> SummaryView:
    """Turn a run's results into the values of its summary.

    `written` names the files in the reports folder, so that no link leads nowhere.
    """
    mark, verdict = VERDICTS[run_verdict(results)]
    counts = run_counts(results)
    return SummaryView(
        stamp=stamp,
        mark=mark,
        verdict=verdict,
        batches=tuple(_entry(result, logs, written) for result in results),
        totals=Totals.sum(result.totals for result in results),
        counts=counts,
        success_rate=percent(counts.succeeded, counts.total),
        shortfalls=_shortfalls(results, logs),
        logs=logs,
        gaps=gap_lines(gaps),
        notices=tuple(notices),
    )


def run_verdict(results: Sequence[BatchResult]) -> Verdict:
    """Judge a run by its batches: all succeeded, nothing achieved (or no batch), else partial."""
    return verdict_of_batches(result.verdict for result in results)


def run_counts(results: Sequence[BatchResult]) -> RunCounts:
    """Count each account once over all batches."""
    jobs = [job for result in results for job in result.jobs]
    short = {job.account for job in jobs if job.status is not JobStatus.SUCCEEDED}
    everyone = {job.account for job in jobs}
    return RunCounts(total=len(everyone), succeeded=len(everyone - short))


def written_name(name: str, written: Collection[str]) -> str | None:
    return name if name in written else None


def _entry(result: BatchResult, logs: LogPaths, written: Collection[str]) -> BatchEntry:
    name = batch_report_name(result.job_id)
    return BatchEntry(
        batch=batch_view(result, logs),
        report=written_name(f"{name}.md", written),
        report_json=written_name(f"{name}.json", written),
    )


def _shortfalls(results: Sequence[BatchResult], logs: LogPaths) -> tuple[Shortfall, ...]:
    return tuple(
        Shortfall(job_id=result.job_id, account=account_view(job, logs))
        for result in results
        for job in result.jobs
        if job.status is not JobStatus.SUCCEEDED
    )
