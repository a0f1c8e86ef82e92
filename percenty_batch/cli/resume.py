"""`percenty-batch resume`: the rest of a run that was killed, stopped or failed in part."""

import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from percenty_batch.cli.inputs import read_inputs
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import (
    flags_of,
    setting_options,
    settings_option,
    verbose_option,
)
from percenty_batch.cli.outcome import exit_code_of_all
from percenty_batch.cli.runs import read_run, run_argument
from percenty_batch.cli.work import work_on
from percenty_batch.errors import InputError
from percenty_batch.ledger import RunRecord, run_results
from percenty_batch.manager import (
    Difference,
    differences,
    refused_accounts,
    rest_of_run,
    shared_place,
    without_old_stops,
)
from percenty_batch.steps import load_steps


@click.command(cls=KoreanCommand)
@run_argument
@click.option("--only-failed", is_flag=True, help="실패한 계정만 (시작하지 못한 계정은 빼고)")
@click.option(
    "--retry-refused",
    is_flag=True,
    help="로그인이 거부된 계정도 다시 시도 (비밀번호를 고친 뒤에)",
)
@click.option("--accept-changes", is_flag=True, help="처음 계획과 달라진 점을 받아들이고 이어서 함")
@setting_options(
    "--steps-from",
    "--accounts",
    "--quantity",
    "--concurrency",
    "--base-url",
    "--logs-dir",
    "--log-format",
    "--start-interval",
    "--deadline",
    "--halt",
    "--headed",
    "--browser",
)
@settings_option
@verbose_option
def resume(
    run_id: str | None,
    only_failed: bool,
    retry_refused: bool,
    accept_changes: bool,
    settings_file: Path | None,
    verbose: bool,
    **given: object,
) -> int:
    """끝나지 않은 실행을 이어서 합니다 (RUN: 실행 번호, 기본: 마지막 실행)."""
    inputs = read_inputs(settings_file, os.environ, flags_of(given), "all")
    run = read_run(inputs.settings, run_id).record
    chosen = {"only_failed": only_failed, "retry_refused": retry_refused}
    asked = given["quantity"]
    found = differences(
        run,
        accounts={account.id for account in inputs.accounts},
        site=str(inputs.settings.site.base_url),
        version=version("percenty-batch"),
        quantity=asked if isinstance(asked, int) else None,
        place=shared_place(inputs.settings),
        steps=load_steps(inputs.settings.steps_from, inputs.settings.steps.stop_on_failure),
        **chosen,
    )
    _tell(list(found), is_accepted=accept_changes)
    if not retry_refused:
        _tell_refused(run)
    if not rest_of_run(run, **chosen):
        click.echo(f"실행 {run.plan.run_id}: 이어서 할 계정이 없습니다")
        return exit_code_of_all(without_old_stops(run_results(run)), has_reports=True)
    return work_on(
        run,
        inputs.settings,
        inputs.accounts,
        inputs=inputs.rows,
        **chosen,
        secrets=inputs.file.secrets,
        should_mirror=verbose,
    ).exit_code


def _tell_refused(run: RunRecord) -> None:
    refused = {account: None for batches in run.rounds for account in refused_accounts(batches)}
    if refused:
        click.echo(
            f"로그인이 거부된 계정은 다시 시도하지 않습니다 (포함하려면 --retry-refused):"
            f" {', '.join(refused)}"
        )


def _tell(found: Sequence[Difference], *, is_accepted: bool) -> None:
    """Print what differs; raise InputError when it matters and was not accepted."""
    for difference in found:
        click.echo(f"처음 계획과 다름 - {difference.text}")
    if not is_accepted and any(difference.matters for difference in found):
        raise InputError("처음 계획과 다릅니다: 그래도 이어서 하려면 --accept-changes를 주세요")
