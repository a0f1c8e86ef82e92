"""All generations of browsers: a current one for new sessions, older ones until they are empty."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.chromium import Chromium
from percenty_batch.browser.generation import Generation
from percenty_batch.browser.tasks import finish
from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.settings import BrowserSettings

_STARTS = 3  # of browsers that run and die at once, for one session
_ABANDONED_S = 0.5  # for what the calls of abandoned sessions raise by themselves
_NEXT_TRY_S = 60.0  # after a replacement that did not start


class Fleet:
    """Start, recycle, replace and end generations.

    A lost one is replaced at once. One that has had its sessions or grew too large is replaced
    once its successor runs, and ends with its last session.
    """

    def __init__(self, settings: BrowserSettings, log: FilteringBoundLogger) -> None:
        self._settings = settings
        self._log = log
        self._generations: set[Generation] = set()
        self._current: Generation | None = None
        self._successor: Generation | None = None
        self._recycling: asyncio.Task[None] | None = None
        self._no_recycling_before = 0.0
        self._count = 0
        self._is_leaving = False
        self.latest: Chromium

    async def start(self) -> None:
        """Start the first one. Raises CannotRunError or InputError."""
        self._current = self._begin()
        try:
            self.latest = await self._current.chromium()
        except BaseException:
            await finish(self.close(), name="end browsers in mid-start")
            raise

    async def close(self) -> None:
        """End all of them, whatever is open in them."""
        self._is_leaving = True
        await asyncio.gather(*(generation.end() for generation in self._generations))
        if self._recycling is not None:
            await asyncio.wait({self._recycling})

    async def abandon(self) -> None:
        """Kill all processes at once. No other browser is started."""
        self._is_leaving = True
        await asyncio.gather(
            *(generation.kill(grace_s=_ABANDONED_S) for generation in self._generations)
        )

    @asynccontextmanager
    async def place(self, *, is_isolated: bool) -> AsyncIterator[Generation]:
        """Give one session a place in a browser that answers: the current one or one of its own.

        Raises WorkError (browser_crashed) when there is none.
        """
        generation = await (self._isolated() if is_isolated else self._shared())
        try:
            yield generation
        finally:
            generation.leave()
            if is_isolated:
                await finish(generation.end(), name="end isolated browser")
            else:
                self._consider_recycling(generation)

    async def count_contexts(self) -> int:
        """Count the contexts that the browsers themselves know."""
        return sum([await generation.count_contexts() for generation in tuple(self._generations)])

    def _begin(self) -> Generation:
        if self._is_leaving:
            raise WorkError(FailureKind.BROWSER_CRASHED, "브라우저를 종료하는 중입니다")
        self._generations = {each for each in self._generations if not each.has_ended}
        self._count += 1
        name = f"browser {self._count}"
        generation = Generation(self._settings, self._log, name, self._replace_lost)
        self._generations.add(generation)
        return generation

    async def _shared(self) -> Generation:
        for _ in range(_STARTS):
            if self._current is None or self._current.is_over:
                self._current = self._begin()
            generation = self._current
            if await _enter(generation):
                self.latest = await generation.chromium()
                return generation
        raise WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 시작할 때마다 바로 종료됩니다")

    async def _isolated(self) -> Generation:
        generation = self._begin()
        try:
            if await _enter(generation):
                return generation
        except BaseException:
            await finish(generation.end(), name="end isolated browser in mid-start")
            raise
        raise WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 시작하자마자 종료되었습니다")

    def _replace_lost(self, lost: Generation) -> None:
        if lost is self._current and lost.opened and not self._is_leaving:
            self._log.warning("브라우저를 다시 시작합니다")
            self._current = self._successor or self._begin()

    def _consider_recycling(self, generation: Generation) -> None:
        is_under_way = self._recycling is not None and not self._recycling.done()
        if generation is self._current and not is_under_way and not self._is_leaving:
            self._recycling = asyncio.create_task(
                self._recycle_if_due(generation), name="recycle browser"
            )

    async def _recycle_if_due(self, old: Generation) -> None:
        is_too_early = asyncio.get_running_loop().time() < self._no_recycling_before
        if is_too_early or not await self._is_due(old) or old.is_over or self._is_leaving:
            return
        self._successor = self._begin()
        try:
            self.latest = await self._successor.chromium()
        except (CannotRunError, InputError) as error:
            self._put_off_recycling(error)
        else:
            if self._current is old:
                self._current = self._successor
            old.retire()
        finally:
            self._successor = None

    async def _is_due(self, generation: Generation) -> bool:
        return is_due(self._settings, generation.opened, await generation.memory_mb())

    def _put_off_recycling(self, error: Exception) -> None:
        self._no_recycling_before = asyncio.get_running_loop().time() + _NEXT_TRY_S
        if not self._is_leaving:
            self._log.warning("새 브라우저를 시작하지 못해 지금 것을 계속 씁니다: %s", error)


def is_due(settings: BrowserSettings, opened: int, memory_mb: float) -> bool:
    """Tell whether a browser with so many sessions behind it, and so large, is to be replaced."""
    return opened >= settings.recycle_after_contexts or memory_mb > settings.recycle_after_mb


async def _enter(generation: Generation) -> bool:
    """Take a place there, and tell whether the browser answers."""
    has_place = False
    generation.enter()
    try:
        has_place = await generation.check()
    except (CannotRunError, InputError) as error:  # this account's trouble by now
        raise WorkError(FailureKind.BROWSER_CRASHED, str(error)) from error
    finally:
        if not has_place:
            generation.leave()
    return has_place
