"""`percenty-batch sandbox`: the imitation of Percenty on a port of the user's choice."""

import shutil
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import click

from percenty_batch.cli.korean import KoreanCommand, decimal_number, whole_number
from percenty_batch.cli.options import FILE, seed_option
from percenty_batch.errors import CannotRunError, os_reason
from percenty_batch.sandbox import demo_accounts, serve, write_accounts_csv

_HIGHEST_PORT = 65535
_ANSWER_TIMEOUT_S = 10.0


@click.command(cls=KoreanCommand)
@click.option(
    "--port",
    type=click.UNPROCESSED,
    callback=whole_number(1, _HIGHEST_PORT),
    default=8765,
    metavar="N",
    help="포트 (기본: 8765)",
)
@seed_option
@click.option(
    "--latency-ms",
    type=click.UNPROCESSED,
    callback=decimal_number(0),
    default=120.0,
    metavar="MS",
    help="응답 지연의 평균, 밀리초 (기본: 120)",
)
@click.option(
    "--write-accounts", type=FILE, metavar="FILE", help="이 사이트의 계정 파일(CSV)을 씁니다"
)
@click.option(
    "--record",
    "should_print_record",
    is_flag=True,
    help="그 포트에서 실행 중인 사이트의 기록을 JSON 줄로 출력합니다",
)
def sandbox(
    port: int,
    seed: int,
    latency_ms: float,
    write_accounts: Path | None,
    should_print_record: bool,
) -> None:
    """연습용 퍼센티 사이트를 엽니다 (Ctrl-C로 끝냅니다)."""
    if should_print_record:
        _print_record(port)
        return
    accounts = demo_accounts(seed)
    if write_accounts:
        _write(write_accounts, seed)
    try:
        serve(port, accounts=accounts, seed=seed, latency_ms=latency_ms, on_ready=_announce)
    except OSError as error:
        raise CannotRunError(f"--port {port}: 열 수 없습니다 ({os_reason(error)})") from error


def _announce(url: str) -> None:
    click.echo(f"연습용 사이트: {url} (Ctrl-C로 끝냅니다)")


def _write(path: Path, seed: int) -> None:
    try:
        write_accounts_csv(path, demo_accounts(seed))
    except OSError as error:
        raise CannotRunError(f"{path}: 쓸 수 없습니다 ({os_reason(error)})") from error
    click.echo(f"계정 파일: {path}")


def _print_record(port: int) -> None:
    opener = build_opener(ProxyHandler({}))  # the sandbox is on this machine, never behind a proxy
    try:
        with opener.open(
            f"http://127.0.0.1:{port}/sandbox/record", timeout=_ANSWER_TIMEOUT_S
        ) as answer:
            shutil.copyfileobj(answer, sys.stdout.buffer)
    except (URLError, TimeoutError) as error:
        raise CannotRunError(f"--port {port}: 연습용 사이트가 응답하지 않습니다") from error
