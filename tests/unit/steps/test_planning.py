import pytest

from percenty_batch.errors import InputError
from percenty_batch.models import OnFailure
from percenty_batch.steps import STEPS, plan_step, split_steps


@pytest.mark.parametrize(
    ("text", "on_failure"),
    [
        (1, OnFailure.CONTINUE),
        ("1", STEPS["1"].on_failure),
        ("1단계:stop", OnFailure.STOP),
        (" step1 : Continue ", OnFailure.CONTINUE),
    ],
)
def test_a_step_says_what_its_failure_means_or_leaves_it_to_its_own_rule(
    text: str | int, on_failure: OnFailure
) -> None:
    planned = plan_step(text)
    assert (planned.spec, planned.on_failure) == (STEPS["1"], on_failure)


@pytest.mark.parametrize("text", ["1:", "1:never", "1:stop:stop"])
def test_any_other_word_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="가능한 지시: stop, continue"):
        plan_step(text)


def test_a_list_is_split_at_its_commas_and_keeps_its_order() -> None:
    assert split_steps("1, 5_1:stop ,4") == ("1", "5_1:stop", "4")


@pytest.mark.parametrize("text", ["", "1,", ",1", "1,,4", " "])
def test_a_list_with_a_gap_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="쉼표 사이에 단계가 없습니다"):
        split_steps(text)
