"""`percenty-batch notify test` and `percenty-batch watch`: do messages arrive, did a run finish?"""

import asyncio
import os
import re
import socket
from datetime import datetime, timedelta
from pathlib import Path

import click

from percenty_batch.cli.korean import KoreanCommand, KoreanGroup
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.cli.outcome import LATE, NOT_REPORTED, SUCCEEDED
from percenty_batch.errors import InputError
from percenty_batch.ledger import Start, has_ledger, open_ledger
from percenty_batch.logs import Secrets, one_line
from percenty_batch.notify import (
    Message,
    Outcome,
    channels_of,
    deliver,
    late_alert,
    secrets_of,
    trial,
)
from percenty_batch.settings import Settings, load_settings

_AGE = re.compile(
    r"(?:(?P<days>[0-9]{1,4})d)?(?:(?P<hours>[0-9]{1,5})h)?(?:(?P<minutes>[0-9]{1,6})m)?"
)
_RUNS = 1000


@click.group(cls=KoreanGroup)
def notify() -> None:
    """알림을 시험합니다."""


@notify.command("test")
@settings_option
def send_trial(settings_file: Path | None) -> int:
    """설정된 모든 알림 주소로 시험 메시지를 보냅니다."""
    settings = load_settings(settings_file, os.environ)
    if not settings.notify.urls:
        raise InputError("notify.urls: 알림 주소가 설정되지 않았습니다")
    return SUCCEEDED if _sent(settings, trial(_place(settings))) else NOT_REPORTED


@click.command(cls=KoreanCommand)
@click.option(
    "--max-age",
    metavar="AGE",
    default="26h",
    help="마지막으로 끝난 실행이 이보다 오래되면 안 됨 (기본: 26h; 예: 1d2h, 90m)",
)
@click.option("--notify", "should_notify", is_flag=True, help="오래되었으면 알림도 보냄")
@setting_options("--logs-dir")
@settings_option
def watch(max_age: str, should_notify: bool, settings_file: Path | None, **given: object) -> int:
    """끝난 실행이 너무 오래되었는지 확인합니다 (cron, Kubernetes용)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    limit, now = age_of(max_age), datetime.now().astimezone()
    ends = [each.finished_at for each in asyncio.run(_starts(settings)) if each.finished_at]
    latest = max(ends, default=None)
    told = f"{latest.astimezone():%Y-%m-%d %H:%M:%S}" if latest else "없음"
    if latest is not None and now - latest <= limit:
        click.echo(f"✅ 마지막으로 끝난 실행: {told}")
        return SUCCEEDED
    text = f"최근 {max_age} 안에 끝난 실행이 없습니다 (마지막으로 끝난 실행: {told})"
    click.echo(f"❌ {text}")
    if should_notify and settings.notify.urls:
        _sent(settings, late_alert(text, place=_place(settings)))
    return LATE


def age_of(text: str) -> timedelta:
    """Read `26h`, `1d2h`, `90m`. Raises InputError."""
    match = _AGE.fullmatch(text)
    parts = match.groupdict() if match else {}
    age = timedelta(**{name: int(value) for name, value in parts.items() if value})
    if not age:
        raise InputError(f"--max-age {text!r}: 26h, 1d2h, 90m처럼 써야 합니다")
    return age


async def _starts(settings: Settings) -> list[Start]:
    if not has_ledger(settings.ledger, settings.logs.folder):
        return []
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        return [start for _, starts in await ledger.runs(_RUNS) for start in starts]


def _sent(settings: Settings, message: Message) -> bool:
    """Send to every channel and say what became of it."""
    secrets = Secrets()
    secrets.add(*secrets_of(url.get_secret_value() for url in settings.notify.urls))
    channels = channels_of(settings.notify)
    is_sent = True
    for channel in channels:
        delivery = asyncio.run(deliver(channel, message, timeout_s=settings.notify.timeout_s))
        if delivery.outcome is Outcome.SENT:
            click.echo(f"✅ {channel.name}: 보냄")
            continue
        is_sent = False
        word = "보내지 못함" if delivery.outcome is Outcome.REFUSED else "도착했는지 알 수 없음"
        click.echo(f"❌ {channel.name}: {word} ({one_line(secrets.mask(delivery.why))})")
    return is_sent


def _place(settings: Settings) -> str:
    return f"{socket.gethostname()}:{settings.logs.folder.absolute()}"
