"""One browser of several: from its start to the end of its last session, or to its loss."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Error as PlaywrightError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.chromium import Chromium, running_chromium
from percenty_batch.browser.processes import Tree
from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.settings import BrowserSettings

_PROBES = 2  # a busy machine may be late once
_ENDED = "브라우저가 비정상 종료되었습니다"


class Generation:
    """A browser with its driver, and how many sessions it has and had.

    It watches itself: one that gives no answer is killed, so that each call that waits for it
    fails, and no page of it reaches a site any more. `on_lost` hears of that first.
    """

    def __init__(
        self,
        settings: BrowserSettings,
        log: FilteringBoundLogger,
        name: str,
        on_lost: Callable[["Generation"], object],
    ) -> None:
        self.opened = 0
        self._settings = settings
        self._log = log
        self._on_lost = on_lost
        self._open = 0
        self._is_retired = False
        self._guards: set[asyncio.Timeout] = set()
        self._leaving = asyncio.Event()
        self._tree = Tree()
        self._started: asyncio.Future[Chromium] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(), name=name)
        # Not in the task: one that is cancelled before its first turn never runs.
        cancelled = CannotRunError("브라우저 시작이 취소되었습니다")
        self._life.add_done_callback(lambda _: self._fail(cancelled))

    @property
    def is_over(self) -> bool:
        """True when it takes no further session: it ends, or has ended."""
        return self._leaving.is_set() or self._life.done()

    @property
    def has_ended(self) -> bool:
        """True when nothing of it is left."""
        return self._life.done()

    async def chromium(self) -> Chromium:
        """Return the browser once it runs. Raises CannotRunError or InputError if it never did."""
        return await asyncio.shield(self._started)

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """Let the block raise WorkError (browser_crashed) soon after its browser was killed.

        Calls fail by themselves, but who waits for an event of a dead driver would wait on.
        """
        try:
            async with asyncio.timeout(None) as limit:
                self._guards.add(limit)
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise WorkError(FailureKind.BROWSER_CRASHED, _ENDED) from error
        finally:
            self._guards.discard(limit)

    def enter(self) -> None:
        """Count one more session."""
        self._open += 1
        self.opened += 1

    def leave(self) -> None:
        """Count one session less; the last one of a retired generation ends it."""
        self._open -= 1
        self._end_if_unused()

    def retire(self) -> None:
        """Let it end as soon as its last session has left."""
        self._is_retired = True
        self._end_if_unused()

    async def check(self) -> bool:
        """Tell whether the browser answers; one that does not is lost."""
        trouble = await self._trouble(await self.chromium())
        if trouble:
            await self.lose(trouble)
        return not trouble

    async def count_contexts(self) -> int:
        """Count the contexts that the browser knows; none before it runs and once it is over."""
        if self.is_over or not self._started.done():
            return 0
        return await self._started.result().count_contexts()

    async def lose(self, reason: str) -> None:
        """Kill the processes now. `reason` is a line for the log."""
        if not self.is_over:
            self._leaving.set()
            self._log.warning(reason)
            self._on_lost(self)
        await self.kill(grace_s=self._settings.probe_timeout_s)

    async def kill(self, *, grace_s: float) -> None:
        """Kill the processes now, also in mid-start; what is guarded ends in `grace_s` at most."""
        self._leaving.set()
        if not self._started.done():
            self._life.cancel()
        end_at = asyncio.get_running_loop().time() + grace_s
        for limit in self._guards:
            if limit.when() is None:
                limit.reschedule(end_at)
        await asyncio.to_thread(self._tree.kill)

    async def end(self) -> None:
        """End it in order, whatever is open in it, and wait for that."""
        self._leaving.set()
        if not self._started.done():
            self._life.cancel()
        await asyncio.wait({self._life})

    async def memory_mb(self) -> float:
        """Return the resident memory of driver and browser, in MiB."""
        return await asyncio.to_thread(self._tree.memory_mb)

    def _end_if_unused(self) -> None:
        if self._is_retired and self._open == 0:
            self._leaving.set()

    async def _live(self) -> None:
        try:
            async with running_chromium(self._settings, self._log, self._tree) as chromium:
                self._started.set_result(chromium)
                await self._watch(chromium)
        except (CannotRunError, InputError) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if not self._started.done():
            self._started.set_exception(error)
            self._started.exception()  # whoever waits hears of it; perhaps nobody does

    async def _watch(self, chromium: Chromium) -> None:
        """Return when the generation is to end, or is lost."""
        while not self._leaving.is_set():
            if trouble := await self._trouble(chromium):
                await self.lose(trouble)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.probe_timeout_s):
                    await self._leaving.wait()

    async def _trouble(self, chromium: Chromium) -> str | None:
        """Ask the browser for a sign of life, and return what is wrong with it."""
        limit_s = self._settings.probe_timeout_s
        for _ in range(_PROBES):
            try:
                async with asyncio.timeout(limit_s):
                    await chromium.count_contexts()
            except TimeoutError:
                continue
            except PlaywrightError:
                return _ENDED
            return None
        return f"브라우저가 {limit_s * _PROBES:g}초 동안 응답하지 않아 강제로 종료합니다"
