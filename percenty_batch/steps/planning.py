"""The steps of a run as users write them: `1,5_1:stop,4`."""

from collections.abc import Mapping
from dataclasses import dataclass

from percenty_batch.errors import InputError
from percenty_batch.models import OnFailure
from percenty_batch.steps.catalogue import STEPS, resolve_step
from percenty_batch.steps.spec import StepSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step, and what its failure means for the account's later ones."""

    spec: StepSpec
    on_failure: OnFailure


def plan_step(text: str | int, steps: Mapping[str, StepSpec] = STEPS) -> PlannedStep:
    """Read `5_1`, `5_1:stop` or `5_1:continue`; without a word it is the step's own.

    Raises InputError.
    """
    name, colon, word = str(text).partition(":")
    spec = resolve_step(name, steps)
    if not colon:
        return PlannedStep(spec=spec, on_failure=spec.on_failure)
    try:
        return PlannedStep(spec=spec, on_failure=OnFailure(word.strip().casefold()))
    except ValueError:
        known = ", ".join(OnFailure)
        raise InputError(
            f"--steps: '{text}': 단계가 실패했을 때의 지시가 아닙니다 (가능한 지시: {known})"
        ) from None


def split_steps(text: str) -> tuple[str, ...]:
    """Split a list at its commas. Raises InputError where a step is missing."""
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise InputError(f"--steps: '{text}': 쉼표 사이에 단계가 없습니다 (예: 1,5_1:stop,4)")
    return parts
