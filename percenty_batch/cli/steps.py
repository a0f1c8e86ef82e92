"""`percenty-batch steps`: which steps there are, and all that is to be known of one."""

from collections.abc import Iterator

import click

from percenty_batch.accounts import Needs
from percenty_batch.cli.korean import KoreanCommand
from percenty_batch.reports import STOP_REASONS
from percenty_batch.steps import NOT_OFFERED, STEPS, StepSpec, resolve_step, spellings


@click.command(cls=KoreanCommand)
@click.argument("step_id", metavar="[STEP]", required=False)
def steps(step_id: str | None) -> None:
    """단계의 목록을 보여 줍니다 (STEP: 한 단계를 자세히)."""
    lines = _list() if step_id is None else _details(resolve_step(step_id))
    for line in lines:
        click.echo(line)


def _list() -> Iterator[str]:
    for step in STEPS.values():
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
