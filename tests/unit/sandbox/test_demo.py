"""The demo's accounts and their file."""

import csv
from pathlib import Path

import pytest

from percenty_batch.sandbox import (
    Faults,
    SandboxAccount,
    Shape,
    demo_accounts,
    write_accounts_csv,
)


def test_twelve_accounts_each_say_what_to_expect_of_them() -> None:
    accounts = demo_accounts()

    assert len({account.id for account in accounts}) == 12
    for account in accounts:
        assert account.expected is not None
        attempted = account.expected.done + account.expected.failed
        assert attempted in (0, len(account.shapes))
        assert (attempted == 0) == (account.expected.failure_kind is not None)


def test_the_demo_shows_each_kind_of_end() -> None:
    expected = [account.expected for account in demo_accounts() if account.expected]

    assert [each.status for each in expected].count("succeeded") == 5
    assert [each.status for each in expected].count("partial") == 3
    assert {each.failure_kind for each in expected if each.failure_kind} == {
        "wrong_password",
        "locked",
        "captcha",
        "wrong_account",
    }


@pytest.mark.parametrize("faults", [Faults(broken_products=(2,)), Faults(silent_products=(0, 2))])
def test_a_fault_of_a_product_that_there_is_not_is_refused(faults: Faults) -> None:
    with pytest.raises(ValueError, match=r"a: faults of products \[2\], of 2"):
        SandboxAccount(id="a", password="p", shapes=(Shape(),) * 2, faults=faults)


def test_a_password_is_not_in_an_accounts_repr() -> None:
    account = demo_accounts()[0]

    assert account.password not in repr(account)


def test_the_accounts_file_has_the_columns_id_and_password(tmp_path: Path) -> None:
    accounts = demo_accounts(seed=3)
    path = tmp_path / "accounts.csv"

    write_accounts_csv(path, accounts)

    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert rows == [{"id": account.id, "password": account.password} for account in accounts]
