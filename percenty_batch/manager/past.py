"""What is known of the past: the nights before a run, and one account's nights."""

import asyncio
import socket
from collections.abc import Collection
from dataclasses import dataclass

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import (
    BatchPlan,
    Holder,
    JobRecord,
    Ledger,
    RunPlan,
    this_process,
)
from percenty_batch.models import Night
from percenty_batch.reports import NIGHTS, History
from percenty_batch.settings import Settings


async def read_history(ledger: Ledger, plan: RunPlan, steps: Collection[str]) -> History:
    """Read the latest earlier runs of these steps on the same site, one at a time.

    A ledger that refuses costs the comparison, which says so, and not the report.
    """
    history = History()
    try:
        for earlier in await ledger.find_runs(
            NIGHTS, before=plan.run_id, site=plan.site, steps=steps
        ):
            if night := await ledger.night(earlier.run_id):
                history.add(night)
    except LedgerError as error:
        history.problem = str(error)
    return history


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNights:
    """One account in one run: its jobs by batch, and its earlier nights, newest first."""

    run: RunPlan
    jobs: tuple[tuple[BatchPlan, JobRecord], ...]
    nights: tuple[Night, ...]


async def account_nights(
    ledger: Ledger, account: str, run_id: str | None = None
) -> AccountNights | None:
    """Read what became of an account in a run (None: the latest it was in), and before.

    None when it was in no such run.
    """
    if run_id is None:
        latest = await ledger.find_runs(1, account=account)
        if not latest:
            return None
        run_id = latest[0].run_id
    record = await ledger.run(run_id, account)
    if record is None or not record.batches:
        return None
    earlier = await ledger.find_runs(NIGHTS, before=run_id, account=account)
    nights = [await ledger.night(each.run_id, account) for each in earlier]
    return AccountNights(
        run=record.plan,
        jobs=tuple((batch.plan, job) for batch in record.batches for job in batch.jobs),
        nights=tuple(filter(None, nights)),
    )


async def run_holder(ledger: Ledger, run_id: str, lease_s: float) -> Holder | None:
    """Tell who works at the run. One who died a moment ago still stands in the lease."""
    resource = f"run:{run_id}"
    if await ledger.holder(resource) is None:
        return None
    us = await asyncio.to_thread(this_process, run_id)
    answer = await ledger.acquire(resource, us, lease_s)
    if isinstance(answer, Holder):
        return answer
    await ledger.release(answer)
    return None


def shared_place(settings: Settings) -> str | None:
    """Name our host and log folder as the ledger does; None where the ledger is in the folder."""
    if settings.ledger.url is None:
        return None
    return f"{socket.gethostname()}:{settings.logs.folder.absolute()}"
