"""Jobs in this process: one browser, one session per account, a bounded number at once."""

import asyncio
from collections.abc import Awaitable, Mapping

from percenty_batch.engines.port import JobSpec
from percenty_batch.events import Events, ItemDone, JobFinished, JobStarted
from percenty_batch.jobs import Assignment, Job, Pool, Stop, Tools
from percenty_batch.logs import RunLogs
from percenty_batch.models import Account, ItemResult, JobResult, StopReason
from percenty_batch.steps import AccountMemory, ItemBook, resolve_step


class LocalEngine:
    """Must be made inside the event loop. `memories` outlives it: it belongs to the run."""

    def __init__(
        self,
        *,
        tools: Tools,
        logs: RunLogs,
        events: Events,
        accounts: Mapping[str, Account],
        memories: dict[str, AccountMemory],
        concurrency: int,
    ) -> None:
        self._tools = tools
        self._logs = logs
        self._events = events
        self._accounts = accounts
        self._memories = memories
        self._stop = Stop()
        self._pool = Pool(concurrency, tools.limits.start_interval_s, self._stop)

    @property
    def events(self) -> Events:
        return self._events

    def submit(self, job: JobSpec) -> Awaitable[JobResult]:
        return asyncio.create_task(self._run(job), name=f"{job.job_id} {job.account}")

    def stop(self, *, at_once: bool) -> None:
        if at_once:
            self._stop.force()
        else:
            self._stop.drain()

    async def _run(self, spec: JobSpec) -> JobResult:
        async with self._pool.slot():
            if self._stop.draining.is_set():
                result = _never_begun(spec)
            else:
                try:
                    with self._logs.account_scope(spec.account):
                        result = await self._job(spec).run()
                finally:
                    self._logs.close_account(spec.account)
        self._events.publish(JobFinished(job_id=spec.job_id, result=result))
        return result

    def _job(self, spec: JobSpec) -> Job:
        def on_item(index: int, item: ItemResult) -> None:
            self._events.publish(
                ItemDone(job_id=spec.job_id, account=spec.account, index=index, item=item)
            )

        def on_attempt(attempt: int) -> None:
            self._events.publish(
                JobStarted(
                    job_id=spec.job_id,
                    account=spec.account,
                    requested=spec.quantity,
                    attempt=attempt,
                )
            )

        work = Assignment(
            account=self._accounts[spec.account],
            step=resolve_step(spec.step),
            book=ItemBook(spec.quantity, on_item),
            memory=self._memories.setdefault(spec.account, AccountMemory()),
            log=self._logs.account(spec.account).bind(job=spec.job_id, step=spec.step),
        )
        return Job(self._tools, work, self._stop, on_attempt)


def _never_begun(spec: JobSpec) -> JobResult:
    return JobResult(
        account=spec.account,
        step=spec.step,
        requested=spec.quantity,
        items=(),
        stop_reason=StopReason.CANCELLED,
        failure=None,
        attempts=0,
        started_at=None,
        finished_at=None,
        duration_s=0.0,
    )
