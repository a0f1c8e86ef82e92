"""Statements about runs, their starts and batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import BatchEnd, BatchPlan, JobEnd, RunPlan, Start
from percenty_batch.ledger.rules import check_same_start, run_taken
from percenty_batch.ledger.sql.rows import (
    batch_end_values,
    batch_plan_values,
    job_end_values,
    run_plan_of,
    run_values,
    start_of,
    start_values,
)
from percenty_batch.ledger.sql.schema import batches, jobs, runs, starts
from percenty_batch.ledger.sql.writing import Keys, add, change, change_each


async def begin_run(tx: AsyncConnection, plan: RunPlan, start: Start) -> None:
    await add(tx, runs, [{"run_id": plan.run_id, **run_values(plan)}])
    known = (await tx.execute(select(runs).filter_by(run_id=plan.run_id))).mappings().one()
    if run_plan_of(known) != plan:
        raise run_taken(plan.run_id)
    await begin_start(tx, plan.run_id, start)


async def begin_start(tx: AsyncConnection, run_id: str, start: Start) -> None:
    key = _of_start(run_id, start.number)
    await add(tx, starts, [{**key, **start_values(start)}])
    known = (await tx.execute(select(starts).filter_by(**key))).mappings().one()
    check_same_start(run_id, start_of(known), start)


async def end_start(tx: AsyncConnection, run_id: str, number: int, at: datetime) -> None:
    await change(tx, starts, _of_start(run_id, number), {"finished_at": at})


async def begin_batches(tx: AsyncConnection, plans: Sequence[BatchPlan]) -> None:
    for plan in plans:
        await _begin_batch(tx, plan)


async def _begin_batch(tx: AsyncConnection, plan: BatchPlan) -> None:
    key = _of_batch(plan.run_id, plan.job_id)
    await add(tx, batches, [{**key, **batch_plan_values(plan)}])
    await add(
        tx,
        jobs,
        [{**key, "account": each, "requested": count} for each, count in plan.requested.items()],
    )


async def reopen_batch(tx: AsyncConnection, run_id: str, job_id: str) -> None:
    await change(tx, batches, _of_batch(run_id, job_id), batch_end_values(None))


async def park_jobs(
    tx: AsyncConnection, run_id: str, job_id: str, ends: Mapping[str, JobEnd]
) -> None:
    values = {account: job_end_values(end) for account, end in ends.items()}
    await change_each(tx, jobs, _of_batch(run_id, job_id), "account", values)


async def end_batch(tx: AsyncConnection, run_id: str, job_id: str, end: BatchEnd) -> None:
    await change(tx, batches, _of_batch(run_id, job_id), batch_end_values(end))


def _of_start(run_id: str, number: int) -> Keys:
    return {"run_id": run_id, "number": number}


def _of_batch(run_id: str, job_id: str) -> Keys:
    return {"run_id": run_id, "job_id": job_id}
