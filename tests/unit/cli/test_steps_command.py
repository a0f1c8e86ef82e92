import pytest

from percenty_batch.cli import main
from percenty_batch.steps import NOT_OFFERED, STEPS, StepSpec, resolve_step, spellings


def test_every_step_is_listed_and_so_are_those_that_are_not_offered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["steps"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [*STEPS, *NOT_OFFERED]
    assert lines[0] == "1\t비그룹상품 초기 편집\t상품 100개"
    assert lines[-1].startswith("6_3\t제공하지 않음: ")


@pytest.mark.parametrize("text", ["1", "step1", "1단계"])
def test_one_step_is_told_in_full_under_any_of_its_names(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert main(["steps", text]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "1단계: 비그룹상품 초기 편집",
        "표기: 1, step1, 1단계",
        "세는 단위: 상품",
        "수량(--quantity)이 없으면: 100개",
        "필요한 입력: 계정만",
        "끝나는 이유: 요청 수량 도달, 처리할 상품 없음",
        "한도: 이미지가 없는 상품은 삭제하고 실패로 셉니다",
    ]


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_every_step_can_be_told_and_found_by_the_names_that_it_tells(
    capsys: pytest.CaptureFixture[str], step: StepSpec
) -> None:
    assert main(["steps", step.id]) == 0
    assert step.title in capsys.readouterr().out
    assert {resolve_step(text).id for text in spellings(step.id)} == {step.id}


@pytest.mark.parametrize(
    ("text", "said"), [("6-2", "제공하지 않습니다"), ("99", "단계가 없습니다")]
)
def test_a_step_that_cannot_be_run_is_exit_code_2(
    capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert main(["steps", text]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert main(["run", "--step", text, "--accounts", "none.csv"]) == 2
    assert said in capsys.readouterr().err
