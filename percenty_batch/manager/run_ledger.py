"""One run's part of the ledger, while this process works at it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from percenty_batch.errors import (
    CannotRunError,
    LeaseHeldError,
    LeaseLostError,
    LedgerError,
    RunLostError,
    RunTakenError,
)
from percenty_batch.jobs import AccountLease, leased
from percenty_batch.ledger import (
    BatchEnd,
    BatchPlan,
    BatchRecord,
    JobEnd,
    JobRecord,
    Ledger,
    RunPlan,
    Start,
    StopRequest,
    worked_s,
)
from percenty_batch.manager.orders import BatchOrder
from percenty_batch.models import JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLedger:
    """Writes a run's batches. Every call may raise LedgerError; `lease` is the run's own."""

    ledger: Ledger
    plan: RunPlan
    start: Start
    lease: AccountLease

    async def begin_batches(
        self, orders: Sequence[BatchOrder], round_number: int, at: datetime
    ) -> None:
        """Write the batches of a round, each with a pending job for each account."""
        plans = [
            BatchPlan(
                run_id=self.plan.run_id,
                job_id=order.job_id,
                step=order.step,
                quantity=order.quantity,
                requested=order.requested,
                started_at=at,
                round_number=round_number,
                on_failure=order.on_failure,
            )
            for order in orders
        ]
        await self.ledger.begin_batches(plans)

    async def reopen_batch(self, job_id: str) -> None:
        """Take a batch up again."""
        await self.ledger.reopen_batch(self.plan.run_id, job_id)

    async def end_batch(self, job_id: str, jobs: Sequence[JobResult], end: BatchEnd) -> None:
        """Write how the batch ended, and the end of every job that has not written its own.

        Those never began, lost their account to another run, or the ledger had refused. Raises
        LeaseLostError when the run is no longer ours to end.
        """
        await self.lease.check()
        known = {job.account: job for job in (await self.batch(job_id)).jobs}
        parked = {
            job.account: _end_of(job, known[job.account], end.finished_at)
            for job in jobs
            if not job.attempts or known[job.account].end is None
        }
        await self.ledger.park_jobs(self.plan.run_id, job_id, parked)
        await self.ledger.end_batch(self.plan.run_id, job_id, end)

    async def batch(self, job_id: str) -> BatchRecord:
        """Read the batch as it stands."""
        record = await self.ledger.batch(self.plan.run_id, job_id)
        if record is None:
            raise LedgerError(f"원장에 배치가 없습니다: {job_id}")
        return record


@asynccontextmanager
async def working_run(
    ledger: Ledger,
    plan: RunPlan,
    start: Start,
    lease_s: float,
    on_stop: Callable[[StopRequest], None],
) -> AsyncIterator[RunLedger]:
    """Write the run and this start of it, and hold the run: nobody else resumes it meanwhile.

    A wish to stop that somebody wrote into the ledger is seen when the lease is renewed, and told
    once by `on_stop`. Raises CannotRunError when somebody works at it already, RunLostError when
    somebody took it over meanwhile, and LedgerError.
    """
    is_resumed = start.number > 1
    plan = plan if is_resumed else await _begin(ledger, plan, start)
    look = _StopWatch(ledger, plan.run_id, start.number, on_stop).look
    try:
        async with leased(
            ledger, f"run:{plan.run_id}", start.owner, lease_s, on_beat=look
        ) as lease:
            if is_resumed:
                await ledger.begin_start(plan.run_id, start)
            yield RunLedger(ledger=ledger, plan=plan, start=start, lease=lease)
            await ledger.end_start(plan.run_id, start.number, datetime.now().astimezone())
    except LeaseHeldError as error:
        raise CannotRunError(f"실행 {plan.run_id}: {error}") from error
    except LeaseLostError as error:
        raise RunLostError(f"실행 {plan.run_id}: 다른 실행이 넘겨받아 멈춥니다") from error


class _StopWatch:
    """Looks whether somebody asked this start of the run to stop, until one did."""

    def __init__(
        self, ledger: Ledger, run_id: str, number: int, on_stop: Callable[[StopRequest], None]
    ) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._number = number
        self._on_stop = on_stop
        self._is_told = False

    async def look(self) -> None:
        if self._is_told:
            return
        if request := await self._ledger.stop_request(self._run_id, self._number):
            self._is_told = True
            self._on_stop(request)


async def _begin(ledger: Ledger, plan: RunPlan, start: Start) -> RunPlan:
    """Write the run; a stamp that another host's run took gets the host's name."""
    try:
        await ledger.begin_run(plan, start)
    except RunTakenError:
        plan = replace(plan, run_id=f"{plan.stamp}-{plan.host}")
        await ledger.begin_run(plan, start)
    return plan


def _end_of(job: JobResult, known: JobRecord, at: datetime) -> JobEnd:
    """Give the end of a job; one that was not opened again keeps the time it has taken before."""
    end = JobEnd.of(job, at)
    return end if job.attempts else replace(end, duration_s=worked_s(known))
