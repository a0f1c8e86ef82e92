"""`percenty-batch doctor`: can a run start here?"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import click
import structlog
from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import read_accounts
from percenty_batch.browser import Launcher
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import COULD_NOT_RUN, SUCCEEDED
from percenty_batch.errors import CannotRunError, PercentyBatchError, os_reason
from percenty_batch.logs import one_line
from percenty_batch.settings import Settings, check_variables, load_settings

Check = Callable[[], str]
"""Returns what was found, in Korean; raises PercentyBatchError with what is wrong."""


@click.command(cls=KoreanCommand)
@setting_options("--accounts", "--base-url", "--logs-dir", "--headed", "--browser")
@settings_option
def doctor(settings_file: Path | None, **given: object) -> int:
    """브라우저, 폴더, 설정, 사이트 연결을 점검합니다."""
    try:
        settings = load_settings(settings_file, os.environ, flags_of(given))
    except PercentyBatchError as error:
        _tell(False, "설정과 계정", str(error))
        return COULD_NOT_RUN
    checks: dict[str, Check] = {
        "설정과 계정": lambda: _settings(settings),
        "로그 폴더": lambda: _writable(settings.logs.folder),
        "상태 폴더": lambda: _writable(settings.state.folder),
        "브라우저": lambda: asyncio.run(_browser(settings)),
        "사이트": lambda: asyncio.run(_site(settings)),
    }
    results = [_passes(name, check) for name, check in checks.items()]
    return SUCCEEDED if all(results) else COULD_NOT_RUN


def _passes(name: str, check: Check) -> bool:
    try:
        found = check()
    except PercentyBatchError as error:
        _tell(False, name, str(error))
        return False
    _tell(True, name, found)
    return True


def _tell(is_good: bool, name: str, text: str) -> None:
    for line in text.splitlines():
        click.echo(f"{'✅' if is_good else '❌'} {name}: {one_line(line)}")


def _settings(settings: Settings) -> str:
    if settings.accounts_file is None:
        check_variables(os.environ)
        return "문제 없음"
    file = read_accounts(settings.accounts_file, os.environ)
    check_variables(os.environ, file.secret_env_names)
    return f"문제 없음 (계정 {len(file.entries)}개)"


def _writable(folder: Path) -> str:
    """Write into the folder, or into the nearest one above it that exists; leave nothing."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\0")
    except OSError as error:
        raise CannotRunError(f"{folder}: 쓸 수 없습니다 ({os_reason(error)})") from error
    return f"{folder}: 쓸 수 있음"


async def _browser(settings: Settings) -> str:
    async with Launcher(settings.browser, _silent_log()) as launcher:
        sandbox = "켜짐" if launcher.is_sandboxed else "꺼짐 (이 환경에서는 켤 수 없음)"
        choice = launcher.choice
        return f"{choice.name} {launcher.version} ({choice.path}), Chromium 샌드박스 {sandbox}"


async def _site(settings: Settings) -> str:
    url = str(settings.site.base_url)
    async with Launcher(settings.browser, _silent_log()) as launcher:
        await launcher.check_site(url, settings.site.action_timeout_s)
    return f"{url}: 응답함"


def _silent_log() -> FilteringBoundLogger:
    """Make a logger for the launcher that says nothing: what matters here is printed."""
    silent = structlog.make_filtering_bound_logger("critical")
    return cast("FilteringBoundLogger", structlog.wrap_logger(None, wrapper_class=silent))
