"""The users' workbook: its `login_id` sheet, read by header."""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell

from percenty_batch.accounts.table import Cell, Table, Unreadable, make_table
from percenty_batch.errors import InputError

SHEET = "login_id"

_EXACT_DIGITS = 15  # Excel keeps no more of a number
_RETYPE = "(셀 서식을 텍스트로 바꾸고 다시 입력하세요)"
_AS_TYPED = re.compile(r"General|0|@", re.IGNORECASE)
_ZERO_PADDED = re.compile(r"0+")


def read_workbook(name: str, data: bytes) -> Table:
    """Read the sheet `login_id`; of formulas their last computed values. Raises InputError."""
    table_name = f"{name}[{SHEET}]"
    return make_table(table_name, list(_lines(name, data)), encoding=None)


def _lines(name: str, data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    values, formulas = _open(name, data, computed=True), _open(name, data, computed=False)
    for row, (value_row, formula_row) in enumerate(zip(values, formulas, strict=True), start=1):
        yield row, [_text(*pair) for pair in zip(value_row, formula_row, strict=True)]


def _open(name: str, data: bytes, *, computed: bool) -> list[tuple[SheetCell | MergedCell, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and charts, which are not read
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=computed)
        except Exception as error:  # a damaged file raises anything from the parser
            raise InputError(f"{name}: 엑셀 파일을 읽을 수 없습니다 (손상된 파일)") from error
    if SHEET not in book.sheetnames:
        raise InputError(f"{name}: {SHEET!r} 시트가 없습니다")
    return list(book[SHEET].iter_rows())


def _text(cell: SheetCell | MergedCell, formula: SheetCell | MergedCell) -> Cell:
    value = cell.value
    if value is None:
        if formula.value is None:
            return ""
        return Unreadable(reason="수식에 계산된 값이 없습니다 (엑셀에서 열어 저장하세요)")
    if isinstance(value, bool | date | time | timedelta):
        return Unreadable(reason=f"날짜나 참/거짓으로 저장되어 있습니다 {_RETYPE}")
    if isinstance(value, int | float):
        return _number_text(value, str(cell.number_format))
    if cell.data_type == "e":
        return Unreadable(reason=f"수식 오류 {value}가 들어 있습니다")
    return str(value)


def _number_text(value: float, number_format: str) -> Cell:
    """Write a number as the sheet shows it, or say that this cannot be known."""
    whole = int(value) if value == int(value) else None
    if whole is not None and 0 <= whole < 10**_EXACT_DIGITS:
        if _AS_TYPED.fullmatch(number_format):
            return str(whole)
        if _ZERO_PADDED.fullmatch(number_format):
            return str(whole).zfill(len(number_format))
    return Unreadable(reason=f"숫자로 저장되어 원래 글자를 알 수 없습니다 {_RETYPE}")
