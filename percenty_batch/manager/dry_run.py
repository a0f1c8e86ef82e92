"""What a run would do, without doing it: looked up on the site, told with what is known of it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import Launcher
from percenty_batch.errors import CannotRunError
from percenty_batch.jobs import Assignment, Pool, Sight, Stop, Tools, look_at
from percenty_batch.ledger import (
    Ledger,
    Owner,
    read_ledger,
    this_process,
)
from percenty_batch.logs import RunLogs
from percenty_batch.manager.opening import reach_site, room_for, sign_in_store
from percenty_batch.manager.orders import RoundOrder
from percenty_batch.models import Account, Failure
from percenty_batch.settings import Settings
from percenty_batch.steps import Found, StepSpec

_HISTORY = 200  # the latest done items, from which the pace of an account is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One account in one step: what was found, and what is known from earlier runs.

    Without `found` and `failure`, it was not looked at. `seconds_per_item` is the median of the
    `known_items` latest done ones, None where there are none.
    """

    account: str
    step: StepSpec
    requested: int
    found: Found | None
    failure: Failure | None
    seconds_per_item: float | None
    known_items: int

    @property
    def expected_items(self) -> int | None:
        """How many items a run would work; None where nobody could count them."""
        if self.found is None or self.found.count is None:
            return None
        return min(self.found.count, self.requested)

    @property
    def expected_s(self) -> float | None:
        """How long that would take; None where it is not known."""
        if self.expected_items is None or self.seconds_per_item is None:
            return None
        return self.expected_items * self.seconds_per_item


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The outlooks, account by account in the order of the steps. `concurrency`: accounts at once.

    `budgets` tells by account what may still be spent today, in Korean lines.
    """

    outlooks: tuple[Outlook, ...]
    concurrency: int
    budgets: Mapping[str, tuple[str, ...]]
    interrupted_by: int | None = None
    is_late: bool = False


class DryRunWork:
    """Looks once at every account of a round."""

    def __init__(
        self,
        order: RoundOrder,
        *,
        settings: Settings,
        accounts: Mapping[str, Account],
        inputs: Mapping[str, AccountInputs],
        steps: Mapping[str, StepSpec],
        logs: RunLogs,
        stamp: str,
        deadline_at: float | None,
        mask: Callable[[str], str],
    ) -> None:
        self._order = order
        self._settings = settings
        self._accounts = accounts
        self._inputs = inputs
        self._steps = steps
        self._logs = logs
        self._stamp = stamp
        self._deadline_at = deadline_at
        self._mask = mask
        self._looking: list[asyncio.Task[None]] = []
        self._sights: dict[tuple[str, str], Sight] = {}
        self._interrupted_by: int | None = None
        self._is_late = False

    def stop(self, signal_number: int) -> None:
        """Leave everything: nothing is under way that would have to be finished."""
        self._interrupted_by = self._interrupted_by or signal_number
        name = signal.Signals(signal_number).name
        self._logs.batch.warning(f"중단 요청({name})을 받아 미리 보기를 멈춥니다")
        self._leave()

    async def run(self) -> DryRun:
        """Look at all accounts. Raises CannotRunError when nothing can be opened."""
        self._stop = Stop()
        with self._logs:
            for account in self._order.accounts:
                self._logs.account(account)
            try:
                return await self._work()
            except CannotRunError as error:
                self._logs.batch.error(str(error))
                raise

    async def _work(self) -> DryRun:
        settings, log = self._settings, self._logs.batch
        async with (
            read_ledger(settings.ledger, settings.logs.folder) as ledger,
            Launcher(settings.browser, log) as launcher,
        ):
            await reach_site(launcher, settings, log)
            concurrency = await room_for(settings, log) if self._order.concurrent else 1
            pool = Pool(concurrency, settings.jobs.start_interval_s, self._stop)
            owner = await asyncio.to_thread(this_process, self._stamp)
            tools = self._tools(launcher, ledger, owner)
            self._watch_clock()
            if not self._stop.draining.is_set():
                self._looking = [
                    asyncio.create_task(self._look(pool, tools, account), name=f"look {account}")
                    for account in self._order.accounts
                ]
            await asyncio.gather(*self._looking, return_exceptions=True)
            return DryRun(
                outlooks=tuple([each async for each in self._outlooks(ledger)]),
                concurrency=concurrency,
                budgets={
                    each: await self._left_today(ledger, each) for each in self._order.accounts
                },
                interrupted_by=self._interrupted_by,
                is_late=self._is_late,
            )

    async def _look(self, pool: Pool, tools: Tools, account: str) -> None:
        async with pool.slot():
            try:
                with self._logs.account_scope(account):
                    sights = await look_at(tools, self._assignments(account))
            finally:
                self._logs.close_account(account)
        self._sights |= {(account, sight.work.job_id): sight for sight in sights}

    async def _outlooks(self, ledger: Ledger) -> AsyncIterator[Outlook]:
        for account in self._order.accounts:
            for batch in self._order.batches:
                sight = self._sights.get((account, batch.job_id))
                pace = await ledger.durations(account, batch.step, _HISTORY)
                yield Outlook(
                    account=account,
                    step=self._steps[batch.step],
                    requested=batch.requested[account],
                    found=sight.found if sight else None,
                    failure=sight.failure if sight else None,
                    seconds_per_item=median(pace) if pace else None,
                    known_items=len(pace),
                )

    async def _left_today(self, ledger: Ledger, account: str) -> tuple[str, ...]:
        """Tell what is left of the daily limits that the round's steps spend from."""
        rules, now = self._settings.steps, datetime.now().astimezone()
        named = dict.fromkeys(
            each for batch in self._order.batches for each in self._steps[batch.step].spends
        )
        left = [await each.left_today(ledger, account, rules, now) for each in named]
        return tuple(line for line in left if line is not None)

    def _assignments(self, account: str) -> Sequence[Assignment]:
        log = self._logs.account(account)
        return [
            Assignment(
                account=self._accounts[account],
                inputs=self._inputs[account],
                step=self._steps[batch.step],
                run_id=self._stamp,
                job_id=batch.job_id,
                requested=batch.requested[account],
                log=log.bind(job=batch.job_id, step=batch.step),
            )
            for batch in self._order.batches
        ]

    def _tools(self, launcher: Launcher, ledger: Ledger, owner: Owner) -> Tools:
        settings = self._settings
        return Tools(
            launcher=launcher,
            sign_ins=sign_in_store(settings),
            ledger=ledger,
            owner=owner,
            lease_s=settings.ledger.lease_s,
            site=settings.site,
            limits=settings.jobs,
            rules=settings.steps,
            mask=self._mask,
        )

    def _watch_clock(self) -> None:
        if self._deadline_at is not None:
            left_s = max(self._deadline_at - time.monotonic(), 0.0)
            asyncio.get_running_loop().call_later(left_s, self._end_late)

    def _end_late(self) -> None:
        self._is_late = any(not task.done() for task in self._looking)
        self._leave()

    def _leave(self) -> None:
        self._stop.drain()
        for task in self._looking:
            task.cancel()
