"""`percenty-batch accounts`: which accounts there are, and whether their file can be used."""

import os
from pathlib import Path

import click

from percenty_batch.accounts import (
    AccountEntry,
    AccountFile,
    PasswordKind,
    TaskStep,
    read_accounts,
)
from percenty_batch.cli.inputs import read_inputs
from percenty_batch.cli.korean import KoreanGroup
from percenty_batch.cli.options import (
    FILE,
    flags_of,
    select_option,
    setting_options,
    settings_option,
)

_SOURCES = {
    PasswordKind.VALUE: "계정 파일",
    PasswordKind.ENV: "환경 변수",
    PasswordKind.FILE: "파일",
}


@click.group(cls=KoreanGroup, invoke_without_command=True, subcommand_metavar="[명령]")
@setting_options("--accounts")
@select_option
@settings_option
@click.pass_context
def accounts(
    context: click.Context, /, select: str, settings_file: Path | None, **given: object
) -> None:
    """계정 목록을 보여 주고 계정 파일을 검사합니다."""
    if context.invoked_subcommand:
        return
    inputs = read_inputs(settings_file, os.environ, flags_of(given), select)
    for number, entry in enumerate(inputs.file.entries, start=1):
        if entry.account in inputs.accounts:
            click.echo(f"{number}\t{entry.account.id}\t비밀번호: {_source(entry)}")


@accounts.command()
@click.argument("file", type=FILE, metavar="FILE")
def check(file: Path) -> None:
    """계정 파일을 검사합니다 (문제가 있으면 시트와 행마다 알려 줍니다)."""
    found = read_accounts(file, os.environ)
    kind = f"CSV, {found.encoding}" if found.encoding else "엑셀"
    has_work = bool(found.task_sheets or found.market_rows)
    click.echo(f"✅ {file}: 계정 {len(found.entries)}개, 문제 없음 ({kind})")
    for number, entry in enumerate(found.entries if has_work else (), start=1):
        click.echo(f"{number}\t{entry.account.id}\t{_work(found, entry)}")
    for warning in found.warnings:
        click.echo(f"⚠️ {warning}")


def _source(entry: AccountEntry) -> str:
    return " ".join(filter(None, (_SOURCES[entry.kind], entry.source)))


def _work(file: AccountFile, entry: AccountEntry) -> str:
    tasks = file.task_sheets.get(entry.account.id, ())
    steps = [task.step for task in tasks]
    counts = ", ".join(f"{step} {steps.count(step)}" for step in TaskStep)
    market_rows = [row for row in file.market_rows if row.account_id == entry.account.id]
    return f"작업 {len(tasks)}행 ({counts}), 마켓 {len(market_rows)}행"
