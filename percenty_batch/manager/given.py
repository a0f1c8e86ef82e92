"""The accounts that a manager is given, or reads itself."""

from collections.abc import Collection, Mapping, Sequence

from percenty_batch.accounts import AccountInputs, read_accounts
from percenty_batch.errors import InputError
from percenty_batch.models import Account, account_key
from percenty_batch.settings import Settings, check_variables


def read_given_accounts(
    settings: Settings, environ: Mapping[str, str]
) -> tuple[Sequence[Account], Mapping[str, AccountInputs]]:
    """Read the settings' accounts file: the accounts, and the rows of each. Raises InputError."""
    if settings.accounts_file is None:
        raise InputError("accounts_file: 계정 파일이 설정되지 않았습니다 (CSV 또는 xlsx)")
    file = read_accounts(settings.accounts_file, environ)
    check_variables(environ, file.secret_env_names)
    return file.accounts, {each.id: file.inputs_of(each.id) for each in file.accounts}


def by_id(accounts: Sequence[Account]) -> dict[str, Account]:
    """Give the accounts by their ids. Raises InputError for two spellings of one."""
    found: dict[str, Account] = {}
    for each in accounts:
        if found.setdefault(account_key(each.id), each) is not each:
            raise InputError(f"accounts: id {each.id!r}는 이미 있습니다")
    return {each.id: each for each in accounts}


def known_accounts(wanted: Sequence[str] | None, known: Collection[str]) -> tuple[str, ...]:
    """Give the wanted accounts in their order and once; None: all. Raises InputError."""
    chosen = tuple(known) if wanted is None else tuple(dict.fromkeys(wanted))
    if not chosen:
        raise InputError("accounts: 계정이 하나도 없습니다")
    if unknown := [account for account in chosen if account not in known]:
        raise InputError(f"accounts: 계정을 찾을 수 없습니다: {', '.join(unknown)}")
    return chosen
