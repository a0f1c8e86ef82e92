"""A report of step 1 beside the sandbox's own record, account by account."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from percenty_batch.models import JobStatus
from percenty_batch.reports import STATUSES
from percenty_batch.sandbox import Change, SandboxAccount, record_summary

_HEADERS = ("계정", "결과", "보고서 처리", "사이트 기록", "보고서 실패", "기록과 같음", "계획대로")
_WIDTH = 120  # columns, where no terminal says how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One account. `is_true`: the report tells the record; `is_planned`: and what was planned."""

    account: str
    status: str
    reported: int
    recorded: int
    failed: int
    is_true: bool
    is_planned: bool


def compare(
    report: Mapping[str, Any],
    accounts: Sequence[SandboxAccount],
    record: Iterable[Change],
) -> list[Row]:
    """Compare a report's JSON twin with the record: the very products, and where they went.

    What is planned for an account holds only where all its products were requested.
    """
    moved = {account: summary.moved for account, summary in record_summary(record).items()}
    told = {entry["account"]: entry for entry in report["accounts"]}
    return [_row(told[account.id], account, moved.get(account.id, {})) for account in accounts]


def _row(
    told: Mapping[str, Any],
    account: SandboxAccount,
    moved: Mapping[str, str | None],
) -> Row:
    reported = {i["key"]: i["moved_to"] for i in told["items"] if i["outcome"] == "done"}
    return Row(
        account=account.id,
        status=told["status"],
        reported=told["done"],
        recorded=len(moved),
        failed=told["failed"],
        is_true=reported == moved and told["done"] == len(moved),
        is_planned=told["requested"] < len(account.shapes) or _is_as_planned(told, account),
    )


def _is_as_planned(told: Mapping[str, Any], account: SandboxAccount) -> bool:
    plan = account.expected
    return plan is None or (plan.status, plan.done, plan.failed, plan.failure_kind) == (
        told["status"],
        told["done"],
        told["failed"],
        told["failure_kind"],
    )


def print_table(rows: Iterable[Row]) -> None:
    """Print the comparison on stdout."""
    table = Table(*_HEADERS, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(
            row.account,
            " ".join(STATUSES[JobStatus(row.status)]),
            str(row.reported),
            str(row.recorded),
            str(row.failed),
            _mark(row.is_true),
            _mark(row.is_planned),
        )
    is_terminal = sys.stdout.isatty()
    width = None if is_terminal else _WIDTH
    Console(width=width, force_terminal=is_terminal, markup=False).print(table)


def _mark(is_good: bool) -> str:
    return "✅" if is_good else "❌"
