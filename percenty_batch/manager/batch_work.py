"""One batch of a round: its jobs' results as they come in, and its end in the ledger."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from structlog.typing import FilteringBoundLogger

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import BatchEnd, batch_result
from percenty_batch.manager.orders import BatchOrder
from percenty_batch.manager.run_ledger import RunLedger
from percenty_batch.models import BatchResult, Failure, JobResult, StopReason


class BatchWork:
    """Gathers one batch's results, once. Must be made inside the event loop.

    Its time is from `begin` to the last result; the first batch of what is worked together is
    begun at once. `finished_at` and `worked_s` hold once `all_in` is set.
    """

    def __init__(self, order: BatchOrder, *, is_first: bool) -> None:
        self.order = order
        self.all_in = asyncio.Event()
        self.finished_at: datetime
        self.worked_s: float
        self._began: float | None = None
        self._began_at: datetime | None = None
        if is_first:
            self.begin()
        self._results: dict[str, JobResult] = {}
        self._look()

    def begin(self) -> None:
        """An account has come to the batch."""
        if self._began is None:
            self._began, self._began_at = time.monotonic(), datetime.now().astimezone()

    def take(self, result: JobResult) -> None:
        """Take in how one account's job ended."""
        self._results[result.account] = result
        self._look()

    def give_up(self, reason: StopReason, failure: Failure | None = None) -> None:
        """Every account that has no result yet was not touched."""
        order = self.order
        for account, count in order.requested.items():
            if account not in self._results:
                self.take(
                    JobResult.not_begun(account, order.step, count, reason=reason, failure=failure)
                )

    async def end(self, run: RunLedger, end: BatchEnd, log: FilteringBoundLogger) -> BatchResult:
        """Write the end and give the result, which is what the ledger holds.

        Only where it can no longer be read or written, it is what the jobs themselves have told.
        Raises LeaseLostError when the run is no longer ours.
        """
        try:
            await run.end_batch(self.order.job_id, self._news, end)
            record = await run.batch(self.order.job_id)
            return batch_result(
                run.plan,
                record,
                resumptions=run.start.number - 1,
                opens_round=self.order.opens_round,
            )
        except LedgerError as error:
            log.error(f"원장에 결과를 쓰지 못했습니다: {error}")
            return self._told(run, end)

    def _look(self) -> None:
        if len(self._results) < len(self.order.accounts) or self.all_in.is_set():
            return
        before_s = self.order.before.duration_s if self.order.before else 0.0
        now_s = 0.0 if self._began is None else time.monotonic() - self._began
        self.worked_s, self.finished_at = before_s + now_s, datetime.now().astimezone()
        self.all_in.set()

    def _told(self, run: RunLedger, end: BatchEnd) -> BatchResult:
        before = self.order.before
        return BatchResult(
            job_id=self.order.job_id,
            step=self.order.step,
            stamp=run.plan.stamp,
            jobs=self._all_told,
            started_at=before.started_at if before else self._began_at or end.finished_at,
            finished_at=end.finished_at,
            duration_s=end.duration_s,
            interrupted_by=end.interrupted_by,
            halted=end.halted,
            resumptions=run.start.number - 1,
        )

    @property
    def _all_told(self) -> tuple[JobResult, ...]:
        """Add what earlier starts came to: of other accounts, and of those not opened again."""
        told = {job.account: job for job in self._before}
        told |= {job.account: job for job in self._news}
        return tuple(told.values())

    @property
    def _news(self) -> tuple[JobResult, ...]:
        """Leave out those that were merely not reached: what an earlier start told stands."""
        worked = {job.account for job in self._before if job.attempts}
        jobs = (self._results[account] for account in self.order.accounts)
        return tuple(
            job for job in jobs if job.attempts or job.failure or job.account not in worked
        )

    @property
    def _before(self) -> Sequence[JobResult]:
        return self.order.before.jobs if self.order.before else ()
