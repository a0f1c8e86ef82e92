"""Which accounts of a file are meant: `1,3-5,a@b.c`, `all`, `account_3`."""

import re
from collections.abc import Iterable, Sequence

from percenty_batch.errors import InputError
from percenty_batch.models import Account, account_key

_NUMBERS = re.compile(r"(?:account_)?(\d{1,9})(?:-(\d{1,9}))?", re.ASCII | re.IGNORECASE)


def select_accounts(accounts: Sequence[Account], selection: str) -> tuple[Account, ...]:
    """Choose by position (from 1), range, id or `all`; in the file's order, each once.

    Raises InputError, one Korean line for each part that means nothing here.
    """
    chosen: set[int] = set()
    problems: list[str] = []
    for part in selection.split(","):
        try:
            chosen.update(_positions(accounts, part.strip()))
        except InputError as error:
            problems.append(f"--select {selection!r}: {error}")
    if problems:
        raise InputError("\n".join(problems))
    return tuple(accounts[position - 1] for position in sorted(chosen))


def _positions(accounts: Sequence[Account], part: str) -> Iterable[int]:
    if not part:
        raise InputError("빈 항목이 있습니다 (예: 1,3-5,user1@example.com)")
    by_id = [
        position
        for position, account in enumerate(accounts, start=1)
        if account_key(account.id) == account_key(part)
    ]
    numbers = _NUMBERS.fullmatch(part)
    if by_id and (numbers or part == "all"):
        raise InputError(f"{part!r}는 계정 아이디와 번호 표기 둘 다에 해당합니다")
    if part == "all":
        return range(1, len(accounts) + 1)
    if numbers:
        return _range(part, int(numbers[1]), int(numbers[2] or numbers[1]), len(accounts))
    if not by_id:
        raise InputError(f"계정 {part!r}가 계정 파일에 없습니다")
    return by_id


def _range(part: str, first: int, last: int, count: int) -> range:
    if first > last:
        raise InputError(f"{part!r}는 거꾸로 된 범위입니다 ({last}-{first}로 쓰세요)")
    if not 1 <= first <= last <= count:
        raise InputError(f"{part!r}는 계정 번호 1-{count}를 벗어났습니다")
    return range(first, last + 1)
