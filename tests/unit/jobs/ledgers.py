"""Ledgers in memory with a run in them, and who writes to them."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import (
    BatchPlan,
    JobRecord,
    JobRef,
    Lease,
    Ledger,
    MemoryLedger,
    Owner,
    RunPlan,
    Start,
)
from tests.unit.jobs.builders import NOON

RUN_ID, JOB_ID = "20241201_120000", "single_step_1_x"
LEASE_S = 30.0

OURS = Owner(place="here", host="our-host", pid=1, born=-1.0, run_id=RUN_ID)
DEAD = replace(OURS, pid=2, run_id="an earlier run")  # none was born before the boot
OTHERS = replace(OURS, place="elsewhere", host="their-host", run_id="their run")

RUN = RunPlan(
    run_id=RUN_ID,
    stamp=RUN_ID,
    host=OURS.host,
    logs_folder="logs",
    site="https://www.percenty.co.kr",
)


class _RefusingLedger:
    def __init__(self, ledger: Ledger, times: dict[str, int]) -> None:
        self._ledger = ledger
        self._times = times

    def __getattr__(self, name: str) -> object:
        if not self._times.get(name):
            return getattr(self._ledger, name)

        async def refuse(*_args: object, **_values: object) -> None:
            self._times[name] -= 1
            raise LedgerError("디스크가 가득 찼습니다")

        return refuse


def refusing(**times: int) -> Ledger:
    """A ledger in memory that refuses each of these calls so many times first."""
    return cast("Ledger", _RefusingLedger(MemoryLedger(), times))


def virtual_now() -> datetime:
    """The time of the test's own loop, for a ledger whose leases lapse in it."""
    return NOON + timedelta(seconds=asyncio.get_running_loop().time())


async def begin_batch(
    ledger: Ledger, *accounts: str, quantity: int = 9, job_id: str = JOB_ID, step: str = "1"
) -> None:
    """Write the run and a batch of it; again, it changes nothing."""
    start = Start(number=1, owner=OURS, version="1", started_at=NOON)
    await ledger.begin_run(RUN, start)
    await ledger.begin_batches(
        [
            BatchPlan(
                run_id=RUN_ID,
                job_id=job_id,
                step=step,
                quantity=quantity,
                requested=dict.fromkeys(accounts, quantity),
                started_at=NOON,
            )
        ]
    )


async def taken_job(
    ledger: Ledger, account: str, *, owner: Owner = OURS, job_id: str = JOB_ID
) -> JobRef:
    """Take the account, for a job that was begun."""
    lease = await ledger.acquire(f"account:{account}", owner, LEASE_S)
    assert isinstance(lease, Lease)
    return JobRef(run_id=RUN_ID, job_id=job_id, step="1", account=account, lease=lease)


async def read_job(ledger: Ledger, account: str, *, job_id: str = JOB_ID) -> JobRecord:
    record = await ledger.job(RUN_ID, job_id, account)
    assert record is not None
    return record
