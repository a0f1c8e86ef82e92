"""One account's jobs, one after the other, under one lease and with one sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass

from percenty_batch.jobs.attempt import Assignment
from percenty_batch.jobs.hold import AccountHold, holding
from percenty_batch.jobs.job import Job, Listener
from percenty_batch.jobs.stop import Stop
from percenty_batch.jobs.tools import Tools
from percenty_batch.models import JobResult, OnFailure, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One job of a chain: what it is, what its failure means for those after it, who is told."""

    work: Assignment
    on_failure: OnFailure
    listener: Listener


class Chain:
    """Works an account's jobs in their order, once. `links` has at least one."""

    def __init__(self, tools: Tools, links: Sequence[Link], stop: Stop) -> None:
        self._tools = tools
        self._links = links
        self._stop = stop
        self._is_broken = False

    async def run(self) -> None:
        """Tell every job's result to its listener. Raises nothing but a cancellation from outside.

        After a job that ends the account, or one that has failed and whose failure is to stop the
        rest, the others are not begun.
        """
        account = self._links[0].work.account
        async with holding(self._tools, account.id, self._stop) as hold:
            for link in self._links:
                link.listener.on_end(await self._result(link, hold))

    async def _result(self, link: Link, hold: AccountHold) -> JobResult:
        if self._is_broken:
            return self._skipped(link.work)
        if self._stop.draining.is_set():
            return link.work.not_begun(self._stop.reason)
        link.listener.on_begin()
        job = Job(self._tools, link.work, self._stop, link.listener, hold)
        result = await job.run()
        is_fatal = result.has_failed and link.on_failure is OnFailure.STOP
        self._is_broken = job.ends_account or is_fatal
        return result

    def _skipped(self, work: Assignment) -> JobResult:
        work.log.warning(f"=== {work.step.label} 시작하지 않음: 앞 단계가 실패했습니다 ===")
        return work.not_begun(StopReason.EARLIER_STEP)
