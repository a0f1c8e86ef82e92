"""Runs, batches and jobs read as a whole: one query per table, put together here."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Select, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import (
    AttemptRecord,
    BatchRecord,
    ItemRecord,
    JobRecord,
    RunPlan,
    RunRecord,
    Start,
)
from percenty_batch.ledger.rules import FINISHED
from percenty_batch.ledger.sql.notices import notice_of
from percenty_batch.ledger.sql.rows import (
    attempt_of,
    batch_end_of,
    batch_plan_of,
    item_of,
    job_end_of,
    run_plan_of,
    start_of,
)
from percenty_batch.ledger.sql.schema import attempts, batches, items, jobs, notices, runs, starts
from percenty_batch.ledger.sql.writing import Keys
from percenty_batch.ledger.views import account_outcomes
from percenty_batch.models import ItemOutcome

V = TypeVar("V")
ByKey = dict[tuple[str, ...], list[V]]

_ROWS_AT_ONCE = 1000


async def run(tx: AsyncConnection, run_id: str, account: str | None = None) -> RunRecord | None:
    key: Keys = {"run_id": run_id}
    for row in await _rows(tx, runs, key):
        starts_of_run = tuple(start_of(each) for each in await _rows(tx, starts, key))
        batches_of_run = await _batches(tx, key, account=account)
        return RunRecord(
            plan=run_plan_of(row),
            starts=starts_of_run,
            batches=batches_of_run,
            notices=tuple(notice_of(each) for each in await _rows(tx, notices, key)),
        )
    return None


async def latest_runs(
    tx: AsyncConnection, limit: int, before: str | None
) -> tuple[tuple[RunPlan, tuple[Start, ...]], ...]:
    query = begun_before(select(runs), before).order_by(runs.c.number.desc()).limit(limit)
    plans = [run_plan_of(row) for row in (await tx.execute(query)).mappings()]
    ids = [plan.run_id for plan in plans]
    of_runs = select(starts).where(starts.c.run_id.in_(ids)).order_by(starts.c.number)
    found = await _records(tx, of_runs, ("run_id",), start_of)
    return tuple((plan, tuple(found[(plan.run_id,)])) for plan in plans)


def begun_before(query: Select[Any], before: str | None) -> Select[Any]:
    """Leave out that run and those after it; None: nothing."""
    if before is None:
        return query
    number = select(runs.c.number).filter_by(run_id=before).scalar_subquery()
    return query.where(runs.c.number < number)


async def outcomes(tx: AsyncConnection, run_id: str) -> dict[str, bool]:
    """Read only the items that keep an account from having succeeded."""
    is_amiss = or_(items.c.outcome.is_(None), items.c.outcome.not_in(FINISHED))
    return account_outcomes(await _batches(tx, {"run_id": run_id}, is_amiss))


async def batch(tx: AsyncConnection, run_id: str, job_id: str) -> BatchRecord | None:
    found = await _batches(tx, {"run_id": run_id, "job_id": job_id})
    return found[0] if found else None


async def job(tx: AsyncConnection, run_id: str, job_id: str, account: str) -> JobRecord | None:
    found = await _jobs(tx, {"run_id": run_id, "job_id": job_id, "account": account})
    return found[run_id, job_id][0] if found else None


async def durations(tx: AsyncConnection, account: str, step: str, limit: int) -> tuple[float, ...]:
    its_batch = (batches.c.run_id == items.c.run_id) & (batches.c.job_id == items.c.job_id)
    query = (
        select(items.c.duration_s)
        .join_from(items, batches, its_batch)
        .where(items.c.account == account, batches.c.step == step)
        .where(items.c.outcome == ItemOutcome.DONE)
        .order_by(items.c.number.desc())
        .limit(limit)
    )
    return tuple(await tx.scalars(query))


async def _batches(
    tx: AsyncConnection,
    key: Keys,
    items_where: ColumnElement[bool] | None = None,
    account: str | None = None,
) -> tuple[BatchRecord, ...]:
    of_account = {} if account is None else {"account": account}
    found = await _jobs(tx, {**key, **of_account}, items_where)
    return tuple(
        _batch(row, found[row["run_id"], row["job_id"]])
        for row in await _rows(tx, batches, key)
        if account is None or (row["run_id"], row["job_id"]) in found
    )


def _batch(row: RowMapping, found: list[JobRecord]) -> BatchRecord:
    plan = batch_plan_of(row, {job.account: job.requested for job in found})
    return BatchRecord(plan=plan, jobs=tuple(found), end=batch_end_of(row))


async def _jobs(
    tx: AsyncConnection, key: Keys, items_where: ColumnElement[bool] | None = None
) -> ByKey[JobRecord]:
    """Read jobs by run and batch, in the order of the accounts; with some of their items only."""
    names = ("run_id", "job_id", "account")
    of_attempts = await _records(tx, _all(attempts, key), names, attempt_of)
    of_items = await _records(tx, _all(items, key, items_where), names, item_of)

    def job_of(row: RowMapping) -> JobRecord:
        of_row = _key(row, names)
        return _job(row, of_attempts[of_row], of_items[of_row])

    return await _records(tx, _all(jobs, key), names[:2], job_of)


def _job(row: RowMapping, tried: list[AttemptRecord], worked: list[ItemRecord]) -> JobRecord:
    return JobRecord(
        account=row["account"],
        requested=row["requested"],
        attempts=tuple(tried),
        items=tuple(worked),
        end=job_end_of(row),
    )


async def _rows(tx: AsyncConnection, table: Table, key: Keys) -> list[RowMapping]:
    return list((await tx.execute(_all(table, key))).mappings())


def _all(table: Table, key: Keys, where: ColumnElement[bool] | None = None) -> Select[Any]:
    query = select(table).filter_by(**key).order_by(table.c.number)
    return query if where is None else query.where(where)


async def _records(
    tx: AsyncConnection,
    query: Select[Any],
    names: tuple[str, ...],
    record_of: Callable[[RowMapping], V],
) -> ByKey[V]:
    """Read a part at a time: of many rows only what is made of them is kept."""
    found: ByKey[V] = defaultdict(list)
    async with tx.stream(query) as result:
        async for part in result.mappings().partitions(_ROWS_AT_ONCE):
            for row in part:
                found[_key(row, names)].append(record_of(row))
    return found


def _key(row: RowMapping, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[name] for name in names)
