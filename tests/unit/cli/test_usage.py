import re
from collections.abc import Callable
from typing import Any

import pytest

Command = Callable[..., Any]

HELPS = [
    ["--help"],
    ["run", "--help"],
    ["steps", "--help"],
    ["resume", "--help"],
    ["report", "--help"],
    ["dashboard", "--help"],
    ["demo", "--help"],
    ["accounts", "--help"],
    ["accounts", "check", "--help"],
    ["doctor", "--help"],
    ["notify", "--help"],
    ["notify", "test", "--help"],
    ["watch", "--help"],
    ["logs", "--help"],
    ["logs", "search", "--help"],
    ["logs", "tail", "--help"],
    ["logs", "tidy", "--help"],
    ["sandbox", "--help"],
]
ENGLISH = re.compile(r"Usage|Options|Commands|Show this|required|default:|Error|Arguments")


@pytest.mark.parametrize("args", HELPS, ids=" ".join)
def test_help_is_korean_throughout(command: Command, args: list[str]) -> None:
    ran = command(*args)

    assert ran.code == 0
    assert ran.out.startswith("사용법: percenty-batch")
    assert "옵션:" in ran.out
    assert ENGLISH.search(ran.out) is None


def test_without_a_command_the_help_is_shown_as_an_error(command: Command) -> None:
    ran = command()

    assert (ran.code, ran.out) == (2, "")
    assert "명령:" in ran.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            "runn",
            "'runn': 없는 명령입니다"
            " (명령: accounts, dashboard, demo, doctor, explain, logs, notify, report, resume, run,"
            " sandbox, steps, watch)",
        ),
        ("accounts chek", "'chek': 없는 명령입니다 (명령: check)"),
        ("run", "--step, --steps: 둘 중 하나를 지정해야 합니다"),
        ("run --step 1 --steps 1", "--step, --steps: 둘 중 하나를 지정해야 합니다"),
        ("run --steps 1,,1", "--steps: '1,,1': 쉼표 사이에 단계가 없습니다"),
        ("run --steps 1:never", "--steps: '1:never': 단계가 실패했을 때의 지시가 아닙니다"),
        ("run --steps 1,9", "--step: '9' 단계가 없습니다"),
        ("run --step", "--step: 값이 필요합니다"),
        ("run --step 1 --quantity", "--quantity: 값이 필요합니다"),
        ("run --stp 1", "--stp: 없는 옵션입니다"),
        ("run --quantit 1", "--quantit: 없는 옵션입니다 (혹시: --quantity)"),
        ("run --step 1 --headed=1", "--headed: 값을 받지 않습니다"),
        ("run --step 1 extra", "'extra': 받지 않는 인자입니다"),
        ("run --step 1 --quantity 0", "--quantity: 1 이상의 정수여야 합니다 (입력: '0')"),
        ("run --step 1 --quantity x", "--quantity: 1 이상의 정수여야 합니다 (입력: 'x')"),
        ("run --step 1 --concurrency 1.5", "--concurrency: 1 이상의 정수여야 합니다"),
        ("run --step 1 --start-interval -1", "--start-interval: 0 이상의 숫자여야 합니다"),
        ("run --step 1 --start-interval nan", "--start-interval: 0 이상의 숫자여야 합니다"),
        ("run --step 1 --log-format xml", "--log-format: text, json 중 하나여야 합니다"),
        ("run --step 1 --base-url x", "--base-url: http:// 또는 https:// 주소여야 합니다"),
        ("run --step 1 --deadline", "--deadline: 값이 필요합니다"),
        ("resume --step 1", "--step: 없는 옵션입니다"),
        ("resume a b", "'b': 받지 않는 인자입니다"),
        ("resume", "--accounts: 계정 파일을 지정해야 합니다 (CSV 또는 xlsx)"),
        ("resume --quantity 0", "--quantity: 1 이상의 정수여야 합니다 (입력: '0')"),
        ("report a b", "'b': 받지 않는 인자입니다"),
        ("report", "--logs-dir logs: 원장(ledger.sqlite3)이 없습니다"),
        ("run --step 9 --accounts a.csv", "--step: '9' 단계가 없습니다"),
        ("run --step 1", "--accounts: 계정 파일을 지정해야 합니다 (CSV 또는 xlsx)"),
        ("run --step 1 --accounts no.csv", "no.csv: 계정 파일을 읽을 수 없습니다 (없음)"),
        ("run --step 1 --settings no.toml", "no.toml: 설정 파일을 읽을 수 없습니다 (없음)"),
        ("accounts check", "FILE: 반드시 지정해야 합니다"),
        ("sandbox --port 70000", "--port: 1-65535 사이의 정수여야 합니다"),
    ],
)
def test_a_wrong_command_line_is_one_korean_line_and_exit_code_2(
    command: Command, args: str, said: str
) -> None:
    ran = command(*args.split())

    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith(f"오류: {said}")
