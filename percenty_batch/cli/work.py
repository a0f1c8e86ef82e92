"""A batch at the command line: progress while it runs, its outcome when it has ended."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from percenty_batch.accounts import AccountInputs
from percenty_batch.cli.logs import tidied_line
from percenty_batch.cli.outcome import exit_code_of_all, outcome_lines_of_all
from percenty_batch.cli.progress import showing_progress
from percenty_batch.errors import CannotRunError
from percenty_batch.ledger import RunRecord
from percenty_batch.logs import Secrets
from percenty_batch.manager import BatchManager, rest_of_run, tidy_logs
from percenty_batch.models import Account, BatchResult
from percenty_batch.reports import ReportFiles
from percenty_batch.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Batches that have ended, with the reports of each."""

    results: tuple[BatchResult, ...]
    files: tuple[ReportFiles, ...]
    has_reports: bool

    @property
    def exit_code(self) -> int:
        return exit_code_of_all(self.results, has_reports=self.has_reports)

    def report(self) -> dict[str, Any]:
        """Read the last report's JSON twin. Raises CannotRunError when there is none."""
        if not self.files or self.files[-1].json is None:
            raise CannotRunError("보고서가 없어 비교할 수 없습니다")
        document: dict[str, Any] = json.loads(self.files[-1].json.read_text(encoding="utf-8"))
        return document


def work(
    steps: Sequence[str],
    settings: Settings,
    accounts: Sequence[Account],
    *,
    inputs: Mapping[str, AccountInputs] | None = None,
    secrets: Iterable[str] = (),
    should_mirror: bool = False,
) -> Finished:
    """Run steps over `accounts` and print the outcome.

    `secrets` are masked beside the accounts' passwords; `should_mirror` shows the log lines as
    well. Raises CannotRunError when nothing can run.
    """

    def run(manager: BatchManager) -> Sequence[BatchResult]:
        ids = [account.id for account in accounts]
        return manager.run_steps(steps, ids, settings.quantity, concurrent=True)

    return _work(
        run,
        settings,
        accounts,
        inputs=inputs,
        secrets=secrets,
        should_mirror=should_mirror,
        job_count=len(accounts) * len(steps),
        names_steps=len(steps) > 1,
    )


def work_on(
    before: RunRecord,
    settings: Settings,
    accounts: Sequence[Account],
    *,
    inputs: Mapping[str, AccountInputs],
    only_failed: bool,
    retry_refused: bool,
    secrets: Iterable[str] = (),
    should_mirror: bool = False,
) -> Finished:
    """Take a run up again and print the outcome of all its batches."""

    def run(manager: BatchManager) -> Sequence[BatchResult]:
        return manager.resume(only_failed=only_failed, retry_refused=retry_refused)

    known = {account.id for account in accounts}
    rest = rest_of_run(before, only_failed=only_failed, retry_refused=retry_refused)
    left = [account for each in rest for account in each.accounts]
    return _work(
        run,
        settings,
        accounts,
        inputs=inputs,
        secrets=secrets,
        should_mirror=should_mirror,
        job_count=sum(account in known for account in left),
        names_steps=len(before.batches) > 1,
        resumes=before,
    )


def _work(
    run: Callable[[BatchManager], Sequence[BatchResult]],
    settings: Settings,
    accounts: Sequence[Account],
    *,
    inputs: Mapping[str, AccountInputs] | None,
    secrets: Iterable[str],
    should_mirror: bool,
    job_count: int,
    names_steps: bool,
    resumes: RunRecord | None = None,
) -> Finished:
    known = Secrets()
    known.add(*(account.password for account in accounts), *secrets)
    with showing_progress(job_count, known.mask, names_steps=names_steps) as display:
        manager = BatchManager(
            settings=settings,
            accounts=accounts,
            inputs=inputs,
            on_event=display.on_event,
            mirror=display.write_line if should_mirror else None,
            secrets=secrets,
            resumes=resumes,
        )
        results = run(manager)
    for line in outcome_lines_of_all(results):
        click.echo(known.mask(line))
    has_reports = _tell_reports(manager)
    if settings.retention.is_automatic and not any(each.interrupted_by for each in results):
        _tidy(settings)
    return Finished(results=tuple(results), files=manager.report_files, has_reports=has_reports)


def _tidy(settings: Settings) -> None:
    """Tidy after a run. What fails here is told, and tried again after the next run."""
    try:
        result = tidy_logs(settings).result
    except CannotRunError as error:
        click.echo(f"경고: 로그를 정리하지 못했습니다: {error}", err=True)
        return
    if result and (result.packed_count or result.deleted_count):
        click.echo(tidied_line(result))
    for problem in result.problems if result else ():
        click.echo(f"경고: {problem}", err=True)


def _tell_reports(manager: BatchManager) -> bool:
    """Say where the reports are; one that could not be written does not hide the outcome."""
    problems = [problem for files in manager.report_files for problem in files.problems]
    for files in manager.report_files:
        click.echo(f"보고서: {files.markdown or '없음'}")
    try:
        click.echo(f"종합 보고서: {manager.generate_summary_report()}")
    except CannotRunError as error:
        problems.append(str(error))
    problems += manager.notice_problems
    for problem in problems:
        click.echo(f"오류: {problem}", err=True)
    return not problems
