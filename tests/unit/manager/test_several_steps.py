"""Several steps over the same accounts in one call: a batch and a report for each."""

import asyncio
import json
import signal
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.ledger import RunRecord, run_results
from percenty_batch.manager import BatchManager, batch_work, report_again
from percenty_batch.models import BatchResult, JobStatus, OnFailure, StopReason, Verdict
from percenty_batch.steps import STEPS, StepContext
from tests.unit.jobs.fakes import step_of
from tests.unit.manager.conftest import ONE, TWO, House, finish_all, finish_next

A, B, C = STEP_IDS = ("1", "5_1", "4")
BROKEN = WorkError(FailureKind.DATA, "고장")
Call = tuple[str, str]


class Work:
    """What the steps do: note the call, then finish all, unless it is one of these."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.broken: set[Call] = set()

    async def __call__(self, ctx: StepContext) -> StopReason:
        call = (ctx.job.step, ctx.account.id)
        self.calls.append(call)
        if call in self.broken:
            await finish_next(ctx)
            raise BROKEN
        return await finish_all(ctx)


@pytest.fixture
def work(house: House, monkeypatch: pytest.MonkeyPatch) -> Work:
    done = Work()

    async def run(ctx: StepContext) -> StopReason:
        return await house.work(ctx)

    house.work = done
    for step in STEP_IDS:
        monkeypatch.setitem(STEPS, step, replace(step_of(run), id=step))
    return done


def reports(house: House, manager: BatchManager) -> dict[str, dict[str, Any]]:
    """Every batch's report by its job id."""
    folder = house.folder / "logs/reports" / manager.start_time
    documents = [json.loads(path.read_text("utf-8")) for path in folder.glob("batch_report_*.json")]
    return {document["job_id"]: document for document in documents}


def statuses(results: tuple[BatchResult, ...]) -> list[list[JobStatus]]:
    return [[job.status for job in result.jobs] for result in results]


OK, CANCELLED, PARTIAL = JobStatus.SUCCEEDED, JobStatus.CANCELLED, JobStatus.PARTIAL


def test_each_account_works_the_steps_in_their_order_and_each_step_is_a_batch(
    house: House, work: Work
) -> None:
    manager = house.manager(concurrency=1)

    results = manager.run_steps([A, B, C], quantity=2)

    assert work.calls == [(step, account) for account in (ONE, TWO) for step in STEP_IDS]
    stamp = manager.start_time
    job_ids = [f"single_step_{step}_{stamp}" for step in STEP_IDS]
    assert [result.job_id for result in results] == job_ids
    assert [[job.totals.done for job in result.jobs] for result in results] == [[2, 2]] * 3
    assert (len(house.launchers), len(house.launchers[0].sessions)) == (1, 6)
    assert manager.results == results
    assert set(reports(house, manager)) == set(job_ids)
    summary = json.loads(manager.generate_summary_report().with_suffix(".json").read_text("utf-8"))
    assert [batch["job_id"] for batch in summary["batches"]] == job_ids


def test_the_coroutine_does_the_same(house: House, work: Work) -> None:
    results = asyncio.run(house.manager().work_steps([A, B], [ONE], 1))
    assert [result.verdict for result in results] == [Verdict.SUCCESS] * 2


def test_a_step_that_comes_twice_is_two_batches(house: House, work: Work) -> None:
    manager = house.manager()
    results = manager.run_steps([A, A], [ONE], 1) + manager.run_steps([A], [ONE], 1)
    first = f"single_step_1_{manager.start_time}"
    assert [each.job_id for each in results] == [first, f"{first}_2", f"{first}_3"]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "단계가 하나도 없습니다"),
        ([A, "9"], "'9' 단계가 없습니다"),
        (["1:never"], "가능한 지시: stop, continue"),
    ],
)
def test_steps_that_mean_nothing_are_refused_before_anything_is_opened(
    house: House, work: Work, steps: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        house.manager().run_steps(steps)
    assert house.files == []


def test_the_plan_of_all_batches_is_in_the_ledger_before_anything_opens(
    house: House, work: Work
) -> None:
    planned: list[RunRecord] = []

    async def read() -> None:
        record = await house.ledger.run(manager.start_time)
        assert record
        planned.append(record)

    tasks: list[asyncio.Task[None]] = []
    house.on_open = lambda: tasks.append(asyncio.ensure_future(read()))
    manager = house.manager()
    manager.run_steps([A, f"{B}:stop", f"{C}:continue"], quantity=3)

    (record,) = planned
    (together,) = record.rounds
    assert [batch.plan.step for batch in together] == [A, B, C]
    policies = [OnFailure.CONTINUE, OnFailure.STOP, OnFailure.CONTINUE]
    assert [batch.plan.on_failure for batch in together] == policies
    assert [len(batch.jobs) for batch in together] == [2] * 3
    assert {batch.plan.quantity for batch in together} == {3}


def test_a_batch_is_ended_and_reported_as_soon_as_its_last_account_is_through(
    house: House, work: Work
) -> None:
    seen: list[int] = []

    async def look(ctx: StepContext) -> StopReason:
        if ctx.job.step == C and ctx.account.id == TWO:
            while len(await asyncio.to_thread(reports, house, manager)) < 2:
                continue
            record = await house.ledger.run(manager.start_time)
            assert record
            seen.append(sum(batch.end is not None for batch in record.batches))
        return await finish_all(ctx)

    house.work = look
    manager = house.manager(concurrency=1)
    manager.run_steps([A, B, C], quantity=1)
    assert seen == [2]


def test_each_batch_counts_its_own_time_from_the_first_account_that_comes_to_it(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str, list[float]] = {}
    now_s = [0.0]

    async def take_ten_seconds(ctx: StepContext) -> StopReason:
        begun.setdefault(ctx.job.step, []).append(now_s[0])
        now_s[0] += 10
        return await finish_all(ctx)

    house.work = take_ten_seconds
    monkeypatch.setattr(batch_work, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    manager = house.manager(concurrency=1)

    results = manager.run_steps([A, B, f"{C}:stop"], quantity=1)

    assert begun == {A: [0, 30], B: [10, 40], C: [20, 50]}
    assert [result.duration_s for result in results] == [40, 40, 40]
    starts = [result.started_at for result in results]
    assert starts == sorted(set(starts))
    assert run_results(house.run(manager)) == results


def test_a_failure_stops_or_does_not_stop_the_accounts_later_steps(
    house: House, work: Work
) -> None:
    work.broken = {(A, ONE)}
    manager = house.manager()

    results = manager.run_steps([f"{A}:stop", B, C], quantity=2)

    assert statuses(results) == [[PARTIAL, OK], [CANCELLED, OK], [CANCELLED, OK]]
    assert {result.jobs[0].stop_reason for result in results[1:]} == {StopReason.EARLIER_STEP}
    later = reports(house, manager)[results[1].job_id]["accounts"][0]
    assert (later["stop_reason"], later["not_attempted"]) == ("earlier_step", 2)
    assert house.run(manager).batches[2].jobs[0].end is not None

    goes_on = house.manager().run_steps([A, B], quantity=2)
    assert statuses(goes_on) == [[PARTIAL, OK], [OK, OK]]


def test_the_settings_name_steps_that_stop_unless_a_word_says_otherwise(
    house: House, work: Work
) -> None:
    house.stop_on_failure = (A,)
    work.broken = {(A, ONE)}
    stopped = house.manager().run_steps([A, B], [ONE], quantity=2)
    assert statuses(stopped) == [[PARTIAL], [CANCELLED]]
    goes_on = house.manager().run_steps([f"{A}:continue", B], [ONE], quantity=2)
    assert statuses(goes_on) == [[PARTIAL], [OK]]


def test_a_signal_ends_the_chains_and_every_batch_that_was_still_open(
    house: House, work: Work
) -> None:
    async def signalled(ctx: StepContext) -> StopReason:
        if ctx.job.step == B:
            signal.raise_signal(signal.SIGTERM)
            await ctx.should_stop.wait()
            return StopReason.CANCELLED
        return await finish_all(ctx)

    house.work = signalled
    results = house.manager().run_steps([A, B, C], [ONE], quantity=1)

    assert [result.interrupted_by for result in results] == [None, signal.SIGTERM, signal.SIGTERM]
    assert statuses(results) == [[OK], [CANCELLED], [CANCELLED]]
    assert [result.jobs[0].attempts for result in results] == [1, 1, 0]


def test_where_nothing_can_run_every_batch_says_why(house: House, work: Work) -> None:
    house.site_problem = CannotRunError("사이트에 연결할 수 없습니다")
    manager = house.manager()
    results = manager.run_steps([A, B], quantity=4)
    house.ledger_problem = CannotRunError("원장을 사용할 수 없습니다")
    results += house.manager().run_steps([A, B], quantity=4)
    assert [result.could_run for result in results] == [False] * 4
    assert all(job.failure for result in results for job in result.jobs)
    assert len(reports(house, manager)) == 2


def test_a_resumption_continues_each_accounts_chain_in_order(house: House, work: Work) -> None:
    work.broken = {(A, ONE), (C, TWO)}
    before = house.manager()
    before.run_steps([f"{A}:stop", B, C], quantity=2)
    work.broken, work.calls = set(), []

    results = house.manager(house.run(before), concurrency=1).resume()

    assert work.calls == [(A, ONE), (B, ONE), (C, ONE), (C, TWO)]
    assert statuses(results) == [[OK, OK]] * 3
    assert [[job.attempts for job in result.jobs] for result in results] == [[2, 1], [1, 1], [1, 2]]
    assert len(house.launchers) == 2


def test_a_step_that_fails_again_stops_its_chain_again(house: House, work: Work) -> None:
    work.broken = {(A, ONE)}
    before = house.manager()
    before.run_steps([f"{A}:stop", B], quantity=2)
    work.calls = []

    results = house.manager(house.run(before)).resume()

    assert work.calls == [(A, ONE)]
    assert results[1].jobs[0].stop_reason is StopReason.EARLIER_STEP


def test_two_calls_are_two_rounds_and_are_resumed_one_after_the_other(
    house: House, work: Work
) -> None:
    work.broken = {(A, ONE), (B, ONE)}
    before = house.manager()
    before.run_steps([A, B], [ONE], quantity=2)
    before.run_steps([C, A], [ONE], quantity=2)
    assert [len(each) for each in house.run(before).rounds] == [2, 2]
    work.broken, work.calls = set(), []

    house.manager(house.run(before)).resume()

    assert work.calls == [(A, ONE), (B, ONE), (A, ONE)]


def test_a_chain_that_was_killed_is_told_from_the_ledger_alone(house: House, work: Work) -> None:
    manager = house.manager()
    manager.run_steps([A, B], [ONE], quantity=1)
    record = house.run(manager)
    first, second = record.batches
    pending = replace(
        second, end=None, jobs=(replace(second.jobs[0], end=None, attempts=(), items=()),)
    )
    killed = replace(record, batches=(first, pending))

    results, _ = report_again(killed, house.settings())

    assert [result.is_cut_off for result in results] == [False, True]
    assert statuses(results) == [[OK], [CANCELLED]]
