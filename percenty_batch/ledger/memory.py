"""The ledger's twin in memory: for tests, and to say in plain values what a ledger does."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import TypeVar

from percenty_batch.errors import LeaseLostError
from percenty_batch.ledger.leases import Standing, held, released, renewed, taken
from percenty_batch.ledger.owners import is_dead
from percenty_batch.ledger.records import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    BatchProgress,
    BatchRecord,
    Edit,
    Holder,
    ItemRecord,
    JobEnd,
    JobRecord,
    JobRef,
    Lease,
    Notice,
    NoticeState,
    Owner,
    RunPlan,
    RunProgress,
    RunRecord,
    Start,
    StopRequest,
    Turn,
)
from percenty_batch.ledger.rules import check_same_start, closes_edits, run_taken, unknown
from percenty_batch.ledger.views import account_outcomes, job_progress, job_result
from percenty_batch.models import Failure, ItemOutcome, ItemResult, JobOutline, Night

K = TypeVar("K", int, str)
V = TypeVar("V")


@dataclass(slots=True, kw_only=True)
class _Job:
    requested: int
    attempts: dict[int, AttemptRecord] = field(default_factory=dict)
    items: dict[str, ItemRecord] = field(default_factory=dict)
    end: JobEnd | None = None


@dataclass(slots=True, kw_only=True)
class _Batch:
    plan: BatchPlan
    jobs: dict[str, _Job]
    end: BatchEnd | None = None


@dataclass(slots=True, kw_only=True)
class _Run:
    plan: RunPlan
    starts: dict[int, Start]
    batches: dict[str, _Batch] = field(default_factory=dict)
    notices: dict[tuple[str, str, str], Notice] = field(default_factory=dict)
    stops: dict[int, StopRequest] = field(default_factory=dict)


class MemoryLedger:
    """Keeps everything in dicts until the process ends. `clock` tells when leases lapse."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._runs: dict[str, _Run] = {}
        self._edits: dict[tuple[str, str, str], dict[str, Edit]] = {}
        self._turns: dict[tuple[str, str], Turn] = {}
        self._spent: dict[tuple[str, str, date], dict[str, int]] = {}
        self._leases: dict[str, Standing] = {}

    # Runs and batches

    async def begin_run(self, plan: RunPlan, start: Start) -> None:
        run = self._runs.setdefault(plan.run_id, _Run(plan=plan, starts={start.number: start}))
        if run.plan != plan:
            raise run_taken(plan.run_id)
        check_same_start(plan.run_id, run.starts.get(start.number), start)

    async def begin_start(self, run_id: str, start: Start) -> None:
        known = self._run(run_id).starts.setdefault(start.number, start)
        check_same_start(run_id, known, start)

    async def end_start(self, run_id: str, number: int, at: datetime) -> None:
        starts = self._run(run_id).starts
        starts[number] = replace(_one(starts, number), finished_at=at)

    async def begin_batches(self, plans: Sequence[BatchPlan]) -> None:
        runs = [self._run(plan.run_id) for plan in plans]
        for run, plan in zip(runs, plans, strict=True):
            jobs = {account: _Job(requested=count) for account, count in plan.requested.items()}
            run.batches.setdefault(plan.job_id, _Batch(plan=plan, jobs=jobs))

    async def reopen_batch(self, run_id: str, job_id: str) -> None:
        self._batch(run_id, job_id).end = None

    async def end_batch(self, run_id: str, job_id: str, end: BatchEnd) -> None:
        self._batch(run_id, job_id).end = end

    async def run(self, run_id: str, account: str | None = None) -> RunRecord | None:
        if (run := self._runs.get(run_id)) is None:
            return None
        batches = tuple(
            _batch_record(batch, account)
            for batch in run.batches.values()
            if account is None or account in batch.jobs
        )
        return RunRecord(
            plan=run.plan,
            starts=_in_order(run.starts),
            batches=batches,
            notices=tuple(run.notices.values()),
        )

    async def runs(
        self, limit: int, *, before: str | None = None
    ) -> tuple[tuple[RunPlan, tuple[Start, ...]], ...]:
        latest = [*reversed([*self._runs_before(before)])][:limit]
        return tuple((run.plan, _in_order(run.starts)) for run in latest)

    async def outcomes(self, run_id: str) -> Mapping[str, bool]:
        run = await self.run(run_id)
        return account_outcomes(run.batches if run else ())

    async def batch(self, run_id: str, job_id: str) -> BatchRecord | None:
        run = self._runs.get(run_id)
        batch = run.batches.get(job_id) if run else None
        return _batch_record(batch) if batch else None

    async def find_runs(
        self,
        limit: int,
        *,
        before: str | None = None,
        site: str | None = None,
        steps: Collection[str] = (),
        account: str | None = None,
    ) -> tuple[RunPlan, ...]:
        found = [
            run.plan
            for run in self._runs_before(before)
            if site in (None, run.plan.site)
            and any(
                (not steps or batch.plan.step in steps)
                and (account is None or account in batch.jobs)
                for batch in run.batches.values()
            )
        ]
        return tuple(reversed(found))[:limit]

    async def night(self, run_id: str, account: str | None = None) -> Night | None:
        run = await self.run(run_id)
        if run is None:
            return None
        return Night(
            run_id=run_id,
            stamp=run.plan.stamp,
            jobs=tuple(
                JobOutline.of(job_result(job, batch.plan.step))
                for batch in run.batches
                for job in batch.jobs
                if account in (None, job.account)
            ),
        )

    async def progress(
        self,
        run_id: str,
        since: datetime,
        known: RunProgress | None = None,  # noqa: ARG002 - counting costs nothing here
    ) -> RunProgress | None:
        run = await self.run(run_id)
        if run is None:
            return None
        return RunProgress(
            plan=run.plan,
            starts=run.starts,
            batches=tuple(
                BatchProgress(
                    job_id=batch.plan.job_id,
                    step=batch.plan.step,
                    started_at=batch.plan.started_at,
                    end=batch.end,
                )
                for batch in run.batches
            ),
            jobs=tuple(
                job_progress(job, batch.plan, since) for batch in run.batches for job in batch.jobs
            ),
        )

    # Wishes to stop

    async def ask_to_stop(self, run_id: str, request: StopRequest) -> None:
        _one(self._run(run_id).starts, request.number)
        self._run(run_id).stops.setdefault(request.number, request)

    async def stop_request(self, run_id: str, number: int) -> StopRequest | None:
        run = self._runs.get(run_id)
        return run.stops.get(number) if run else None

    # Jobs and items

    async def job(self, run_id: str, job_id: str, account: str) -> JobRecord | None:
        batch = await self.batch(run_id, job_id)
        jobs = batch.jobs if batch else ()
        return next((job for job in jobs if job.account == account), None)

    async def begin_attempt(self, job: JobRef, number: int, at: datetime) -> None:
        begun = self._fenced(job)
        begun.end = None
        begun.attempts.setdefault(number, AttemptRecord(number=number, started_at=at))

    async def end_attempt(
        self, job: JobRef, number: int, at: datetime, failure: Failure | None
    ) -> None:
        attempts = self._fenced(job).attempts
        attempts[number] = replace(_one(attempts, number), finished_at=at, failure=failure)

    async def end_job(self, job: JobRef, end: JobEnd) -> None:
        self._fenced(job).end = end

    async def park_jobs(self, run_id: str, job_id: str, ends: Mapping[str, JobEnd]) -> None:
        jobs = {account: self._job(run_id, job_id, account) for account in ends}
        for account, end in ends.items():
            jobs[account].end = end

    async def claim_item(self, job: JobRef, key: str, at: datetime) -> None:
        self._fenced(job).items[key] = ItemRecord(key=key, claimed_at=at)

    async def record_item(self, job: JobRef, item: ItemResult, at: datetime) -> None:
        items = self._fenced(job).items
        claimed = items.get(item.key, ItemRecord(key=item.key, claimed_at=at))
        result = replace(item, recorded_at=at)
        items[item.key] = replace(claimed, result=result, recorded_at=at)
        if closes_edits(item):
            self._edits.pop((job.account, job.step, item.key), None)

    # Edits and what goes on from run to run

    async def edits(self, job: JobRef, key: str) -> tuple[Edit, ...]:
        self._fenced(job)
        return tuple(self._edits.get((job.account, job.step, key), {}).values())

    async def intend(self, job: JobRef, key: str, edit: Edit, turn: Turn | None = None) -> None:
        self._fenced(job)
        self._edits.setdefault((job.account, job.step, key), {})[edit.action] = edit
        if turn is not None:
            self._turns[job.account, turn.name] = turn

    async def turn(self, account: str, name: str) -> Turn:
        return self._turns.get((account, name), Turn(name=name, position=0))

    async def spend(self, job: JobRef, budget: str, day: date, *, what: str, amount: int) -> None:
        self._fenced(job)
        self._spent.setdefault((job.account, budget, day), {})[what] = amount

    async def spent(self, account: str, budget: str, day: date) -> int:
        return sum(self._spent.get((account, budget, day), {}).values())

    # Messages to people

    async def claim_notice(self, run_id: str, notice: Notice) -> bool:
        notices, key = self._run(run_id).notices, (notice.kind, notice.about, notice.channel)
        if key in notices and notices[key].state is not NoticeState.REFUSED:
            return False
        notices[key] = notice
        return True

    async def end_notice(self, run_id: str, notice: Notice) -> None:
        notices, key = self._run(run_id).notices, (notice.kind, notice.about, notice.channel)
        if key not in notices:
            raise unknown(key)
        notices[key] = notice

    async def durations(self, account: str, step: str, limit: int) -> tuple[float, ...]:
        items = (
            item.result
            for run in self._runs.values()
            for batch in run.batches.values()
            if batch.plan.step == step and account in batch.jobs
            for item in batch.jobs[account].items.values()
        )
        done = [each.duration_s for each in items if each and each.outcome is ItemOutcome.DONE]
        return tuple(reversed(done))[:limit]

    # Leases

    async def acquire(self, resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
        standing, now = self._standing(resource), self._clock()
        holder = held(standing, now)
        if holder and holder.owner != owner and not is_dead(holder.owner, owner):
            return holder
        self._leases[resource] = standing = taken(standing, owner, ttl_s, now)
        return Lease(resource=resource, owner=owner, token=standing.token, ttl_s=ttl_s)

    async def renew(self, lease: Lease) -> bool:
        standing = renewed(self._standing(lease.resource), lease, self._clock())
        if standing is None:
            return False
        self._leases[lease.resource] = standing
        return True

    async def release(self, lease: Lease) -> None:
        self._leases[lease.resource] = released(self._standing(lease.resource), lease)

    async def holder(self, resource: str) -> Holder | None:
        return held(self._standing(resource), self._clock())

    def hurry(self) -> None:
        """It never waits."""

    async def close(self) -> None:
        """There is nothing to give back."""

    def _standing(self, resource: str) -> Standing:
        return self._leases.get(resource, Standing())

    def _runs_before(self, run_id: str | None) -> Iterator[_Run]:
        if run_id is None or run_id in self._runs:
            yield from takewhile(lambda run: run.plan.run_id != run_id, self._runs.values())

    def _run(self, run_id: str) -> _Run:
        return _one(self._runs, run_id)

    def _batch(self, run_id: str, job_id: str) -> _Batch:
        return _one(self._run(run_id).batches, job_id)

    def _job(self, run_id: str, job_id: str, account: str) -> _Job:
        return _one(self._batch(run_id, job_id).jobs, account)

    def _fenced(self, job: JobRef) -> _Job:
        if self._standing(job.lease.resource).token != job.lease.token:
            raise LeaseLostError
        return self._job(job.run_id, job.job_id, job.account)


def _one(rows: dict[K, V], key: K) -> V:
    if key not in rows:
        raise unknown(key)
    return rows[key]


def _in_order(starts: dict[int, Start]) -> tuple[Start, ...]:
    return tuple(start for _, start in sorted(starts.items()))


def _batch_record(batch: _Batch, account: str | None = None) -> BatchRecord:
    wanted = batch.jobs if account is None else {account: batch.jobs[account]}
    jobs = tuple(_job_record(each, job) for each, job in wanted.items())
    plan = replace(batch.plan, requested={job.account: job.requested for job in jobs})
    return BatchRecord(plan=plan, jobs=jobs, end=batch.end)


def _job_record(account: str, job: _Job) -> JobRecord:
    return JobRecord(
        account=account,
        requested=job.requested,
        attempts=tuple(attempt for _, attempt in sorted(job.attempts.items())),
        items=tuple(job.items.values()),
        end=job.end,
    )
