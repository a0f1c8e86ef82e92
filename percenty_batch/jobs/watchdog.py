"""Whether an account's work stands still, measured by its own pace."""

import asyncio
from collections.abc import Sequence
from statistics import median

from percenty_batch.settings import JobSettings


def stall_limit_s(durations_s: Sequence[float], limits: JobSettings) -> float:
    """Tell how long an account may finish nothing, from what its own items took.

    Before its first item only the minimum counts: the sign-in and each action have time-outs
    of their own.
    """
    if not durations_s:
        return limits.stall_min_s
    return max(limits.stall_min_s, limits.stall_factor * median(durations_s))


class Progress:
    """One job's progress. Must be made inside the event loop; it outlives the attempts."""

    def __init__(self, limits: JobSettings) -> None:
        self._limits = limits
        self._durations_s: list[float] = []
        self._noted = asyncio.Event()
        self._last_at = 0.0

    def note(self, item_s: float | None = None) -> None:
        """Progress was made: an item was finished in `item_s`, or (None) something else."""
        if item_s is not None:
            self._durations_s.append(item_s)
        self._last_at = asyncio.get_running_loop().time()
        self._noted.set()

    async def stalled(self) -> str:
        """Wait until nothing was noted within the limit and say so in Korean.

        The silence begins with the call. At most one call waits at a time.
        """
        self._last_at = asyncio.get_running_loop().time()
        while True:
            self._noted.clear()
            limit_s = stall_limit_s(self._durations_s, self._limits)
            try:
                async with asyncio.timeout_at(self._last_at + limit_s):
                    await self._noted.wait()
            except TimeoutError:
                if not self._noted.is_set():  # progress may come in the moment of the time-out
                    return self._text(limit_s)

    def _text(self, limit_s: float) -> str:
        usual = f" (한 건에 보통 {median(self._durations_s):.1f}초)" if self._durations_s else ""
        return f"{limit_s:.0f}초 동안 진행이 없어 멈춘 것으로 봅니다{usual}"
