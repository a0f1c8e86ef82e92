"""One account in one batch: a job's whole life, whose every exit becomes a result."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from percenty_batch.errors import (
    FailureKind,
    LeaseHeldError,
    LeaseLostError,
    LedgerError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs.attempt import Assignment, Begun, attempt
from percenty_batch.jobs.decisions import GiveUp, History, Trouble, decide, ends_account
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.jobs.hold import AccountHold
from percenty_batch.jobs.lease import AccountLease
from percenty_batch.jobs.pool import pause
from percenty_batch.jobs.stop import Stop
from percenty_batch.jobs.tools import Tools
from percenty_batch.jobs.watchdog import Progress
from percenty_batch.ledger import LEFT_OFF, JobEnd, JobRecord, JobRef, worked_s
from percenty_batch.models import Failure, ItemResult, JobResult, JobStatus, StopReason
from percenty_batch.steps import ItemBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told of a job's progress: of each attempt's number, of each item with its index.

    `on_end` hears the result, also of a job that was never begun; `on_begin` is called before
    one that is.
    """

    on_attempt: Callable[[int], None]
    on_item: Callable[[int, ItemResult], None]
    on_end: Callable[[JobResult], None]
    on_begin: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    reason: StopReason
    failure: Failure | None = None


class Job:
    """Runs attempts until one ends the job. Its time begins when it is made.

    `ends_account` is true afterwards when the account's later steps must not be begun.
    """

    def __init__(
        self, tools: Tools, work: Assignment, stop: Stop, listener: Listener, hold: AccountHold
    ) -> None:
        self.ends_account = False
        self._tools = tools
        self._work = work
        self._stop = stop
        self._listener = listener
        self._hold = hold
        self._progress = Progress(tools.limits)
        self._ended_items = 0
        self._started_at = _now()
        self._started = time.monotonic()

    async def run(self) -> JobResult:
        """Run to the end. Raises nothing but a cancellation from outside."""
        work = self._work
        work.log.info(f"=== {work.step.label} 실행 시작: 수량={work.requested} ===")
        if not work.requested:
            result = work.not_begun(StopReason.SOURCE_EMPTY)
            self._tell(result)
            return result
        try:
            result = await self._run(await self._hold.lease())
        except (LeaseHeldError, LedgerError) as error:
            self._tell_failure(error)
            self.ends_account = ends_account(error)
            result = work.not_begun(StopReason.ERROR, self._failure(error))
        self._tell(result)
        return result

    async def _run(self, lease: AccountLease) -> JobResult:
        work, ledger = self._work, self._tools.ledger
        known = await ledger.job(work.run_id, work.job_id, work.account.id)
        known = known or JobRecord(account=work.account.id, requested=work.requested)
        job = JobRef(
            run_id=work.run_id,
            job_id=work.job_id,
            step=work.step.id,
            account=work.account.id,
            lease=lease.lease,
        )
        book = ItemBook(
            work.requested,
            ledger,
            job,
            on_item=self._on_item,
            known=known.items,
            mask=self._tools.mask,
        )
        evidence_of = self._tools.evidence_of
        evidence = JobEvidence(evidence_of(work.account, work.log) if evidence_of else None)
        begun = Begun(
            work=work,
            job=job,
            lease=lease,
            book=book,
            evidence=evidence,
            sign_in=self._hold.sign_in,
            goes_on=self._progress.note,
        )
        end, attempts = await self._attempt_until_end(begun, len(known.attempts))
        if attempts == len(known.attempts):  # a stop came first: what is known stands
            return work.not_begun(end.reason, end.failure)
        return await self._finish(begun, known, end, attempts)

    async def _finish(self, begun: Begun, known: JobRecord, end: _End, attempts: int) -> JobResult:
        """Commit the end and give the result; a ledger that fails does not hide it."""
        book = begun.book
        reason = end.failure.message if end.failure else LEFT_OFF
        result = JobResult(
            account=self._work.account.id,
            step=self._work.step.id,
            requested=self._work.requested,
            items=book.unsettled(reason, end.failure.kind if end.failure else None),
            stop_reason=end.reason,
            failure=end.failure,
            attempts=attempts,
            started_at=known.attempts[0].started_at if known.attempts else self._started_at,
            finished_at=_now(),
            duration_s=worked_s(known) + time.monotonic() - self._started,
            # Of a job that goes on, the ledger has items from before this list was first seen.
            source_before=None if known.attempts else book.source_before,
            source_after=book.source_after,
            evidence=(known.end.evidence if known.end else ()) + begun.evidence.of_job,
        )
        begun.evidence.tell_omitted()
        try:
            await self._commit(begun, result)
        except (LedgerError, LeaseLostError) as error:
            self._work.log.error(f"원장에 결과를 쓰지 못했습니다: {error}")
        return result

    async def _commit(self, begun: Begun, result: JobResult) -> None:
        """Write the end. An item in flight is left to the ledger: it may have taken the outcome."""
        end = JobEnd.of(result, self._started_at)
        await self._tools.ledger.end_job(begun.job, end)

    async def _attempt_until_end(self, begun: Begun, number: int) -> tuple[_End, int]:
        """Give the end and the number of attempts, those of earlier starts included."""
        history = History()
        while not self._stop.draining.is_set():
            if self._left_s() == 0:
                return self._too_late(), number
            number += 1
            ended_before = self._ended_items
            outcome = await self._recorded_attempt(begun, number, history)
            if isinstance(outcome, _End):
                return outcome, number
            progressed = self._ended_items > ended_before
            history = history.after(outcome, progressed=progressed)
            decision = decide(outcome, history, self._tools.limits, chance=random.random())  # noqa: S311 - spreads returns
            if isinstance(decision, GiveUp):
                self._tell_failure(outcome)
                self.ends_account = decision.ends_account
                return _End(reason=StopReason.ERROR, failure=self._masked(decision.failure)), number
            self._work.log.warning(f"다시 시도합니다 ({number + 1}번째): {outcome}")
            await pause(decision.pause_s, self._stop)
        return _End(reason=self._stop.reason), number

    async def _recorded_attempt(
        self, begun: Begun, number: int, history: History
    ) -> "_End | Trouble":
        """One attempt, with its begin and end in the ledger."""
        self._listener.on_attempt(number)
        ledger = self._tools.ledger
        try:
            await ledger.begin_attempt(begun.job, number, _now())
            outcome = await self._attempt(begun, history)
            failure = outcome.failure if isinstance(outcome, _End) else self._failure(outcome)
            await ledger.end_attempt(begun.job, number, _now(), failure)
        except (LedgerError, LeaseLostError) as error:
            return error
        return outcome

    async def _attempt(self, begun: Begun, history: History) -> "_End | Trouble":
        """One attempt, left where it stands when something calls it off."""
        task = asyncio.create_task(
            attempt(self._tools, begun, self._stop, is_isolated=history.is_isolated),
            name=f"attempt {self._work.account.id}",
        )
        calling_off = asyncio.create_task(self._called_off(begun.lease), name="called off?")
        try:
            await asyncio.wait({task, calling_off}, return_when=asyncio.FIRST_COMPLETED)
            is_left = not task.done()
            if is_left and not (self._stop.at_once.is_set() or begun.lease.lost.is_set()):
                await begun.evidence.take_of_job("called_off")
        finally:
            task.cancel()
            if not calling_off.done():
                calling_off.cancel()
            await asyncio.gather(task, calling_off, return_exceptions=True)
        return calling_off.result() if is_left else self._outcome(task)

    async def _called_off(self, lease: AccountLease) -> "_End | Trouble":
        """Wait for whatever ends an attempt from outside: a wish, the clock, the lease."""
        at_once = asyncio.create_task(self._stop.at_once.wait(), name="stop at once?")
        lost = asyncio.create_task(lease.lost.wait(), name="lease lost?")
        stalled = asyncio.create_task(self._progress.stalled(), name="stalled?")
        try:
            await asyncio.wait(
                {at_once, lost, stalled},
                timeout=self._left_s(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if at_once.done():
                return _End(reason=self._stop.reason)
            if lost.done():
                return LeaseLostError()
            if stalled.done():
                return WorkError(FailureKind.TIMEOUT, stalled.result())
        finally:
            for waiting in (at_once, lost, stalled):
                waiting.cancel()
            await asyncio.gather(at_once, lost, stalled, return_exceptions=True)
        return self._too_late()

    def _too_late(self) -> _End:
        text = f"계정 하나의 제한 시간({self._tools.limits.job_timeout_s:g}초)을 넘었습니다"
        failure = Failure(kind=FailureKind.TIMEOUT, message=text)
        return _End(reason=StopReason.DEADLINE, failure=failure)

    def _left_s(self) -> float | None:
        limit_s = self._tools.limits.job_timeout_s
        return None if limit_s is None else max(self._started + limit_s - time.monotonic(), 0.0)

    def _outcome(self, ended: "asyncio.Task[StopReason]") -> "_End | Trouble":
        try:
            reason = ended.result()
        except (WorkError, LedgerError) as error:
            return error
        # A job is fenced: whatever ends an attempt, a cancellation from its inside too, is told
        # in the job's result and touches no other job.
        except (Exception, asyncio.CancelledError) as error:
            self._work.log.warning(f"예상하지 못한 오류: {error!r}", exc_info=error)
            return WorkError(FailureKind.UNKNOWN, f"예상하지 못한 오류: {error!r}")
        return _End(reason=self._stop.reason if reason is StopReason.CANCELLED else reason)

    def _on_item(self, index: int, item: ItemResult) -> None:
        self._ended_items += 1
        self._progress.note(item.duration_s)
        self._listener.on_item(index, item)

    def _failure(self, error: Trouble) -> Failure:
        kind = error.kind if isinstance(error, WorkError) else FailureKind.UNKNOWN
        return self._masked(Failure(kind=kind, message=str(error)))

    def _masked(self, failure: Failure) -> Failure:
        return replace(failure, message=self._tools.mask(failure.message))

    def _tell_failure(self, error: Trouble) -> None:
        doing = "로그인" if isinstance(error, SignInError) else f"{self._work.step.label} 실행"
        self._work.log.error(f"{doing} 중 예외 발생: {error}", kind=self._failure(error).kind)

    def _tell(self, result: JobResult) -> None:
        log, label, totals = self._work.log, self._work.step.label, result.totals
        log.info(f"{label} 실행 완료 - 처리: {totals.done}, 실패: {totals.failed}")
        if result.stop_reason is StopReason.ERROR:
            log.error(f"=== {label} 실행 중 오류 ===")
        elif result.stop_reason is StopReason.DEADLINE and result.failure:
            log.error(f"=== {label} 실행 중단: {result.failure.message} ===")
        elif result.status is JobStatus.CANCELLED:
            log.warning(f"=== {label} 실행 중단 ===")
        else:
            log.info(f"=== {label} 실행 완료 ===")


def _now() -> datetime:
    return datetime.now().astimezone()
