"""The reports of one run, in its own folder."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from percenty_batch.ledger import RunRecord, log_gaps, run_results
from percenty_batch.logs import RunFolders, existing_log, first_error_line
from percenty_batch.manager.notices import notice_problems
from percenty_batch.models import BatchResult, ItemResult, JobResult, LogGap
from percenty_batch.reports import (
    History,
    LogPaths,
    ReportFiles,
    write_batch_report,
    write_summary_report,
)
from percenty_batch.settings import ReportSettings, Settings


class RunReports:
    """Writes the report of each batch and the summary of all. Blocking.

    `history` are the nights before, once somebody has read them.
    """

    def __init__(
        self, folders: RunFolders, settings: ReportSettings, mask: Callable[[str], str]
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._mask = mask
        self.history: History | None = None
        self.notices: tuple[str, ...] = ()
        """What went wrong with the run's messages, for the summary."""

    def write_batch(
        self, result: BatchResult, gaps: Sequence[LogGap] = (), *, should_replace: bool = False
    ) -> ReportFiles:
        return write_batch_report(
            result,
            folder=self._folders.reports,
            log_paths=_log_paths(self._folders),
            templates_dir=self._settings.templates_dir,
            mask=self._mask,
            gaps=gaps,
            should_replace=should_replace,
        )

    def write_summary(
        self, results: Sequence[BatchResult], gaps: Sequence[LogGap] = ()
    ) -> ReportFiles:
        return write_summary_report(
            results,
            stamp=self._folders.stamp,
            folder=self._folders.reports,
            log_paths=_log_paths(self._folders),
            templates_dir=self._settings.templates_dir,
            mask=self._mask,
            gaps=gaps,
            history=self.history,
            formats=self._settings.formats,
            notices=self.notices,
        )


def report_again(
    run: RunRecord, settings: Settings, history: History | None = None
) -> tuple[tuple[BatchResult, ...], tuple[ReportFiles, ...]]:
    """Write all reports of a run from the ledger's record alone; the last is the summary.

    `history` are the nights before it. The ledger holds no secrets, hence nothing is masked.
    Evidence that was deleted since is not linked.
    """
    results, gaps = run_results(run), log_gaps(run)
    folders = RunFolders(root=settings.logs.folder, stamp=run.plan.stamp)
    results = tuple(_without_lost_evidence(result, folders.root) for result in results)
    reports = RunReports(folders, settings.reports, str)
    reports.history = history
    reports.notices = notice_problems(run.notices)
    files = [reports.write_batch(result, gaps, should_replace=True) for result in results]
    return results, (*files, reports.write_summary(results, gaps))


def _without_lost_evidence(result: BatchResult, root: Path) -> BatchResult:
    def kept(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(path for path in paths if (root / path).exists())

    def kept_item(item: ItemResult) -> ItemResult:
        return replace(item, evidence=kept(item.evidence)) if item.evidence else item

    def kept_job(job: JobResult) -> JobResult:
        items = tuple(map(kept_item, job.items))
        return replace(job, items=items, evidence=kept(job.evidence))

    return replace(result, jobs=tuple(map(kept_job, result.jobs)))


def _log_paths(folders: RunFolders) -> LogPaths:
    return LogPaths(
        accounts=f"{folders.accounts.as_posix()}/",
        errors=f"{folders.errors.as_posix()}/",
        reports=f"{folders.reports.as_posix()}/",
        log_of=lambda account: existing_log(folders.account_log(account)).as_posix(),
        error_log_of=lambda account: existing_log(folders.error_log(account)).as_posix(),
        error_line_of=lambda account: first_error_line(folders.account_log(account)),
        has_log=lambda account: existing_log(folders.account_log(account)).exists(),
    )
