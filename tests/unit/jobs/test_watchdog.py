import asyncio
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.jobs.watchdog import Progress, stall_limit_s
from percenty_batch.settings import JobSettings
from tests.unit.jobs.loops import VirtualTimeLoop

LIMITS = JobSettings(stall_min_s=300, stall_factor=10)
seconds = st.floats(0.1, 10_000)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    ("durations_s", "limit_s"),
    [
        ([], 300),
        ([1, 2, 3], 300),
        ([30], 300),
        ([40, 50, 60], 500),
        ([40, 50, 9000], 500),  # one slow item does not make the account slow
    ],
)
def test_the_limit_follows_the_accounts_own_pace(durations_s: list[float], limit_s: float) -> None:
    assert stall_limit_s(durations_s, LIMITS) == limit_s


@given(st.lists(seconds, min_size=1))
def test_the_limit_is_the_larger_of_the_minimum_and_the_multiple(durations_s: list[float]) -> None:
    limit_s = stall_limit_s(durations_s, LIMITS)
    assert limit_s in (300, 10 * median(durations_s))
    assert limit_s >= max(300, 10 * min(durations_s))


async def test_without_any_progress_the_work_stalls_after_the_minimum() -> None:
    await asyncio.sleep(50)
    text = await Progress(LIMITS).stalled()
    assert now() == pytest.approx(350)
    assert text == "300초 동안 진행이 없어 멈춘 것으로 봅니다"


async def test_each_finished_item_begins_the_silence_anew() -> None:
    progress = Progress(LIMITS)
    for at in (100, 350, 640):
        asyncio.get_running_loop().call_later(at, progress.note, 12.34)
    text = await progress.stalled()
    assert now() == pytest.approx(640 + 300)
    assert text == "300초 동안 진행이 없어 멈춘 것으로 봅니다 (한 건에 보통 12.3초)"


async def test_progress_that_is_no_item_begins_the_silence_anew_without_changing_the_pace() -> None:
    progress = Progress(LIMITS)
    progress.note(60)
    asyncio.get_running_loop().call_later(100, progress.note)
    await progress.stalled()
    assert now() == pytest.approx(100 + 600)


async def test_a_slow_account_is_given_more_time() -> None:
    progress = Progress(LIMITS)
    asyncio.get_running_loop().call_later(200, progress.note, 200)
    await progress.stalled()
    assert now() == pytest.approx(200 + 2000)


async def test_another_attempt_begins_with_a_silence_of_its_own_at_the_same_pace() -> None:
    progress = Progress(LIMITS)
    progress.note(60)
    await progress.stalled()
    await asyncio.sleep(1000)
    await progress.stalled()
    assert now() == pytest.approx(600 + 1000 + 600)


async def test_progress_in_the_moment_of_the_time_out_is_progress() -> None:
    progress = Progress(LIMITS)
    loop = asyncio.get_running_loop()
    watching = asyncio.create_task(progress.stalled())
    await asyncio.sleep(0)
    loop.call_at(loop.time() + 300, progress.note)
    await watching
    assert now() == pytest.approx(600)


async def test_a_watch_that_is_cancelled_ends() -> None:
    watching = asyncio.create_task(Progress(LIMITS).stalled())
    await asyncio.sleep(10)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


def ends_at(gaps_s: list[float]) -> float:
    """When the watch ends, if progress is made after these gaps and then no more."""

    async def watch() -> float:
        progress = Progress(LIMITS)
        loop, at = asyncio.get_running_loop(), 0.0
        for gap_s in gaps_s:
            at += gap_s
            loop.call_at(at, progress.note)
        await progress.stalled()
        return loop.time()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(watch())


@given(st.lists(st.floats(0, 290)))
def test_work_that_goes_on_is_never_taken_for_stalled(gaps_s: list[float]) -> None:
    assert ends_at(gaps_s) == pytest.approx(sum(gaps_s) + 300)


@given(st.lists(st.floats(0, 290)), st.floats(310, 10_000), st.lists(st.floats(0, 290)))
def test_the_first_gap_beyond_the_limit_is_found_when_the_limit_is_over(
    before_s: list[float], gap_s: float, after_s: list[float]
) -> None:
    assert ends_at([*before_s, gap_s, *after_s]) == pytest.approx(sum(before_s) + 300)
