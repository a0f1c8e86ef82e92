"""The runs that the ledger knows, read for a command."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from percenty_batch.errors import InputError
from percenty_batch.ledger import Holder, RunRecord, has_ledger, open_ledger
from percenty_batch.manager import AccountNights, account_nights, read_history, run_holder
from percenty_batch.reports import History
from percenty_batch.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """A run, and who works at it just now."""

    record: RunRecord
    holder: Holder | None


def run_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument `[RUN]`, received as `run_id`."""
    return click.argument("run_id", required=False, metavar="[RUN]")(command)


def read_run(settings: Settings, run_id: str | None) -> KnownRun:
    """Read a run by its id (None: the latest).

    Raises InputError when there is none, and when it ended before it had planned anything.
    """
    folder = settings.logs.folder
    if not has_ledger(settings.ledger, folder):
        raise InputError(f"--logs-dir {folder}: 원장(ledger.sqlite3)이 없습니다")
    known = asyncio.run(_read(settings, run_id))
    if known is None:
        raise InputError(
            f"{run_id}: 원장에 없는 실행입니다" if run_id else "원장에 실행이 없습니다"
        )
    if not known.record.batches and known.holder is None:
        raise InputError(
            f"실행 {known.record.plan.run_id}: 아무것도 시작하기 전에 끝났습니다"
            " (percenty-batch run으로 새로 실행하세요)"
        )
    return known


def history_of(settings: Settings, run: RunRecord) -> History:
    """Read the nights before a run."""
    return asyncio.run(_history(settings, run))


def find_account(settings: Settings, account: str, run_id: str | None) -> AccountNights:
    """Read what became of an account in a run (None: the latest it was in), and the nights before.

    Raises InputError when there is nothing of it.
    """
    folder = settings.logs.folder
    if not has_ledger(settings.ledger, folder):
        raise InputError(f"--logs-dir {folder}: 원장(ledger.sqlite3)이 없습니다")
    found = asyncio.run(_find(settings, account, run_id))
    if found is None:
        where = f"실행 {run_id}에" if run_id else "원장에"
        raise InputError(f"{account}: {where} 이 계정의 기록이 없습니다")
    return found


async def _find(settings: Settings, account: str, run_id: str | None) -> AccountNights | None:
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        return await account_nights(ledger, account, run_id)


async def _history(settings: Settings, run: RunRecord) -> History:
    steps = {batch.plan.step for batch in run.batches}
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        return await read_history(ledger, run.plan, steps)


async def _read(settings: Settings, run_id: str | None) -> KnownRun | None:
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        if run_id is None:
            latest = await ledger.runs(1)
            if not latest:
                return None
            run_id = latest[0][0].run_id
        record = await ledger.run(run_id)
        if record is None:
            return None
        holder = await run_holder(ledger, run_id, settings.ledger.lease_s)
        return KnownRun(record=record, holder=holder)
