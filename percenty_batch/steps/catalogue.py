"""The steps that exist, and the spellings that users give them."""

import re
from collections.abc import Mapping

from percenty_batch.errors import InputError
from percenty_batch.steps import (
    bulk_translation,
    four_listings,
    initial_edit,
    keyword_edit,
    keyword_move,
    market_upload,
)
from percenty_batch.steps.spec import StepSpec

_ALL = (
    initial_edit.STEP,
    *keyword_move.STEPS,
    *keyword_edit.STEPS,
    bulk_translation.STEP,
    *four_listings.STEPS,
    market_upload.STEP,
)

STEPS: dict[str, StepSpec] = {step.id: step for step in _ALL}

NOT_OFFERED = {
    "6_2": "쿠팡 업로드는 쿠팡 윙(다른 회사의 사이트)이 있어야 합니다",
    "6_3": "11번가 재업로드는 카페24(다른 회사의 사이트)가 있어야 합니다",
}
"""Steps that users know and that are not for this program, with why."""

_AROUND = re.compile(r"^step[\s_-]*|\s*단계$")
_DIGITS = re.compile(r"[0-9](?:[-_]?[0-9]){0,2}")


def resolve_step(
    text: str | int, steps: Mapping[str, StepSpec] = STEPS, *, source: str = "--step"
) -> StepSpec:
    """Find a step by any spelling of its id: `1`, `step1`, `1단계`, `21`, `2-1`, `311` …

    Raises InputError, which names the `source` of the text.
    """
    step_id = step_id_of(text)
    if why := NOT_OFFERED.get(step_id):
        raise InputError(f"{source}: {step_id}단계는 제공하지 않습니다: {why}")
    try:
        return steps[step_id]
    except KeyError:
        known = ", ".join(steps)
        raise InputError(f"{source}: '{text}' 단계가 없습니다 (가능한 단계: {known})") from None


def spellings(step_id: str) -> tuple[str, ...]:
    """Give the spellings of an id that users are told of; `resolve_step` knows some more."""
    joined, dashed = step_id.replace("_", ""), step_id.replace("_", "-")
    return tuple(dict.fromkeys((step_id, joined, dashed, f"step{step_id}", f"{dashed}단계")))


def step_id_of(text: str | int) -> str:
    """Spell an id as ours: one to three digits, joined by `_`. What has no digits stays."""
    plain = _AROUND.sub("", str(text).strip().casefold())
    return "_".join(re.findall("[0-9]", plain)) if _DIGITS.fullmatch(plain) else plain
