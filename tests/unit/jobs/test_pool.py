import asyncio

import pytest

from percenty_batch.jobs import Pool, Stop
from percenty_batch.jobs.pool import pause


def now() -> float:
    return asyncio.get_running_loop().time()


class Jobs:
    """Jobs of ten seconds each in one pool; knows when they started and how many were at once."""

    def __init__(self, size: int, interval_s: float = 0.0) -> None:
        self.stop = Stop()
        self._pool = Pool(size, interval_s, self.stop)
        self.started_at: list[float] = []
        self.most_at_once = self._at_once = 0

    async def run(self, count: int) -> None:
        await asyncio.gather(*(self._job() for _ in range(count)))

    async def _job(self) -> None:
        async with self._pool.slot():
            self.started_at.append(now())
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            await asyncio.sleep(10)
            self._at_once -= 1


@pytest.mark.parametrize(("size", "count"), [(1, 3), (3, 10), (8, 2)])
async def test_never_more_than_its_size_run_at_once(size: int, count: int) -> None:
    jobs = Jobs(size)
    await jobs.run(count)
    assert jobs.most_at_once == min(size, count)
    assert len(jobs.started_at) == count


async def test_without_an_interval_free_slots_are_taken_at_once() -> None:
    jobs = Jobs(2)
    await jobs.run(4)
    assert jobs.started_at == pytest.approx([0, 0, 10, 10])


async def test_starts_are_kept_apart() -> None:
    jobs = Jobs(3, interval_s=4)
    await jobs.run(5)
    assert jobs.started_at == pytest.approx([0, 4, 8, 12, 16])
    assert jobs.most_at_once == 3


async def test_a_slot_that_is_free_late_waits_no_more() -> None:
    jobs = Jobs(1, interval_s=4)
    await jobs.run(2)
    assert jobs.started_at == pytest.approx([0, 10])


async def test_a_wish_to_stop_ends_the_waiting_between_starts() -> None:
    jobs = Jobs(3, interval_s=1000)
    asyncio.get_running_loop().call_later(5, jobs.stop.drain)
    await jobs.run(3)
    assert jobs.started_at == pytest.approx([0, 5, 5])


async def test_a_cancelled_wait_gives_its_place_back() -> None:
    jobs = Jobs(1)
    first, second = (asyncio.create_task(jobs.run(1)) for _ in range(2))
    await asyncio.sleep(1)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    await jobs.run(1)
    assert jobs.started_at == pytest.approx([0, 10])


async def test_a_pause_lasts_its_time_or_until_a_stop() -> None:
    stop = Stop()
    await pause(30, stop)
    assert now() == pytest.approx(30)
    stop.drain()
    await pause(30, stop)
    assert now() == pytest.approx(30)


def test_to_leave_at_once_is_also_to_begin_nothing_new() -> None:
    drained, forced = Stop(), Stop()
    drained.drain()
    forced.force()
    assert (drained.draining.is_set(), drained.at_once.is_set()) == (True, False)
    assert (forced.draining.is_set(), forced.at_once.is_set()) == (True, True)
