"""How far a run is, counted by the database: no items are read, and no job twice in vain."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, Table, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import BatchProgress, JobProgress, RunProgress
from percenty_batch.ledger.sql.rows import batch_end_of, job_end_of, run_plan_of, start_of
from percenty_batch.ledger.sql.schema import attempts, batches, items, jobs, runs, starts
from percenty_batch.ledger.sql.writing import Keys
from percenty_batch.ledger.views import job_outline
from percenty_batch.models import ItemOutcome

_JobKey = tuple[str, str]  # job id and account
_MOST_NAMED = 500  # jobs that a query names; for more it looks at all


@dataclass(slots=True)
class _Tally:
    """What was counted of one job."""

    attempts: int = 0
    begun_at: datetime | None = None
    recent: int = 0
    times: list[datetime] = field(default_factory=list)
    outcomes: dict[ItemOutcome | None, int] = field(default_factory=dict)


_Tallies = defaultdict[_JobKey, _Tally]


async def run_progress(
    tx: AsyncConnection, run_id: str, since: datetime, known: RunProgress | None
) -> RunProgress | None:
    key: Keys = {"run_id": run_id}
    row = (await tx.execute(select(runs).filter_by(**key))).mappings().one_or_none()
    if row is None:
        return None
    of_starts = select(starts).filter_by(**key).order_by(starts.c.number)
    of_batches = select(batches).filter_by(**key).order_by(batches.c.number)
    planned = [_batch(each) for each in (await tx.execute(of_batches)).mappings()]
    ends = await _ends(tx, key)
    settled = {} if known is None else await _settled(tx, key, known, ends, since)
    stale = [each for each in ends if each not in settled]
    found = settled | (await _count(tx, key, planned, stale, since) if stale else {})
    places = {batch.job_id: place for place, batch in enumerate(planned)}
    in_order = sorted(ends, key=lambda each: places[each[0]])  # the jobs' order within a batch
    return RunProgress(
        plan=run_plan_of(row),
        starts=tuple(start_of(each) for each in (await tx.execute(of_starts)).mappings()),
        batches=tuple(planned),
        jobs=tuple(found[each] for each in in_order),
    )


def _batch(row: RowMapping) -> BatchProgress:
    return BatchProgress(
        job_id=row["job_id"],
        step=row["step"],
        started_at=row["started_at"],
        end=batch_end_of(row),
    )


async def _ends(tx: AsyncConnection, key: Keys) -> dict[_JobKey, datetime | None]:
    query = select(jobs.c.job_id, jobs.c.account, jobs.c.finished_at).filter_by(**key)
    found = await tx.execute(query.order_by(jobs.c.number))
    return {(job_id, account): finished_at for job_id, account, finished_at in found}


async def _settled(
    tx: AsyncConnection,
    key: Keys,
    known: RunProgress,
    ends: dict[_JobKey, datetime | None],
    since: datetime,
) -> dict[_JobKey, JobProgress]:
    """Find the jobs that are as they were: not begun, or ended before anything recent."""
    of_job = (attempts.c.job_id, attempts.c.account)
    query = select(*of_job, func.count()).filter_by(**key).group_by(*of_job)
    tried = {(job_id, account): count for job_id, account, count in await tx.execute(query)}

    def is_same(each: _JobKey, job: JobProgress) -> bool:
        is_still = job.ended_at < since if job.ended_at else not job.outline.attempts
        same_end = each in ends and ends[each] == job.ended_at
        return is_still and same_end and tried.get(each, 0) == job.outline.attempts

    by_key = {(job.job_id, job.outline.account): job for job in known.jobs}
    return {
        each: replace(job, recent=0) if job.recent else job
        for each, job in by_key.items()
        if is_same(each, job)
    }


async def _count(
    tx: AsyncConnection,
    key: Keys,
    planned: list[BatchProgress],
    stale: Collection[_JobKey],
    since: datetime,
) -> dict[_JobKey, JobProgress]:
    tallies: _Tallies = defaultdict(_Tally)
    named = stale if len(stale) <= _MOST_NAMED else None
    await _count_attempts(tx, key, named, tallies)
    await _count_items(tx, key, named, since, tallies)
    steps = {batch.job_id: batch.step for batch in planned}
    rows = (await tx.execute(_of(jobs, select(jobs), key, named))).mappings()
    return {
        (row["job_id"], row["account"]): _job(row, steps[row["job_id"]], tallies) for row in rows
    }


def _of(
    table: Table, query: Select[Any], key: Keys, named: Collection[_JobKey] | None
) -> Select[Any]:
    """Look at the jobs that are named, by the index, or (None) at all of the run."""
    query = query.filter_by(**key)
    if named is None:
        return query
    job_ids, accounts = {job_id for job_id, _ in named}, {account for _, account in named}
    return query.where(table.c.job_id.in_(job_ids), table.c.account.in_(accounts))


def _job(row: RowMapping, step: str, tallies: _Tallies) -> JobProgress:
    tally, end = tallies[row["job_id"], row["account"]], job_end_of(row)
    outline = job_outline(
        row["account"],
        step,
        row["requested"],
        end=end,
        attempts=tally.attempts,
        outcomes=tally.outcomes,
    )
    return JobProgress(
        job_id=row["job_id"],
        outline=outline,
        begun_at=tally.begun_at,
        last_at=max(tally.times, default=None),
        ended_at=end.finished_at if end else None,
        recent=tally.recent,
    )


async def _count_attempts(
    tx: AsyncConnection, key: Keys, named: Collection[_JobKey] | None, tallies: _Tallies
) -> None:
    of_job = (attempts.c.job_id, attempts.c.account)
    begun, ended = attempts.c.started_at, attempts.c.finished_at
    query = select(*of_job, func.count(), func.min(begun), func.max(begun), func.max(ended))
    found = await tx.execute(_of(attempts, query, key, named).group_by(*of_job))
    for job_id, account, count, first, last, end in found:
        tally = tallies[job_id, account]
        tally.attempts, tally.begun_at = count, first
        tally.times += filter(None, (last, end))


async def _count_items(
    tx: AsyncConnection,
    key: Keys,
    named: Collection[_JobKey] | None,
    since: datetime,
    tallies: _Tallies,
) -> None:
    grouped = (items.c.job_id, items.c.account, items.c.outcome)
    recent = func.sum(case((items.c.recorded_at >= since, 1), else_=0))
    claimed, recorded = func.max(items.c.claimed_at), func.max(items.c.recorded_at)
    query = select(*grouped, func.count(), recent, claimed, recorded)
    found = await tx.execute(_of(items, query, key, named).group_by(*grouped))
    for job_id, account, outcome, count, late, claimed_at, recorded_at in found:
        tally = tallies[job_id, account]
        tally.outcomes[outcome and ItemOutcome(outcome)] = count
        tally.recent += late
        tally.times += filter(None, (claimed_at, recorded_at))
