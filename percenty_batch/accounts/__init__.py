"""The user's file: accounts, their tasks and market rows, checked in full and selected."""

from percenty_batch.accounts.account_file import AccountFile
from percenty_batch.accounts.cells import (
    AllImages,
    ChineseImages,
    Copies,
    ImagesAt,
    Removal,
    Translation,
)
from percenty_batch.accounts.inputs import NO_NEEDS, AccountInputs, Needs, no_inputs
from percenty_batch.accounts.logins import AccountEntry
from percenty_batch.accounts.markets import MarketRow
from percenty_batch.accounts.passwords import PasswordKind
from percenty_batch.accounts.reading import read_accounts
from percenty_batch.accounts.selecting import select_accounts
from percenty_batch.accounts.suffixes import ShopSuffixes
from percenty_batch.accounts.tasks import NO_EDITS, Edits, Task, TaskStep

__all__ = [
    "NO_EDITS",
    "NO_NEEDS",
    "AccountEntry",
    "AccountFile",
    "AccountInputs",
    "AllImages",
    "ChineseImages",
    "Copies",
    "Edits",
    "ImagesAt",
    "MarketRow",
    "Needs",
    "PasswordKind",
    "Removal",
    "ShopSuffixes",
    "Task",
    "TaskStep",
    "Translation",
    "no_inputs",
    "read_accounts",
    "select_accounts",
]
