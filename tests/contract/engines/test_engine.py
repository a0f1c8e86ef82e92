"""What every engine keeps to, wherever it runs its jobs."""

import asyncio
from dataclasses import replace

import pytest

from percenty_batch.engines import Engine, JobSpec
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.events import ItemDone, JobFinished, JobStarted
from percenty_batch.ledger import job_result
from percenty_batch.models import JobResult, JobStatus, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import StepContext
from tests.contract.engines.conftest import OpenEngine, Place, result_of, worked
from tests.unit.jobs.ledgers import JOB_ID, LEASE_S, OTHERS, begin_batch, read_job
from tests.unit.jobs.work import ITEM_S, finish_all

ONE, TWO, THREE, *_ = USERS = [f"user{number}@example.com" for number in range(6)]
SITE_ERROR = WorkError(FailureKind.SITE_ERROR, "사이트 오류")
WRONG_PASSWORD = WorkError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")


async def results_of(engine: Engine, place: Place, *accounts: str) -> list[JobResult]:
    return await asyncio.gather(*[result_of(engine, place.spec(each)) for each in accounts])


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_job_ends_in_its_result(place: Place, open_engine: OpenEngine) -> None:
    result = await result_of(await open_engine(place), place.spec(ONE, quantity=2))

    assert (result.account, result.step, result.requested) == (ONE, "1", 2)
    assert (result.status, result.totals.done, result.attempts) == (JobStatus.SUCCEEDED, 2, 1)


async def test_it_tells_what_goes_on(place: Place, open_engine: OpenEngine) -> None:
    engine = await open_engine(place)

    result = await result_of(engine, place.spec(ONE, quantity=2))

    job = {"job_id": JOB_ID, "account": ONE}
    assert engine.events is place.events
    assert place.events.seen == [
        JobStarted(**job, requested=2, attempt=1),
        ItemDone(**job, index=1, item=result.items[0]),
        ItemDone(**job, index=2, item=result.items[1]),
        JobFinished(job_id=JOB_ID, result=result),
    ]


async def test_every_attempt_is_told(place: Place, open_engine: OpenEngine) -> None:
    troubles = [WorkError(FailureKind.TIMEOUT, "늦음")] * 2

    async def stumble(ctx: StepContext) -> StopReason:
        if troubles:
            raise troubles.pop()
        return await finish_all(ctx)

    place.work = stumble
    result = await result_of(await open_engine(place), place.spec(ONE))

    attempts = [each.attempt for each in place.events.seen if isinstance(each, JobStarted)]
    assert (attempts, result.attempts, result.status) == ([1, 2, 3], 3, JobStatus.SUCCEEDED)


@pytest.mark.parametrize("error", [WRONG_PASSWORD, KeyError("x"), asyncio.CancelledError()])
async def test_one_accounts_failure_changes_nothing_for_the_others(
    place: Place, open_engine: OpenEngine, error: BaseException
) -> None:
    async def fail_for_two(ctx: StepContext) -> StopReason:
        if ctx.account.id == TWO:
            raise error
        return await finish_all(ctx)

    place.work = fail_for_two
    results = await results_of(await open_engine(place), place, ONE, TWO, THREE)

    assert [result.account for result in results] == [ONE, TWO, THREE]
    assert [result.totals.done for result in results] == [3, 0, 3]
    assert [result.status for result in results] == [
        JobStatus.SUCCEEDED,
        JobStatus.FAILED,
        JobStatus.SUCCEEDED,
    ]


async def test_a_refused_sign_in_is_a_result(place: Place, open_engine: OpenEngine) -> None:
    place.refusals[ONE] = WRONG_PASSWORD
    result = await result_of(await open_engine(place), place.spec(ONE))
    assert result.failure
    assert (result.failure.kind, result.attempts) == (FailureKind.WRONG_PASSWORD, 1)


async def test_a_browser_that_does_not_open_is_a_result(
    place: Place, open_engine: OpenEngine
) -> None:
    place.launcher.problem = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
    result = await result_of(await open_engine(place), place.spec(ONE))
    assert result.failure
    assert (result.failure.kind, result.attempts) == (FailureKind.BROWSER_CRASHED, 3)


@pytest.mark.parametrize(("concurrency", "rounds"), [(1, 6), (2, 3), (6, 1), (9, 1)])
async def test_no_more_jobs_run_at_once_than_there_is_room_for(
    place: Place, open_engine: OpenEngine, concurrency: int, rounds: int
) -> None:
    await results_of(await open_engine(place, concurrency=concurrency), place, *USERS)
    assert place.launcher.most_open == min(concurrency, 6)
    assert now() == pytest.approx(rounds * 3 * ITEM_S)


async def test_a_wish_to_stop_lets_items_end_and_begins_nothing_new(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place, concurrency=2)
    asyncio.get_running_loop().call_later(ITEM_S / 2, lambda: engine.stop(at_once=False))

    results = await results_of(engine, place, *USERS)

    assert {result.status for result in results} == {JobStatus.CANCELLED}
    assert [result.totals.done for result in results] == [1, 1, 0, 0, 0, 0]
    assert [result.attempts for result in results] == [1, 1, 0, 0, 0, 0]
    assert [result.totals.unknown for result in results] == [0] * 6
    assert now() == pytest.approx(ITEM_S)
    assert len([each for each in place.events.seen if isinstance(each, JobFinished)]) == 6


async def test_to_stop_at_once_leaves_what_runs_and_says_so(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place, concurrency=2)
    asyncio.get_running_loop().call_later(ITEM_S * 1.5, lambda: engine.stop(at_once=True))

    results = await results_of(engine, place, ONE, TWO, THREE)

    assert {result.status for result in results} == {JobStatus.CANCELLED}
    assert [result.totals.done for result in results] == [1, 1, 0]
    assert [result.totals.unknown for result in results] == [1, 1, 0]
    assert now() == pytest.approx(ITEM_S * 1.5)
    assert place.launcher.open_now == 0


async def test_what_was_asked_to_drain_can_still_be_left_at_once(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place)
    loop = asyncio.get_running_loop()
    loop.call_later(1, lambda: engine.stop(at_once=False))
    loop.call_later(2, lambda: engine.stop(at_once=True))

    result = await result_of(engine, place.spec(ONE))

    assert (result.status, result.totals.unknown) == (JobStatus.CANCELLED, 1)
    assert now() == pytest.approx(2)


async def test_a_stopped_engine_still_answers_for_new_jobs(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place)
    engine.stop(at_once=False)

    result = await result_of(engine, place.spec(ONE))

    assert (result.status, result.attempts, result.requested) == (JobStatus.CANCELLED, 0, 3)
    assert (result.started_at, place.launcher.sessions) == (None, [])


async def test_a_job_that_was_cancelled_leaves_the_others_alone(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place, concurrency=1)
    one = asyncio.create_task(result_of(engine, place.spec(ONE)))
    two = asyncio.create_task(result_of(engine, place.spec(TWO)))
    await asyncio.sleep(1)

    one.cancel()

    assert (await two).status is JobStatus.SUCCEEDED
    assert one.cancelled()
    assert place.launcher.open_now == 0


async def test_an_accounts_lines_are_in_its_own_log_only(
    place: Place, open_engine: OpenEngine
) -> None:
    await results_of(await open_engine(place), place, ONE, TWO)

    for mine, other in [(ONE, TWO), (TWO, ONE)]:
        log = place.log_of(mine)
        assert log.count("처리 완료") == 3
        assert "=== 1단계 실행 완료 ===" in log
        assert other not in log


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_job_that_was_stopped_says_why(
    place: Place, open_engine: OpenEngine, at_once: bool
) -> None:
    engine = await open_engine(place, concurrency=1)
    loop = asyncio.get_running_loop()
    loop.call_later(1, lambda: engine.stop(at_once=at_once, reason=StopReason.DEADLINE))
    loop.call_later(2, lambda: engine.stop(at_once=at_once))

    results = await results_of(engine, place, ONE, TWO)

    assert [result.stop_reason for result in results] == [StopReason.DEADLINE] * 2
    assert engine.halted is None


async def test_what_a_job_came_to_is_what_the_ledger_says(
    place: Place, open_engine: OpenEngine
) -> None:
    async def fail_for_two(ctx: StepContext) -> StopReason:
        reason = await finish_all(ctx)
        if ctx.account.id == TWO:
            raise WRONG_PASSWORD
        return reason

    place.work = fail_for_two
    results = await results_of(await open_engine(place), place, ONE, TWO)

    for result in results:
        told = job_result(await read_job(place.ledger, result.account), "1")
        assert (told.items, told.failure, told.status) == (
            result.items,
            result.failure,
            result.status,
        )
        assert (told.attempts, told.stop_reason) == (result.attempts, result.stop_reason)


async def test_a_job_that_was_begun_before_goes_on_where_it_stood(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place)
    asyncio.get_running_loop().call_later(ITEM_S * 1.5, lambda: engine.stop(at_once=False))
    before = await result_of(engine, place.spec(ONE))

    after = await result_of(await open_engine(place), place.spec(ONE))

    assert (before.totals.done, after.totals.done, after.attempts) == (2, 3, 2)
    assert after.items[:2] == before.items
    assert after.status is JobStatus.SUCCEEDED
    assert after.started_at
    assert before.finished_at
    assert after.started_at < before.finished_at


async def test_an_account_that_somebody_else_drives_is_left_to_him(
    place: Place, open_engine: OpenEngine
) -> None:
    await place.ledger.acquire(f"account:{ONE}", OTHERS, LEASE_S)

    held, free = await results_of(await open_engine(place), place, ONE, TWO)

    assert held.failure
    assert (held.failure.kind, held.attempts) == (FailureKind.IN_USE, 0)
    assert "their-host" in held.failure.message
    assert free.status is JobStatus.SUCCEEDED
    assert {session.account_id for session in place.launcher.sessions} == {TWO}


async def test_a_site_that_is_down_costs_few_accounts_and_parks_the_rest(
    place: Place, open_engine: OpenEngine
) -> None:
    place.limits = JobSettings(max_attempts=1, site_down_accounts=3)
    place.refusals.update(dict.fromkeys(USERS, SITE_ERROR))
    engine = await open_engine(place, concurrency=1)

    results = await results_of(engine, place, *USERS)

    assert engine.halted == "사이트 장애로 보입니다: 계정 3개가 같은 이유(사이트 오류)로 실패"
    assert [result.attempts for result in results] == [1, 1, 1, 0, 0, 0]
    assert {result.stop_reason for result in results[3:]} == {StopReason.SITE_DOWN}
    assert {result.status for result in results[3:]} == {JobStatus.CANCELLED}


async def test_a_limit_of_failures_halts_the_rest(place: Place, open_engine: OpenEngine) -> None:
    place.limits = JobSettings(halt="fail=2")
    place.refusals.update({ONE: WRONG_PASSWORD, THREE: WRONG_PASSWORD})
    engine = await open_engine(place, concurrency=1)

    results = await results_of(engine, place, *USERS)

    assert engine.halted == "계정 6개 중 2개가 실패하여 배치를 멈춥니다 (--halt fail=2)"
    assert [result.attempts for result in results] == [1, 1, 1, 0, 0, 0]
    assert {result.stop_reason for result in results[3:]} == {StopReason.HALTED}


async def test_an_accounts_jobs_take_one_slot_and_each_is_told_when_it_ends(
    place: Place, open_engine: OpenEngine
) -> None:
    engine = await open_engine(place, concurrency=1)
    chain = await chain_of(place, ONE, 3)
    told: list[tuple[str, float]] = []

    def note(spec: JobSpec, result: JobResult) -> None:
        assert result.status is JobStatus.SUCCEEDED
        told.append((spec.job_id, now()))

    await asyncio.gather(engine.submit(chain, note), result_of(engine, place.spec(TWO)))

    assert [job_id for job_id, _ in told] == [spec.job_id for spec in chain]
    assert [at for _, at in told] == pytest.approx([3 * ITEM_S * n for n in (1, 2, 3)])
    assert place.launcher.most_open == 1


async def test_an_account_that_fails_in_every_step_is_one_failed_account(
    place: Place, open_engine: OpenEngine
) -> None:
    async def fail_for_one(ctx: StepContext) -> StopReason:
        if ctx.account.id == ONE:
            raise SITE_ERROR
        return await finish_all(ctx)

    place.work = fail_for_one
    place.limits = JobSettings(max_attempts=1, halt="fail=2", site_down_accounts=2)
    engine = await open_engine(place, concurrency=1)

    results = await worked(engine, *await chain_of(place, ONE, 4))

    assert {result.stop_reason for result in results} == {StopReason.ERROR}
    assert engine.halted is None
    assert (await result_of(engine, place.spec(TWO))).status is JobStatus.SUCCEEDED


async def test_a_limit_of_failures_halts_the_later_steps_of_every_account(
    place: Place, open_engine: OpenEngine
) -> None:
    async def fail(_ctx: StepContext) -> StopReason:
        raise SITE_ERROR

    place.work = fail
    place.limits = JobSettings(max_attempts=1, halt="fail=1")
    engine = await open_engine(place, concurrency=1)

    results = await worked(engine, *await chain_of(place, ONE, 2))

    assert [result.stop_reason for result in results] == [StopReason.ERROR, StopReason.HALTED]


async def chain_of(place: Place, account: str, count: int) -> list[JobSpec]:
    """So many jobs of one account, each in a batch of its own."""
    chain = [replace(place.spec(account), job_id=f"job {number}") for number in range(count)]
    for spec in chain:
        await begin_batch(place.ledger, account, job_id=spec.job_id)
    return chain
