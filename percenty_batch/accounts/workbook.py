"""The users' workbook as plain sheets."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from percenty_batch.accounts.table import Line, Problems, Table, make_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Every sheet of a workbook, hidden ones too, by the folded title."""

    name: str
    sheets: Mapping[str, Sheet]

    def has(self, title: str) -> bool:
        return fold_title(title) in self.sheets

    def table(self, title: str, *, example: Sequence[str]) -> tuple[Table, Problems]:
        """Read the sheet of that title by its header; it must be there."""
        sheet = self.sheets[fold_title(title)]
        name = f"{self.name}[{sheet.title}]"
        problems = Problems(name)
        return make_table(name, sheet.lines, example=example, problems=problems), problems


def fold_title(title: str) -> str:
    """Fold the spellings of a sheet's title that Excel itself takes for the same."""
    return unicodedata.normalize("NFC", title).strip().casefold()
