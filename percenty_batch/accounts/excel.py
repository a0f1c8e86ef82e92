"""Excel's file as plain sheets: typed cells become text, or say why they cannot."""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.read_only import EmptyCell
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from percenty_batch.accounts.table import Cell, Unreadable, is_filled
from percenty_batch.accounts.workbook import Book, Sheet, fold_title
from percenty_batch.errors import InputError

_EXACT_DIGITS = 15  # Excel keeps no more of a number
_RETYPE = "(셀 서식을 텍스트로 바꾸고 다시 입력하세요)"
_AS_TYPED = re.compile(r"General|0|@", re.IGNORECASE)
_ZERO_PADDED = re.compile(r"0+")
_MERGED = Unreadable(
    reason="병합된 셀이라 이 행의 값이 없습니다 (병합을 풀고 행마다 쓰세요)", is_filled=False
)


def read_book(name: str, data: bytes) -> Book:
    """Read every sheet; of formulas their last computed values. Raises InputError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and charts, which are not read
        try:
            # Only the first way gets over a stray format in Excel's last row at no cost,
            # only the second one knows formulas and merged areas.
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data))
            sheets = [_sheet(each, values[each.title]) for each in formulas.worksheets]
        except Exception as error:  # a damaged file raises anything from the parser
            raise InputError(f"{name}: 엑셀 파일을 읽을 수 없습니다 (손상된 파일)") from error
    return Book(name=name, sheets={fold_title(sheet.title): sheet for sheet in sheets})


def _sheet(formulas: Worksheet, values: Worksheet) -> Sheet:
    lines = dict(_filled_lines(formulas, values))
    _mark_merged(lines, formulas.merged_cells.ranges)
    return Sheet(title=formulas.title, lines=tuple(lines.items()))


def _filled_lines(formulas: Worksheet, values: Worksheet) -> Iterator[tuple[int, list[Cell]]]:
    # The size that the file claims may be wrong; that of the cells found is not.
    rows = values.iter_rows(max_row=formulas.max_row, max_col=formulas.max_column)
    for number, row in enumerate(rows, start=1):
        if {*map(type, row)} <= {EmptyCell}:
            continue  # at once: there may be a million of them
        cells = [_text(cell, formulas) for cell in row]
        if any(map(is_filled, cells)):
            yield number, cells


def _mark_merged(lines: Mapping[int, list[Cell]], areas: Iterable[CellRange]) -> None:
    for area in areas:
        for number in range(area.min_row, area.max_row + 1):
            cells = lines.get(number, [])
            for index in range(area.min_col - 1, min(area.max_col, len(cells))):
                if not is_filled(cells[index]):
                    cells[index] = _MERGED


def _text(cell: SheetCell | MergedCell, formulas: Worksheet) -> Cell:
    value = cell.value
    if value is None:
        if isinstance(cell, EmptyCell) or formulas[cell.coordinate].value is None:
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
