"""`percenty-batch logs search` and `logs tail`: lines found again, and lines as they come."""

import asyncio
import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanCommand, one_of, whole_number
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import COULD_NOT_RUN, SOME_FAILED, SUCCEEDED
from percenty_batch.errors import CannotRunError, InputError, os_reason
from percenty_batch.ledger import has_ledger, open_ledger
from percenty_batch.logs import (
    FileKind,
    Follower,
    Hit,
    RunFolders,
    SearchQuery,
    Unreadable,
    check_query,
    file_stem,
    json_line,
    one_line,
    search_logs,
    stored_files,
)
from percenty_batch.settings import Settings, load_settings

_LEVELS = ("debug", "info", "warning", "error", "critical")
_SINCE = re.compile(r"([0-9]{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_LONGEST = 2000  # characters of a line on a terminal
_LOOK_EVERY_S = 0.3
_LOOKS_FOR_THE_END = 7
_LATEST_RUNS = 100


@click.command(cls=KoreanCommand)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--account", metavar="ID", help="이 계정의 로그만")
@click.option(
    "--level",
    type=click.UNPROCESSED,
    metavar="LEVEL",
    callback=one_of(*_LEVELS),
    help=f"이 수준 이상의 줄만 ({', '.join(_LEVELS)})",
)
@click.option("--since", metavar="TIME", help="이때부터 (2026-11-01, 2026-11-01T02:30, 7d, 36h)")
@click.option("--run", "stamp", metavar="RUN", help="이 실행만 (예: 20241201_143052)")
@click.option("--regex", is_flag=True, help="WORDS는 Python 정규식")
@click.option(
    "-C",
    "--context",
    type=click.UNPROCESSED,
    metavar="N",
    callback=whole_number(0, 1000),
    default=0,
    help="앞뒤로 N줄씩 함께 보여 줌",
)
@click.option("--json", "is_json", is_flag=True, help="한 줄에 JSON 하나씩")
@click.option("--all", "has_copies", is_flag=True, help="같은 줄이 있는 모든 파일을 보여 줌")
@setting_options("--logs-dir")
@settings_option
def search(
    words: tuple[str, ...],
    account: str | None,
    level: str | None,
    since: str | None,
    stamp: str | None,
    regex: bool,
    context: int,
    is_json: bool,
    has_copies: bool,
    settings_file: Path | None,
    **given: object,
) -> int:
    """모든 실행의 로그에서 WORDS가 모두 있는 줄을 찾습니다 (압축된 로그 포함)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    query = SearchQuery(
        words=words,
        is_regex=regex,
        level=level and level.upper(),
        since=since_when(since, datetime.now().astimezone()),
        account=account,
        run=stamp,
        context=context,
    )
    check_query(query)
    root = settings.logs.folder
    show = _json_text if is_json else _TextPrinter(root).show
    hits, unreadable = 0, 0
    for found in search_logs(root, query, has_copies=has_copies):
        if isinstance(found, Unreadable):
            unreadable += 1
            click.echo(f"오류: {root / found.path}: 읽을 수 없습니다 ({found.why})", err=True)
        else:
            hits += 1
            click.echo(show(found))
    if unreadable:
        click.echo(f"경고: 다 읽지 못한 파일이 {unreadable}개 있습니다", err=True)
        return COULD_NOT_RUN
    return SUCCEEDED if hits else SOME_FAILED


def since_when(text: str | None, now: datetime) -> datetime | None:
    """Read `7d`, `36h`, `90m` before `now`, or a local date with or without a time.

    Raises InputError.
    """
    if text is None:
        return None
    if span := _SINCE.fullmatch(text):
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise InputError(
            f"--since {text!r}: 2026-11-01, 2026-11-01T02:30, 7d, 36h처럼 써야 합니다"
        ) from error


def _json_text(hit: Hit) -> str:
    return json_line(
        {
            "path": hit.path,
            "line": hit.line,
            "run": hit.stamp,
            "at": hit.at.isoformat(timespec="milliseconds") if hit.at else None,
            "level": hit.level,
            "account": hit.account,
            "text": hit.text,
            "before": list(hit.before),
            "after": list(hit.after),
        }
    )


class _TextPrinter:
    """Shows hits as `path:line: text`, lines around them with `-`, none of them twice."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = ""
        self._shown = 0

    def show(self, hit: Hit) -> str:
        first = hit.line - len(hit.before)
        is_gap = bool(hit.before or hit.after) and bool(self._path)
        if hit.path != self._path:
            self._path, self._shown = hit.path, 0
        elif first <= self._shown + 1:
            is_gap = False
        lines = ["--"] if is_gap else []
        around = [*hit.before, hit.text, *hit.after]
        for number, text in enumerate(around, start=first):
            if number > self._shown or number == hit.line:
                mark = ":" if number == hit.line else "-"
                lines.append(f"{self._root / hit.path}{mark}{number}{mark} {_shown(text)}")
        self._shown = max(self._shown, first + len(around) - 1)
        return "\n".join(lines)


def _shown(text: str) -> str:
    line = one_line(text)
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST]}… (모두 {len(line):,}자)"


@click.command(cls=KoreanCommand)
@click.argument("account", metavar="ACCOUNT")
@click.option("--run", "stamp", metavar="RUN", help="이 실행 (기본: 이 계정의 마지막 실행)")
@click.option(
    "--lines",
    type=click.UNPROCESSED,
    metavar="N",
    callback=whole_number(0),
    default=10,
    help="먼저 보여 줄 마지막 줄 수 (기본: 10)",
)
@setting_options("--logs-dir")
@settings_option
def tail(
    account: str, stamp: str | None, lines: int, settings_file: Path | None, **given: object
) -> int:
    """실행 중인 계정의 로그를 따라가며 보여 주고, 실행이 끝나면 끝납니다."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    folders = RunFolders(root=settings.logs.folder, stamp=stamp or _latest(settings, account))
    log = folders.account_log(account)
    if not log.exists():
        raise InputError(f"{account}: 실행 {folders.stamp}에 따라갈 로그가 없습니다")
    try:
        asyncio.run(_follow(settings, folders.stamp, Follower(log), lines))
    except OSError as error:
        raise CannotRunError(f"{log}: 읽을 수 없습니다 ({os_reason(error)})") from error
    return SUCCEEDED


def _latest(settings: Settings, account: str) -> str:
    stem, root = file_stem(account), settings.logs.folder
    files = stored_files(root, frozenset({FileKind.LOG}))
    stamps = [file.stamp for file in files if file.stem == stem and not file.is_packed]
    if not stamps:
        raise InputError(f"{account}: 이 계정의 로그가 없습니다 ({root})")
    return max(stamps)


async def _follow(settings: Settings, stamp: str, follower: Follower, count: int) -> None:
    """Print what comes until nobody works at the run; without a ledger, until Ctrl-C."""
    _print(follower.last_lines(count))
    while True:
        is_running = await _is_running(settings, stamp)
        for _ in range(_LOOKS_FOR_THE_END if is_running else 1):
            await _pause(_LOOK_EVERY_S if is_running else 0.0)
            lines = follower.new_lines()
            if news := follower.take_news():
                click.echo(f"=== {news} ===", err=True)
            _print(lines)
        if not is_running:
            click.echo(f"=== 실행 {stamp}이(가) 끝났습니다 ===", err=True)
            return


def _print(lines: list[str]) -> None:
    for line in lines:
        click.echo(one_line(line))


async def _is_running(settings: Settings, stamp: str) -> bool:
    """Ask the ledger who works at the run."""
    if not has_ledger(settings.ledger, settings.logs.folder):
        return True
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        for plan, _ in await ledger.runs(_LATEST_RUNS):
            if plan.stamp == stamp:
                return await ledger.holder(f"run:{plan.run_id}") is not None
    return False


async def _pause(seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
