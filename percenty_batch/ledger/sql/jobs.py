"""Statements about one job: its attempts, items and edits, what it spends. All are fenced."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import Edit, JobEnd, JobRef, Turn
from percenty_batch.ledger.rules import closes_edits
from percenty_batch.ledger.sql.leases import check_fence
from percenty_batch.ledger.sql.rows import (
    edit_of,
    failure_values,
    job_end_values,
    result_values,
)
from percenty_batch.ledger.sql.schema import (
    attempts,
    edits,
    is_open,
    items,
    jobs,
    spendings,
    turns,
)
from percenty_batch.ledger.sql.writing import Keys, add, change, put
from percenty_batch.models import Failure, ItemResult


async def begin_attempt(tx: AsyncConnection, job: JobRef, number: int, at: datetime) -> None:
    await check_fence(tx, job.lease)
    await change(tx, jobs, _of_job(job), job_end_values(None))
    await add(tx, attempts, [{**_of_job(job), "number": number, "started_at": at}])


async def end_attempt(
    tx: AsyncConnection, job: JobRef, number: int, at: datetime, failure: Failure | None
) -> None:
    await check_fence(tx, job.lease)
    ended = {"finished_at": at, **failure_values(failure)}
    await change(tx, attempts, {**_of_job(job), "number": number}, ended)


async def end_job(tx: AsyncConnection, job: JobRef, end: JobEnd) -> None:
    await check_fence(tx, job.lease)
    await change(tx, jobs, _of_job(job), job_end_values(end))


async def claim_item(tx: AsyncConnection, job: JobRef, key: str, at: datetime) -> None:
    await check_fence(tx, job.lease)
    nothing_yet = {"claimed_at": at, "recorded_at": None, **result_values(None)}
    await put(tx, items, {**_of_job(job), "key": key}, nothing_yet)


async def record_item(tx: AsyncConnection, job: JobRef, item: ItemResult, at: datetime) -> None:
    await check_fence(tx, job.lease)
    of_item = {**_of_job(job), "key": item.key}
    await add(tx, items, [{**of_item, "claimed_at": at}])
    await change(tx, items, of_item, {"recorded_at": at, **result_values(item)})
    if closes_edits(item):
        closing = edits.update().filter_by(**_of_edits(job, item.key)).where(is_open)
        await tx.execute(closing.values(closed_at=at))


async def open_edits(tx: AsyncConnection, job: JobRef, key: str) -> tuple[Edit, ...]:
    await check_fence(tx, job.lease)
    query = select(edits).filter_by(**_of_edits(job, key)).where(is_open).order_by(edits.c.number)
    return tuple(edit_of(row) for row in (await tx.execute(query)).mappings())


async def intend(tx: AsyncConnection, job: JobRef, key: str, edit: Edit, turn: Turn | None) -> None:
    await check_fence(tx, job.lease)
    of_edit = {**_of_edits(job, key), "action": edit.action}
    state = {"intended": edit.intended, "is_done": edit.is_done, "run_id": job.run_id}
    await put(tx, edits, of_edit, state, index_where=is_open)
    if turn is not None:
        of_turn = {"account": job.account, "name": turn.name}
        await put(tx, turns, of_turn, {"position": turn.position})


async def turn(tx: AsyncConnection, account: str, name: str) -> Turn:
    query = select(turns.c.position).filter_by(account=account, name=name)
    return Turn(name=name, position=await tx.scalar(query) or 0)


async def spend(
    tx: AsyncConnection, job: JobRef, budget: str, day: date, what: str, amount: int
) -> None:
    await check_fence(tx, job.lease)
    key = {"account": job.account, "budget": budget, "day": day, "what": what}
    await put(tx, spendings, key, {"amount": amount})


async def spent(tx: AsyncConnection, account: str, budget: str, day: date) -> int:
    query = select(func.sum(spendings.c.amount)).filter_by(account=account, budget=budget, day=day)
    return int(await tx.scalar(query) or 0)


def _of_job(job: JobRef) -> Keys:
    return {"run_id": job.run_id, "job_id": job.job_id, "account": job.account}


def _of_edits(job: JobRef, key: str) -> Keys:
    return {"account": job.account, "step": job.step, "key": key}
