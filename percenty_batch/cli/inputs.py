"""What a run needs, read and checked in full before anything opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.accounts import AccountFile, AccountInputs, read_accounts, select_accounts
from percenty_batch.errors import InputError
from percenty_batch.models import Account
from percenty_batch.settings import Flag, Settings, check_variables, load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Settings, the whole accounts file, and the accounts that were selected."""

    settings: Settings
    file: AccountFile
    accounts: tuple[Account, ...]

    @property
    def rows(self) -> dict[str, AccountInputs]:
        """What the steps use of each account beside its login."""
        return {account.id: self.file.inputs_of(account.id) for account in self.accounts}


def read_inputs(
    settings_file: Path | None, environ: Mapping[str, str], flags: Iterable[Flag], select: str
) -> Inputs:
    """Load settings and accounts. Raises InputError."""
    settings = load_settings(settings_file, environ, flags)
    if settings.accounts_file is None:
        check_variables(environ)
        raise InputError("--accounts: 계정 파일을 지정해야 합니다 (CSV 또는 xlsx)")
    file = read_accounts(settings.accounts_file, environ)
    check_variables(environ, file.secret_env_names)
    return Inputs(settings=settings, file=file, accounts=select_accounts(file.accounts, select))
