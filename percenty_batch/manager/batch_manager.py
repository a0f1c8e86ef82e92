"""BatchManager: the only place that knows every part. The guide's calls, to the letter."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import read_accounts
from percenty_batch.browser import Launcher, SignInStore, suggested_concurrency
from percenty_batch.engines import Engine, JobSpec, LocalEngine
from percenty_batch.errors import CannotRunError, FailureKind, InputError
from percenty_batch.events import Events, Subscriber
from percenty_batch.jobs import Tools
from percenty_batch.logs import Mirror, RunFolders, RunLogs, Secrets, reserve_stamp
from percenty_batch.manager.reporting import RunReports
from percenty_batch.manager.results import not_run
from percenty_batch.manager.signals import stopping_on_signals
from percenty_batch.models import Account, BatchResult, JobResult
from percenty_batch.reports import ReportFiles, check_templates
from percenty_batch.settings import Settings, check_variables, load_settings
from percenty_batch.steps import AccountMemory, StepSpec, resolve_step


class BatchManager:
    """One run: its stamp, its logs, its batches and their reports.

    Without arguments, settings come from `percenty_batch.toml` and `PERCENTY_*`, accounts from
    the settings' `accounts_file`. Making one reserves the stamp and its folders; everything
    that can be wrong with the input is refused before that.

    Raises InputError, and CannotRunError when the log folder cannot be made.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        accounts: Sequence[Account] | None = None,
        on_event: Subscriber | None = None,
        mirror: Mirror | None = None,
    ) -> None:
        self._settings = settings or load_settings(None, os.environ)
        self._accounts = {each.id: each for each in self._given_or_read(accounts)}
        check_templates(self._settings.reports.templates_dir)
        self._secrets = Secrets()
        self._secrets.add(*(account.password for account in self._accounts.values()))
        self._on_event = on_event
        self._results: list[BatchResult] = []
        self._report_files: list[ReportFiles] = []
        self._memories: dict[str, AccountMemory] = {}
        self._engine: Engine | None = None
        self._is_running = False
        self._interrupted_by: int | None = None
        root = self._settings.logs.folder
        self.start_time = reserve_stamp(root, datetime.now().astimezone())
        folders = RunFolders(root=root, stamp=self.start_time)
        self._reports = RunReports(
            folders, self._settings.reports.templates_dir, self._secrets.mask
        )
        self._logs = RunLogs(
            folders,
            self._secrets,
            line_format=self._settings.logs.format,
            level=self._settings.logs.level,
            max_open_files=self._settings.logs.max_open_files,
            mirror=mirror,
        )

    @property
    def account_loggers(self) -> Mapping[str, FilteringBoundLogger]:
        """The loggers of the accounts that this run has worked with, by account id."""
        return self._logs.account_loggers

    @property
    def results(self) -> tuple[BatchResult, ...]:
        """The batches of this run so far."""
        return tuple(self._results)

    @property
    def report_files(self) -> tuple[ReportFiles, ...]:
        """The report of each batch so far; what could not be written is None in it."""
        return tuple(self._report_files)

    def run_single_step(
        self,
        step: str | int,
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> BatchResult:
        """Work one step over the accounts (None: all) and write its reports.

        `quantity` None: the setting. `concurrent` False: one account at a time. Ctrl-C and
        SIGTERM stop the batch in order; the reports are written all the same.
        Raises InputError before anything is opened.
        """
        if _is_in_event_loop():
            raise InputError("이벤트 루프 안에서는 await run_step(...)을 쓰세요")
        specs = self._specs(step, accounts, quantity)

        async def main() -> BatchResult:
            with stopping_on_signals(self.stop):
                return await self._run_batch(specs, concurrent=concurrent)

        return asyncio.run(main())

    async def run_step(
        self,
        step: str | int,
        accounts: Sequence[str] | None = None,
        quantity: int | None = None,
        concurrent: bool = True,
    ) -> BatchResult:
        """The same as a coroutine; signals are left to the caller, who has `stop`."""
        return await self._run_batch(self._specs(step, accounts, quantity), concurrent=concurrent)

    def generate_summary_report(self) -> Path:
        """Write the summary of all batches so far and return its path.

        Raises CannotRunError when it cannot be written.
        """
        files = self._reports.write_summary(self._results)
        if files.markdown is None:
            raise CannotRunError("; ".join(files.problems))
        return files.markdown

    def stop(self, signal_number: int) -> None:
        """Stop in order; asked a second time, or after the grace period, stop at once."""
        if not self._is_running:
            return
        at_once = self._interrupted_by is not None
        self._interrupted_by = self._interrupted_by or signal_number
        grace_s = self._settings.jobs.stop_grace_s
        self._logs.batch.warning(
            "다시 중단 요청을 받아 바로 멈춥니다"
            if at_once
            else f"중단 요청을 받았습니다: 진행 중인 상품을 {grace_s:g}초까지 마치고 멈춥니다"
        )
        if (engine := self._engine) is None:
            return  # the browser is still opening: `_run_jobs` passes the wish on
        engine.stop(at_once=at_once)
        if not at_once:
            asyncio.get_running_loop().call_later(grace_s, lambda: engine.stop(at_once=True))

    def _given_or_read(self, accounts: Sequence[Account] | None) -> Sequence[Account]:
        if accounts is not None:
            return accounts
        if self._settings.accounts_file is None:
            raise InputError("accounts_file: 계정 파일이 설정되지 않았습니다 (CSV 또는 xlsx)")
        file = read_accounts(self._settings.accounts_file, os.environ)
        check_variables(os.environ, file.secret_env_names)
        return file.accounts

    def _specs(
        self, step: str | int, accounts: Sequence[str] | None, quantity: int | None
    ) -> tuple[JobSpec, ...]:
        spec = resolve_step(step)
        count = self._settings.quantity if quantity is None else quantity
        if count < 1:
            raise InputError(f"quantity: 1 이상이어야 합니다 (받은 값: {count})")
        job_id = self._next_job_id(spec)
        return tuple(
            JobSpec(job_id=job_id, account=account, step=spec.id, quantity=count)
            for account in self._known(accounts)
        )

    def _known(self, accounts: Sequence[str] | None) -> tuple[str, ...]:
        wanted = tuple(self._accounts) if accounts is None else tuple(dict.fromkeys(accounts))
        if not wanted:
            raise InputError("accounts: 계정이 하나도 없습니다")
        if unknown := [account for account in wanted if account not in self._accounts]:
            raise InputError(f"accounts: 계정을 찾을 수 없습니다: {', '.join(unknown)}")
        return wanted

    def _next_job_id(self, step: StepSpec) -> str:
        job_id = f"single_step_{step.id}_{self.start_time}"
        repeats = sum(result.step == step.id for result in self._results)
        return f"{job_id}_{repeats + 1}" if repeats else job_id

    async def _run_batch(self, specs: Sequence[JobSpec], *, concurrent: bool) -> BatchResult:
        if self._is_running:
            raise InputError("이미 실행 중인 배치가 있습니다")
        self._is_running = True
        try:
            with self._logs:
                result = await self._work(specs, concurrent=concurrent)
                self._results.append(result)
                await asyncio.to_thread(self._write_reports, result)
                self._tell_lost_lines()
        finally:
            self._is_running = False
        return result

    async def _work(self, specs: Sequence[JobSpec], *, concurrent: bool) -> BatchResult:
        started_at, started = datetime.now().astimezone(), time.monotonic()
        self._interrupted_by = None
        for spec in specs:
            self._logs.account(spec.account)
        jobs = await self._run_jobs(specs, concurrent=concurrent)
        return BatchResult(
            job_id=specs[0].job_id,
            step=specs[0].step,
            stamp=self.start_time,
            jobs=jobs,
            started_at=started_at,
            finished_at=datetime.now().astimezone(),
            duration_s=time.monotonic() - started,
            interrupted_by=self._interrupted_by,
        )

    async def _run_jobs(
        self, specs: Sequence[JobSpec], *, concurrent: bool
    ) -> tuple[JobResult, ...]:
        events = Events()
        if self._on_event is not None:
            events.subscribe(self._on_event)
        try:
            async with AsyncExitStack() as stack:
                self._engine = await self._open_engine(stack, events, concurrent=concurrent)
                if self._interrupted_by is not None:
                    self._engine.stop(at_once=False)
                answers = [self._engine.submit(spec) for spec in specs]
                return tuple(await asyncio.gather(*answers))
        except CannotRunError as error:
            self._logs.batch.error(str(error))
            return not_run(specs, FailureKind.UNKNOWN, str(error))
        finally:
            self._engine = None
            await asyncio.to_thread(events.close)

    async def _open_engine(
        self, stack: AsyncExitStack, events: Events, *, concurrent: bool
    ) -> Engine:
        settings = self._settings
        log = self._logs.batch
        launcher = await stack.enter_async_context(Launcher(settings.browser, log))
        log.info(f"브라우저: {launcher.choice.name} {launcher.version}")
        await launcher.check_site(str(settings.site.base_url), settings.site.sign_in_timeout_s)
        tools = Tools(
            launcher=launcher,
            sign_ins=self._sign_in_store(),
            site=settings.site,
            limits=settings.jobs,
        )
        return LocalEngine(
            tools=tools,
            logs=self._logs,
            events=events,
            accounts=self._accounts,
            memories=self._memories,
            concurrency=await self._concurrency() if concurrent else 1,
        )

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

    def _write_reports(self, result: BatchResult) -> None:
        files = self._reports.write_batch(result)
        self._report_files.append(files)
        summary = self._reports.write_summary(self._results)
        for problem in (*files.problems, *summary.problems):
            self._logs.batch.error(problem)

    def _tell_lost_lines(self) -> None:
        if lost := self._logs.lost_lines:
            self._logs.batch.error(f"로그에 쓰지 못한 줄이 있습니다: {lost}줄")


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
