"""Jobs in this process: one browser, one session per account, a bounded number at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from percenty_batch.accounts import AccountInputs
from percenty_batch.engines.port import JobSpec, OnBegin, OnResult
from percenty_batch.errors import FailureKind
from percenty_batch.events import Events, Halted, ItemDone, JobFinished, JobStarted
from percenty_batch.jobs import Assignment, Brake, Chain, Halt, Link, Listener, Pool, Stop, Tools
from percenty_batch.logs import RunLogs
from percenty_batch.models import Account, Failure, ItemOutcome, ItemResult, JobResult, StopReason
from percenty_batch.steps import STEPS, StepSpec


class LocalEngine:
    """Must be made inside the event loop. `account_count` is how many the round has.

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
        steps: Mapping[str, StepSpec] = STEPS,
        concurrency: int,
        account_count: int,
    ) -> None:
        self._tools = tools
        self._logs = logs
        self._events = events
        self._accounts = accounts
        self._inputs = inputs
        self._steps = steps
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

    def submit(
        self, chain: Sequence[JobSpec], on_result: OnResult, on_begin: OnBegin | None = None
    ) -> Awaitable[None]:
        running = self._run(chain, on_result, on_begin or _nobody)
        return asyncio.create_task(running, name=f"jobs of {chain[0].account}")

    def stop(self, *, at_once: bool, reason: StopReason = StopReason.CANCELLED) -> None:
        self._stop.drain(reason)
        if at_once:
            self._stop.force()

    async def _run(self, chain: Sequence[JobSpec], on_result: OnResult, on_begin: OnBegin) -> None:
        account, open_ends = chain[0].account, list(chain)

        def on_end(spec: JobSpec, result: JobResult) -> None:
            open_ends.remove(spec)
            self._look_after(result)
            self._events.publish(JobFinished(job_id=spec.job_id, result=result))
            on_result(spec, result)

        async with self._pool.slot():
            try:
                with self._logs.account_scope(account):
                    links = [
                        self._link(
                            spec,
                            self._listener(spec, partial(on_begin, spec), partial(on_end, spec)),
                            has_next=spec is not chain[-1],
                        )
                        for spec in chain
                    ]
                    await Chain(self._tools, links, self._stop).run()
            # A chain is fenced: one that breaks in a way nobody foresaw costs no other's result.
            except Exception as error:  # noqa: BLE001
                for spec in tuple(open_ends):
                    on_end(spec, self._broken(spec, error))
            finally:
                self._logs.close_account(account)

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

    def _link(self, spec: JobSpec, listener: Listener, *, has_next: bool) -> Link:
        work = Assignment(
            account=self._accounts[spec.account],
            inputs=self._inputs[spec.account],
            step=self._steps[spec.step],
            run_id=spec.run_id,
            job_id=spec.job_id,
            requested=spec.requested,
            log=self._logs.account(spec.account).bind(job=spec.job_id, step=spec.step),
            has_next=has_next,
        )
        return Link(work=work, on_failure=spec.on_failure, listener=listener)

    def _listener(
        self, spec: JobSpec, on_begin: Callable[[], None], on_end: Callable[[JobResult], None]
    ) -> Listener:
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

        return Listener(on_attempt=on_attempt, on_item=on_item, on_end=on_end, on_begin=on_begin)


def _nobody(_spec: JobSpec) -> None:
    """Hear nothing."""
