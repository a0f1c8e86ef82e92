"""Jobs that could not write their own ends: the batch's end tells them all the same."""

import asyncio

import pytest

from percenty_batch.errors import FailureKind, LeaseLostError, LedgerError, WorkError
from percenty_batch.ledger import JobEnd, JobRef, Lease, MemoryLedger, run_results
from percenty_batch.models import ItemOutcome, JobStatus, StopReason
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.ledgers import OTHERS
from tests.unit.manager.conftest import ONE, TWO, House, finish_all, finish_next


async def lose_the_account(ctx: StepContext) -> None:
    """Another run takes it while we stand still."""
    held: Lease = ctx.job.lease
    await ctx.ledger.release(held)
    await ctx.ledger.acquire(held.resource, OTHERS, 1e6)


def test_an_account_that_was_taken_over_is_told_as_such_in_result_and_ledger(
    house: House,
) -> None:
    async def work(ctx: StepContext) -> StopReason:
        if ctx.account.id == TWO:
            return await finish_all(ctx)
        await finish_next(ctx)
        await ctx.book.begin(product_key(7))
        await lose_the_account(ctx)
        return await finish_all(ctx)

    house.work = work
    manager = house.manager()

    result = manager.run_single_step(1, quantity=3)

    lost, other = result.jobs
    assert (lost.account, other.status) == (ONE, JobStatus.SUCCEEDED)
    assert lost.failure
    assert (lost.failure.kind, lost.failure.message) == (FailureKind.IN_USE, str(LeaseLostError()))
    assert [item.outcome for item in lost.items] == [ItemOutcome.DONE, ItemOutcome.UNKNOWN]
    assert lost.items[1].reason == str(LeaseLostError())
    assert lost.duration_s > 0
    assert run_results(house.run(manager)) == (result,)


class RefusesOneEnd(MemoryLedger):
    async def end_job(self, job: JobRef, end: JobEnd) -> None:
        if job.account == ONE:
            raise LedgerError("원장에 쓸 수 없습니다")
        await super().end_job(job, end)


def test_an_end_that_the_ledger_refused_is_written_with_the_batchs_end(house: House) -> None:
    house.ledger = RefusesOneEnd()
    manager = house.manager()

    result = manager.run_single_step(1, quantity=1)

    assert [job.status for job in result.jobs] == [JobStatus.SUCCEEDED] * 2
    assert run_results(house.run(manager)) == (result,)


def test_an_account_that_somebody_holds_keeps_the_time_it_has_taken_before(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(ctx: StepContext) -> StopReason:
        await finish_next(ctx)
        raise WorkError(FailureKind.DATA, "고장")

    house.work = fail
    before = house.manager()
    (worked, _) = before.run_single_step(1, quantity=2).jobs
    asyncio.run(house.ledger.acquire(f"account:{ONE}", OTHERS, 1e-6))
    asyncio.run(house.ledger.acquire(f"account:{ONE}", OTHERS, 1e6))
    monkeypatch.setattr("percenty_batch.jobs.lease._RENEWALS", 1)
    monkeypatch.setattr("percenty_batch.jobs.lease.pause", no_pause)
    house.work = finish_all

    (result,) = house.manager(house.run(before)).resume()

    held = result.jobs[0]
    assert held.failure
    assert held.failure.kind is FailureKind.IN_USE
    assert (held.duration_s, held.attempts) == (worked.duration_s, 1)
    assert held.duration_s > 0


def test_an_account_is_held_however_its_id_is_spelled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("percenty_batch.jobs.lease._RENEWALS", 1)
    monkeypatch.setattr("percenty_batch.jobs.lease.pause", no_pause)
    asyncio.run(house.ledger.acquire(f"account:{ONE}", OTHERS, 1e6))

    (job,) = house.manager(accounts=(ONE.upper(),)).run_single_step(1).jobs

    assert job.failure
    assert job.failure.kind is FailureKind.IN_USE


async def no_pause(*_: object) -> None:
    await asyncio.sleep(0)
