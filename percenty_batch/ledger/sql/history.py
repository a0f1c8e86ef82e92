"""What earlier runs came to, counted by the database: no items are read."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import RunPlan
from percenty_batch.ledger.sql.reading import begun_before
from percenty_batch.ledger.sql.rows import job_end_of, run_plan_of
from percenty_batch.ledger.sql.schema import attempts, batches, items, jobs, runs
from percenty_batch.ledger.sql.writing import Keys
from percenty_batch.ledger.views import job_outline
from percenty_batch.models import ItemOutcome, JobOutline, Night

_JobKey = tuple[str, str]  # job id and account
_Outcomes = dict[ItemOutcome | None, int]


async def find_runs(
    tx: AsyncConnection,
    limit: int,
    before: str | None,
    site: str | None,
    steps: Collection[str],
    account: str | None,
) -> tuple[RunPlan, ...]:
    query = begun_before(select(runs).where(_has_batch(steps, account)), before)
    if site is not None:
        query = query.filter_by(site=site)
    query = query.order_by(runs.c.number.desc()).limit(limit)
    return tuple(run_plan_of(row) for row in (await tx.execute(query)).mappings())


async def night(tx: AsyncConnection, run_id: str, account: str | None) -> Night | None:
    run = (await tx.execute(select(runs).filter_by(run_id=run_id))).mappings().one_or_none()
    if run is None:
        return None
    key: Keys = {"run_id": run_id} | ({} if account is None else {"account": account})
    tried, worked = await _tried(tx, key), await _worked(tx, key)
    rows = (await tx.execute(_jobs_with_steps(key))).mappings()
    told = tuple(_outline(row, tried, worked) for row in rows)
    return Night(run_id=run_id, stamp=run["stamp"], jobs=told)


def _has_batch(steps: Collection[str], account: str | None) -> ColumnElement[bool]:
    found = select(batches.c.number).where(batches.c.run_id == runs.c.run_id)
    if steps:
        found = found.where(batches.c.step.in_(steps))
    if account is not None:
        same = (jobs.c.run_id == batches.c.run_id) & (jobs.c.job_id == batches.c.job_id)
        found = found.where(exists().where(same & (jobs.c.account == account)))
    return found.exists()


def _jobs_with_steps(key: Keys) -> Select[tuple[object, ...]]:
    same = (jobs.c.run_id == batches.c.run_id) & (jobs.c.job_id == batches.c.job_id)
    query = select(jobs, batches.c.step).join(batches, same)
    query = query.where(*(jobs.c[name] == value for name, value in key.items()))
    return query.order_by(batches.c.number, jobs.c.number)


def _outline(
    row: RowMapping, tried: dict[_JobKey, int], worked: dict[_JobKey, _Outcomes]
) -> JobOutline:
    key = row["job_id"], row["account"]
    return job_outline(
        row["account"],
        row["step"],
        row["requested"],
        end=job_end_of(row),
        attempts=tried.get(key, 0),
        outcomes=worked.get(key, {}),
    )


async def _tried(tx: AsyncConnection, key: Keys) -> dict[_JobKey, int]:
    of_job = (attempts.c.job_id, attempts.c.account)
    query = select(*of_job, func.count()).filter_by(**key).group_by(*of_job)
    return {(job_id, account): count for job_id, account, count in await tx.execute(query)}


async def _worked(tx: AsyncConnection, key: Keys) -> dict[_JobKey, _Outcomes]:
    grouped = (items.c.job_id, items.c.account, items.c.outcome)
    query = select(*grouped, func.count()).filter_by(**key).group_by(*grouped)
    found: dict[_JobKey, _Outcomes] = defaultdict(dict)
    for job_id, account, outcome, count in await tx.execute(query):
        found[job_id, account][outcome and ItemOutcome(outcome)] = count
    return found
