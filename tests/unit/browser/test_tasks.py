import asyncio

import pytest

from percenty_batch.browser.tasks import finish


async def test_it_runs_to_the_end_through_any_number_of_cancellations() -> None:
    begun, release, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def clean_up() -> None:
        begun.set()
        await release.wait()
        ended.set()

    caller = asyncio.create_task(finish(clean_up(), name="clean up"))
    await begun.wait()
    for _ in range(3):
        caller.cancel()
        await asyncio.sleep(0)
    assert not caller.done()
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_what_the_work_raises_is_raised() -> None:
    async def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await finish(fail(), name="fail")
