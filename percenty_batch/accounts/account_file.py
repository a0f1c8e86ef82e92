"""What a user's file holds once everything in it is known to be good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from percenty_batch.accounts.inputs import AccountInputs, account_place
from percenty_batch.accounts.logins import AccountEntry
from percenty_batch.accounts.markets import MarketRow
from percenty_batch.accounts.passwords import PasswordKind
from percenty_batch.accounts.tasks import Task
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

    def inputs_of(self, account_id: str) -> AccountInputs:
        """Return what the file holds for the account beside its login."""
        (entry,) = (each for each in self.entries if each.account.id == account_id)
        return AccountInputs(
            place=f"{self.path}: {account_place(account_id)}",
            tasks=self.task_sheets.get(account_id),
            markets=tuple(row for row in self.market_rows if row.account_id == account_id),
            suffixes=entry.suffixes,
        )
