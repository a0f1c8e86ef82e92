"""From the user's file to accounts and their work, with every problem told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.accounts import markets, tasks
from percenty_batch.accounts.account_file import AccountFile
from percenty_batch.accounts.csvfile import read_csv
from percenty_batch.accounts.logins import SHEET, read_entries, read_ids
from percenty_batch.accounts.markets import MarketRow
from percenty_batch.accounts.passwords import PasswordKind
from percenty_batch.accounts.table import (
    CellError,
    Problems,
    Table,
    make_table,
    read_cell,
    stop_if_any,
)
from percenty_batch.accounts.tasks import Task
from percenty_batch.accounts.workbook import Book, fold_title
from percenty_batch.errors import InputError, os_reason

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password on it

_EXAMPLE = ("id", "password")
_OTHER_COLUMNS = re.compile(r"id|operator|sheet_nickname|suffix[a-d][1-3]")


def read_accounts(path: Path, environ: Mapping[str, str]) -> AccountFile:
    """Read a CSV file or the users' workbook, told apart by content.

    Raises InputError with one Korean line for each problem: file, sheet, row, column.
    """
    data = _read_bytes(path)
    if data.startswith(_OLE_MAGIC):
        raise InputError(
            f"{path}: 예전 형식(.xls)이거나 암호가 걸린 엑셀 파일입니다"
            " (암호 없는 .xlsx로 저장하세요)"
        )
    if data.startswith(_ZIP_MAGIC):
        # Only here: the library takes a good part of the program's start.
        from percenty_batch.accounts.excel import read_book

        return _from_workbook(path, read_book(str(path), data), environ)
    return _from_csv(path, data, environ)


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: 계정 파일을 읽을 수 없습니다 ({os_reason(error)})") from error


def _from_csv(path: Path, data: bytes, environ: Mapping[str, str]) -> AccountFile:
    lines, encoding = read_csv(str(path), data)
    problems = Problems(str(path))
    table = make_table(str(path), lines, example=_EXAMPLE, problems=problems)
    _check_names(table, problems)
    ids = read_ids(table, problems)
    entries = read_entries(table, ids, folder=path.parent, environ=environ, problems=problems)
    stop_if_any(problems)
    return AccountFile(path=path, entries=entries, encoding=encoding)


def _from_workbook(path: Path, book: Book, environ: Mapping[str, str]) -> AccountFile:
    if not book.has(SHEET):
        raise InputError(f"{book.name}: {SHEET!r} 시트가 없습니다")
    table, problems = book.table(SHEET, example=_EXAMPLE)
    ids = read_ids(table, problems)
    entries = read_entries(table, ids, folder=path.parent, environ=environ, problems=problems)
    titles = _task_titles(table, book, problems)
    market_rows, market_problems = _read_markets(book, tuple(ids.values()))
    sheets = {row: _read_tasks(book, title) for row, title in titles.items()}
    stop_if_any(problems, market_problems, *(sheet.problems for sheet in sheets.values()))
    return AccountFile(
        path=path,
        entries=entries,
        encoding=None,
        task_sheets={ids[row]: sheet.tasks for row, sheet in sheets.items()},
        market_rows=market_rows,
        warnings=tuple(line for sheet in sheets.values() for line in sheet.warnings),
    )


def _check_names(table: Table, problems: Problems) -> None:
    for column in table.columns:
        if column not in set(PasswordKind) and not _OTHER_COLUMNS.fullmatch(column):
            problems.add(
                None, f"알 수 없는 열 {column!r} (쓸 수 있는 열: id, {', '.join(PasswordKind)})"
            )


def _task_titles(table: Table, book: Book, problems: Problems) -> dict[int, str]:
    """Return the title of each login row's task sheet; none for a workbook of logins alone."""
    if len(book.sheets) == 1:
        return {}

    def title(text: str) -> str:
        if text and not book.has(text):
            raise CellError(f"{text!r} 시트가 없습니다")
        return text

    found = {row.number: read_cell(row, "sheet_nickname", title, problems) for row in table.rows}
    titles = {number: text for number, text in found.items() if text}
    first_seen: dict[str, int] = {}
    for number, text in titles.items():
        first = first_seen.setdefault(fold_title(text), number)
        if first != number:
            problems.add(number, f"sheet_nickname {text!r}: {first}행에 이미 있습니다")
    return {number: titles[number] for number in first_seen.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _TaskSheet:
    tasks: tuple[Task, ...]
    problems: Problems
    warnings: tuple[str, ...]


def _read_tasks(book: Book, title: str) -> _TaskSheet:
    table, problems = book.table(title, example=tasks.EXAMPLE)
    found = tasks.read_tasks(table, problems)
    return _TaskSheet(
        tasks=found, problems=problems, warnings=tasks.shared_codes(table.name, found)
    )


def _read_markets(
    book: Book, account_ids: tuple[str, ...]
) -> tuple[tuple[MarketRow, ...], Problems]:
    if not book.has(markets.SHEET):
        return (), Problems(book.name)
    table, problems = book.table(markets.SHEET, example=markets.EXAMPLE)
    return markets.read_markets(table, account_ids, problems), problems
