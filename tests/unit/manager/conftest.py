import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest
from blockbuster import BlockBuster
from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import BrowserChoice
from percenty_batch.errors import CannotRunError, WorkError
from percenty_batch.events import Subscriber
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.jobs import decisions
from percenty_batch.ledger import Ledger, MemoryLedger, RunRecord
from percenty_batch.manager import BatchManager, batch_manager, round_work
from percenty_batch.models import Account, ItemOutcome, ItemResult, StopReason
from percenty_batch.settings import LedgerSettings, Settings
from percenty_batch.steps import STEPS, StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import FakeLauncher, FakeSession, FakeSignIn, step_of
from tests.unit.jobs.loops import no_blocking_calls

__all__ = ["no_blocking_calls"]

ONE, TWO = USERS = ("user1@example.com", "user2@example.com")


async def finish_all(ctx: StepContext) -> StopReason:
    while ctx.book.owed or ctx.book.remaining:
        if ctx.should_stop.is_set():
            return StopReason.CANCELLED
        await finish_next(ctx)
    return StopReason.QUANTITY_REACHED


async def finish_next(ctx: StepContext) -> None:
    key = ctx.book.owed or product_key(len(ctx.book.items))
    await ctx.book.begin(key)
    await ctx.book.record(ItemResult(key=key, outcome=ItemOutcome.DONE, moved_to="신규수집"))


class LauncherOfNoBrowser(FakeLauncher):
    """Opens as the real one does; `on_open` is called while it does."""

    def __init__(self, house: "House", log: FilteringBoundLogger) -> None:
        super().__init__()
        self._house = house
        self.is_abandoned = False
        log.debug("made")

    async def __aenter__(self) -> Self:
        self._house.launchers.append(self)
        self._house.on_open()
        for _ in range(3):
            await asyncio.sleep(0)  # a real browser takes its time
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.open_now == 0

    async def abandon(self) -> None:
        self.is_abandoned = True
        self._house.abandoned.set()

    @property
    def choice(self) -> BrowserChoice:
        return BrowserChoice(name="chromium", path=Path("/usr/bin/chromium"))

    @property
    def version(self) -> str:
        return "1.2.3"

    async def check_site(self, base_url: str, timeout_s: float) -> None:
        del base_url, timeout_s
        if self._house.site_problem is not None:
            raise self._house.site_problem


@dataclass(slots=True, kw_only=True)
class House:
    """A manager's surroundings: folder, ledger, fake browser, and the work that step 1 does."""

    folder: Path
    refusals: dict[str, WorkError]
    ledger: Ledger = field(default_factory=MemoryLedger)
    ledger_problem: CannotRunError | None = None
    work: Callable[[StepContext], Awaitable[StopReason]] = finish_all
    on_open: Callable[[], object] = lambda: None
    on_open_ledger: Callable[[], object] = lambda: None
    site_problem: CannotRunError | None = None
    stop_on_failure: tuple[str, ...] = ()
    launchers: list[LauncherOfNoBrowser] = field(default_factory=list)
    abandoned: asyncio.Event = field(default_factory=asyncio.Event)

    def settings(self, **jobs: float | str) -> Settings:
        return Settings.model_validate(
            {
                "logs": {"folder": self.folder / "logs"},
                "state": {"should_keep_sign_ins": False},
                "evidence": {"should_take": False},
                "steps": {"stop_on_failure": self.stop_on_failure},
                "jobs": {"concurrency": 2, "max_attempts": 1, **jobs},
            }
        )

    def manager(
        self,
        resumes: RunRecord | None = None,
        *,
        accounts: tuple[str, ...] = USERS,
        inputs: Mapping[str, AccountInputs] | None = None,
        on_event: Subscriber | None = None,
        **jobs: float | str,
    ) -> BatchManager:
        return BatchManager(
            settings=self.settings(**jobs),
            accounts=[Account(id=each, password="s3cret-canary") for each in accounts],
            inputs=inputs,
            on_event=on_event,
            resumes=resumes,
        )

    def run(self, manager: BatchManager) -> RunRecord:
        """What the ledger holds of the manager's run."""
        record = asyncio.run(self.ledger.run(manager.start_time))
        assert record is not None
        return record

    @property
    def files(self) -> list[str]:
        """What the run has left, without its stamp's folders' names."""
        root = self.folder / "logs"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    @asynccontextmanager
    async def open_ledger(self, _settings: LedgerSettings, _logs: Path) -> AsyncIterator[Ledger]:
        self.on_open_ledger()
        await asyncio.sleep(0)  # a database takes its time
        if self.ledger_problem is not None:
            raise self.ledger_problem
        yield self.ledger


@pytest.fixture(autouse=True)
def the_disk_may_be_asked(no_blocking_calls: BlockBuster) -> None:
    """Once a second, on purpose, where a log line is written."""
    for blocking in ("os.stat", "os.statvfs", "os.getcwd"):
        if blocking in no_blocking_calls.functions:
            no_blocking_calls.functions[blocking].can_block_in(
                "percenty_batch/logs/disk.py", "free_bytes"
            )


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    built = House(folder=tmp_path, refusals={})

    async def work(ctx: StepContext) -> StopReason:
        return await built.work(ctx)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        round_work, "Launcher", lambda _settings, log: LauncherOfNoBrowser(built, log)
    )
    monkeypatch.setattr(batch_manager, "open_ledger", built.open_ledger)
    monkeypatch.setattr(decisions, "_FIRST_PAUSE_S", 0.0)
    no_traces = SimpleNamespace(tracing=None)
    monkeypatch.setattr(FakeSession, "context", no_traces, raising=False)
    monkeypatch.setattr(FakeSignIn, "refusals", built.refusals)
    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)
    monkeypatch.setitem(STEPS, "1", step_of(work))
    return built
