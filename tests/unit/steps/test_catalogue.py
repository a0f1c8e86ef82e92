from dataclasses import replace

import pytest

from percenty_batch.accounts import AccountInputs, no_inputs
from percenty_batch.errors import InputError
from percenty_batch.steps import NOT_OFFERED, STEPS, StepSpec, resolve_step
from percenty_batch.steps.catalogue import step_id_of

NOBODY = no_inputs("a@example.com")


@pytest.mark.parametrize(
    "text", [1, "1", "step1", "STEP 1", "step_1", "step-1", "1단계", " 1 단계 "]
)
def test_a_step_is_found_by_each_of_its_spellings(text: str | int) -> None:
    assert resolve_step(text) is STEPS["1"]


@pytest.mark.parametrize("text", ["", "0", "99", "단계", "step", "11", "1 2", "6", "1234", "6_4"])
def test_an_unknown_step_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(InputError, match=r"단계가 없습니다 \(가능한 단계: 1") as caught:
        resolve_step(text)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "step_id"),
    [
        ((21, "21", "2-1", "2_1", "step2_1", "step21", "2-1단계", "STEP 2-1"), "2_1"),
        ((311, "311", "3-1-1", "3_1_1", "31-1", "step3-1-1", "311단계"), "3_1_1"),
        (("my-step", "My-Step"), "my-step"),
    ],
)
def test_a_steps_parts_may_be_joined_in_any_way(texts: tuple[str | int], step_id: str) -> None:
    assert {step_id_of(text) for text in texts} == {step_id}


@pytest.mark.parametrize(("text", "step_id"), [("62", "6_2"), ("6-3", "6_3")])
def test_a_step_of_other_companies_sites_is_known_and_refused_with_why(
    text: str, step_id: str
) -> None:
    with pytest.raises(InputError) as caught:
        resolve_step(text)
    assert str(caught.value) == (
        f"--step: {step_id}단계는 제공하지 않습니다: {NOT_OFFERED[step_id]}"
    )
    assert "다른 회사의 사이트" in str(caught.value)


def test_every_step_is_filed_under_its_id() -> None:
    assert all(step.id == key for key, step in STEPS.items())
    assert all(step.label == f"{step.id}단계" for step in STEPS.values())


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_every_step_is_complete(step: StepSpec) -> None:
    assert step_id_of(step.id) == step.id
    assert (step.usual_quantity is None) <= (step.rows is not None)
    assert step.stops


@pytest.mark.parametrize(
    ("usual", "rows", "quantity", "requested"),
    [
        (100, None, None, 100),
        (100, None, 500, 500),
        (None, 7, None, 7),
        (None, 7, 3, 3),
        (None, 7, 9, 7),
        (None, 0, 9, 0),
        (200, 0, None, 0),
    ],
)
def test_a_quantity_goes_before_the_usual_one_and_never_beyond_the_rows(
    usual: int | None, rows: int | None, quantity: int | None, requested: int
) -> None:
    def rows_of(_inputs: AccountInputs) -> range:
        return range(rows or 0)

    step = replace(STEPS["1"], usual_quantity=usual, rows=None if rows is None else rows_of)

    assert step.requested(quantity, NOBODY) == requested
