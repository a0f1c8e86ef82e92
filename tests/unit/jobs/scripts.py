"""Jobs whose attempts are played from a script."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.errors import FailureKind, SignInError, WorkError
from percenty_batch.jobs import Assignment, Chain, Link, Listener, Stop, Tools
from percenty_batch.jobs import job as job_module
from percenty_batch.jobs.attempt import Begun
from percenty_batch.jobs.lease import AccountLease
from percenty_batch.ledger import JobRecord, Ledger, MemoryLedger, Owner
from percenty_batch.models import Account, ItemOutcome, ItemResult, JobResult, OnFailure, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import STEPS, ItemBook
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import FakeLauncher, Recorded, tools
from tests.unit.jobs.ledgers import JOB_ID, OURS, RUN_ID, begin_batch, read_job

CRASHED = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
LATE = WorkError(FailureKind.TIMEOUT, "늦음")
WRONG_PASSWORD = SignInError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")
UNKNOWN_WORDS = SignInError(FailureKind.PAGE_CHANGED, "알 수 없는 로그인 화면입니다: 안내")
ACCOUNT = "a@example.com"
LIMITS = JobSettings(max_attempts=3)
Act = Callable[["Script"], Awaitable[StopReason]]


class Script:
    """A job whose attempts are the given acts, one after the other."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        *acts: Act,
        ledger: Ledger | None = None,
        owner: Owner = OURS,
        limits: JobSettings = LIMITS,
    ) -> None:
        self.stop = Stop()
        self.recorded = Recorded()
        self.ledger = MemoryLedger() if ledger is None else ledger
        self.book: ItemBook
        self.lease: AccountLease
        self.begun: list[int] = []
        self.isolated: list[bool] = []
        self.told: list[ItemResult] = []
        self.results: list[JobResult] = []
        self.has_cleaned_up = asyncio.Event()
        self._acts = list(acts)
        self._tools = tools(
            FakeLauncher(),
            ledger=self.ledger,
            owner=owner,
            limits=limits,
            mask=lambda text: text.replace("hunter2", "***"),
        )
        monkeypatch.setattr(job_module, "attempt", self._attempt)

    async def run(self) -> JobResult:
        await begin_batch(self.ledger, ACCOUNT)
        await Chain(self._tools, [self._link()], self.stop).run()
        return self.results.pop()

    async def begin_item(self, number: int) -> str:
        await self.book.begin(product_key(number))
        return product_key(number)

    async def end_item(self, number: int, outcome: ItemOutcome) -> None:
        key = await self.begin_item(number)
        await self.book.record(ItemResult(key=key, outcome=outcome, duration_s=10))

    async def finish_item(self) -> None:
        await self.end_item(len(self.book.items), ItemOutcome.DONE)

    async def record(self) -> JobRecord:
        """What the ledger holds of the job."""
        return await read_job(self.ledger, ACCOUNT)

    async def _attempt(
        self, _tools: Tools, begun: Begun, stop: Stop, *, is_isolated: bool
    ) -> StopReason:
        assert stop is self.stop
        self.book, self.lease = begun.book, begun.lease
        self.isolated.append(is_isolated)
        return await self._acts.pop(0)(self)

    def _link(self) -> Link:
        work = Assignment(
            account=Account(id=ACCOUNT, password="secret"),
            inputs=no_inputs(ACCOUNT),
            step=STEPS["1"],
            run_id=RUN_ID,
            job_id=JOB_ID,
            requested=9,
            log=self.recorded.log,
        )
        listener = Listener(
            on_attempt=self.begun.append,
            on_item=lambda _index, item: self.told.append(item),
            on_end=self.results.append,
        )
        return Link(work=work, on_failure=OnFailure.CONTINUE, listener=listener)


def fail(error: BaseException) -> Act:
    async def act(_script: Script) -> StopReason:
        raise error

    return act


async def finish_one(script: Script) -> StopReason:
    await script.finish_item()
    return StopReason.SOURCE_EMPTY


async def finish_one_and_fail(script: Script) -> StopReason:
    await script.finish_item()
    raise LATE


async def hang_in_an_item(script: Script) -> StopReason:
    await script.begin_item(99)
    try:
        await asyncio.sleep(1e6)
    finally:
        await asyncio.sleep(1)
        script.has_cleaned_up.set()
    return StopReason.SOURCE_EMPTY


async def hang(_script: Script) -> StopReason:
    await asyncio.sleep(1e6)
    return StopReason.SOURCE_EMPTY
