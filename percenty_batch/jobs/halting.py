"""`--halt`: how many accounts may fail before the rest of the batch is given up."""

import re
from dataclasses import dataclass, replace
from typing import Self

from percenty_batch.errors import InputError
from percenty_batch.models import JobResult, JobStatus

_FORM = re.compile(r"fail=([0-9]{1,6})(%?)")
_ENDED_FOR_A_SHARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLimit:
    """So many failed accounts, or so many percent of all accounts of the batch."""

    amount: int
    is_percent: bool

    def __str__(self) -> str:
        return f"fail={self.amount}{'%' if self.is_percent else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Which accounts have ended a step so far, and which of them failed in one.

    An account counts once, however many of its steps failed. One that was cancelled, parked or
    never opened does not count, nor one that only has failed items besides finished ones.
    """

    ended: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()

    def seen(self, result: JobResult) -> Self:
        """Take in how an account ended a step."""
        if not result.attempts or result.status is JobStatus.CANCELLED:
            return self
        account = {result.account}
        failed = self.failed | account if result.has_failed else self.failed
        return replace(self, ended=self.ended | account, failed=failed)


def parse_halt(text: str) -> HaltLimit:
    """Read `fail=20%` or `fail=3`. Raises InputError with one line for everything else."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise InputError(f"--halt {text!r}: fail=20% 또는 fail=3처럼 써야 합니다")
    limit = HaltLimit(amount=int(form[1]), is_percent=bool(form[2]))
    if limit.amount < 1:
        raise InputError(f"--halt {text!r}: 1 이상이어야 합니다")
    if limit.is_percent and limit.amount > 100:
        raise InputError(f"--halt {text!r}: 비율은 1-100%여야 합니다")
    return limit


def halt_reason(limit: HaltLimit, tally: Tally, account_count: int) -> str | None:
    """Say in Korean why the batch is to halt now; None: it goes on.

    A share is of all accounts and is first looked at when three have ended (all, when there are
    fewer), so that the first failure does not end a short list.
    """
    if not _is_reached(limit, tally, account_count):
        return None
    failed = len(tally.failed)
    return f"계정 {account_count}개 중 {failed}개가 실패하여 배치를 멈춥니다 (--halt {limit})"


def _is_reached(limit: HaltLimit, tally: Tally, account_count: int) -> bool:
    if not limit.is_percent:
        return len(tally.failed) >= limit.amount
    if len(tally.ended) < min(_ENDED_FOR_A_SHARE, account_count):
        return False
    return len(tally.failed) * 100 >= limit.amount * account_count
