"""A log folder with its ledger: nights that ended, and one that somebody works at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from percenty_batch.errors import FailureKind
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
from percenty_batch.logs import RunFolders
from percenty_batch.models import Failure, ItemOutcome, ItemResult, StopReason
from percenty_batch.settings import LedgerSettings

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}@example.com"
GOOD, BAD, BUSY, LATE = (
    "good@example.com",
    "bad@example.com",
    "busy@example.com",
    "late@example.com",
)
ACCOUNTS = (GOOD, BAD, HOSTILE, BUSY, LATE)
ENDED, RUNNING = "20261126_023000", "20261127_023000"
SITE = "https://www.percenty.co.kr/"
_FAILURE = Failure(kind=FailureKind.CAPTCHA, message="<script>alert(1)</script> 그림 문자")
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)


def job_id(run_id: str) -> str:
    return f"single_step_1_{run_id}"


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[Ledger]:
    async with open_ledger(LedgerSettings(), root) as ledger:
        yield ledger


async def fill(ledger: Ledger, root: Path, now: datetime, texts: Sequence[str] = ()) -> None:
    """Write a night that ended with a failure, and one that is being worked at by us.

    For each of `texts` there is one more account of that name, with such an error.
    """
    await _night(ledger, root, ENDED, now - timedelta(days=1), texts)
    await ledger.end_start(ENDED, 1, now - timedelta(hours=20))
    end = BatchEnd(finished_at=now - timedelta(hours=20), duration_s=4 * 3600.0)
    parked = JobEnd(stop_reason=StopReason.CANCELLED, failure=None, finished_at=now, duration_s=0.0)
    await ledger.park_jobs(ENDED, job_id(ENDED), {BUSY: parked, LATE: parked})
    await ledger.end_batch(ENDED, job_id(ENDED), end)
    await _night(ledger, root, RUNNING, now - timedelta(minutes=20), texts)
    await hold(ledger)
    busy = await job_of(ledger, RUNNING, BUSY)
    await ledger.begin_attempt(busy, 1, now - timedelta(minutes=9))
    for number in range(3):
        await ledger.record_item(busy, item(number), now - timedelta(minutes=8 - number))
    await ledger.claim_item(busy, "f" * 24, now - timedelta(minutes=1))
    log = RunFolders(root=root, stamp=RUNNING).account_log(BUSY)
    log.write_text(f"2026-11-27 02:31:00,000 - INFO - [{BUSY}] <b>첫 줄</b>\n", encoding="utf-8")


async def hold(ledger: Ledger, owner: Owner | None = None) -> Lease:
    """Be the one who works at the running run."""
    lease = await ledger.acquire(f"run:{RUNNING}", owner or this_process(RUNNING), 600.0)
    assert isinstance(lease, Lease)
    return lease


async def job_of(ledger: Ledger, run_id: str, account: str) -> JobRef:
    lease = await ledger.acquire(f"account:{account}", this_process(run_id), 600.0)
    assert isinstance(lease, Lease)
    return JobRef(run_id=run_id, job_id=job_id(run_id), step="1", account=account, lease=lease)


def item(number: int, outcome: ItemOutcome = ItemOutcome.DONE) -> ItemResult:
    return ItemResult(key=f"{number:024x}", outcome=outcome, duration_s=12.5, moved_to="신규수집")


async def _night(
    ledger: Ledger, root: Path, run_id: str, begin: datetime, texts: Sequence[str]
) -> None:
    plan = RunPlan(run_id=run_id, stamp=run_id, host="h", logs_folder=str(root), site=SITE)
    start = Start(number=1, owner=this_process(run_id), version="0.1.0", started_at=begin)
    await ledger.begin_run(plan, start)
    plan_of_batch = BatchPlan(
        run_id=run_id,
        job_id=job_id(run_id),
        step="1",
        quantity=5,
        requested=dict.fromkeys((*ACCOUNTS, *texts), 5),
        started_at=begin,
    )
    await ledger.begin_batches([plan_of_batch])
    folders = RunFolders(root=root, stamp=run_id)
    for folder in (folders.accounts, folders.errors, folders.reports):
        folder.mkdir(parents=True, exist_ok=True)
    for account in (*ACCOUNTS, *texts):
        line = f"2026-11-27 02:30:00,000 - ERROR - [{account}] 로그인 실패 <script>\n"
        folders.account_log(account).write_text(line, encoding="utf-8")
        folders.error_log(account).write_text(line, encoding="utf-8")
    await _work(ledger, run_id, GOOD, begin, None)
    await _work(ledger, run_id, BAD, begin, _FAILURE, _evidence(root, run_id))
    await _work(ledger, run_id, HOSTILE, begin, replace(_FAILURE, kind=FailureKind.TIMEOUT))
    for text in texts:
        await _work(ledger, run_id, text, begin, replace(_FAILURE, message=text))


async def _work(
    ledger: Ledger,
    run_id: str,
    account: str,
    begin: datetime,
    failure: Failure | None,
    evidence: tuple[str, ...] = (),
) -> None:
    job = await job_of(ledger, run_id, account)
    await ledger.begin_attempt(job, 1, begin)
    for number in range(1 if failure else 5):
        outcome = ItemOutcome.FAILED if failure else ItemOutcome.DONE
        at = begin + timedelta(seconds=15 * (number + 1))
        await ledger.record_item(job, item(number, outcome), at)
    end = begin + timedelta(minutes=2)
    await ledger.end_attempt(job, 1, end, failure)
    reason = StopReason.ERROR if failure else StopReason.QUANTITY_REACHED
    ended = JobEnd(
        stop_reason=reason, failure=failure, finished_at=end, duration_s=120.0, evidence=evidence
    )
    await ledger.end_job(job, ended)
    await ledger.release(job.lease)


def _evidence(root: Path, run_id: str) -> tuple[str, ...]:
    folder = RunFolders(root=root, stamp=run_id).evidence(BAD)
    folder.mkdir(parents=True)
    (folder / "1_page.png").write_bytes(_PNG)
    (folder / "1_page.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    (folder / "1_actions.txt").write_text("click 로그인", encoding="utf-8")
    names = ("1_page.png", "1_page.html", "1_actions.txt", "gone.png")
    return tuple(f"evidence/{run_id}/{folder.name}/{name}" for name in names)
