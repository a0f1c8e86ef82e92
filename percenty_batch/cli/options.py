"""Options that stand for settings: one list, from which help, values and messages come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import HttpUrl

from percenty_batch.cli.korean import Check, decimal_number, one_of, whole_number
from percenty_batch.settings import Flag, setting_fields

FILE = click.Path(path_type=Path)
"""A path; whether it can be used is said by whoever opens it, in Korean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _SettingOption:
    """An option and its setting. With `on`, the option is a flag that gives this value."""

    key: str
    metavar: str | None = None
    check: Check | None = None
    is_path: bool = False
    is_repeatable: bool = False
    on: object = None
    help: str | None = None


_SETTING_OPTIONS = {
    "--accounts": _SettingOption(key="accounts_file", metavar="FILE", is_path=True),
    "--steps-from": _SettingOption(key="steps_from", metavar="FILE", is_repeatable=True),
    "--quantity": _SettingOption(key="quantity", metavar="N", check=whole_number(1)),
    "--concurrency": _SettingOption(key="jobs.concurrency", metavar="N", check=whole_number(1)),
    "--base-url": _SettingOption(key="site.base_url", metavar="URL"),
    "--logs-dir": _SettingOption(key="logs.folder", metavar="DIR", is_path=True),
    "--log-format": _SettingOption(
        key="logs.format", metavar="text|json", check=one_of("text", "json")
    ),
    "--start-interval": _SettingOption(
        key="jobs.start_interval_s", metavar="S", check=decimal_number(0)
    ),
    "--deadline": _SettingOption(key="jobs.deadline", metavar="TIME"),
    "--halt": _SettingOption(key="jobs.halt", metavar="fail=N[%]"),
    "--format": _SettingOption(key="reports.formats", metavar="LIST"),
    "--host": _SettingOption(key="dashboard.host", metavar="HOST"),
    "--port": _SettingOption(key="dashboard.port", metavar="N", check=whole_number(0, 65535)),
    "--headed": _SettingOption(key="browser.is_headless", on=False, help="브라우저 창을 보이기"),
    "--browser": _SettingOption(key="browser.executable", metavar="PATH", is_path=True),
}


def setting_options(
    *options: str, default: object = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add options; the command receives their values as keyword arguments for `flags_of`.

    A `default` beats environment and file; without one they decide.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = _click_option(option, default)(command)
        return command

    return decorate


def settings_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--settings FILE`, received as `settings_file`."""
    text = "설정 파일 (기본: 현재 폴더의 percenty_batch.toml)"
    return click.option("--settings", "settings_file", type=FILE, metavar="FILE", help=text)(
        command
    )


def select_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--select`."""
    text = "처리할 계정: 번호, 범위, 아이디 (예: 1,3-5,user1@example.com)"
    return click.option("--select", metavar="LIST", default="all", help=text)(command)


def seed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--seed`."""
    option = click.option(
        "--seed",
        type=click.UNPROCESSED,
        metavar="N",
        callback=whole_number(0),
        default=1,
        help="연습용 상품을 정하는 씨앗 (기본: 1)",
    )
    return option(command)


def verbose_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--verbose`."""
    text = "로그 줄을 화면에도 보여 줍니다"
    return click.option("--verbose", is_flag=True, help=text)(command)


def flags_of(given: Mapping[str, object]) -> list[Flag]:
    """Turn the values of setting options into flags for `load_settings`."""
    return [
        Flag(option=option, key=spec.key, value=_value(spec, given.get(_parameter(option))))
        for option, spec in _SETTING_OPTIONS.items()
    ]


def _click_option(
    option: str, default: object
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    spec = _SETTING_OPTIONS[option]
    described = dict(setting_fields())[spec.key]
    usual = described.default if default is None else default
    shown = f" (기본: {usual})" if isinstance(usual, str | int | float | Path | HttpUrl) else ""
    text = spec.help or f"{described.description}{shown}"
    if spec.on is not None:
        return click.option(option, _parameter(option), is_flag=True, help=text)
    return click.option(
        option,
        _parameter(option),
        type=FILE if spec.is_path else click.UNPROCESSED,
        metavar=spec.metavar,
        callback=spec.check,
        default=default,
        multiple=spec.is_repeatable,
        help=text,
    )


def _parameter(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


def _value(spec: _SettingOption, given: object) -> object:
    if spec.on is not None:
        return spec.on if given else None
    return given or None if spec.is_repeatable else given
