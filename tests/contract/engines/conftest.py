from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.engines import Engine, JobSpec, LocalEngine
from percenty_batch.errors import WorkError
from percenty_batch.events import Event, Events
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.ledger import MemoryLedger
from percenty_batch.logs import RunFolders, RunLogs, Secrets, reserve_stamp
from percenty_batch.models import Account, JobResult, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import STEPS, StepContext
from tests.unit.jobs.fakes import (
    NO_SPECIAL_LIMITS,
    FakeLauncher,
    FakeSignIn,
    step_of,
    tools,
)
from tests.unit.jobs.ledgers import JOB_ID, RUN_ID, begin_batch
from tests.unit.jobs.loops import no_blocking_calls, pytest_asyncio_loop_factories
from tests.unit.jobs.work import finish_all

__all__ = ["no_blocking_calls", "pytest_asyncio_loop_factories"]

Work = Callable[[StepContext], Awaitable[StopReason]]


class Published(Events):
    """Keeps the events, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Event] = []

    def publish(self, event: Event) -> None:
        self.seen.append(event)

    def of(self, account: str) -> list[Event]:
        return [
            event
            for event in self.seen
            if account == getattr(event, "account", None)
            or account == getattr(getattr(event, "result", None), "account", None)
        ]


@dataclass(slots=True, kw_only=True)
class Place:
    """What an engine of any kind is tried in: accounts, a step that does `work`, their outcome."""

    accounts: dict[str, Account]
    folders: RunFolders
    logs: RunLogs
    refusals: dict[str, WorkError]
    events: Published = field(default_factory=Published)
    launcher: FakeLauncher = field(default_factory=FakeLauncher)
    work: Work
    limits: JobSettings = NO_SPECIAL_LIMITS
    ledger: MemoryLedger = field(default_factory=MemoryLedger)

    def spec(self, account: str, quantity: int = 3) -> JobSpec:
        return JobSpec(run_id=RUN_ID, job_id=JOB_ID, account=account, step="1", requested=quantity)

    def log_of(self, account: str) -> str:
        return self.folders.account_log(account).read_text(encoding="utf-8")


async def worked(engine: Engine, *chain: JobSpec) -> list[JobResult]:
    """Submit one account's chain of jobs and give their results as they were told."""
    told: list[JobResult] = []
    await engine.submit(chain, lambda _spec, result: told.append(result))
    return told


async def result_of(engine: Engine, spec: JobSpec) -> JobResult:
    (result,) = await worked(engine, spec)
    return result


class OpenEngine(Protocol):
    async def __call__(self, place: Place, *, concurrency: int = 8) -> Engine: ...


async def local(place: Place, *, concurrency: int = 8) -> Engine:
    await begin_batch(place.ledger, *place.accounts)
    return LocalEngine(
        tools=tools(place.launcher, ledger=place.ledger, limits=place.limits),
        logs=place.logs,
        events=place.events,
        accounts=place.accounts,
        inputs={each: no_inputs(each) for each in place.accounts},
        concurrency=concurrency,
        account_count=len(place.accounts),
    )


@pytest.fixture(params=[local])
def open_engine(request: pytest.FixtureRequest) -> OpenEngine:
    engine: OpenEngine = request.param
    return engine


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    stamp = reserve_stamp(tmp_path, datetime.now().astimezone())
    folders = RunFolders(root=tmp_path, stamp=stamp)
    ids = [f"user{number}@example.com" for number in range(6)]
    refusals: dict[str, WorkError] = {}
    monkeypatch.setattr(FakeSignIn, "refusals", refusals)
    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)

    async def work(ctx: StepContext) -> StopReason:
        return await made.work(ctx)

    monkeypatch.setitem(STEPS, "1", step_of(work))
    with ExitStack() as stack:
        made = Place(
            accounts={each: Account(id=each, password="secret") for each in ids},
            folders=folders,
            logs=stack.enter_context(RunLogs(folders, Secrets())),
            refusals=refusals,
            work=finish_all,
        )
        yield made
