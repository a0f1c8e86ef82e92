"""The twelve name suffixes of an account: of the shops A to D for each of the steps 5_1 to 5_3."""

from dataclasses import dataclass

from percenty_batch.accounts.table import CellError, Problems, Row, read_cell, required

_SHORTEST, _LONGEST = 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSuffixes:
    """What is appended to the names of one product's four listings, by shop."""

    a: str
    b: str
    c: str
    d: str


Suffixes = tuple[ShopSuffixes | None, ShopSuffixes | None, ShopSuffixes | None]  # 5_1, 5_2, 5_3

NO_SUFFIXES: Suffixes = (None, None, None)


def read_suffixes(row: Row, problems: Problems) -> Suffixes:
    """Read an account's suffixes; the four of one step stand together or not at all."""
    return _four(row, 1, problems), _four(row, 2, problems), _four(row, 3, problems)


def _four(row: Row, number: int, problems: Problems) -> ShopSuffixes | None:
    columns = [f"suffix{shop}{number}" for shop in "ABCD"]
    if not any(map(row.is_filled, columns)):
        return None
    found = [_suffix(row, column, problems) for column in columns]
    a, b, c, d = found
    if a is None or b is None or c is None or d is None:
        return None
    if len(set(found)) < len(found):
        problems.add(row.number, f"{columns[0]}~{columns[-1]} 열: 같은 접미사가 있습니다")
    return ShopSuffixes(a=a, b=b, c=c, d=d)


def _suffix(row: Row, column: str, problems: Problems) -> str | None:
    if column.lower() not in row.cells:
        problems.add(row.number, f"{column} 열이 없습니다")
        return None
    return read_cell(row, column, _parse, problems)


def _parse(text: str) -> str:
    if not _SHORTEST <= len(required(text)) <= _LONGEST or not text.isprintable():
        raise CellError(f"{text!r}: {_SHORTEST}~{_LONGEST}자가 아닙니다")
    return text
