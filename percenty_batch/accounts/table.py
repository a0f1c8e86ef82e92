"""What every kind of input becomes before anything is understood: named cells in rows."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from percenty_batch.errors import InputError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A cell without a text that can be trusted. `reason` is Korean.

    `is_filled` is false when the cell holds nothing of its own (the rest of a merged area).
    """

    reason: str
    is_filled: bool = True


Cell = str | Unreadable
Line = tuple[int, Sequence[Cell]]  # the number that a person sees, and the cells from the left


class CellError(Exception):
    """A cell cannot be understood. The message is Korean and shows no secret."""


def is_filled(cell: Cell) -> bool:
    return cell.is_filled if isinstance(cell, Unreadable) else bool(cell.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` is the row as Excel, the line as an editor shows it.

    `cells` has every column of the table, blank ones as "".
    """

    number: int
    cells: Mapping[str, Cell]

    def is_filled(self, column: str) -> bool:
        return is_filled(self.cells.get(column.lower(), ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`name` is how messages call it; `header` is the number of the row with the column names.

    The rows hold no cells of a `doubled` column: its problem is told already.
    """

    name: str
    header: int = 1
    columns: tuple[str, ...] = ()
    doubled: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()


class Problems:
    """Collects everything wrong with one table, so that the user mends it in one go."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[tuple[int | None, str]] = []

    def add(self, row: int | None, text: str) -> None:
        """Add one problem; `row` None: of the whole table."""
        self._found.append((row, text))

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each problem, in the order of rows."""
        by_row = sorted(self._found, key=lambda found: found[0] or 0)
        return tuple(f"{self._name}:{f'{row}행:' if row else ''} {text}" for row, text in by_row)


def stop_if_any(*all_problems: Problems) -> None:
    """Raise InputError with every line of every table, in the given order."""
    lines = [line for problems in all_problems for line in problems.lines]
    if lines:
        raise InputError("\n".join(lines))


def make_table(
    name: str, lines: Sequence[Line], *, example: Sequence[str], problems: Problems
) -> Table:
    """Name the cells of each line by the first line. Lines without any text are left out.

    `example` are columns of this kind of table; without the first of them the first line is no
    header, and the table comes back without rows. Problems are added to `problems`.
    """
    filled = [(number, cells) for number, cells in lines if any(map(is_filled, cells))]
    if not filled:
        problems.add(None, "내용이 없습니다")
        return Table(name=name)
    (header, titles), *body = filled
    names = [_column_name(title) for title in titles]
    if example[0] not in names:
        # The cell texts of a table without a header may be passwords: none of them is shown.
        problems.add(
            header, f"첫 행에 {example[0]} 열이 없습니다 (열 이름 예: {', '.join(example)})"
        )
        return Table(name=name)
    _check_header(header, names, [cells for _, cells in filled], problems)
    columns = tuple(dict.fromkeys(filter(None, names)))
    doubled = frozenset(column for column in columns if names.count(column) > 1)
    places = [(column, names.index(column)) for column in columns if column not in doubled]
    rows = [
        Row(number=number, cells={c: cells[i] if i < len(cells) else "" for c, i in places})
        for number, cells in body
    ]
    return Table(name=name, header=header, columns=columns, doubled=doubled, rows=tuple(rows))


def require_columns(table: Table, required: Sequence[str], problems: Problems) -> None:
    """Tell each column that a table lacks; one without rows needs none."""
    for column in required if table.rows else ():
        if column not in table.columns:
            problems.add(table.header, f"{column!r} 열이 없습니다")


def read_cell(row: Row, column: str, parse: Callable[[str], _T], problems: Problems) -> _T | None:
    """Parse one cell, without the blanks around it; None when it has, or had, a problem."""
    cell = row.cells.get(column.lower())
    if cell is None:
        return None
    try:
        if isinstance(cell, Unreadable):
            raise CellError(cell.reason)
        return parse(unicodedata.normalize("NFC", cell).strip())
    except CellError as error:
        problems.add(row.number, f"{column} 열: {error}")
        return None


def required(text: str) -> str:
    """Refuse a blank cell."""
    if not text:
        raise CellError("비어 있습니다")
    return text


def _check_header(
    header: int, names: Sequence[str], lines: Sequence[Sequence[Cell]], problems: Problems
) -> None:
    for column in sorted({name for name in names if name and names.count(name) > 1}):
        problems.add(header, f"{column!r} 열이 두 번 이상 있습니다")
    used = {i for cells in lines for i, cell in enumerate(cells) if is_filled(cell)}
    for index in sorted(used):
        if index >= len(names) or not names[index]:
            problems.add(header, f"{index + 1}번째 열은 값이 있지만 열 이름이 비어 있습니다")


def _column_name(cell: Cell) -> str:
    if isinstance(cell, Unreadable):
        return ""
    return " ".join(unicodedata.normalize("NFC", cell).lower().split())
