"""`percenty-batch run`: one step over the selected accounts."""

import os
from pathlib import Path

import click

from percenty_batch.cli.inputs import read_inputs
from percenty_batch.cli.korean import KoreanCommand, RequiredOption
from percenty_batch.cli.options import (
    flags_of,
    select_option,
    setting_options,
    settings_option,
    verbose_option,
)
from percenty_batch.cli.work import work
from percenty_batch.steps import resolve_step


@click.command(cls=KoreanCommand)
@click.option(
    "--step",
    "step_text",
    cls=RequiredOption,
    required=True,
    metavar="STEP",
    help="실행할 단계, 필수 (예: 1, step1, 1단계)",
)
@setting_options("--accounts")
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
@settings_option
@verbose_option
def run(
    step_text: str, select: str, settings_file: Path | None, verbose: bool, **given: object
) -> int:
    """한 단계를 여러 계정에서 실행하고 보고서를 남깁니다."""
    step = resolve_step(step_text)
    inputs = read_inputs(settings_file, os.environ, flags_of(given), select)
    return work(
        step.id,
        inputs.settings,
        inputs.accounts,
        inputs=inputs.rows,
        secrets=inputs.file.secrets,
        should_mirror=verbose,
    ).exit_code
