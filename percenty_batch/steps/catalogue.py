"""The steps that exist, as data, and the spellings that users give them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from percenty_batch.errors import InputError
from percenty_batch.models import StopReason
from percenty_batch.steps import initial_edit
from percenty_batch.steps.context import StepContext


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step. `unit` says in Korean what `quantity` counts."""

    id: str
    label: str
    title: str
    unit: str
    run: Callable[[StepContext], Awaitable[StopReason]]


STEPS = {
    step.id: step
    for step in (
        StepSpec(
            id="1",
            label="1단계",
            title="비그룹상품 초기 편집",
            unit="상품",
            run=initial_edit.run,
        ),
    )
}


def resolve_step(text: str | int) -> StepSpec:
    """Find a step by `1`, `step1` or `1단계`. Raises InputError."""
    plain = str(text).strip().casefold()
    step_id = re.sub(r"^step[\s_-]*|\s*단계$", "", plain).replace("-", "_")
    try:
        return STEPS[step_id]
    except KeyError:
        known = ", ".join(STEPS)
        raise InputError(f"--step: '{text}' 단계가 없습니다 (가능한 단계: {known})") from None
