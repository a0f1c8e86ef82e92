from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.accounts.sample_workbook import KEY_CANARY, sample_workbook, save

Command = Callable[..., Any]

SECRET = "s3cret-canary"


def accounts_file(text: str) -> str:
    Path("accounts.csv").write_text(text, encoding="utf-8")
    return "accounts.csv"


def test_the_list_tells_number_id_and_where_the_password_stands(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCENTY_PW_B", SECRET)
    path = accounts_file(
        f"id,password,password_env\na@example.com,{SECRET},\nb@example.com,,PERCENTY_PW_B\n"
    )

    ran = command("accounts", "--accounts", path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "1\ta@example.com\t비밀번호: 계정 파일",
        "2\tb@example.com\t비밀번호: 환경 변수 PERCENTY_PW_B",
    ]


def test_a_selection_keeps_the_numbers_of_the_file(command: Command) -> None:
    path = accounts_file("id,password\na@example.com,x\nb@example.com,x\nc@example.com,x\n")

    ran = command("accounts", "--accounts", path, "--select", "2-3")

    assert [line.split("\t")[0] for line in ran.out.splitlines()] == ["2", "3"]


def test_the_accounts_file_may_stand_in_the_settings(command: Command) -> None:
    accounts_file("id,password\na@example.com,x\n")
    Path("percenty_batch.toml").write_text('accounts_file = "accounts.csv"\n', encoding="utf-8")

    assert command("accounts").out.startswith("1\ta@example.com")


def test_a_good_file_passes_its_check(command: Command) -> None:
    path = accounts_file("id,password\na@example.com,x\n")

    ran = command("accounts", "check", path)

    assert (ran.code, ran.out) == (0, "✅ accounts.csv: 계정 1개, 문제 없음 (CSV, utf-8)\n")


def test_a_good_workbook_is_told_by_account_without_its_secrets(command: Command) -> None:
    save(sample_workbook(), Path())

    ran = command("accounts", "check", "percenty_id.xlsx")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "✅ percenty_id.xlsx: 계정 3개, 문제 없음 (엑셀)",
        "1\tuser1@example.com\t작업 6행 (step2 1, step3 5), 마켓 2행",
        "2\tuser2@example.com\t작업 2행 (step2 1, step3 1), 마켓 1행",
        "3\tuser3@example.com\t작업 0행 (step2 0, step3 0), 마켓 0행",
        "⚠️ percenty_id.xlsx[lee]:3행: provider_code 'A49': 2행에도 있어"
        " 2_2, 3_2_3 중 먼저 실행한 단계가 상품을 가져갑니다",
    ]


def test_every_problem_of_a_workbook_is_one_line_on_stderr(command: Command) -> None:
    book = sample_workbook()
    book["kim"]["J3"] = "copy2"
    book["market_id"]["B2"] = "대기1"
    save(book, Path())

    ran = command("accounts", "check", "percenty_id.xlsx")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "오류: percenty_id.xlsx[market_id]:2행: groupname 열: '대기1': 쇼핑몰 그룹이 아닙니다",
        "오류: percenty_id.xlsx[kim]:3행: option_image_copy 열: 'copy2': 알 수 없는 지시입니다"
        " (쓸 수 있는 지시: copy:N, YES, NO)",
    ]
    assert KEY_CANARY not in ran.err


def test_every_problem_of_a_file_is_one_line_on_stderr(command: Command) -> None:
    path = accounts_file("id,password\na@example.com,x\n,x\nA@example.com,\n")

    ran = command("accounts", "check", path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "오류: accounts.csv:3행: id 열이 비어 있습니다",
        "오류: accounts.csv:4행: id 'A@example.com'는 2행에 이미 있습니다"
        " (대소문자나 유니코드 표기만 다름)",
        "오류: accounts.csv:4행: password 열이 비어 있습니다",
    ]


def test_a_variable_that_means_nothing_is_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCENTY_JOBS__CONCURENCY", "4")
    path = accounts_file("id,password\na@example.com,x\n")

    ran = command("accounts", "--accounts", path)

    assert ran.code == 2
    assert ran.err.startswith("오류: 환경 변수 PERCENTY_JOBS__CONCURENCY: 알 수 없는 설정입니다")
