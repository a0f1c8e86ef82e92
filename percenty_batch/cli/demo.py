"""`percenty-batch demo`: step 1 on the sandbox, and its report beside the sandbox's record."""

import os
from pathlib import Path

import click

from percenty_batch.cli.comparison import Row, compare, print_table
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import (
    flags_of,
    seed_option,
    setting_options,
    settings_option,
    verbose_option,
)
from percenty_batch.cli.outcome import SOME_FAILED, SUCCEEDED
from percenty_batch.cli.work import Finished, work
from percenty_batch.models import Account
from percenty_batch.sandbox import SandboxSite, demo_accounts
from percenty_batch.settings import Flag, Settings, SiteSettings, check_variables, load_settings

_STEPS = ("1",)
_LOGS = Path("demo-logs")


@click.command(cls=KoreanCommand)
@setting_options("--logs-dir", default=_LOGS)
@setting_options("--quantity", "--concurrency", "--log-format", "--headed", "--browser")
@settings_option
@seed_option
@verbose_option
def demo(settings_file: Path | None, seed: int, verbose: bool, **given: object) -> int:
    """연습용 사이트의 계정 12개에서 1단계를 실행하고 보고서를 기록과 비교합니다."""
    settings = load_settings(settings_file, os.environ, [*flags_of(given), _own_sign_ins()])
    check_variables(os.environ)
    samples = demo_accounts(seed)
    with SandboxSite(accounts=samples, seed=seed) as site:
        finished = work(
            _STEPS,
            _at(settings, site.url),
            [Account(id=sample.id, password=sample.password) for sample in samples],
            should_mirror=verbose,
        )
        rows = compare(finished.report(), samples, site.record)
    print_table(rows)
    return _exit_code(finished, rows)


def _own_sign_ins() -> Flag:
    """Keep no sign-in: the sandbox forgets them all when it stops."""
    return Flag(option="demo", key="state.should_keep_sign_ins", value=False)


def _at(settings: Settings, url: str) -> Settings:
    site = SiteSettings.model_validate(settings.site.model_dump() | {"base_url": url})
    return settings.model_copy(update={"site": site})


def _exit_code(finished: Finished, rows: list[Row]) -> int:
    """Choose 0 when everything went as planned, the deliberate failures included."""
    code = finished.exit_code
    if code not in (SUCCEEDED, SOME_FAILED):
        return code
    return SUCCEEDED if all(row.is_true and row.is_planned for row in rows) else SOME_FAILED
