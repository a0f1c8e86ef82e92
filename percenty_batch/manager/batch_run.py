"""One batch from the opening of the browser to its result in the ledger."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import EvidenceFolder, Launcher, SignInStore, suggested_concurrency
from percenty_batch.engines import Engine, JobSpec, LocalEngine
from percenty_batch.errors import CannotRunError, FailureKind, LedgerError, WorkError
from percenty_batch.events import Events, Subscriber
from percenty_batch.jobs import Tools
from percenty_batch.ledger import BatchEnd, Ledger, batch_result
from percenty_batch.logs import RunFolders, RunLogs
from percenty_batch.manager.run_ledger import RunLedger
from percenty_batch.models import Account, BatchResult, Failure, JobResult, LogGap, StopReason
from percenty_batch.settings import Settings

_CLOSING_S = 3.0  # for sessions that are left at once to close, before the browser is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """A batch as planned, or taken up again with some of its accounts.

    `quantity` is what the user asked for, `requested` what that means for each account.
    `before` is what it had come to by then (None: it is begun now).
    """

    job_id: str
    step: str
    quantity: int | None
    requested: Mapping[str, int]
    concurrent: bool = True
    before: BatchResult | None = None

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(self.requested)

    @property
    def worked_before_s(self) -> float:
        return self.before.duration_s if self.before else 0.0

    def not_begun(self, reason: StopReason) -> tuple[JobResult, ...]:
        """A stop came first: no account was touched."""
        return tuple(
            JobResult.not_begun(account, self.step, count, reason=reason)
            for account, count in self.requested.items()
        )

    def not_run(self, message: str) -> tuple[JobResult, ...]:
        """Nothing could run: every account failed for the same reason, nothing was attempted."""
        failure = Failure(kind=FailureKind.UNKNOWN, message=message)
        return tuple(
            JobResult.not_begun(account, self.step, count, reason=StopReason.ERROR, failure=failure)
            for account, count in self.requested.items()
        )


class BatchRun:
    """Works one batch, once. Must be made inside the event loop."""

    def __init__(
        self,
        order: BatchOrder,
        *,
        settings: Settings,
        accounts: Mapping[str, Account],
        inputs: Mapping[str, AccountInputs],
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
        self._began = time.monotonic()

    async def work(self, run: RunLedger) -> BatchResult:
        """Work to the end. Raises LedgerError when the ledger refuses the plan, and LeaseLostError
        when the run is no longer ours.

        The result is what the ledger holds; only where it can no longer be read or written, what
        the jobs themselves have told.
        """
        self._ledger = run.ledger
        try:
            return await self._worked(run)
        finally:
            self._cancel_timers()
            if self._interrupted_by is not None:
                run.ledger.hurry()  # the little that is left to write must not hold up the stop

    async def _worked(self, run: RunLedger) -> BatchResult:
        await self._begin(run)
        jobs, halted = await self._work(run)
        end = BatchEnd(
            finished_at=datetime.now().astimezone(),
            duration_s=self._order.worked_before_s + time.monotonic() - self._began,
            interrupted_by=self._interrupted_by,
            halted=halted,
            gaps=(*self._gaps_before, *self._logs.gaps),
        )
        resumptions = run.start.number - 1
        try:
            await run.end_batch(self._order.job_id, self._news(jobs), end)
            record = await run.batch(self._order.job_id)
            return batch_result(run.plan, record, resumptions=resumptions)
        except LedgerError as error:
            self._logs.batch.error(f"원장에 결과를 쓰지 못했습니다: {error}")
            return self._told(run, jobs, end)

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
        order = self._order
        if order.before is not None:
            await run.reopen_batch(order.job_id)
        else:
            await run.begin_batch(
                order.job_id, order.step, order.quantity, order.requested, self._began_at
            )

    async def _work(self, run: RunLedger) -> tuple[tuple[JobResult, ...], str | None]:
        """Give the jobs' results, in the order of the accounts, and why the rest was given up."""
        if not self._order.accounts:
            return (), None
        if self._wish is not None:
            return self._order.not_begun(self._wish), None
        events = Events()
        if self._on_event is not None:
            events.subscribe(self._on_event)
        try:
            async with AsyncExitStack() as stack:
                engine = await self._open_engine(stack, events, run)
                self._watch_clock()
                leaving = asyncio.create_task(self._leave_a_lost_run(run), name="run lost?")
                stack.callback(leaving.cancel)
                answers = [engine.submit(spec) for spec in self._specs(run)]
                return tuple(await asyncio.gather(*answers)), engine.halted
        except CannotRunError as error:
            self._logs.batch.error(str(error))
            return self._order.not_run(str(error)), None
        finally:
            self._engine = self._launcher = None
            await asyncio.to_thread(events.close)

    async def _open_engine(self, stack: AsyncExitStack, events: Events, run: RunLedger) -> Engine:
        settings, log = self._settings, self._logs.batch
        self._launcher = Launcher(settings.browser, log)
        launcher = await stack.enter_async_context(self._launcher)
        log.info(f"브라우저: {launcher.choice.name} {launcher.version}")
        try:
            await launcher.check_site(str(settings.site.base_url), settings.site.sign_in_timeout_s)
        except WorkError as error:  # the browser died, or was given up meanwhile
            raise CannotRunError(str(error)) from error
        tools = Tools(
            launcher=launcher,
            sign_ins=self._sign_in_store(),
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
            concurrency=await self._concurrency() if self._order.concurrent else 1,
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

    def _specs(self, run: RunLedger) -> list[JobSpec]:
        order = self._order
        return [
            JobSpec(
                run_id=run.plan.run_id,
                job_id=order.job_id,
                account=account,
                step=order.step,
                requested=count,
            )
            for account, count in order.requested.items()
        ]

    def _watch_clock(self) -> None:
        if self._deadline_at is not None:
            text = f"실행 마감({self._settings.jobs.deadline})이 되었습니다"
            left_s = max(self._deadline_at - time.monotonic(), 0.0)
            self._later(left_s, lambda: self._drain(StopReason.DEADLINE, text))

    def _drain(self, reason: StopReason, why: str) -> None:
        """Begin nothing new; what still runs after the grace period is left."""
        grace_s = self._settings.jobs.stop_grace_s
        self._logs.batch.warning(f"{why}: 진행 중인 상품을 {grace_s:g}초까지 마치고 멈춥니다")
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

    def _sign_in_store(self) -> SignInStore | None:
        state = self._settings.state
        if not state.should_keep_sign_ins:
            return None
        return SignInStore(state.folder, str(self._settings.site.base_url))

    async def _concurrency(self) -> int:
        if (wanted := self._settings.jobs.concurrency) is not None:
            return wanted
        capacity = await asyncio.to_thread(suggested_concurrency)
        self._logs.batch.info(str(capacity))
        return capacity.count

    def _told(self, run: RunLedger, jobs: tuple[JobResult, ...], end: BatchEnd) -> BatchResult:
        return BatchResult(
            job_id=self._order.job_id,
            step=self._order.step,
            stamp=run.plan.stamp,
            jobs=self._all_told(jobs),
            started_at=self._order.before.started_at if self._order.before else self._began_at,
            finished_at=end.finished_at,
            duration_s=end.duration_s,
            interrupted_by=end.interrupted_by,
            halted=end.halted,
            resumptions=run.start.number - 1,
        )

    def _all_told(self, jobs: tuple[JobResult, ...]) -> tuple[JobResult, ...]:
        """Add what earlier starts came to: of other accounts, and of those not opened again."""
        told = {job.account: job for job in self._before}
        told |= {job.account: job for job in self._news(jobs)}
        return tuple(told.values())

    def _news(self, jobs: tuple[JobResult, ...]) -> tuple[JobResult, ...]:
        """Leave out those that were merely not reached: what an earlier start told stands."""
        worked = {job.account for job in self._before if job.attempts}
        return tuple(
            job for job in jobs if job.attempts or job.failure or job.account not in worked
        )

    @property
    def _before(self) -> tuple[JobResult, ...]:
        return self._order.before.jobs if self._order.before else ()
