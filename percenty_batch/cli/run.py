"""`percenty-batch run`: one or several steps over the selected accounts."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from percenty_batch.cli.dry_run import preview
from percenty_batch.cli.inputs import read_inputs
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import (
    flags_of,
    select_option,
    setting_options,
    settings_option,
    verbose_option,
)
from percenty_batch.cli.work import work
from percenty_batch.settings import load_settings
from percenty_batch.steps import StepSpec, load_steps, plan_step, resolve_step, split_steps


@click.command(cls=KoreanCommand)
@click.option(
    "--step",
    metavar="STEP",
    help="실행할 단계 (예: 1, step1, 1단계); 이것이나 --steps가 필요합니다",
)
@click.option(
    "--steps",
    metavar="LIST",
    help="계정마다 차례로 실행할 여러 단계; 실패하면 나머지를 하지 않을 단계에는 :stop"
    " (예: 1,5_1:stop,4)",
)
@setting_options("--steps-from", "--accounts")
@select_option
@setting_options(
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
@click.option(
    "--dry-run",
    "is_dry",
    is_flag=True,
    help="아무것도 바꾸지 않고 로그인하여 확인만 하고, 할 일과 예상 시간을 보여 줍니다",
)
@settings_option
@verbose_option
def run(
    step: str | None,
    steps: str | None,
    select: str,
    is_dry: bool,
    settings_file: Path | None,
    verbose: bool,
    **given: object,
) -> int:
    """한 단계나 여러 단계를 여러 계정에서 실행하고 보고서를 남깁니다."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    wanted = _wanted(step, steps, load_steps(settings.steps_from, settings.steps.stop_on_failure))
    inputs = read_inputs(settings_file, os.environ, flags_of(given), select)
    if is_dry:
        return preview(
            wanted,
            inputs.settings,
            inputs.accounts,
            inputs=inputs.rows,
            secrets=inputs.file.secrets,
            should_mirror=verbose,
        )
    return work(
        wanted,
        inputs.settings,
        inputs.accounts,
        inputs=inputs.rows,
        secrets=inputs.file.secrets,
        should_mirror=verbose,
    ).exit_code


def _wanted(step: str | None, steps: str | None, known: Mapping[str, StepSpec]) -> tuple[str, ...]:
    """Give the steps of either option, checked. Raises InputError."""
    if step is not None and steps is None:
        resolve_step(step, known)
        return (step,)
    if steps is not None and step is None:
        wanted = split_steps(steps)
        for each in wanted:
            plan_step(each, known)
        return wanted
    raise click.UsageError("--step, --steps: 둘 중 하나를 지정해야 합니다")
