"""Accounts: read from the user's file, checked in full, and selected."""

from percenty_batch.accounts.passwords import PasswordKind
from percenty_batch.accounts.reading import AccountEntry, AccountFile, read_accounts
from percenty_batch.accounts.selecting import select_accounts

__all__ = ["AccountEntry", "AccountFile", "PasswordKind", "read_accounts", "select_accounts"]
