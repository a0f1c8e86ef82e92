"""A run that is asked to stop: once it finishes what it has begun, twice it lets go."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from percenty_batch import BatchManager, ItemOutcome, JobStatus, StopReason
from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape
from percenty_batch.sandbox.record import NOT_EDITS
from tests.integration.step1.running import Run, logins, run_with, settings_for

BUSY, WAITING = (
    SandboxAccount(
        id=f"{name}@example.com", password=f"Canary-{name}-7", shapes=(Shape(),) * 3, popups=0
    )
    for name in ("busy", "waiting")
)


def stopped_run(folder: Path, wishes: int) -> Run:
    """One slot for two accounts; the wishes to stop come in the midst of the first product."""
    with SandboxSite(accounts=[BUSY, WAITING]) as site:

        def batches(manager: BatchManager) -> None:
            asyncio.run(_run_and_stop(manager, wishes, lambda: _has_an_edit(site)))

        settings = settings_for(site.url, folder, concurrency=1)
        return run_with(site, [BUSY, WAITING], settings, folder, batches, logins([BUSY, WAITING]))


async def _run_and_stop(manager: BatchManager, wishes: int, has_begun: Callable[[], bool]) -> None:
    running = asyncio.create_task(manager.run_step(step=1, quantity=3))
    while not (has_begun() or running.done()):  # noqa: ASYNC110 - the site tells nobody
        await asyncio.sleep(0.01)
    for _ in range(wishes):
        manager.stop(signal.SIGINT)
    await running


def _has_an_edit(site: SandboxSite) -> bool:
    return any(change.what not in NOT_EDITS for change in site.record)


@pytest.fixture(scope="module")
def drained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return stopped_run(tmp_path_factory.mktemp("drained"), wishes=1)


@pytest.fixture(scope="module")
def forced(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return stopped_run(tmp_path_factory.mktemp("forced"), wishes=2)


def test_asked_once_the_product_that_was_begun_is_finished(drained: Run) -> None:
    job = drained.job(BUSY.id)

    assert [item.outcome for item in job.items] == [ItemOutcome.DONE]
    assert [change.product for change in drained.changes(BUSY.id, "group")] == [job.items[0].key]


def test_asked_twice_the_product_that_was_begun_is_unknown(forced: Run) -> None:
    job = forced.job(BUSY.id)

    assert [item.outcome for item in job.items] == [ItemOutcome.UNKNOWN]
    assert forced.changes(BUSY.id, "group") == []


@pytest.mark.parametrize("name", ["drained", "forced"])
def test_an_account_that_waited_for_its_slot_is_never_opened(
    request: pytest.FixtureRequest, name: str
) -> None:
    run: Run = request.getfixturevalue(name)
    job = run.job(WAITING.id)

    assert (job.status, job.attempts, job.items) == (JobStatus.CANCELLED, 0, ())
    assert run.changes(WAITING.id, "sign_in") == []


@pytest.mark.parametrize("name", ["drained", "forced"])
def test_a_stopped_run_writes_reports_that_add_up(
    request: pytest.FixtureRequest, name: str
) -> None:
    run: Run = request.getfixturevalue(name)
    report = run.report()

    assert report["interrupted_by"] == signal.SIGINT
    assert {entry["status"] for entry in report["accounts"]} == {JobStatus.CANCELLED}
    assert {entry["stop_reason"] for entry in report["accounts"]} == {StopReason.CANCELLED}
    totals = report["totals"]
    assert totals["requested"] == 6
    assert totals["done"] + totals["unknown"] == 1
    assert totals["not_attempted"] == 5


@pytest.mark.parametrize("name", ["drained", "forced"])
def test_a_stopped_run_leaves_no_context_and_no_process(
    request: pytest.FixtureRequest, name: str
) -> None:
    run: Run = request.getfixturevalue(name)

    assert run.open_contexts == [0]
    assert run.orphans == []
