"""Values for the tests, and a job that may be written to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import (
    BatchPlan,
    JobEnd,
    JobRecord,
    JobRef,
    Lease,
    Ledger,
    Owner,
    RunPlan,
    Start,
    this_process,
)
from percenty_batch.models import Failure, ItemOutcome, ItemResult, StopReason

RUN, JOB, STEP = "20260105_010203", "ab12", "step1"
A, B = "a@example.com", "b@example.com"
BEGIN = datetime(2026, 1, 5, 1, 2, 3, 456789, tzinfo=UTC)
FAILURE = Failure(kind=FailureKind.TIMEOUT, message="응답이 없습니다")
END = JobEnd(
    stop_reason=StopReason.ERROR,
    failure=FAILURE,
    finished_at=BEGIN + timedelta(hours=1),
    duration_s=3600.25,
    source_before=10,
    source_after=0,
    evidence=("evidence/1.png",),
)

US = this_process(RUN)
OTHERS = replace(US, place="elsewhere", host="elsewhere", run_id="another run")


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def run_plan(run_id: str = RUN) -> RunPlan:
    return RunPlan(
        run_id=run_id,
        stamp=RUN,
        host="host",
        logs_folder="/logs",
        site="https://percenty.example.com",
    )


def start(number: int = 1, owner: Owner = US) -> Start:
    return Start(number=number, owner=owner, version="1.2.3", started_at=BEGIN)


def batch_plan(job_id: str = JOB, *, run_id: str = RUN) -> BatchPlan:
    return BatchPlan(
        run_id=run_id,
        job_id=job_id,
        step=STEP,
        quantity=None,
        requested={B: 5, A: 3},
        started_at=BEGIN,
    )


def item(key: str, outcome: ItemOutcome = ItemOutcome.DONE) -> ItemResult:
    return ItemResult(key=key, outcome=outcome, duration_s=1.5)


async def begun_job(ledger: Ledger, account: str = A, *, run_id: str = RUN) -> JobRef:
    """Begin a run with a batch, and take the account."""
    await ledger.begin_run(run_plan(run_id), start())
    await ledger.begin_batches([batch_plan(run_id=run_id)])
    lease = await taken(ledger, account)
    return JobRef(run_id=run_id, job_id=JOB, step=STEP, account=account, lease=lease)


async def taken(ledger: Ledger, resource: str, owner: Owner = US, ttl_s: float = 60) -> Lease:
    lease = await ledger.acquire(resource, owner, ttl_s)
    assert isinstance(lease, Lease)
    return lease


async def read(ledger: Ledger, job: JobRef) -> JobRecord:
    record = await ledger.job(job.run_id, job.job_id, job.account)
    assert record is not None
    return record
