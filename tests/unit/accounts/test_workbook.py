from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from percenty_batch.accounts import read_accounts
from percenty_batch.errors import InputError

HEADER = ("id", "password", "operator", "sheet_nickname", "suffixA1")


def workbook(
    folder: Path, rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None
) -> Path:
    book = openpyxl.Workbook()
    book.create_sheet("market_id").append(["id", "groupname"])
    sheet = book.create_sheet("login_id")
    for row in rows:
        sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    path = folder / "percenty_id.xlsx"
    book.save(path)
    return path


def passwords(path: Path) -> list[str]:
    return [account.password for account in read_accounts(path, {}).accounts]


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_accounts(path, {})
    return [line.removeprefix(f"{path}[login_id]:") for line in str(caught.value).splitlines()]


def test_the_login_sheet_is_read_by_header_among_other_columns(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ("operator", "password", "anything", "id"),
            ("kim", "one", 3, "a@example.com"),
            (None, None, None, None),
            ("lee", "two", None, "b@example.com"),
        ],
    )

    file = read_accounts(path, {})

    assert [(e.row, e.account.id) for e in file.entries] == [
        (2, "a@example.com"),
        (4, "b@example.com"),
    ]
    assert file.encoding is None


def test_a_workbook_is_known_by_content_not_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ("a@example.com", "one")])

    assert passwords(path.rename(tmp_path / "accounts.csv")) == ["one"]


def test_numbers_become_the_text_that_the_sheet_shows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [HEADER, ("a@example.com", 123456), ("b@example.com", 42.0), ("c@example.com", 1234)],
        {"B4": "000000"},
    )

    assert passwords(path) == ["123456", "42", "001234"]


def test_cells_whose_text_is_lost_are_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            HEADER,
            ("a@example.com", 1234567890123456),
            ("b@example.com", 1.5),
            ("c@example.com", date(2024, 12, 1)),
            ("d@example.com", True),
            ("e@example.com", 1234),
        ],
        {"B6": "#,##0"},
    )

    said = refusal(path)

    assert [line.split(":")[0] for line in said] == ["2행", "3행", "4행", "5행", "6행"]
    assert all("다시 입력하세요" in line for line in said)


def test_a_formula_without_a_computed_value_is_refused_as_such(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ("a@example.com", '="a"&"b"')])

    assert refusal(path) == [
        "2행: password 열: 수식에 계산된 값이 없습니다 (엑셀에서 열어 저장하세요)"
    ]


def test_doubled_and_blank_headers_are_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [("id", "password", "memo", "memo", None), ("a@example.com", "x", "", "", "y")]
    )

    assert refusal(path) == [
        "1행: 'memo' 열이 두 번 이상 있습니다",
        "1행: 5번째 열은 값이 있지만 열 이름이 비어 있습니다",
    ]


def test_a_blank_header_over_nothing_is_harmless(tmp_path: Path) -> None:
    path = workbook(tmp_path, [("id", "password", None), ("a@example.com", "x", " ")])

    assert passwords(path) == ["x"]


def test_a_workbook_without_the_login_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)

    with pytest.raises(InputError, match="'login_id' 시트가 없습니다"):
        read_accounts(path, {})


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ("a@example.com", "x")])
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(InputError, match="손상된 파일"):
        read_accounts(path, {})
