"""`percenty-batch steps`: which steps there are, and all that is to be known of one."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from percenty_batch.accounts import Needs
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.cli.options import flags_of, setting_options, settings_option
from percenty_batch.models import OnFailure
from percenty_batch.reports import STOP_REASONS
from percenty_batch.settings import load_settings
from percenty_batch.steps import NOT_OFFERED, StepSpec, load_steps, resolve_step, spellings

_AFTER_FAILURE = {
    OnFailure.CONTINUE: "그 계정의 다음 단계를 계속합니다",
    OnFailure.STOP: "그 계정의 남은 단계를 시작하지 않습니다",
}


@click.command(cls=KoreanCommand)
@click.argument("step_id", metavar="[STEP]", required=False)
@setting_options("--steps-from")
@settings_option
def steps(step_id: str | None, settings_file: Path | None, **given: object) -> None:
    """단계의 목록을 보여 줍니다 (STEP: 한 단계를 자세히)."""
    settings = load_settings(settings_file, os.environ, flags_of(given))
    known = load_steps(settings.steps_from, settings.steps.stop_on_failure)
    lines = _list(known) if step_id is None else _details(resolve_step(step_id, known))
    for line in lines:
        click.echo(line)


def _list(known: Mapping[str, StepSpec]) -> Iterator[str]:
    for step in known.values():
        yield f"{step.id}\t{step.title}\t{step.unit} {_usual(step)}"
    for step_id, why in NOT_OFFERED.items():
        yield f"{step_id}\t제공하지 않음: {why}"


def _details(step: StepSpec) -> Iterator[str]:
    yield f"{step.label}: {step.title}"
    yield f"표기: {', '.join(spellings(step.id))}"
    yield f"세는 단위: {step.unit}"
    yield f"수량(--quantity)이 없으면: {_usual(step)}"
    yield f"필요한 입력: {', '.join(_needs(step.needs)) or '계정만'}"
    yield f"끝나는 이유: {', '.join(STOP_REASONS[reason] for reason in step.stops)}"
    yield f"실패하면: {_AFTER_FAILURE[step.on_failure]}"
    for limit in step.limits:
        yield f"한도: {limit}"


def _usual(step: StepSpec) -> str:
    if step.usual_quantity is not None:
        return f"{step.usual_quantity}개"
    return "모두"


def _needs(needs: Needs) -> Iterator[str]:
    if needs.tasks:
        yield "작업 시트"
    if needs.markets:
        yield "market_id 시트의 행"
    if (number := needs.suffixes) is not None:
        yield f"suffixA{number}~suffixD{number}"
