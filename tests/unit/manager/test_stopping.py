import asyncio
import signal
from typing import ClassVar

import pytest

from percenty_batch.ledger import JobEnd, JobRef
from percenty_batch.manager import batch_manager
from percenty_batch.manager.signals import stopping_on_signals
from percenty_batch.models import ItemOutcome, ItemResult, JobStatus, StopReason
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.manager.conftest import ONE, House
from tests.unit.manager.ledgers import NO_LIMIT, FailingLedger

SIGNALS = [signal.SIGINT, signal.SIGTERM]


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in SIGNALS]


async def signalled_while_working(ctx: StepContext) -> StopReason:
    """An item in whose middle the first signal comes; it is finished."""
    await ctx.book.begin(product_key(0))
    signal.raise_signal(signal.SIGTERM)
    await ctx.should_stop.wait()
    await ctx.book.record(ItemResult(key=product_key(0), outcome=ItemOutcome.DONE))
    return StopReason.CANCELLED


async def never_ending(ctx: StepContext) -> StopReason:
    await ctx.book.begin(product_key(0))
    signal.raise_signal(signal.SIGINT)
    await ctx.should_stop.wait()
    signal.raise_signal(signal.SIGTERM)
    await asyncio.Event().wait()
    return StopReason.QUANTITY_REACHED


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_is_told_in_the_loop(number: signal.Signals) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    with stopping_on_signals(told.put_nowait):
        signal.raise_signal(number)
        assert await told.get() == number


async def test_the_handlers_of_before_come_back() -> None:
    before = handlers()

    def fail_with_other_handlers() -> None:
        with stopping_on_signals(lambda _: None):
            assert not set(handlers()) & set(before)
            raise KeyError

    with pytest.raises(KeyError):
        fail_with_other_handlers()
    assert handlers() == before


def test_a_signal_ends_the_batch_in_order_and_the_reports_are_written(house: House) -> None:
    house.work = signalled_while_working
    manager = house.manager()
    before = handlers()

    result = manager.run_single_step(1, [ONE], quantity=9)

    (job,) = result.jobs
    assert result.interrupted_by == signal.SIGTERM
    assert (job.status, job.totals.done, job.totals.unknown) == (JobStatus.CANCELLED, 1, 0)
    assert manager.report_files[0].markdown
    assert handlers() == before


def test_accounts_that_never_began_are_written_all_at_once(house: House) -> None:
    def writes(count: int) -> int:
        house.ledger = ledger = FailingLedger()
        house.work = signalled_while_working
        accounts = tuple(f"user{number}@example.com" for number in range(count))
        result = house.manager(accounts=accounts, concurrency=1).run_single_step(1, quantity=9)
        assert sum(not job.attempts for job in result.jobs) == count - 1
        return NO_LIMIT - ledger.writes_left

    assert writes(3) == writes(30)


def test_a_second_signal_leaves_at_once(house: House) -> None:
    house.work = never_ending
    result = house.manager(stop_grace_s=1e6).run_single_step(1, [ONE], quantity=9)
    (job,) = result.jobs
    assert result.interrupted_by == signal.SIGINT
    assert (job.status, job.totals.unknown) == (JobStatus.CANCELLED, 1)


def test_after_the_grace_period_what_runs_is_left(house: House) -> None:
    async def deaf(ctx: StepContext) -> StopReason:
        await ctx.book.begin(product_key(0))
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()
        return StopReason.QUANTITY_REACHED

    house.work = deaf
    result = house.manager(stop_grace_s=0).run_single_step(1, [ONE], quantity=9)
    assert (result.jobs[0].status, result.totals.unknown) == (JobStatus.CANCELLED, 1)


def test_a_signal_while_the_browser_opens_is_not_lost(house: House) -> None:
    house.on_open = lambda: signal.raise_signal(signal.SIGTERM)

    result = house.manager().run_single_step(1, quantity=9)

    assert result.interrupted_by == signal.SIGTERM
    assert [(job.status, job.attempts) for job in result.jobs] == [(JobStatus.CANCELLED, 0)] * 2


def test_the_next_batch_of_the_run_is_not_stopped_with_the_one_before(house: House) -> None:
    house.work = signalled_while_working
    manager = house.manager()
    assert manager.run_single_step(1, [ONE], 1).interrupted_by == signal.SIGTERM

    async def nothing(_ctx: StepContext) -> StopReason:
        return StopReason.SOURCE_EMPTY

    house.work = nothing
    again = manager.run_single_step(1, [ONE], 1)
    assert (again.interrupted_by, again.jobs[0].status) == (None, JobStatus.SUCCEEDED)


def test_without_a_batch_a_stop_is_nothing(house: House) -> None:
    manager = house.manager()
    manager.stop(signal.SIGTERM)
    assert manager.run_single_step(1, quantity=1).interrupted_by is None


def test_a_signal_while_the_ledger_opens_is_not_lost(house: House) -> None:
    house.on_open_ledger = lambda: signal.raise_signal(signal.SIGINT)

    result = house.manager().run_single_step(1, quantity=9)

    assert result.interrupted_by == signal.SIGINT
    assert [(job.status, job.attempts) for job in result.jobs] == [(JobStatus.CANCELLED, 0)] * 2


def test_asked_a_second_time_the_browser_is_not_waited_for(house: House) -> None:
    async def hung(ctx: StepContext) -> StopReason:
        signal.raise_signal(signal.SIGTERM)
        await ctx.should_stop.wait()
        signal.raise_signal(signal.SIGTERM)
        await house.abandoned.wait()
        return StopReason.CANCELLED

    house.work = hung
    result = house.manager(stop_grace_s=1e6).run_single_step(1, [ONE], quantity=9)

    assert house.launchers[0].is_abandoned
    assert (result.interrupted_by, result.jobs[0].status) == (signal.SIGTERM, JobStatus.CANCELLED)


@pytest.mark.parametrize("grace_s", [0, 1e6], ids=["after the grace period", "asked twice"])
def test_who_is_to_leave_at_once_waits_no_longer_for_the_ledger(
    house: House, grace_s: float
) -> None:
    class Hurried(FailingLedger):
        is_hurried = False
        before_ends: ClassVar[list[bool]] = []

        def hurry(self) -> None:
            self.is_hurried = True

        async def end_job(self, job: JobRef, end: JobEnd) -> None:
            self.before_ends.append(self.is_hurried)
            await super().end_job(job, end)

    async def deaf(ctx: StepContext) -> StopReason:
        if grace_s == 0:
            signal.raise_signal(signal.SIGTERM)
            await asyncio.Event().wait()
        return await never_ending(ctx)

    house.ledger, house.work = Hurried(), deaf
    house.manager(stop_grace_s=grace_s).run_single_step(1, [ONE], quantity=9)

    assert Hurried.before_ends == [True]


def test_asked_once_the_browser_may_close_in_its_own_time(house: House) -> None:
    house.work = signalled_while_working
    house.manager().run_single_step(1, [ONE], quantity=9)
    assert not house.launchers[0].is_abandoned


@pytest.fixture
def the_deadline_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any deadline comes as soon as the first job has begun."""
    monkeypatch.setattr(batch_manager, "parse_deadline", lambda _text, _now: 0.0)


@pytest.mark.usefixtures("the_deadline_is_now")
def test_at_the_deadline_the_item_in_work_is_finished_and_nothing_is_begun(house: House) -> None:
    async def until_asked(ctx: StepContext) -> StopReason:
        await ctx.book.begin(product_key(0))
        await ctx.should_stop.wait()
        await ctx.book.record(ItemResult(key=product_key(0), outcome=ItemOutcome.DONE))
        return StopReason.CANCELLED

    house.work = until_asked
    manager = house.manager(concurrency=1, deadline="06:00")

    result = manager.run_single_step(1, quantity=9)

    assert {job.stop_reason for job in result.jobs} == {StopReason.DEADLINE}
    assert {job.status for job in result.jobs} == {JobStatus.CANCELLED}
    assert [(job.totals.done, job.totals.unknown) for job in result.jobs] == [(1, 0), (0, 0)]
    assert (result.interrupted_by, result.halted) == (None, None)
    log = (house.folder / "logs" / f"batch_processor_{manager.start_time}.log").read_text("utf-8")
    assert "실행 마감(06:00)이 되었습니다" in log


@pytest.mark.usefixtures("the_deadline_is_now")
def test_after_the_deadlines_grace_period_what_runs_is_left(house: House) -> None:
    async def deaf(ctx: StepContext) -> StopReason:
        await ctx.book.begin(product_key(0))
        await asyncio.Event().wait()
        return StopReason.QUANTITY_REACHED

    house.work = deaf
    manager = house.manager(deadline="06:00", stop_grace_s=0)

    result = manager.run_single_step(1, [ONE], quantity=9)

    assert result.jobs[0].stop_reason is StopReason.DEADLINE
    assert result.totals.unknown + result.totals.not_attempted == 9


@pytest.mark.usefixtures("the_deadline_is_now")
def test_a_signal_after_the_deadline_is_still_told(house: House) -> None:
    async def signalled(ctx: StepContext) -> StopReason:
        await ctx.should_stop.wait()
        signal.raise_signal(signal.SIGTERM)
        for _ in range(3):
            await asyncio.sleep(0)  # the loop hears of it
        return StopReason.CANCELLED

    house.work = signalled
    result = house.manager(deadline="06:00").run_single_step(1, [ONE], 9)

    assert result.interrupted_by == signal.SIGTERM
    assert result.jobs[0].stop_reason is StopReason.DEADLINE
