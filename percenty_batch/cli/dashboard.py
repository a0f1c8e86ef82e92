"""`percenty-batch dashboard`: runs, accounts, logs and reports as pages."""

import os
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import SIGNALLED, SUCCEEDED
from percenty_batch.dashboard import Opened, OwnCommand, serve
from percenty_batch.errors import InputError
from percenty_batch.settings import load_settings


@click.command(cls=KoreanCommand)
@setting_options("--host", "--port", "--logs-dir", "--accounts")
@settings_option
def dashboard(settings_file: Path | None, **given: object) -> int:
    """실행, 계정, 로그, 보고서를 웹에서 보여 줍니다 (Ctrl-C로 끝냅니다)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    folder = settings.logs.folder
    if settings.ledger.url is None and not folder.is_dir():
        raise InputError(f"--logs-dir {folder}: 없는 폴더입니다")
    command = OwnCommand(
        settings_file=settings_file,
        logs_folder=folder,
        accounts_file=settings.accounts_file,
    )
    number = serve(settings, command, _announce)
    return SUCCEEDED if number is None else SIGNALLED + number


def _announce(opened: Opened) -> None:
    click.echo(f"대시보드: {opened.url} (Ctrl-C로 끝냅니다)")
    if opened.token is not None:
        # After the # nothing reaches a server, a proxy or their logs; the page takes it from there.
        click.echo(f"로그인 (이번 한 번만 보여 줍니다): {opened.url}sign-in#token={opened.token}")
    if not opened.is_local:
        click.echo("주의: 다른 컴퓨터에서도 접속할 수 있습니다. HTTPS 프록시 뒤에 두세요", err=True)
