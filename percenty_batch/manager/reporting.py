"""The reports of one run, in its own folder."""

from collections.abc import Callable, Sequence
from pathlib import Path

from percenty_batch.logs import RunFolders
from percenty_batch.models import BatchResult
from percenty_batch.reports import (
    LogPaths,
    ReportFiles,
    write_batch_report,
    write_summary_report,
)


class RunReports:
    """Writes the report of each batch and the summary of all. Blocking."""

    def __init__(
        self, folders: RunFolders, templates_dir: Path | None, mask: Callable[[str], str]
    ) -> None:
        self._folders = folders
        self._templates_dir = templates_dir
        self._mask = mask

    def write_batch(self, result: BatchResult) -> ReportFiles:
        return write_batch_report(
            result,
            folder=self._folders.reports,
            log_paths=_log_paths(self._folders),
            templates_dir=self._templates_dir,
            mask=self._mask,
        )

    def write_summary(self, results: Sequence[BatchResult]) -> ReportFiles:
        return write_summary_report(
            results,
            stamp=self._folders.stamp,
            folder=self._folders.reports,
            log_paths=_log_paths(self._folders),
            templates_dir=self._templates_dir,
            mask=self._mask,
        )


def _log_paths(folders: RunFolders) -> LogPaths:
    return LogPaths(
        accounts=f"{folders.accounts.as_posix()}/",
        errors=f"{folders.errors.as_posix()}/",
        reports=f"{folders.reports.as_posix()}/",
        log_of=lambda account: folders.account_log(account).as_posix(),
        error_log_of=lambda account: folders.error_log(account).as_posix(),
    )
