import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.engines import JobSpec, LocalEngine
from percenty_batch.events import Events
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.ledger import MemoryLedger
from percenty_batch.logs import RunFolders, RunLogs, Secrets, reserve_stamp
from percenty_batch.models import Account, JobResult, StopReason
from percenty_batch.steps import STEPS, StepContext
from tests.unit.jobs.fakes import FakeLauncher, FakeSignIn, step_of, tools
from tests.unit.jobs.ledgers import JOB_ID, RUN_ID, begin_batch

ONE, TWO = USERS = ["user1@example.com", "user2@example.com"]


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[RunLogs]:
    stamp = reserve_stamp(tmp_path, datetime.now().astimezone())
    with RunLogs(RunFolders(root=tmp_path, stamp=stamp), Secrets()) as opened:
        yield opened


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[StepContext]:
    """What step 1 was given, each time; it does nothing with it."""
    given: list[StepContext] = []

    async def note(ctx: StepContext) -> StopReason:
        given.append(ctx)
        return StopReason.SOURCE_EMPTY

    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)
    monkeypatch.setitem(STEPS, "1", step_of(note))
    return given


async def engine(logs: RunLogs) -> LocalEngine:
    ledger = MemoryLedger()
    await begin_batch(ledger, *USERS)
    return LocalEngine(
        tools=tools(FakeLauncher(), ledger=ledger),
        logs=logs,
        events=Events(),
        accounts={each: Account(id=each, password="secret") for each in USERS},
        inputs={each: no_inputs(each) for each in USERS},
        concurrency=2,
        account_count=2,
    )


def spec(account: str) -> JobSpec:
    return JobSpec(run_id=RUN_ID, job_id=JOB_ID, account=account, step="1", requested=3)


def ignore(_spec: JobSpec, _result: JobResult) -> None:
    """What it came to is not asked here."""


async def test_every_job_has_a_book_of_its_own(logs: RunLogs, contexts: list[StepContext]) -> None:
    local = await engine(logs)
    await local.submit([spec(ONE)], ignore)
    await local.submit([spec(ONE)], ignore)
    first, second = (ctx.book for ctx in contexts)
    assert first is not second


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files by /proc")
async def test_a_job_that_has_ended_holds_no_files_open(
    logs: RunLogs, contexts: list[StepContext], tmp_path: Path
) -> None:
    await (await engine(logs)).submit([spec(ONE)], ignore)

    assert not [path for path in open_files() if path.is_relative_to(tmp_path / "accounts")]


def open_files() -> list[Path]:
    """Read before the listing's own descriptor is closed, and so with one that is gone."""
    return [Path(os.path.realpath(fd)) for fd in Path("/proc/self/fd").iterdir()]
