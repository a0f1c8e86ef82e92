"""One account in one batch: a job's whole life, whose every exit becomes a result."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from percenty_batch.errors import FailureKind, SignInError, WorkError
from percenty_batch.jobs.attempt import Assignment, Tools, attempt
from percenty_batch.jobs.pool import pause
from percenty_batch.jobs.retry import pause_s, should_retry
from percenty_batch.jobs.stop import Stop
from percenty_batch.models import Failure, JobResult, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    reason: StopReason
    failure: Failure | None = None


class Job:
    """Runs attempts until one ends the job."""

    def __init__(
        self, tools: Tools, work: Assignment, stop: Stop, on_attempt: Callable[[int], None]
    ) -> None:
        self._tools = tools
        self._work = work
        self._stop = stop
        self._on_attempt = on_attempt
        self._attempts = 0

    async def run(self) -> JobResult:
        """Run to the end. Raises nothing but a cancellation from outside."""
        work = self._work
        started_at, started = datetime.now().astimezone(), time.monotonic()
        work.log.info(f"=== {work.step.label} 실행 시작: 수량={work.book.requested} ===")
        end = await self._attempt_until_end()
        reason = end.failure.message if end.failure else "중단됨"
        work.book.settle(reason, end.failure.kind if end.failure else None)
        result = JobResult(
            account=work.account.id,
            step=work.step.id,
            requested=work.book.requested,
            items=work.book.items,
            stop_reason=end.reason,
            failure=end.failure,
            attempts=self._attempts,
            started_at=started_at,
            finished_at=datetime.now().astimezone(),
            duration_s=time.monotonic() - started,
            source_before=work.book.source_before,
            source_after=work.book.source_after,
        )
        self._tell(result)
        return result

    async def _attempt_until_end(self) -> _End:
        fruitless = 0
        while not self._stop.draining.is_set():
            self._attempts += 1
            self._on_attempt(self._attempts)
            items_before = len(self._work.book.items)
            outcome = await self._attempt_or_stop()
            if isinstance(outcome, _End):
                return outcome
            fruitless = 0 if len(self._work.book.items) > items_before else fruitless + 1
            if not should_retry(
                outcome,
                fruitless_attempts=fruitless,
                max_attempts=self._tools.limits.max_attempts,
            ):
                self._tell_failure(outcome)
                return _End(
                    reason=StopReason.ERROR,
                    failure=Failure(kind=outcome.kind, message=str(outcome)),
                )
            self._work.log.warning(f"다시 시도합니다 ({self._attempts + 1}번째): {outcome}")
            await pause(pause_s(fruitless), self._stop)
        return _End(reason=StopReason.CANCELLED)

    async def _attempt_or_stop(self) -> "_End | WorkError":
        """One attempt, left where it stands when a stop at once is asked for."""
        task = asyncio.create_task(
            attempt(self._tools, self._work, self._stop), name=f"attempt {self._work.account.id}"
        )
        stopped = asyncio.create_task(self._stop.at_once.wait(), name="stop at once?")
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            is_left = not task.done()
        finally:
            task.cancel()
            stopped.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)
        return _End(reason=StopReason.CANCELLED) if is_left else self._outcome(task)

    def _outcome(self, ended: "asyncio.Task[StopReason]") -> "_End | WorkError":
        try:
            return _End(reason=ended.result())
        except WorkError as error:
            return error
        # A job is fenced: whatever ends an attempt, a cancellation from its inside too, is told
        # in the job's result and touches no other job.
        except (Exception, asyncio.CancelledError) as error:
            self._work.log.warning(f"예상하지 못한 오류: {error!r}", exc_info=error)
            return WorkError(FailureKind.UNKNOWN, f"예상하지 못한 오류: {error!r}")

    def _tell_failure(self, error: WorkError) -> None:
        doing = "로그인" if isinstance(error, SignInError) else f"{self._work.step.label} 실행"
        self._work.log.error(f"{doing} 중 예외 발생: {error}", kind=error.kind)

    def _tell(self, result: JobResult) -> None:
        log, label, totals = self._work.log, self._work.step.label, result.totals
        log.info(f"{label} 실행 완료 - 처리: {totals.done}, 실패: {totals.failed}")
        if result.stop_reason is StopReason.ERROR:
            log.error(f"=== {label} 실행 중 오류 ===")
        elif result.stop_reason is StopReason.CANCELLED:
            log.warning(f"=== {label} 실행 중단 ===")
        else:
            log.info(f"=== {label} 실행 완료 ===")
