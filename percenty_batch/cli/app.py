"""The command `percenty-batch`: its commands, and exit codes for whatever they end in."""

import io
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from percenty_batch.cli.korean import KoreanGroup, usage_line
from percenty_batch.cli.outcome import BAD_INPUT, COULD_NOT_RUN, DISK, SUCCEEDED
from percenty_batch.errors import CannotRunError, DiskError, InputError

_INTERRUPTED = 130
_COMMANDS = (
    "accounts",
    "dashboard",
    "demo",
    "doctor",
    "explain",
    "logs",
    "notify",
    "report",
    "resume",
    "run",
    "sandbox",
    "steps",
    "watch",
)
_MODULES = {"watch": "notify"}  # else each is in the module of its name

_EPILOG = """종료 코드: 0 모두 성공, 1 일부 또는 전체 계정 실패, 2 명령줄이나 입력 오류,
3 실행할 수 없음(브라우저, 사이트), 4 실패 한도나 사이트 장애로 멈춤, 5 마감 시각이 됨,
6 디스크 공간 부족, 7 작업은 성공했으나 보고서나 알림에 문제가 있음,
8 끝난 실행이 오래됨(watch), 130/143 중단됨"""


class _Commands(KoreanGroup):
    """Imports a command when it is asked for: all of the program takes seconds to import."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"percenty_batch.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Commands, epilog=_EPILOG)
@click.version_option(
    package_name="percenty-batch",
    prog_name="percenty-batch",
    message="%(prog)s %(version)s",
    help="버전을 보여 줍니다",
)
def app() -> None:
    """퍼센티 작업을 여러 계정에서 동시에 실행하고 결과를 보고서로 남깁니다."""


def run() -> NoReturn:
    """Be the whole process: once all is told, no signal changes how it ends."""
    code = main()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code. Errors are told on stderr, in Korean."""
    _never_fail_to_print()
    try:
        code = app.main(args=args, prog_name="percenty-batch", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return BAD_INPUT
    except click.UsageError as error:
        return _failed(usage_line(error), BAD_INPUT)
    except InputError as error:
        return _failed(str(error), BAD_INPUT)
    except DiskError as error:
        return _failed(str(error), DISK)
    except CannotRunError as error:
        return _failed(str(error), COULD_NOT_RUN)
    except click.Abort:
        return _failed("중단되었습니다", _INTERRUPTED)
    return code if isinstance(code, int) else SUCCEEDED


def _failed(message: str, code: int) -> int:
    for line in message.splitlines():
        click.echo(f"오류: {line}", err=True)
    return code


def _never_fail_to_print() -> None:
    """Show what the terminal's encoding lacks as escapes (a Windows console has no ✅)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
