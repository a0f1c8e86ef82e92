import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.accounts import select_accounts
from percenty_batch.errors import InputError
from percenty_batch.models import Account

ACCOUNTS = [Account(id=f"user{n}@example.com", password="x") for n in range(1, 8)]


def chosen(selection: str) -> list[int]:
    return [ACCOUNTS.index(account) + 1 for account in select_accounts(ACCOUNTS, selection)]


@pytest.mark.parametrize(
    ("selection", "positions"),
    [
        ("1", [1]),
        ("1,3-5,user7@example.com", [1, 3, 4, 5, 7]),
        ("5, 1 ,5,4-5", [1, 4, 5]),
        ("USER2@example.com", [2]),
        ("account_3", [3]),
        ("all", [1, 2, 3, 4, 5, 6, 7]),
        ("2-2", [2]),
    ],
)
def test_a_selection_keeps_the_files_order_and_takes_each_once(
    selection: str, positions: list[int]
) -> None:
    assert chosen(selection) == positions


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ("", "빈 항목이 있습니다"),
        ("1,,2", "빈 항목이 있습니다"),
        ("0", "계정 번호 1-7를 벗어났습니다"),
        ("5-8", "계정 번호 1-7를 벗어났습니다"),
        ("5-3", "거꾸로 된 범위입니다 (3-5로 쓰세요)"),
        ("nobody@example.com", "계정 파일에 없습니다"),
        ("1-2-3", "계정 파일에 없습니다"),
        ("-1", "계정 파일에 없습니다"),
        ("٣", "계정 파일에 없습니다"),
    ],
)
def test_a_part_that_means_nothing_is_refused(selection: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        select_accounts(ACCOUNTS, selection)

    assert said in str(caught.value)
    assert str(caught.value).startswith(f"--select {selection!r}: ")


def test_every_bad_part_has_its_own_line() -> None:
    with pytest.raises(InputError) as caught:
        select_accounts(ACCOUNTS, "9,1,x@example.com")

    assert len(str(caught.value).splitlines()) == 2


def test_an_id_that_reads_as_a_number_is_never_guessed() -> None:
    accounts = [Account(id="2", password="x"), Account(id="b@example.com", password="x")]

    with pytest.raises(InputError, match="둘 다에 해당합니다"):
        select_accounts(accounts, "2")


@settings(deadline=None)  # a busy machine is no failure
@given(positions=st.lists(st.integers(1, 7), min_size=1))
def test_numbers_and_ids_choose_the_same_accounts(positions: list[int]) -> None:
    numbers = ",".join(map(str, positions))
    ids = ",".join(ACCOUNTS[position - 1].id for position in positions)

    assert chosen(numbers) == chosen(ids) == sorted(set(positions))
