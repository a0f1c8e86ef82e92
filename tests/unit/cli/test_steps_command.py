from pathlib import Path

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
        "실패하면: 그 계정의 다음 단계를 계속합니다",
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


OWN = """
from percenty_batch import step

@step("own", title="내 단계", quantity=7)
async def own(ctx):
    pass
"""


def test_steps_of_the_users_own_and_what_a_failure_means_by_the_settings_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "my_steps.py").write_text(OWN, encoding="utf-8")
    own = ["--steps-from", str(tmp_path / "my_steps.py")]
    assert main(["steps", *own]) == 0
    assert "own\t내 단계\t항목 7개" in capsys.readouterr().out.splitlines()

    monkeypatch.setenv("PERCENTY_STEPS__STOP_ON_FAILURE", "own,5-1")
    for step in ("own", "5_1"):
        assert main(["steps", step, *own]) == 0
        assert "실패하면: 그 계정의 남은 단계를 시작하지 않습니다" in capsys.readouterr().out

    monkeypatch.setenv("PERCENTY_STEPS__STOP_ON_FAILURE", "9")
    assert main(["steps"]) == 2
    assert "steps.stop_on_failure: '9' 단계가 없습니다" in capsys.readouterr().err
