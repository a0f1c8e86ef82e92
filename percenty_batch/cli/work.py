"""A batch at the command line: progress while it runs, its outcome when it has ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from percenty_batch.cli.outcome import outcome_lines
from percenty_batch.cli.progress import showing_progress
from percenty_batch.errors import CannotRunError
from percenty_batch.logs import Secrets
from percenty_batch.manager import BatchManager
from percenty_batch.models import Account, BatchResult
from percenty_batch.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A batch that has ended. `report_json` is None when that file could not be written."""

    result: BatchResult
    report_json: Path | None

    def report(self) -> dict[str, Any]:
        """Read the report's JSON twin. Raises CannotRunError when there is none."""
        if self.report_json is None:
            raise CannotRunError("보고서가 없어 비교할 수 없습니다")
        document: dict[str, Any] = json.loads(self.report_json.read_text(encoding="utf-8"))
        return document


def work(
    step_id: str, settings: Settings, accounts: Sequence[Account], *, should_mirror: bool = False
) -> Finished:
    """Run one step over `accounts` and print the outcome.

    `should_mirror` shows the log lines as well. Raises CannotRunError when nothing can run.
    """
    secrets = Secrets()
    secrets.add(*(account.password for account in accounts))
    with showing_progress(len(accounts), secrets.mask) as display:
        manager = BatchManager(
            settings=settings,
            accounts=accounts,
            on_event=display.on_event,
            mirror=display.write_line if should_mirror else None,
        )
        result = manager.run_single_step(
            step=step_id,
            accounts=[account.id for account in accounts],
            quantity=settings.quantity,
            concurrent=True,
        )
    for line in outcome_lines(result):
        click.echo(secrets.mask(line))
    _tell_reports(manager)
    return Finished(result=result, report_json=manager.report_files[-1].json)


def _tell_reports(manager: BatchManager) -> None:
    """Say where the reports are; one that could not be written does not hide the outcome."""
    for files in manager.report_files:
        click.echo(f"보고서: {files.markdown or '없음'}")
        for problem in files.problems:
            click.echo(f"오류: {problem}", err=True)
    try:
        click.echo(f"종합 보고서: {manager.generate_summary_report()}")
    except CannotRunError as error:
        click.echo(f"오류: {error}", err=True)
