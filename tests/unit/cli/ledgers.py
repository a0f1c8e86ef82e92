"""A ledger in a folder of logs, with one run in it."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from percenty_batch.ledger import (
    BatchEnd,
    BatchPlan,
    JobEnd,
    JobRef,
    Lease,
    Ledger,
    Owner,
    RunPlan,
    Start,
    open_ledger,
    this_process,
)
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.settings import LedgerSettings
from tests.unit.jobs.builders import NOON, product_key

RUN_ID = "20241201_120000"
JOB_ID = f"single_step_1_{RUN_ID}"
DONE, LEFT = ACCOUNTS = ("a@example.com", "b@example.com")
SITE = "https://www.percenty.co.kr/"
LEASE_S = 30.0
LEDGER = LedgerSettings()


def write(logs: Path, *steps: Callable[[Ledger], Awaitable[object]]) -> None:
    """Do something to the ledger in this folder."""

    async def main() -> None:
        async with open_ledger(LEDGER, logs) as ledger:
            for step in steps:
                await step(ledger)

    asyncio.run(main())


def owner() -> Owner:
    return this_process(RUN_ID)


async def begin(ledger: Ledger) -> None:
    """A run that was started."""
    plan = RunPlan(run_id=RUN_ID, stamp=RUN_ID, host="h", logs_folder=os.curdir, site=SITE)
    start = Start(number=1, owner=owner(), version="0.0.1", started_at=NOON)
    await ledger.begin_run(plan, start)


async def plan_batch(ledger: Ledger) -> None:
    """A batch of two accounts, with one product each."""
    await ledger.begin_batches(
        [
            BatchPlan(
                run_id=RUN_ID,
                job_id=JOB_ID,
                step="1",
                quantity=1,
                requested=dict.fromkeys(ACCOUNTS, 1),
                started_at=NOON,
            )
        ]
    )


async def finish_one(ledger: Ledger) -> None:
    """The first account's product is done."""
    lease = await ledger.acquire(f"account:{DONE}", owner(), LEASE_S)
    assert isinstance(lease, Lease)
    job = JobRef(run_id=RUN_ID, job_id=JOB_ID, step="1", account=DONE, lease=lease)
    item = ItemResult(key=product_key(0), outcome=ItemOutcome.DONE, moved_to="신규수집")
    await ledger.begin_attempt(job, 1, NOON)
    await ledger.record_item(job, item, NOON)
    await ledger.end_attempt(job, 1, NOON, None)
    await ledger.end_job(job, end_of_job(StopReason.QUANTITY_REACHED))
    await ledger.release(lease)


async def finish_all(ledger: Ledger) -> None:
    """The other account had nothing to do, and the batch has ended."""
    await ledger.park_jobs(RUN_ID, JOB_ID, {LEFT: end_of_job(StopReason.SOURCE_EMPTY)})
    await ledger.end_batch(RUN_ID, JOB_ID, BatchEnd(finished_at=NOON, duration_s=1.0))


def end_of_job(reason: StopReason) -> JobEnd:
    return JobEnd(stop_reason=reason, failure=None, finished_at=NOON, duration_s=1.0)


def held_by(holder: Owner) -> Callable[[Ledger], Awaitable[object]]:
    """Somebody works at the run."""
    return lambda ledger: ledger.acquire(f"run:{RUN_ID}", holder, LEASE_S)
