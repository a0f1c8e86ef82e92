"""One round: its batches from the opening of the browser to their results in the ledger."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TypeAlias

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import EvidenceFolder, Launcher, sweep
from percenty_batch.engines import Engine, JobSpec, LocalEngine
from percenty_batch.errors import CannotRunError, FailureKind
from percenty_batch.events import Events, Subscriber
from percenty_batch.jobs import Tools
from percenty_batch.ledger import BatchEnd, Ledger
from percenty_batch.logs import RunFolders, RunLogs
from percenty_batch.manager.batch_work import BatchWork
from percenty_batch.manager.opening import reach_site, room_for, sign_in_store
from percenty_batch.manager.orders import RoundOrder
from percenty_batch.manager.run_ledger import RunLedger
from percenty_batch.models import Account, BatchResult, Failure, JobResult, LogGap, StopReason
from percenty_batch.settings import Settings
from percenty_batch.steps import StepSpec

_CLOSING_S = 3.0  # for sessions that are left at once to close, before the browser is killed


OnBatchEnd: TypeAlias = Callable[[BatchResult], Awaitable[None]]
"""Hears of each batch's end as soon as it is in the ledger."""


class RoundWork:
    """Works one round, once. Must be made inside the event loop."""

    def __init__(
        self,
        order: RoundOrder,
        *,
        settings: Settings,
        accounts: Mapping[str, Account],
        inputs: Mapping[str, AccountInputs],
        steps: Mapping[str, StepSpec],
        logs: RunLogs,
        folders: RunFolders,
        on_event: Subscriber | None,
        deadline_at: float | None,
        mask: Callable[[str], str],
        gaps_before: tuple[LogGap, ...] = (),
    ) -> None:
        self._order = order
        self._settings = settings
        self._accounts = accounts
        self._inputs = inputs
        self._steps = steps
        self._logs = logs
        self._folders = folders
        self._on_event = on_event
        self._deadline_at = deadline_at
        self._mask = mask
        self._gaps_before = gaps_before
        self._interrupted_by: int | None = None
        self._wish: StopReason | None = None
        self._engine: Engine | None = None
        self._launcher: Launcher | None = None
        self._abandoning: asyncio.Task[None] | None = None
        self._ledger: Ledger | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._began_at = datetime.now().astimezone()
        self._batches = [
            BatchWork(each, is_first=each is order.batches[0]) for each in order.batches
        ]

    async def work(self, run: RunLedger, on_batch_end: OnBatchEnd) -> None:
        """Work to the end. Raises LedgerError when the ledger refuses the plan, and LeaseLostError
        when the run is no longer ours.

        Each batch is ended, and told, as soon as its last job is in.
        """
        self._ledger = run.ledger
        try:
            await self._begin(run)
            ending = asyncio.create_task(self._end_batches(run, on_batch_end), name="end batches")
            try:
                await self._work(run)
                await ending
            finally:
                ending.cancel()
                await asyncio.gather(ending, return_exceptions=True)
        finally:
            self._cancel_timers()
            if self._interrupted_by is not None:
                run.ledger.hurry()  # the little that is left to write must not hold up the stop

    def stop(self, signal_number: int) -> None:
        """Stop in order; asked a second time, at once."""
        at_once = self._interrupted_by is not None
        self._interrupted_by = self._interrupted_by or signal_number
        if at_once:
            self._logs.batch.warning("다시 중단 요청을 받아 바로 멈춥니다")
            self._leave()
            self._abandon()
        else:
            self._drain(StopReason.CANCELLED, "중단 요청을 받았습니다")

    async def _begin(self, run: RunLedger) -> None:
        """Write the plan of all batches before anything is opened."""
        orders = self._order.batches
        if new := [each for each in orders if each.before is None]:
            await run.begin_batches(new, self._order.number, self._began_at)
        for each in orders:
            if each.before is not None:
                await run.reopen_batch(each.job_id)

    async def _end_batches(self, run: RunLedger, on_batch_end: OnBatchEnd) -> None:
        for batch in self._batches:
            await batch.all_in.wait()
            result = await batch.end(run, self._end_of(batch), self._logs.batch)
            await on_batch_end(result)

    def _end_of(self, batch: BatchWork) -> BatchEnd:
        return BatchEnd(
            finished_at=batch.finished_at,
            duration_s=batch.worked_s,
            interrupted_by=self._interrupted_by,
            halted=self._engine.halted if self._engine else None,
            gaps=(*self._gaps_before, *self._logs.gaps),
        )

    async def _work(self, run: RunLedger) -> None:
        """Bring every job of every batch to a result."""
        if not self._order.accounts:  # a killed start has left nothing but the end to write
            await sweep(self._logs.batch)
            return
        if self._wish is not None:
            self._give_up(self._wish)
            return
        events = Events()
        if self._on_event is not None:
            events.subscribe(self._on_event)
        try:
            async with AsyncExitStack() as stack:
                engine = await self._open_engine(stack, events, run)
                self._watch_clock()
                leaving = asyncio.create_task(self._leave_a_lost_run(run), name="run lost?")
                stack.callback(leaving.cancel)
                chains = self._order.chains(run.plan)
                await asyncio.gather(
                    *(engine.submit(chain, self._take, self._begin_batch) for chain in chains)
                )
        except CannotRunError as error:
            self._logs.batch.error(str(error))
            failure = Failure(kind=FailureKind.UNKNOWN, message=str(error))
            self._give_up(StopReason.ERROR, failure)
        finally:
            self._launcher = None
            await asyncio.to_thread(events.close)

    def _take(self, job: JobSpec, result: JobResult) -> None:
        self._batch_of(job).take(result)

    def _begin_batch(self, job: JobSpec) -> None:
        self._batch_of(job).begin()

    def _batch_of(self, job: JobSpec) -> BatchWork:
        (batch,) = (each for each in self._batches if each.order.job_id == job.job_id)
        return batch

    def _give_up(self, reason: StopReason, failure: Failure | None = None) -> None:
        for batch in self._batches:
            batch.give_up(reason, failure)

    async def _open_engine(self, stack: AsyncExitStack, events: Events, run: RunLedger) -> Engine:
        settings, log = self._settings, self._logs.batch
        self._launcher = Launcher(settings.browser, log)
        launcher = await stack.enter_async_context(self._launcher)
        await reach_site(launcher, settings, log)
        tools = Tools(
            launcher=launcher,
            sign_ins=sign_in_store(settings),
            ledger=run.ledger,
            owner=run.start.owner,
            lease_s=settings.ledger.lease_s,
            site=settings.site,
            limits=settings.jobs,
            rules=settings.steps,
            mask=self._mask,
            evidence_of=self._evidence_of,
        )
        self._engine = LocalEngine(
            tools=tools,
            logs=self._logs,
            events=events,
            accounts=self._accounts,
            inputs=self._inputs,
            steps=self._steps,
            concurrency=await room_for(settings, log) if self._order.concurrent else 1,
            account_count=len(self._order.accounts),
        )
        if self._wish is not None:  # it came while the browser was opening
            self._engine.stop(at_once=False, reason=self._wish)
        return self._engine

    def _evidence_of(self, account: Account, log: FilteringBoundLogger) -> EvidenceFolder:
        return EvidenceFolder(
            self._folders.evidence(account.id),
            root=self._folders.root,
            settings=self._settings.evidence,
            log=log,
            mask=self._mask,
            password=account.password,
            has_room=self._logs.disk.may_take_evidence,
            has_room_for_traces=self._logs.disk.may_trace,
        )

    def _watch_clock(self) -> None:
        if self._deadline_at is not None:
            text = f"실행 마감({self._settings.jobs.deadline})이 되었습니다"
            left_s = max(self._deadline_at - time.monotonic(), 0.0)
            self._later(left_s, lambda: self._drain(StopReason.DEADLINE, text))

    def _drain(self, reason: StopReason, why: str) -> None:
        """Begin nothing new; what still runs after the grace period is left."""
        grace_s = self._settings.jobs.stop_grace_s
        self._logs.batch.warning(f"{why}: 진행 중인 작업을 {grace_s:g}초까지 마치고 멈춥니다")
        self._wish = self._wish or reason
        if self._engine is not None:
            self._engine.stop(at_once=False, reason=reason)
        self._later(grace_s, self._leave)
        self._later(grace_s + _CLOSING_S, self._abandon)

    async def _leave_a_lost_run(self, run: RunLedger) -> None:
        """Its accounts are worked by another process; those not yet begun would be too."""
        await run.lease.lost.wait()
        self._leave()

    def _leave(self) -> None:
        if self._ledger is not None:
            self._ledger.hurry()
        if self._engine is not None:
            self._engine.stop(at_once=True)

    def _abandon(self) -> None:
        if self._launcher is not None:
            self._abandoning = asyncio.create_task(
                self._launcher.abandon(), name="abandon the browser"
            )

    def _later(self, delay_s: float, call: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(delay_s, call))

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
