"""The port, each call one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from percenty_batch.ledger.records import (
    BatchEnd,
    BatchPlan,
    BatchRecord,
    Edit,
    Holder,
    JobEnd,
    JobRecord,
    JobRef,
    Lease,
    Notice,
    Owner,
    RunPlan,
    RunProgress,
    RunRecord,
    Start,
    StopRequest,
    Turn,
)
from percenty_batch.ledger.sql import history, jobs, leases, notices, progress, reading, runs, stops
from percenty_batch.ledger.sql.database import Database
from percenty_batch.models import Failure, ItemResult, Night


class SqlLedger:
    """The ledger in a database whose schema is up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read = database.read
        self._write = database.write

    # Runs and batches

    async def begin_run(self, plan: RunPlan, start: Start) -> None:
        await self._write(runs.begin_run, plan, start)

    async def begin_start(self, run_id: str, start: Start) -> None:
        await self._write(runs.begin_start, run_id, start)

    async def end_start(self, run_id: str, number: int, at: datetime) -> None:
        await self._write(runs.end_start, run_id, number, at)

    async def begin_batches(self, plans: Sequence[BatchPlan]) -> None:
        await self._write(runs.begin_batches, plans)

    async def reopen_batch(self, run_id: str, job_id: str) -> None:
        await self._write(runs.reopen_batch, run_id, job_id)

    async def end_batch(self, run_id: str, job_id: str, end: BatchEnd) -> None:
        await self._write(runs.end_batch, run_id, job_id, end)

    async def run(self, run_id: str, account: str | None = None) -> RunRecord | None:
        return await self._read(reading.run, run_id, account)

    async def runs(
        self, limit: int, *, before: str | None = None
    ) -> tuple[tuple[RunPlan, tuple[Start, ...]], ...]:
        return await self._read(reading.latest_runs, limit, before)

    async def outcomes(self, run_id: str) -> Mapping[str, bool]:
        return await self._read(reading.outcomes, run_id)

    async def batch(self, run_id: str, job_id: str) -> BatchRecord | None:
        return await self._read(reading.batch, run_id, job_id)

    async def find_runs(
        self,
        limit: int,
        *,
        before: str | None = None,
        site: str | None = None,
        steps: Collection[str] = (),
        account: str | None = None,
    ) -> tuple[RunPlan, ...]:
        return await self._read(history.find_runs, limit, before, site, steps, account)

    async def night(self, run_id: str, account: str | None = None) -> Night | None:
        return await self._read(history.night, run_id, account)

    async def progress(
        self, run_id: str, since: datetime, known: RunProgress | None = None
    ) -> RunProgress | None:
        return await self._read(progress.run_progress, run_id, since, known)

    # Wishes to stop

    async def ask_to_stop(self, run_id: str, request: StopRequest) -> None:
        await self._write(stops.ask_to_stop, run_id, request)

    async def stop_request(self, run_id: str, number: int) -> StopRequest | None:
        return await self._read(stops.stop_request, run_id, number)

    # Jobs and items

    async def job(self, run_id: str, job_id: str, account: str) -> JobRecord | None:
        return await self._read(reading.job, run_id, job_id, account)

    async def begin_attempt(self, job: JobRef, number: int, at: datetime) -> None:
        await self._write(jobs.begin_attempt, job, number, at)

    async def end_attempt(
        self, job: JobRef, number: int, at: datetime, failure: Failure | None
    ) -> None:
        await self._write(jobs.end_attempt, job, number, at, failure)

    async def end_job(self, job: JobRef, end: JobEnd) -> None:
        await self._write(jobs.end_job, job, end)

    async def park_jobs(self, run_id: str, job_id: str, ends: Mapping[str, JobEnd]) -> None:
        await self._write(runs.park_jobs, run_id, job_id, ends)

    async def claim_item(self, job: JobRef, key: str, at: datetime) -> None:
        await self._write(jobs.claim_item, job, key, at)

    async def record_item(self, job: JobRef, item: ItemResult, at: datetime) -> None:
        await self._write(jobs.record_item, job, item, at)

    # Edits and what goes on from run to run

    async def edits(self, job: JobRef, key: str) -> tuple[Edit, ...]:
        return await self._write(jobs.open_edits, job, key)  # the fence is a lock

    async def intend(self, job: JobRef, key: str, edit: Edit, turn: Turn | None = None) -> None:
        await self._write(jobs.intend, job, key, edit, turn)

    async def turn(self, account: str, name: str) -> Turn:
        return await self._read(jobs.turn, account, name)

    async def spend(self, job: JobRef, budget: str, day: date, *, what: str, amount: int) -> None:
        await self._write(jobs.spend, job, budget, day, what, amount)

    async def spent(self, account: str, budget: str, day: date) -> int:
        return await self._read(jobs.spent, account, budget, day)

    # Messages to people

    async def claim_notice(self, run_id: str, notice: Notice) -> bool:
        return await self._write(notices.claim_notice, run_id, notice)

    async def end_notice(self, run_id: str, notice: Notice) -> None:
        await self._write(notices.end_notice, run_id, notice)

    async def durations(self, account: str, step: str, limit: int) -> tuple[float, ...]:
        return await self._read(reading.durations, account, step, limit)

    # Leases

    async def acquire(self, resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
        return await self._write(leases.acquire, resource, owner, ttl_s)

    async def renew(self, lease: Lease) -> bool:
        return await self._write(leases.renew, lease)

    async def release(self, lease: Lease) -> None:
        await self._write(leases.release, lease)

    async def holder(self, resource: str) -> Holder | None:
        return await self._read(leases.current_holder, resource)

    def hurry(self) -> None:
        self._database.hurry()

    async def close(self) -> None:
        await self._database.close()
