"""What both kinds of account file become before anything is understood: named cells in rows."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from percenty_batch.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A cell that holds something, but no text that can be trusted. `reason` is Korean."""

    reason: str


Cell = str | Unreadable


def is_filled(cell: Cell) -> bool:
    return isinstance(cell, Unreadable) or bool(cell.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` is the row as Excel, the line as an editor shows it. Absent cells are blank."""

    number: int
    cells: Mapping[str, Cell]

    def is_filled(self, column: str) -> bool:
        return is_filled(self.cells.get(column, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`name` is how messages call it; `encoding` is the one that was found (None: workbook)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str | None


class Problems:
    """Collects everything wrong with one file, so that the user mends it in one go."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._found: list[tuple[int, str]] = []

    def add(self, row: int, text: str) -> None:
        self._found.append((row, text))

    def stop_if_any(self) -> None:
        """Raise InputError with one line for each problem, in the file's order."""
        if self._found:
            by_row = sorted(self._found, key=lambda found: found[0])
            raise InputError("\n".join(f"{self._file_name}:{n}행: {text}" for n, text in by_row))


def make_table(
    name: str, lines: Sequence[tuple[int, Sequence[Cell]]], *, encoding: str | None
) -> Table:
    """Name the cells of each line by the first line. Lines without any text are left out.

    Raises InputError for an empty file and for headers that are blank, doubled or unreadable.
    """
    filled = [(number, cells) for number, cells in lines if any(map(is_filled, cells))]
    if not filled:
        raise InputError(f"{name}: 내용이 없습니다")
    (header_number, header), *body = filled
    width = max(len(cells) for _, cells in filled)
    used = {i for _, cells in filled for i, cell in enumerate(cells) if is_filled(cell)}
    names = [_column_name(cell) for cell in header] + [""] * (width - len(header))
    _check_header(name, header_number, names, used)
    rows = [
        Row(number=number, cells={names[i]: cell for i, cell in enumerate(cells) if names[i]})
        for number, cells in body
    ]
    columns = tuple(column for column in names if column)
    return Table(name=name, columns=columns, rows=tuple(rows), encoding=encoding)


def _check_header(name: str, row: int, columns: Sequence[str], used: set[int]) -> None:
    # Cell texts of a file without a header may be passwords: only names known to be ours appear.
    problems = Problems(name)
    if "id" not in columns:
        problems.add(row, "첫 행에 id 열이 없습니다 (열 이름 예: id, password)")
        problems.stop_if_any()
    for column in sorted({c for c in columns if c and columns.count(c) > 1}):
        problems.add(row, f"{column!r} 열이 두 번 이상 있습니다")
    for index, column in enumerate(columns):
        if not column and index in used:
            problems.add(row, f"{index + 1}번째 열은 값이 있지만 열 이름이 비어 있습니다")
    problems.stop_if_any()


def _column_name(cell: Cell) -> str:
    if isinstance(cell, Unreadable):
        return ""
    return unicodedata.normalize("NFC", cell).strip().lower()
