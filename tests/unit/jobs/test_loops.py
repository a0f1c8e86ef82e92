import asyncio
from pathlib import Path

import pytest
from blockbuster import BlockingError

from percenty_batch.reports.files import write_atomically


async def test_hours_pass_at_once_and_in_order() -> None:
    loop = asyncio.get_running_loop()
    woken: list[int] = []

    async def wake(hours: int) -> None:
        await asyncio.sleep(hours * 3600)
        woken.append(hours)

    await asyncio.gather(*map(wake, (3, 1, 2)))

    assert woken == [1, 2, 3]
    assert loop.time() == pytest.approx(3 * 3600)


async def test_a_blocking_call_of_ours_fails(tmp_path: Path) -> None:
    with pytest.raises(BlockingError):
        write_atomically(tmp_path / "report.md", "text", should_replace=False)
