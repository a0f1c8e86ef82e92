"""A job and the ledger that it writes to."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from percenty_batch.errors import FailureKind, GaveUpError, LeaseLostError
from percenty_batch.jobs import Stop
from percenty_batch.jobs import job as job_module
from percenty_batch.jobs.job import Job
from percenty_batch.jobs.lease import leased
from percenty_batch.ledger import JobRef, MemoryLedger, Owner, job_result
from percenty_batch.models import Failure, ItemOutcome, ItemResult, JobStatus, StopReason
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.ledgers import DEAD, LEASE_S, OTHERS, refusing, virtual_now
from tests.unit.jobs.scripts import (
    ACCOUNT,
    LATE,
    LIMITS,
    WRONG_PASSWORD,
    Script,
    fail,
    finish_one,
    hang_in_an_item,
)


async def test_attempts_are_in_the_ledger_with_their_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(monkeypatch, fail(LATE), finish_one)

    result = await script.run()

    record = await script.record()
    first, second = record.attempts
    assert (first.number, first.failure) == (1, Failure(kind=LATE.kind, message=str(LATE)))
    assert (second.number, second.failure) == (2, None)
    assert first.finished_at
    assert second.finished_at
    assert replace(job_result(record, "1"), started_at=result.started_at) == result


async def test_attempts_and_time_are_counted_over_all_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Script(monkeypatch, *[fail(LATE)] * 3)
    await one.run()
    other = Script(monkeypatch, fail(LATE), finish_one, ledger=one.ledger)

    result = await other.run()

    assert (result.attempts, other.begun) == (5, [4, 5])
    attempts = (await other.record()).attempts
    assert [attempt.number for attempt in attempts] == [1, 2, 3, 4, 5]
    assert result.started_at == attempts[0].started_at


async def test_an_earlier_end_stands_where_a_stop_comes_before_the_first_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Script(monkeypatch, fail(WRONG_PASSWORD))
    await one.run()
    known = await one.record()
    other = Script(monkeypatch, ledger=one.ledger)
    other.stop.drain()

    result = await other.run()

    assert (result.attempts, result.status) == (0, JobStatus.CANCELLED)
    assert await other.record() == known


async def test_what_earlier_starts_finished_is_part_of_the_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Script(monkeypatch, finish_one)
    await one.run()
    other = Script(monkeypatch, finish_one, ledger=one.ledger)

    result = await other.run()

    assert [item.key for item in result.items] == [product_key(0), product_key(1)]
    assert [item.key for item in other.told] == [product_key(1)]


async def test_finishing_an_item_that_failed_before_is_progress_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail_again(script: Script) -> StopReason:
        await script.end_item(len(script.begun) - 2, ItemOutcome.FAILED)
        raise LATE

    async def end_badly(script: Script) -> StopReason:
        for number in range(6):
            await script.end_item(number, ItemOutcome.FAILED)
        return StopReason.SOURCE_EMPTY

    one = Script(monkeypatch, end_badly)
    await one.run()
    other = Script(monkeypatch, *[fail_again] * 5, finish_one, ledger=one.ledger)

    assert (await other.run()).failure is None


async def test_an_account_that_another_run_drives_is_refused_with_who(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = MemoryLedger(virtual_now)
    async with leased(ledger, f"account:{ACCOUNT}", OTHERS, LEASE_S):
        script = Script(monkeypatch, finish_one, ledger=ledger)
        result = await script.run()

    assert (result.attempts, result.items, script.begun) == (0, (), [])
    assert (result.status, result.stop_reason) == (JobStatus.FAILED, StopReason.ERROR)
    assert result.failure
    assert result.failure.kind is FailureKind.IN_USE
    assert str(OTHERS) in result.failure.message
    assert script.recorded.lines("error")[-1] == "=== 1단계 실행 중 오류 ==="


@pytest.mark.parametrize("owner", [DEAD, OTHERS])
async def test_an_account_of_a_run_that_died_is_taken_over(
    monkeypatch: pytest.MonkeyPatch, owner: Owner
) -> None:
    ledger = MemoryLedger(virtual_now)
    await ledger.acquire(f"account:{ACCOUNT}", owner, LEASE_S)

    result = await Script(monkeypatch, finish_one, ledger=ledger).run()

    assert result.status is JobStatus.SUCCEEDED
    waited_s = asyncio.get_running_loop().time()
    assert (waited_s >= LEASE_S) is (owner is OTHERS)  # elsewhere, only its silence tells


async def test_who_is_to_stop_does_not_wait_for_an_account_of_a_run_that_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = MemoryLedger(virtual_now)
    await ledger.acquire(f"account:{ACCOUNT}", OTHERS, LEASE_S)
    script = Script(monkeypatch, ledger=ledger)

    async with asyncio.TaskGroup() as group:
        running = group.create_task(script.run())
        await asyncio.sleep(1)
        script.stop.drain()

    assert asyncio.get_running_loop().time() == pytest.approx(1)
    result = running.result()
    assert result.failure
    assert (result.failure.kind, result.attempts) == (FailureKind.IN_USE, 0)


async def test_the_account_is_free_again_when_the_job_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, fail(WRONG_PASSWORD))
    await script.run()
    assert await script.ledger.holder(f"account:{ACCOUNT}") is None


async def test_an_account_that_somebody_took_over_in_mid_work_is_left_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, hang_in_an_item, finish_one)

    async def take_over() -> None:
        await script.ledger.release(script.lease.lease)
        await script.ledger.acquire(f"account:{ACCOUNT}", OTHERS, 1e9)

    async with asyncio.TaskGroup() as group:
        running = group.create_task(script.run())
        await asyncio.sleep(15)
        await take_over()

    result = running.result()
    assert result.failure == Failure(kind=FailureKind.IN_USE, message=str(LeaseLostError()))
    assert result.attempts == 1
    assert [item.outcome for item in result.items] == ["unknown"]
    assert script.has_cleaned_up.is_set()
    (left,) = (await script.record()).items
    assert left.result is None  # the ledger is the new owner's
    holder = await script.ledger.holder(f"account:{ACCOUNT}")
    assert holder
    assert holder.owner == OTHERS


@pytest.mark.parametrize("call", ["begin_attempt", "end_attempt", "record_item"])
async def test_a_ledger_that_refuses_for_a_moment_costs_an_attempt(
    monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    async def finish_next(script: Script) -> StopReason:
        if not script.book.items:
            await script.finish_item()
        return StopReason.SOURCE_EMPTY

    script = Script(monkeypatch, *[finish_next] * 2, ledger=refusing(**{call: 1}))

    result = await script.run()

    assert (result.attempts, result.status) == (2, JobStatus.SUCCEEDED)
    assert script.recorded.lines("warning") == ["다시 시도합니다 (2번째): 디스크가 가득 찼습니다"]


async def test_without_the_ledger_no_attempt_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(monkeypatch, ledger=refusing(begin_attempt=99))

    result = await script.run()

    assert result.failure
    assert (result.failure.message, result.attempts) == ("디스크가 가득 찼습니다", 3)
    assert script.isolated == []


async def test_a_ledger_that_cannot_be_read_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    result = await Script(monkeypatch, ledger=refusing(job=1)).run()
    assert result.failure
    assert (result.failure.message, result.attempts) == ("디스크가 가득 찼습니다", 0)


async def test_an_outcome_that_the_ledger_never_took_is_unknown_in_the_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, *[finish_one] * 9, ledger=refusing(record_item=99))

    result = await script.run()

    assert [(item.key, item.outcome) for item in result.items] == [(product_key(0), "unknown")]
    assert result.failure
    assert result.failure.message == "디스크가 가득 찼습니다"
    assert result.status is JobStatus.FAILED


class _SlowToAnswer(MemoryLedger):
    """Takes an item's outcome, and says so much later."""

    async def record_item(self, job: JobRef, item: ItemResult, at: datetime) -> None:
        await super().record_item(job, item, at)
        await asyncio.sleep(100)


async def test_an_outcome_that_was_taken_while_the_work_was_left_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, finish_one, ledger=_SlowToAnswer())

    async with asyncio.TaskGroup() as group:
        group.create_task(script.run())
        await asyncio.sleep(1)
        script.stop.force()

    (item,) = job_result(await script.record(), "1").items
    assert item.outcome is ItemOutcome.DONE


async def test_an_item_left_in_mid_work_is_unknown_in_the_ledger_as_in_the_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail_in_an_item(script: Script) -> StopReason:
        await script.begin_item(0)
        raise GaveUpError(FailureKind.SITE_ERROR, "멈춤")

    script = Script(monkeypatch, fail_in_an_item)
    result = await script.run()

    assert result.items
    assert job_result(await script.record(), "1").items == result.items


async def test_an_end_that_the_ledger_does_not_take_hides_no_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, finish_one, ledger=refusing(end_job=1))

    result = await script.run()

    assert (result.status, result.totals.done) == (JobStatus.SUCCEEDED, 1)
    assert any("원장에 결과를 쓰지 못했습니다" in line for line in script.recorded.lines("error"))
    assert (await script.record()).end is None


async def test_no_secret_of_a_page_reaches_the_ledger_or_the_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail_with_secrets(script: Script) -> StopReason:
        key = await script.begin_item(0)
        reason = "화면: hunter2"
        await script.book.record(ItemResult(key=key, outcome=ItemOutcome.FAILED, reason=reason))
        await script.begin_item(1)
        raise GaveUpError(FailureKind.SITE_ERROR, "멈춤: hunter2")

    script = Script(monkeypatch, fail_with_secrets)
    result = await script.run()

    assert "hunter2" not in f"{result} {await script.record()} {script.told}"
    assert [item.reason for item in result.items] == ["화면: ***", "멈춤: ***"]


async def test_no_attempt_begins_after_the_jobs_time_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pause_too_long(_seconds: float, _stop: Stop) -> None:
        monkeypatch.setattr(Job, "_left_s", lambda _job: 0.0)

    monkeypatch.setattr(job_module, "pause", pause_too_long)
    limits = LIMITS.model_copy(update={"job_timeout_s": 100.0})
    script = Script(monkeypatch, fail(LATE), finish_one, limits=limits)

    result = await script.run()

    assert (script.begun, result.attempts) == ([1], 1)
    assert result.stop_reason is StopReason.DEADLINE
    assert result.failure
    assert "제한 시간" in result.failure.message
