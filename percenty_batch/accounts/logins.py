"""From the table of logins to accounts: ids, passwords, suffixes, task sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.accounts.passwords import PasswordError, PasswordKind, fetch_password
from percenty_batch.accounts.suffixes import NO_SUFFIXES, Suffixes, read_suffixes
from percenty_batch.accounts.table import Problems, Row, Table, Unreadable
from percenty_batch.models import Account, account_key

SHEET = "login_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """One account and where it stands.

    `source` names the variable or the file of its password ("": in the account file itself).
    """

    account: Account
    row: int
    kind: PasswordKind
    source: str
    suffixes: Suffixes = NO_SUFFIXES


def read_ids(table: Table, problems: Problems) -> dict[int, str]:
    """Return the id of each row that has a usable one; a second row of one id is refused."""
    if "id" in table.doubled:
        return {}
    found = {row.number: _account_id(row, problems) for row in table.rows}
    ids = {number: account_id for number, account_id in found.items() if account_id is not None}
    first_seen: dict[str, tuple[int, str]] = {}
    for number, account_id in ids.items():
        first, twin = first_seen.setdefault(account_key(account_id), (number, account_id))
        if first == number:
            continue
        spelling = "" if twin == account_id else " (대소문자나 유니코드 표기만 다름)"
        problems.add(number, f"id {account_id!r}는 {first}행에 이미 있습니다{spelling}")
    return ids


def read_entries(
    table: Table,
    ids: Mapping[int, str],
    *,
    folder: Path,
    environ: Mapping[str, str],
    problems: Problems,
) -> tuple[AccountEntry, ...]:
    """Return the rows without a problem as accounts. Password files are relative to `folder`."""
    kinds = set(PasswordKind)
    if table.columns and not kinds & set(table.columns):
        problems.add(None, f"비밀번호 열이 없습니다 ({', '.join(PasswordKind)} 중 하나)")
        return ()
    if table.columns and not table.rows:
        problems.add(None, "계정이 하나도 없습니다")
    if table.doubled & {"id", *kinds}:
        return ()
    entries = (_entry(row, ids.get(row.number), folder, environ, problems) for row in table.rows)
    return tuple(entry for entry in entries if entry is not None)


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


def _entry(
    row: Row,
    account_id: str | None,
    folder: Path,
    environ: Mapping[str, str],
    problems: Problems,
) -> AccountEntry | None:
    suffixes = read_suffixes(row, problems)
    try:
        kind, text = _password_cell(row)
        password = fetch_password(kind, text, folder=folder, environ=environ)
    except PasswordError as error:
        problems.add(row.number, str(error))
        return None
    if account_id is None:
        return None
    return AccountEntry(
        account=Account(id=account_id, password=password),
        row=row.number,
        kind=kind,
        source="" if kind is PasswordKind.VALUE else text,
        suffixes=suffixes,
    )


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
