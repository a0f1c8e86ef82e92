import asyncio
import signal

import pytest

from percenty_batch.manager.signals import stopping_on_signals
from percenty_batch.models import ItemOutcome, ItemResult, JobStatus, StopReason
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.manager.conftest import ONE, House

SIGNALS = [signal.SIGINT, signal.SIGTERM]


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in SIGNALS]


async def signalled_while_working(ctx: StepContext) -> StopReason:
    """An item in whose middle the first signal comes; it is finished."""
    ctx.book.begin(product_key(0))
    signal.raise_signal(signal.SIGTERM)
    await ctx.should_stop.wait()
    ctx.book.record(ItemResult(key=product_key(0), outcome=ItemOutcome.DONE))
    return StopReason.CANCELLED


async def never_ending(ctx: StepContext) -> StopReason:
    ctx.book.begin(product_key(0))
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


def test_a_second_signal_leaves_at_once(house: House) -> None:
    house.work = never_ending
    result = house.manager(stop_grace_s=1e6).run_single_step(1, [ONE], quantity=9)
    (job,) = result.jobs
    assert result.interrupted_by == signal.SIGINT
    assert (job.status, job.totals.unknown) == (JobStatus.CANCELLED, 1)


def test_after_the_grace_period_what_runs_is_left(house: House) -> None:
    async def deaf(ctx: StepContext) -> StopReason:
        ctx.book.begin(product_key(0))
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
