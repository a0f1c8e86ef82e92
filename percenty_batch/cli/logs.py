"""`percenty-batch logs`: what the runs have written, tidied, searched and followed."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanGroup
from percenty_batch.cli.log_search import search, tail
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import SOME_FAILED, SUCCEEDED
from percenty_batch.logs import Deed, Tidied, TidyPlan
from percenty_batch.manager import tidy_logs
from percenty_batch.settings import load_settings

_DEEDS = {
    Deed.PACK: "압축",
    Deed.DELETE: "삭제",
    Deed.RENDER: "보고서 다시 쓰기",
}
_MB = 1024 * 1024


@click.group(cls=KoreanGroup)
def logs() -> None:
    """로그를 찾고, 따라가고, 정리합니다."""


for command in (search, tail):
    logs.add_command(command)


@logs.command()
@click.option("--dry-run", is_flag=True, help="계획만 보여 주고 아무것도 바꾸지 않음")
@click.option("--unknown", is_flag=True, help="원장에 없는 실행의 로그도 정리")
@setting_options("--logs-dir")
@settings_option
def tidy(dry_run: bool, unknown: bool, settings_file: Path | None, **given: object) -> int:
    """오래된 로그를 압축하고 지웁니다 (기간과 한도: 설정 retention)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    tidying = tidy_logs(settings, should_touch_unknown=unknown, is_dry_run=dry_run)
    if tidying.result is None:
        for line in _plan_lines(tidying.plan):
            click.echo(line)
        return SUCCEEDED
    click.echo(tidied_line(tidying.result))
    for problem in tidying.result.problems:
        click.echo(f"오류: {problem}", err=True)
    return SOME_FAILED if tidying.result.problems else SUCCEEDED


def tidied_line(result: Tidied) -> str:
    """Say in one line what a tidy has done."""
    return (
        f"로그 정리: 압축 {result.packed_count}개, 삭제 {result.deleted_count}개,"
        f" {result.freed / _MB:.1f} MB 줄어듦"
    )


def _plan_lines(plan: TidyPlan) -> Iterator[str]:
    for step in plan.steps:
        if step.deed is not Deed.MARK:
            size = f", {step.size:,} bytes" if step.size else ""
            yield f"{_DEEDS[step.deed]}: {_place(step.deed, step.path)} ({step.why}{size})"
    for kept in plan.kept:
        yield f"그대로 둠: {kept.stamp} ({kept.why})"
    counts = {
        deed: sum(step.deed is deed for step in plan.steps) for deed in (Deed.PACK, Deed.DELETE)
    }
    yield f"계획: 압축 {counts[Deed.PACK]}개, 삭제 {counts[Deed.DELETE]}개 (아무것도 바꾸지 않음)"


def _place(deed: Deed, path: str) -> str:
    return path.rpartition("/")[0] + "/" if deed is Deed.RENDER else path
