"""`percenty-batch report`: the reports of a run, rendered again from the ledger alone."""

import os
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import exit_code_of_all, outcome_lines_of_all
from percenty_batch.cli.runs import history_of, read_run, run_argument
from percenty_batch.errors import InputError
from percenty_batch.manager import report_again, shared_place
from percenty_batch.settings import load_settings


@click.command(cls=KoreanCommand)
@run_argument
@setting_options("--logs-dir", "--format")
@settings_option
def report(run_id: str | None, settings_file: Path | None, **given: object) -> int:
    """원장만으로 보고서를 다시 만듭니다 (RUN: 실행 번호, 기본: 마지막 실행)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    known = read_run(settings, run_id)
    if known.holder is not None:
        raise InputError(
            f"실행 {known.record.plan.run_id}: 아직 실행 중입니다 ({known.holder.owner})"
        )
    plan, place = known.record.plan, shared_place(settings)
    if place is not None and place != plan.place:
        raise InputError(
            f"실행 {plan.run_id}: 보고서는 실행한 곳에서만 다시 만들 수 있습니다 ({plan.place})"
        )
    results, files = report_again(known.record, settings, history_of(settings, known.record))
    for line in outcome_lines_of_all(results):
        click.echo(line)
    for each in files:
        click.echo(f"보고서: {each.markdown or '없음'}")
        for other in filter(None, (each.html, *each.others)):
            click.echo(f"보고서: {other}")
        for problem in each.problems:
            click.echo(f"오류: {problem}", err=True)
    return exit_code_of_all(results, has_reports=not any(each.problems for each in files))
