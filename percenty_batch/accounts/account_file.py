"""What a user's file holds once everything in it is known to be good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from percenty_batch.accounts import logins, markets
from percenty_batch.accounts.logins import AccountEntry
from percenty_batch.accounts.markets import MarketRow
from percenty_batch.accounts.passwords import PasswordKind
from percenty_batch.accounts.suffixes import ShopSuffixes
from percenty_batch.accounts.tasks import Task
from percenty_batch.errors import InputError
from percenty_batch.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """A file without problems; `entries` in the file's order, never empty.

    `encoding` is the one that was found (None: a workbook). `task_sheets` are by account id, in
    the workbook's order; an account without a task sheet is not in it. `warnings` are Korean
    lines about what may not be meant.
    """

    path: Path
    entries: tuple[AccountEntry, ...]
    encoding: str | None
    task_sheets: Mapping[str, tuple[Task, ...]] = field(default_factory=dict)
    market_rows: tuple[MarketRow, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        return tuple(entry.account for entry in self.entries)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be shown: passwords and API keys."""
        keys = (key for row in self.market_rows for key in row.secrets)
        return (*(account.password for account in self.accounts), *keys)

    @property
    def secret_env_names(self) -> frozenset[str]:
        """The environment variables that hold passwords of this file."""
        return frozenset(e.source for e in self.entries if e.kind is PasswordKind.ENV)

    def tasks_of(self, account_id: str) -> tuple[Task, ...]:
        """Return the account's task rows. Raises InputError when it has no task sheet."""
        if account_id not in self.task_sheets:
            raise InputError(
                f"{self.path}: 계정 {account_id!r}의 작업 시트가 없습니다"
                f" ({logins.SHEET} 시트의 sheet_nickname 열에 시트 이름을 쓰세요)"
            )
        return self.task_sheets[account_id]

    def markets_of(self, account_id: str) -> tuple[MarketRow, ...]:
        """Return the account's market rows. Raises InputError when it has none."""
        rows = tuple(row for row in self.market_rows if row.account_id == account_id)
        if not rows:
            raise InputError(
                f"{self.path}: 계정 {account_id!r}의 행이 {markets.SHEET} 시트에 없습니다"
            )
        return rows

    def suffixes_of(self, account_id: str, number: int) -> ShopSuffixes:
        """Return the suffixes of step 5_`number`. Raises InputError when they are blank."""
        (entry,) = (each for each in self.entries if each.account.id == account_id)
        suffixes = entry.suffixes[number - 1]
        if suffixes is None:
            raise InputError(
                f"{self.path}: 계정 {account_id!r}의 suffixA{number}~suffixD{number} 열이"
                " 비어 있습니다"
            )
        return suffixes
