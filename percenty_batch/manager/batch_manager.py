"""BatchManager: the only place that knows every part. The guide's calls, to the letter."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs, no_inputs
from percenty_batch.errors import CannotRunError, InputError, RunLostError
from percenty_batch.events import Event, Subscriber
from percenty_batch.jobs import parse_deadline, parse_halt
from percenty_batch.ledger import (
    RunPlan,
    RunRecord,
    Start,
    StopRequest,
    log_gaps,
    open_ledger,
    run_results,
)
from percenty_batch.logs import Mirror, RunFolders, RunLogs, Secrets, check_disk, reserve_stamp
from percenty_batch.manager.dry_run import DryRun, DryRunWork
from percenty_batch.manager.given import by_id, known_accounts, read_given_accounts
from percenty_batch.manager.notices import RunNotices
from percenty_batch.manager.orders import RoundOrder
from percenty_batch.manager.past import read_history
from percenty_batch.manager.planning import plan_round, rounds_to_resume
from percenty_batch.manager.reporting import RunReports
from percenty_batch.manager.resumption import without_old_stops
from percenty_batch.manager.round_work import RoundWork
from percenty_batch.manager.run_ledger import RunLedger, working_run
from percenty_batch.manager.run_plan import planned_start, run_plan
from percenty_batch.manager.signals import run_with_signals
from percenty_batch.models import Account, BatchResult, LogGap
from percenty_batch.reports import ReportFiles, check_templates
from percenty_batch.settings import Settings, load_settings
from percenty_batch.steps import load_steps


class BatchManager:
    """One run: its stamp, its logs, its batches and their reports.

    Without arguments, settings come from `percenty_batch.toml` and `PERCENTY_*`, accounts from
    the settings' `accounts_file`. Making one reserves the stamp and its folders; everything
    that can be wrong with the input is refused before that. With `resumes`, a run of the ledger
    is taken up again under its own stamp. `inputs` are the rows of given accounts, for the steps
    that need them. `secrets` are masked beside the accounts' passwords and keys.

    Raises InputError, CannotRunError when the log folder cannot be made, and DiskError when
    there is too little room in it.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        accounts: Sequence[Account] | None = None,
        inputs: Mapping[str, AccountInputs] | None = None,
        on_event: Subscriber | None = None,
        mirror: Mirror | None = None,
        secrets: Iterable[str] = (),
        resumes: RunRecord | None = None,
    ) -> None:
        self._settings = settings or load_settings(None, os.environ)
        if accounts is None:
            accounts, inputs = read_given_accounts(self._settings, os.environ)
        self._accounts = by_id(accounts)
        self._inputs = {each: (inputs or {}).get(each, no_inputs(each)) for each in self._accounts}
        self._steps = load_steps(self._settings.steps_from, self._settings.steps.stop_on_failure)
        check_templates(self._settings.reports.templates_dir)
        self._deadline_at = self._checked_limits()
        self._secrets = Secrets()
        self._secrets.add(*(account.password for account in self._accounts.values()), *secrets)
        self._secrets.add(*(key for each in self._inputs.values() for key in each.secrets))
        self._notices = RunNotices(self._settings.notify, self._secrets.mask)
        self._secrets.add(*self._notices.secrets)
        self._on_event = on_event
        self._results: dict[str, BatchResult] = {}
        self._report_files: dict[str, ReportFiles] = {}
        self._worked: list[BatchResult] = []  # by the call that runs
        self._round_at_work: RoundWork | None = None
        self._round_count = len(resumes.rounds) if resumes else 0
        self._is_running = False
        self._batches_left = 0
        self._last_of_round = ""
        self._early_signal: int | None = None
        self._begun: tuple[RunPlan, Start] | None = None
        self._resumes = resumes
        self._gaps_before = log_gaps(resumes) if resumes else ()
        root = self._settings.logs.folder
        check_disk(root, self._settings.logs.min_free_mb)
        self.start_time = (
            resumes.plan.stamp if resumes else reserve_stamp(root, datetime.now().astimezone())
        )
        self._folders = RunFolders(root=root, stamp=self.start_time)
        self._reports = RunReports(self._folders, self._settings.reports, self._secrets.mask)
        self._logs = RunLogs(
            self._folders,
            self._secrets,
            line_format=self._settings.logs.format,
            level=self._settings.logs.level,
            max_open_files=self._settings.logs.max_open_files,
            min_free_mb=self._settings.logs.min_free_mb,
            mirror=mirror,
        )

    @property
    def account_loggers(self) -> Mapping[str, FilteringBoundLogger]:
        """The loggers of the accounts that this run has worked with, by account id."""
        return self._logs.account_loggers

    @property
    def results(self) -> tuple[BatchResult, ...]:
        """The batches of this run so far."""
        return tuple(self._results.values())

    @property
    def report_files(self) -> tuple[ReportFiles, ...]:
        """The report of each batch so far; what could not be written is None in it."""
        return tuple(self._report_files.values())

    def run_single_step(
        self,
        step: str | int,
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> BatchResult:
        """Work one step over the accounts (None: all) and write its reports.

        `quantity` None: the setting, else the step's own. `concurrent` False: one account at a
        time. Ctrl-C and SIGTERM stop the batch in order; the reports are written all the same.
        Raises InputError before anything is opened.
        """
        return self.run_steps([step], accounts, quantity, concurrent)[0]

    async def run_step(
        self,
        step: str | int,
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> BatchResult:
        """The same as a coroutine; signals are left to the caller, who has `stop`."""
        return (await self.work_steps([step], accounts, quantity, concurrent))[0]

    def run_steps(
        self,
        steps: Sequence[str | int],
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> tuple[BatchResult, ...]:
        """Work several steps over the accounts, each account's in this order, with one sign-in.

        A step may say what its failure means for those after it: `5_1:stop`, `1:continue`.
        Gives one batch per step; its reports are written when the last account has ended it.
        The rest as in `run_single_step`.
        """
        return self._run_rounds([self._round(steps, accounts, quantity, concurrent=concurrent)])

    async def work_steps(
        self,
        steps: Sequence[str | int],
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> tuple[BatchResult, ...]:
        """The same as a coroutine; signals are left to the caller, who has `stop`."""
        order = self._round(steps, accounts, quantity, concurrent=concurrent)
        return await self._work([order])

    def resume(
        self, *, only_failed: bool = False, retry_refused: bool = False
    ) -> tuple[BatchResult, ...]:
        """Take up every batch of the run that is not finished; returns all of its batches.

        Accounts that are no longer among ours are left out, unless `retry_refused` those whose
        sign-in the site refused, and with `only_failed` also those that
        were merely not reached. Raises InputError when no run was given to resume.
        """
        if self._resumes is None:
            raise InputError("이어서 할 실행이 없습니다")
        known = without_old_stops(run_results(self._resumes))
        self._results = {each.job_id: each for each in known}
        orders = rounds_to_resume(
            self._resumes, self._accounts, only_failed=only_failed, retry_refused=retry_refused
        )
        self._run_rounds(list(orders))
        return self.results

    def dry_run(
        self,
        steps: Sequence[str | int],
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> DryRun:
        """Look at what `run_steps` would do; neither site nor ledger is changed.

        Raises InputError, and CannotRunError when nothing can be opened.
        """
        order = self._round(steps, accounts, quantity, concurrent=concurrent)
        work = DryRunWork(
            order,
            settings=self._settings,
            accounts=self._accounts,
            inputs=self._inputs,
            steps=self._steps,
            logs=self._logs,
            stamp=self.start_time,
            deadline_at=self._deadline_at,
            mask=self._secrets.mask,
        )
        return run_with_signals(work.run, work.stop)

    def generate_summary_report(self) -> Path:
        """Write the summary of all batches so far and return its path.

        Raises CannotRunError when it cannot be written.
        """
        files = self._reports.write_summary(self.results, self._gaps)
        if files.problems or files.markdown is None:
            raise CannotRunError("; ".join(files.problems))
        return files.markdown

    @property
    def notice_problems(self) -> tuple[str, ...]:
        """What could not be sent of the run's messages, or may not have arrived."""
        return self._notices.problems

    def stop(self, signal_number: int) -> None:
        """Stop in order; asked a second time, or after the grace period, stop at once."""
        if self._round_at_work is not None:
            self._round_at_work.stop(signal_number)
        elif self._is_running:
            self._early_signal = signal_number  # the ledger is still opening

    def _hear_stop(self, request: StopRequest) -> None:
        self._logs.batch.warning(f"중단을 요청한 곳: {request.who}")
        self.stop(signal.SIGTERM)

    @property
    def _gaps(self) -> tuple[LogGap, ...]:
        """What is missing from the run's logs, those of its earlier starts included."""
        return (*self._gaps_before, *self._logs.gaps)

    def _checked_limits(self) -> float | None:
        """Check the limits that are texts; returns when the run must end, monotonic."""
        jobs = self._settings.jobs
        if jobs.halt is not None:
            parse_halt(jobs.halt)
        if jobs.deadline is None:
            return None
        return time.monotonic() + parse_deadline(jobs.deadline, datetime.now().astimezone())

    def _round(
        self,
        steps: Sequence[str | int],
        accounts: Sequence[str] | None,
        quantity: int | None,
        *,
        concurrent: bool,
    ) -> RoundOrder:
        order = plan_round(
            steps,
            {each: self._inputs[each] for each in known_accounts(accounts, self._accounts)},
            self._settings.quantity if quantity is None else quantity,
            known_steps=self._steps,
            number=self._round_count + 1,
            stamp=self.start_time,
            steps_before=[result.step for result in self.results],
            concurrent=concurrent,
        )
        self._round_count = order.number
        return order

    def _run_rounds(self, orders: Sequence[RoundOrder]) -> tuple[BatchResult, ...]:
        return run_with_signals(lambda: self._work(orders), self.stop)

    async def _work(self, orders: Sequence[RoundOrder]) -> tuple[BatchResult, ...]:
        if self._is_running:
            raise InputError("이미 실행 중인 배치가 있습니다")
        self._is_running, self._early_signal = True, None
        try:
            with self._logs:
                return await self._work_all(orders)
        finally:
            self._is_running = False

    async def _work_all(self, orders: Sequence[RoundOrder]) -> tuple[BatchResult, ...]:
        """Work the rounds one after the other, until one is interrupted."""
        self._worked = []
        self._batches_left = sum(len(order.batches) for order in orders)
        self._notices.begin(None, self._logs.batch)
        for order in orders:
            for account in order.accounts:
                self._logs.account(account)
        try:
            async with self._open_run() as run:
                self._notices.begin(run, self._logs.batch)
                for order in orders:
                    await self._work_one(order, run)
                    if self._worked and self._worked[-1].interrupted_by is not None:
                        break
        except RunLostError as error:
            self._logs.batch.error(str(error))
            raise
        except CannotRunError as error:
            self._logs.batch.error(str(error))
            if not self._worked:  # what was worked stands, also when the ledger fails after it
                await self._keep_unworked(orders[0], error)
        return tuple(self._worked)

    async def _keep_unworked(self, order: RoundOrder, error: CannotRunError) -> None:
        if self._resumes is not None:
            raise error
        for batch in order.batches:
            await self._keep(batch.not_run(self.start_time, str(error)))

    async def _work_one(self, order: RoundOrder, run: RunLedger) -> None:
        self._last_of_round = order.batches[-1].job_id
        self._round_at_work = RoundWork(
            order,
            settings=self._settings,
            accounts=self._accounts,
            inputs=self._inputs,
            steps=self._steps,
            logs=self._logs,
            folders=self._folders,
            on_event=self._hear,
            deadline_at=self._deadline_at,
            mask=self._secrets.mask,
            gaps_before=self._gaps_before,
        )
        if self._early_signal is not None:
            self._round_at_work.stop(self._early_signal)
        try:
            await self._round_at_work.work(run, partial(self._keep, run=run))
        finally:
            self._round_at_work = None

    async def _keep(self, result: BatchResult, run: RunLedger | None = None) -> None:
        """Tell of the run when this is its last batch, and only then spend time on reports."""
        if run is not None:
            steps = {each.step for each in (*self.results, result)}
            self._reports.history = await read_history(run.ledger, run.plan, steps)
        self._results[result.job_id] = result
        self._worked.append(result)
        self._batches_left -= 1
        is_stopped = result.interrupted_by is not None and result.job_id == self._last_of_round
        if self._batches_left <= 0 or is_stopped:
            plan = self._begun[0] if self._begun else run_plan(self._settings, self.start_time)
            halts = [each.halted for each in self._worked if each.halted]
            await self._notices.send_digest(plan, self.results, self._folders.root, halts=halts)
        await asyncio.to_thread(self._write_reports, result)
        if lost := self._logs.lost_lines:
            self._logs.batch.error(f"로그에 쓰지 못한 줄이 있습니다: {lost}줄")

    @asynccontextmanager
    async def _open_run(self) -> AsyncIterator[RunLedger]:
        """Open the ledger and write this start of the run into it. Raises CannotRunError."""
        settings = self._settings
        if self._begun is None:
            self._begun = await asyncio.to_thread(
                planned_start, settings, self.start_time, self._resumes
            )
        plan, start = self._begun
        async with (
            open_ledger(settings.ledger, settings.logs.folder) as ledger,
            working_run(ledger, plan, start, settings.ledger.lease_s, self._hear_stop) as run,
        ):
            self._begun = run.plan, run.start
            yield run

    def _hear(self, event: Event) -> None:
        self._notices.on_event(event)
        if self._on_event is not None:
            self._on_event(event)

    def _write_reports(self, result: BatchResult) -> None:
        self._reports.notices = self._notices.problems
        files = self._reports.write_batch(result, self._gaps, should_replace=result.resumptions > 0)
        self._report_files[result.job_id] = files
        summary = self._reports.write_summary(self.results, self._gaps)
        for problem in (*files.problems, *summary.problems):
            self._logs.batch.error(problem)
