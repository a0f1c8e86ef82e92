"""From an account file to accounts, with every problem told at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.accounts.csvfile import read_csv
from percenty_batch.accounts.passwords import PasswordError, PasswordKind, fetch_password
from percenty_batch.accounts.table import Problems, Row, Table, Unreadable
from percenty_batch.accounts.workbook import read_workbook
from percenty_batch.errors import InputError, os_reason
from percenty_batch.models import Account

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password on it

_OTHER_COLUMNS = re.compile(r"id|operator|sheet_nickname|suffix[a-d][1-3]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """One account and where it stands.

    `source` names the variable or the file of its password ("": in the account file itself).
    """

    account: Account
    row: int
    kind: PasswordKind
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """A file without problems; `entries` in the file's order, never empty.

    `encoding` is the one that was found (None: a workbook).
    """

    path: Path
    entries: tuple[AccountEntry, ...]
    encoding: str | None

    @property
    def accounts(self) -> tuple[Account, ...]:
        return tuple(entry.account for entry in self.entries)

    @property
    def secret_env_names(self) -> frozenset[str]:
        """The environment variables that hold passwords of this file."""
        return frozenset(e.source for e in self.entries if e.kind is PasswordKind.ENV)


def account_key(account_id: str) -> str:
    """Fold the spellings of an id that a person, or a site, takes for the same."""
    return unicodedata.normalize("NFC", account_id).casefold()


def read_accounts(path: Path, environ: Mapping[str, str]) -> AccountFile:
    """Read a CSV file or the users' workbook, told apart by content.

    Raises InputError with one Korean line for each problem: file, row, column.
    """
    table = _read_table(path)
    if not table.rows:
        raise InputError(f"{table.name}: 계정이 하나도 없습니다")
    problems = Problems(table.name)
    ids = [_account_id(row, problems) for row in table.rows]
    _refuse_twins(table.rows, ids, problems)
    folder = path.parent
    entries = [
        _entry(row, account_id, folder, environ, problems)
        for row, account_id in zip(table.rows, ids, strict=True)
    ]
    problems.stop_if_any()
    return AccountFile(
        path=path,
        entries=tuple(entry for entry in entries if entry is not None),
        encoding=table.encoding,
    )


def _read_table(path: Path) -> Table:
    data = _read_bytes(path)
    if data.startswith(_OLE_MAGIC):
        raise InputError(
            f"{path}: 예전 형식(.xls)이거나 암호가 걸린 엑셀 파일입니다"
            " (암호 없는 .xlsx로 저장하세요)"
        )
    is_workbook = data.startswith(_ZIP_MAGIC)
    table = read_workbook(str(path), data) if is_workbook else read_csv(str(path), data)
    _check_columns(table, may_have_others=is_workbook)
    return table


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: 계정 파일을 읽을 수 없습니다 ({os_reason(error)})") from error


def _check_columns(table: Table, *, may_have_others: bool) -> None:
    kinds = [kind.value for kind in PasswordKind]
    unknown = [c for c in table.columns if c not in kinds and not _OTHER_COLUMNS.fullmatch(c)]
    if unknown and not may_have_others:
        raise InputError(
            "\n".join(
                f"{table.name}: 알 수 없는 열 {column!r} (쓸 수 있는 열: id, {', '.join(kinds)})"
                for column in unknown
            )
        )
    if not set(kinds) & set(table.columns):
        raise InputError(f"{table.name}: 비밀번호 열이 없습니다 ({', '.join(kinds)} 중 하나)")


def _account_id(row: Row, problems: Problems) -> str | None:
    cell = row.cells.get("id", "")
    if isinstance(cell, Unreadable):
        problems.add(row.number, f"id 열: {cell.reason}")
        return None
    account_id = cell.strip()
    if not account_id:
        problems.add(row.number, "id 열이 비어 있습니다")
        return None
    if not account_id.isprintable():
        problems.add(row.number, f"id 열에 보이지 않는 글자가 있습니다: {account_id!r}")
        return None
    return account_id


def _refuse_twins(rows: Sequence[Row], ids: Sequence[str | None], problems: Problems) -> None:
    first_seen: dict[str, tuple[int, str]] = {}
    for row, account_id in zip(rows, ids, strict=True):
        if account_id is None:
            continue
        number, twin = first_seen.setdefault(account_key(account_id), (row.number, account_id))
        if number == row.number:
            continue
        spelling = "" if twin == account_id else " (대소문자나 유니코드 표기만 다름)"
        problems.add(row.number, f"id {account_id!r}는 {number}행에 이미 있습니다{spelling}")


def _entry(
    row: Row,
    account_id: str | None,
    folder: Path,
    environ: Mapping[str, str],
    problems: Problems,
) -> AccountEntry | None:
    try:
        kind, text = _password_cell(row)
        password = fetch_password(kind, text, folder=folder, environ=environ)
    except PasswordError as error:
        problems.add(row.number, str(error))
        return None
    if account_id is None:
        return None
    source = "" if kind is PasswordKind.VALUE else text
    account = Account(id=account_id, password=password)
    return AccountEntry(account=account, row=row.number, kind=kind, source=source)


def _password_cell(row: Row) -> tuple[PasswordKind, str]:
    filled = {kind: row.cells[kind] for kind in PasswordKind if row.is_filled(kind)}
    if not filled:
        columns = [kind.value for kind in PasswordKind if kind in row.cells]
        raise PasswordError(f"{', '.join(columns) or 'password'} 열이 비어 있습니다")
    if len(filled) > 1:
        raise PasswordError(f"{', '.join(filled)} 중 하나만 쓸 수 있습니다")
    kind, cell = filled.popitem()
    if isinstance(cell, Unreadable):
        raise PasswordError(f"{kind} 열: {cell.reason}")
    return kind, cell if kind is PasswordKind.VALUE else cell.strip()
