import asyncio

import pytest

from percenty_batch.percenty.waiting import first_of


async def after(seconds: float, error: Exception | None = None) -> None:
    await asyncio.sleep(seconds)
    if error is not None:
        raise error


async def test_the_first_of_several_is_told_by_its_position() -> None:
    assert await first_of(after(3), after(1), after(2)) == 1
    assert asyncio.get_running_loop().time() == pytest.approx(1)


async def test_what_the_first_one_raises_is_raised() -> None:
    with pytest.raises(KeyError):
        await first_of(after(2), after(1, KeyError("x")))


async def test_a_later_failure_is_of_no_interest() -> None:
    assert await first_of(after(1), after(2, KeyError("x"))) == 0


async def test_the_others_have_ended_when_it_returns() -> None:
    before = asyncio.all_tasks()
    await first_of(after(1), after(1e6))
    assert asyncio.all_tasks() == before
