import asyncio
import random
from collections.abc import Callable

import pytest

from percenty_batch.errors import FailureKind, GaveUpError, WorkError
from percenty_batch.jobs import Stop
from percenty_batch.models import Failure, JobStatus, StopReason
from percenty_batch.settings import JobSettings
from tests.unit.jobs.scripts import (
    CRASHED,
    LATE,
    UNKNOWN_WORDS,
    WRONG_PASSWORD,
    Script,
    fail,
    finish_one,
    finish_one_and_fail,
    hang,
    hang_in_an_item,
)


async def test_an_attempt_that_ends_well_ends_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_and_finish_one(script: Script) -> StopReason:
        script.book.saw_source(5)
        return await finish_one(script)

    script = Script(monkeypatch, look_and_finish_one)

    result = await script.run()

    assert (result.account, result.step, result.requested) == ("a@example.com", "1", 9)
    assert (result.stop_reason, result.status) == (StopReason.SOURCE_EMPTY, JobStatus.SUCCEEDED)
    assert (result.attempts, script.begun, len(result.items)) == (1, [1], 1)
    assert (result.source_before, result.source_after, result.failure) == (5, 5, None)
    assert result.started_at
    assert result.finished_at
    assert result.started_at.tzinfo
    assert result.started_at <= result.finished_at
    assert script.recorded.lines() == [
        "=== 1단계 실행 시작: 수량=9 ===",
        "1단계 실행 완료 - 처리: 1, 실패: 0",
        "=== 1단계 실행 완료 ===",
    ]


async def test_a_passing_trouble_is_tried_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, fail(LATE), fail(LATE), finish_one)
    monkeypatch.setattr(random, "random", lambda: 1.0)

    result = await script.run()

    assert (result.attempts, script.begun) == (3, [1, 2, 3])
    assert result.status is JobStatus.SUCCEEDED
    assert asyncio.get_running_loop().time() == pytest.approx(2 + 4)
    assert script.recorded.lines("warning") == [
        "다시 시도합니다 (2번째): 늦음",
        "다시 시도합니다 (3번째): 늦음",
    ]
    assert script.recorded.lines("error") == []


async def test_attempts_that_achieve_nothing_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    result = await Script(monkeypatch, *[fail(LATE)] * 9).run()

    assert (result.attempts, result.status) == (3, JobStatus.FAILED)
    assert result.failure == Failure(kind=LATE.kind, message=str(LATE))
    assert result.stop_reason is StopReason.ERROR


async def test_attempts_that_finish_items_are_not_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(monkeypatch, *[finish_one_and_fail] * 6, finish_one)
    result = await script.run()
    assert (result.attempts, len(result.items)) == (7, 7)
    assert result.status is JobStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("error", "doing"),
    [
        (WRONG_PASSWORD, "로그인"),
        (UNKNOWN_WORDS, "로그인"),
        (GaveUpError(FailureKind.SITE_ERROR, "연속으로 실패"), "1단계 실행"),
    ],
)
async def test_what_would_only_repeat_itself_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, error: WorkError, doing: str
) -> None:
    script = Script(monkeypatch, fail(error), finish_one)

    result = await script.run()

    assert result.attempts == 1
    assert result.failure == Failure(kind=error.kind, message=str(error))
    assert script.recorded.lines("error") == [
        f"{doing} 중 예외 발생: {error}",
        "=== 1단계 실행 중 오류 ===",
    ]


async def test_an_error_that_nobody_expected_becomes_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, *[fail(KeyError("x"))] * 3)

    result = await script.run()

    assert result.failure is not None
    assert result.failure.kind is FailureKind.UNKNOWN
    assert "KeyError('x')" in result.failure.message
    unexpected = script.recorded.capture.entries[1]
    assert isinstance(unexpected["exc_info"], KeyError)


async def test_an_attempt_that_was_cancelled_from_inside_becomes_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = await Script(monkeypatch, *[fail(asyncio.CancelledError())] * 3).run()
    assert result.failure is not None
    assert (result.status, result.failure.kind) == (JobStatus.FAILED, FailureKind.UNKNOWN)


async def test_an_item_in_flight_at_a_fatal_error_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def break_in_an_item(script: Script) -> StopReason:
        await script.begin_item(0)
        raise GaveUpError(FailureKind.SITE_ERROR, "멈춤")

    result = await Script(monkeypatch, break_in_an_item).run()

    (item,) = result.items
    assert (item.outcome, item.reason, item.kind) == ("unknown", "멈춤", FailureKind.SITE_ERROR)


@pytest.mark.parametrize("ask", [Stop.drain, Stop.force])
async def test_a_stop_before_the_start_leaves_the_account_unopened(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Stop], None]
) -> None:
    script = Script(monkeypatch, finish_one)
    ask(script.stop)

    result = await script.run()

    assert (result.status, result.attempts, result.items) == (JobStatus.CANCELLED, 0, ())


async def test_a_wish_to_stop_is_left_to_the_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drain(script: Script) -> StopReason:
        script.stop.drain()
        await asyncio.sleep(5)
        await script.finish_item()
        return StopReason.CANCELLED

    result = await Script(monkeypatch, drain).run()

    assert (result.status, len(result.items)) == (JobStatus.CANCELLED, 1)


async def test_a_wish_to_stop_ends_the_pause_before_another_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, fail(LATE), finish_one)
    asyncio.get_running_loop().call_later(0.5, script.stop.drain)

    result = await script.run()

    assert (result.status, result.attempts) == (JobStatus.CANCELLED, 1)
    assert asyncio.get_running_loop().time() == pytest.approx(0.5)


async def test_a_stop_at_once_leaves_the_item_unknown_and_waits_for_the_clean_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, hang_in_an_item)
    asyncio.get_running_loop().call_later(5, script.stop.force)

    result = await script.run()

    assert result.status is JobStatus.CANCELLED
    assert [(item.outcome, item.reason) for item in result.items] == [("unknown", "중단됨")]
    assert script.has_cleaned_up.is_set()
    assert asyncio.get_running_loop().time() == pytest.approx(6)
    assert script.recorded.lines("warning") == ["=== 1단계 실행 중단 ==="]


async def test_a_cancellation_from_outside_passes_and_takes_the_attempt_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, hang_in_an_item)
    task = asyncio.create_task(script.run())
    await asyncio.sleep(5)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert script.has_cleaned_up.is_set()


async def test_a_cancellation_during_the_clean_up_is_not_swallowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, hang_in_an_item)
    task = asyncio.create_task(script.run())
    loop = asyncio.get_running_loop()
    loop.call_later(5, script.stop.force)
    loop.call_later(5.5, task.cancel)

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_no_task_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = asyncio.all_tasks()
    await Script(monkeypatch, fail(LATE), finish_one).run()
    assert asyncio.all_tasks() == before


async def test_after_two_deaths_of_the_browser_the_account_works_alone_and_then_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(monkeypatch, *[fail(CRASHED)] * 9)

    result = await script.run()

    assert script.isolated == [False, False, True]
    assert (result.attempts, result.stop_reason) == (3, StopReason.ERROR)
    assert result.failure
    assert result.failure.kind is FailureKind.BROWSER_CRASHED
    assert "혼자 쓰는 브라우저" in result.failure.message


async def test_progress_in_between_does_not_bring_it_back_into_company(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acts = fail(CRASHED), fail(CRASHED), finish_one_and_fail, finish_one
    script = Script(monkeypatch, *acts)
    result = await script.run()
    assert script.isolated == [False, False, True, True]
    assert result.status is JobStatus.SUCCEEDED


async def test_the_time_of_a_job_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = JobSettings(job_timeout_s=90, stall_min_s=300)
    script = Script(monkeypatch, hang_in_an_item, limits=limits)

    result = await script.run()

    text = "계정 하나의 제한 시간(90초)을 넘었습니다"
    assert result.stop_reason is StopReason.DEADLINE
    assert result.failure == Failure(kind=FailureKind.TIMEOUT, message=text)
    assert [(item.outcome, item.reason) for item in result.items] == [("unknown", text)]
    assert result.status is JobStatus.FAILED
    assert script.has_cleaned_up.is_set()
    assert script.recorded.lines("error") == [f"=== 1단계 실행 중단: {text} ==="]
    assert asyncio.get_running_loop().time() == pytest.approx(90 + 1, abs=1)


async def test_without_a_limit_a_job_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def dawdle(script: Script) -> StopReason:
        for _ in range(9):
            await asyncio.sleep(5000)
            await script.finish_item()
        return StopReason.QUANTITY_REACHED

    limits = JobSettings(stall_min_s=6000)
    result = await Script(monkeypatch, dawdle, limits=limits).run()
    assert result.status is JobStatus.SUCCEEDED


async def test_an_attempt_that_stands_still_is_tried_again_as_a_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = JobSettings(stall_min_s=300, max_attempts=3)
    script = Script(monkeypatch, hang, finish_one, limits=limits)

    result = await script.run()

    first, _ = (await script.record()).attempts
    assert first.failure
    assert first.failure.kind is FailureKind.TIMEOUT
    assert "300초 동안 진행이 없어" in first.failure.message
    assert (result.attempts, result.status) == (2, JobStatus.SUCCEEDED)


async def test_an_account_that_always_stands_still_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = await Script(monkeypatch, *[hang] * 9).run()
    assert (result.attempts, result.stop_reason) == (3, StopReason.ERROR)
    assert result.failure
    assert result.failure.kind is FailureKind.TIMEOUT
