"""`percenty-batch explain`: what became of one account, and what became of it before."""

import os
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import SUCCEEDED
from percenty_batch.cli.runs import find_account, run_argument
from percenty_batch.cli.story import story_lines
from percenty_batch.logs import RunFolders
from percenty_batch.settings import load_settings


@click.command(cls=KoreanCommand)
@click.argument("account", metavar="ACCOUNT")
@run_argument
@setting_options("--logs-dir")
@settings_option
def explain(account: str, run_id: str | None, settings_file: Path | None, **given: object) -> int:
    """한 계정의 밤을 원장만으로 설명합니다 (RUN: 실행 번호, 기본: 그 계정의 마지막 실행)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    found = find_account(settings, account, run_id)
    folders = RunFolders(root=Path(found.run.logs_folder), stamp=found.run.stamp)
    for line in story_lines(account, found, folders):
        click.echo(line)
    return SUCCEEDED
