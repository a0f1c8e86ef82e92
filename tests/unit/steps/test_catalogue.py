import pytest

from percenty_batch.errors import InputError
from percenty_batch.steps import STEPS, resolve_step


@pytest.mark.parametrize(
    "text", [1, "1", "step1", "STEP 1", "step_1", "step-1", "1단계", " 1 단계 "]
)
def test_a_step_is_found_by_each_of_its_spellings(text: str | int) -> None:
    assert resolve_step(text) is STEPS["1"]


@pytest.mark.parametrize("text", ["", "0", "99", "2_1", "단계", "step", "11", "1 2"])
def test_an_unknown_step_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(InputError, match=r"단계가 없습니다 \(가능한 단계: 1") as caught:
        resolve_step(text)
    assert f"'{text}'" in str(caught.value)


def test_every_step_is_filed_under_its_id() -> None:
    assert all(step.id == key for key, step in STEPS.items())
    assert all(step.label == f"{step.id}단계" for step in STEPS.values())
