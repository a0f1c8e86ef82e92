"""How many jobs run at once, and how far apart they start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from percenty_batch.jobs.stop import Stop


class Pool:
    """A bounded number of slots. Must be made inside the event loop."""

    def __init__(self, size: int, start_interval_s: float, stop: Stop) -> None:
        self._slots = asyncio.Semaphore(size)
        self._starting = asyncio.Lock()
        self._interval_s = start_interval_s
        self._stop = stop
        self._next_start = 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot; wait for it, and for the pause after the start before."""
        async with self._slots:
            async with self._starting:
                await self._keep_apart()
            yield

    async def _keep_apart(self) -> None:
        now = asyncio.get_running_loop().time
        if (wait_s := self._next_start - now()) > 0:
            await pause(wait_s, self._stop)
        self._next_start = now() + self._interval_s


async def pause(seconds: float, stop: Stop) -> None:
    """Wait, but not longer than until a stop is asked for."""
    try:
        async with asyncio.timeout(seconds):
            await stop.draining.wait()
    except TimeoutError:
        return
