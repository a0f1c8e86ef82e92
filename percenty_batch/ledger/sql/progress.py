"""How far a run is, counted by the database: no items are read."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import BatchProgress, JobProgress, RunProgress
from percenty_batch.ledger.sql.rows import batch_end_of, job_end_of, run_plan_of, start_of
from percenty_batch.ledger.sql.schema import attempts, batches, items, jobs, runs, starts
from percenty_batch.ledger.sql.writing import Keys
from percenty_batch.ledger.views import job_outline
from percenty_batch.models import ItemOutcome


@dataclass(slots=True)
class _Tally:
    """What was counted of one job."""

    attempts: int = 0
    begun_at: datetime | None = None
    recent: int = 0
    times: list[datetime] = field(default_factory=list)
    outcomes: dict[ItemOutcome | None, int] = field(default_factory=dict)


_Tallies = defaultdict[tuple[str, str], _Tally]  # by job id and account


async def run_progress(tx: AsyncConnection, run_id: str, since: datetime) -> RunProgress | None:
    key: Keys = {"run_id": run_id}
    row = (await tx.execute(select(runs).filter_by(**key))).mappings().one_or_none()
    if row is None:
        return None
    of_starts = select(starts).filter_by(**key).order_by(starts.c.number)
    of_batches = select(batches).filter_by(**key).order_by(batches.c.number)
    planned = [_batch(each) for each in (await tx.execute(of_batches)).mappings()]
    return RunProgress(
        plan=run_plan_of(row),
        starts=tuple(start_of(each) for each in (await tx.execute(of_starts)).mappings()),
        batches=tuple(planned),
        jobs=await _jobs(tx, key, planned, since),
    )


def _batch(row: RowMapping) -> BatchProgress:
    return BatchProgress(
        job_id=row["job_id"],
        step=row["step"],
        started_at=row["started_at"],
        end=batch_end_of(row),
    )


async def _jobs(
    tx: AsyncConnection, key: Keys, planned: list[BatchProgress], since: datetime
) -> tuple[JobProgress, ...]:
    tallies: _Tallies = defaultdict(_Tally)
    await _count_attempts(tx, key, tallies)
    await _count_items(tx, key, since, tallies)
    steps = {batch.job_id: (place, batch.step) for place, batch in enumerate(planned)}
    rows = (await tx.execute(select(jobs).filter_by(**key).order_by(jobs.c.number))).mappings()
    in_order = sorted(rows, key=lambda row: steps[row["job_id"]][0])
    return tuple(_job(row, steps[row["job_id"]][1], tallies) for row in in_order)


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


async def _count_attempts(tx: AsyncConnection, key: Keys, tallies: _Tallies) -> None:
    of_job = (attempts.c.job_id, attempts.c.account)
    begun, ended = attempts.c.started_at, attempts.c.finished_at
    query = select(*of_job, func.count(), func.min(begun), func.max(begun), func.max(ended))
    found = await tx.execute(query.filter_by(**key).group_by(*of_job))
    for job_id, account, count, first, last, end in found:
        tally = tallies[job_id, account]
        tally.attempts, tally.begun_at = count, first
        tally.times += filter(None, (last, end))


async def _count_items(tx: AsyncConnection, key: Keys, since: datetime, tallies: _Tallies) -> None:
    grouped = (items.c.job_id, items.c.account, items.c.outcome)
    recent = func.sum(case((items.c.recorded_at >= since, 1), else_=0))
    claimed, recorded = func.max(items.c.claimed_at), func.max(items.c.recorded_at)
    query = select(*grouped, func.count(), recent, claimed, recorded)
    found = await tx.execute(query.filter_by(**key).group_by(*grouped))
    for job_id, account, outcome, count, late, claimed_at, recorded_at in found:
        tally = tallies[job_id, account]
        tally.outcomes[outcome and ItemOutcome(outcome)] = count
        tally.recent += late
        tally.times += filter(None, (claimed_at, recorded_at))
