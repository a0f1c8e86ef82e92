from pathlib import Path

import pytest

from percenty_batch.errors import InputError
from percenty_batch.models import OnFailure
from percenty_batch.steps import STEPS, load_steps

GOOD = """
from percenty_batch import step

@step("my-step", title="내 단계", quantity=7, on_failure="stop")
async def work(ctx):
    pass
"""


def module(folder: Path, text: str, name: str = "mine.py") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_modules_steps_stand_beside_ours(tmp_path: Path) -> None:
    steps = load_steps([module(tmp_path, GOOD)])
    own = steps["my-step"]
    assert set(steps) == {*STEPS, "my-step"}
    assert (own.title, own.usual_quantity, own.on_failure) == ("내 단계", 7, OnFailure.STOP)
    assert own.sign_in is None
    assert "my-step" not in STEPS


def test_a_module_may_be_named_as_python_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, GOOD, "importable_steps.py")
    monkeypatch.syspath_prepend(tmp_path)
    assert "my-step" in load_steps(["importable_steps"])


def test_a_modules_sign_in_is_that_of_all_its_steps(tmp_path: Path) -> None:
    text = GOOD + (
        "from percenty_batch import sign_in\n\n@sign_in\nasync def enter(ctx):\n    pass\n"
    )
    assert load_steps([module(tmp_path, text)])["my-step"].sign_in is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "@step으로 표시한 함수가 없습니다"),
        ("import nowhere_at_all", "불러올 수 없습니다 (ModuleNotFoundError: "),
        ("1 / 0", "불러올 수 없습니다 (ZeroDivisionError: division by zero)"),
        ("def f(:\n    pass", "1행: 파이썬 문법이 잘못되었습니다"),
        (GOOD.replace("async def", "def"), "work: async def work(ctx) 형식이어야 합니다"),
        (GOOD.replace("(ctx)", "()"), "work: async def work(ctx) 형식이어야 합니다"),
        (GOOD.replace("(ctx)", "(ctx, other)"), "work: async def work(ctx) 형식이어야 합니다"),
        (GOOD.replace("my-step", "1"), "'1': 단계 이름은 영문 소문자로 시작하고"),
        (GOOD.replace("my-step", "step-x"), "'step-x': 단계 이름은 영문 소문자로 시작하고"),
        (GOOD.replace("my-step", "내단계"), "'내단계': 단계 이름은 영문 소문자로 시작하고"),
        (GOOD.replace("quantity=7", "quantity=0"), "quantity는 1 이상이어야 합니다"),
        (GOOD.replace('"stop"', '"never"'), "불러올 수 없습니다 (ValueError: "),
        (GOOD + GOOD.partition("step\n")[2].replace("work", "other"), "'my-step'이(가) 이미"),
    ],
)
def test_a_module_that_cannot_be_used_is_one_korean_line(
    tmp_path: Path, text: str, said: str
) -> None:
    place = module(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_steps([place])
    assert str(caught.value).startswith(f"--steps-from {place}")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "said"), [("no.py", "파일이 없습니다"), ("no_such_module", "불러올 수 없습니다")]
)
def test_what_is_not_there_is_one_line(place: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_steps([place])


def test_two_modules_may_not_have_a_step_of_the_same_name(tmp_path: Path) -> None:
    places = [module(tmp_path, GOOD, name) for name in ("one.py", "two.py")]
    with pytest.raises(InputError, match=r"two\.py: 단계 'my-step'"):
        load_steps(places)
