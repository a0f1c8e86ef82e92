"""Jobs in this process: one browser, one session per account, a bounded number at once."""

import asyncio
import time
from collections.abc import Awaitable, Mapping

from percenty_batch.accounts import AccountInputs
from percenty_batch.engines.port import JobSpec
from percenty_batch.errors import FailureKind
from percenty_batch.events import Events, Halted, ItemDone, JobFinished, JobStarted
from percenty_batch.jobs import Assignment, Brake, Halt, Job, Listener, Pool, Stop, Tools
from percenty_batch.logs import RunLogs
from percenty_batch.models import Account, Failure, ItemOutcome, ItemResult, JobResult, StopReason
from percenty_batch.steps import resolve_step


class LocalEngine:
    """Must be made inside the event loop. `account_count` is how many the batch has.

    `inputs` are the accounts' own rows, by account id.
    """

    def __init__(
        self,
        *,
        tools: Tools,
        logs: RunLogs,
        events: Events,
        accounts: Mapping[str, Account],
        inputs: Mapping[str, AccountInputs],
        concurrency: int,
        account_count: int,
    ) -> None:
        self._tools = tools
        self._logs = logs
        self._events = events
        self._accounts = accounts
        self._inputs = inputs
        self._stop = Stop()
        self._brake = Brake(tools.limits, account_count)
        self._halt: Halt | None = None
        self._pool = Pool(concurrency, tools.limits.start_interval_s, self._stop)

    @property
    def events(self) -> Events:
        return self._events

    @property
    def halted(self) -> str | None:
        return self._halt.text if self._halt else None

    def submit(self, job: JobSpec) -> Awaitable[JobResult]:
        return asyncio.create_task(self._run(job), name=f"{job.job_id} {job.account}")

    def stop(self, *, at_once: bool, reason: StopReason = StopReason.CANCELLED) -> None:
        self._stop.drain(reason)
        if at_once:
            self._stop.force()

    async def _run(self, spec: JobSpec) -> JobResult:
        async with self._pool.slot():
            if self._stop.draining.is_set():
                result = JobResult.not_begun(
                    spec.account, spec.step, spec.requested, reason=self._stop.reason
                )
            else:
                try:
                    with self._logs.account_scope(spec.account):
                        result = await self._job(spec).run()
                # A job is fenced: one that breaks in a way nobody foresaw costs no other's result.
                except Exception as error:  # noqa: BLE001
                    result = self._broken(spec, error)
                finally:
                    self._logs.close_account(spec.account)
                self._look_after(result)
        self._events.publish(JobFinished(job_id=spec.job_id, result=result))
        return result

    def _broken(self, spec: JobSpec, error: Exception) -> JobResult:
        text = f"예상하지 못한 오류: {error!r}"
        self._logs.account(spec.account).error(text, exc_info=error)
        failure = Failure(kind=FailureKind.UNKNOWN, message=self._tools.mask(text))
        return JobResult.not_begun(
            spec.account, spec.step, spec.requested, reason=StopReason.ERROR, failure=failure
        )

    def _look_after(self, result: JobResult) -> None:
        """Leave the rest alone when the accounts so far say that it is of no use."""
        if self._halt is None and (halt := self._brake.seen(result, time.monotonic())):
            self._halt = halt
            self._logs.batch.error(halt.text)
            self._events.publish(Halted(text=halt.text))
            self._stop.drain(halt.reason)

    def _job(self, spec: JobSpec) -> Job:
        work = Assignment(
            account=self._accounts[spec.account],
            inputs=self._inputs[spec.account],
            step=resolve_step(spec.step),
            run_id=spec.run_id,
            job_id=spec.job_id,
            requested=spec.requested,
            log=self._logs.account(spec.account).bind(job=spec.job_id, step=spec.step),
        )
        return Job(self._tools, work, self._stop, self._listener(spec))

    def _listener(self, spec: JobSpec) -> Listener:
        def on_item(index: int, item: ItemResult) -> None:
            if item.outcome is ItemOutcome.DONE:
                self._brake.saw_item_done()
            self._events.publish(
                ItemDone(job_id=spec.job_id, account=spec.account, index=index, item=item)
            )

        def on_attempt(attempt: int) -> None:
            self._events.publish(
                JobStarted(
                    job_id=spec.job_id,
                    account=spec.account,
                    requested=spec.requested,
                    attempt=attempt,
                )
            )

        return Listener(on_attempt=on_attempt, on_item=on_item)
