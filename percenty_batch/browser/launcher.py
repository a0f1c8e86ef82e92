"""The door to the browsers: a session for each account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import StorageState
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.failures import first_line, is_closed, translate
from percenty_batch.browser.find import BrowserChoice
from percenty_batch.browser.fleet import Fleet
from percenty_batch.browser.generation import Generation
from percenty_batch.browser.lost_drivers import quiet_lost_drivers
from percenty_batch.browser.session import Session, open_session
from percenty_batch.browser.tasks import finish
from percenty_batch.browser.temp_folder import sweep_temp_folders
from percenty_batch.errors import CannotRunError, FailureKind, WorkError
from percenty_batch.settings import BrowserSettings

# Chromium's words for an HTTP answer that it does not show as a page.
_ANSWERED = ("ERR_HTTP_RESPONSE_CODE_FAILURE", "ERR_ABORTED", "Download is starting")


async def sweep(log: FilteringBoundLogger) -> None:
    """Remove the temporary folders that killed processes of ours have left."""
    if count := await asyncio.to_thread(sweep_temp_folders):
        log.debug("강제로 종료된 실행의 임시 폴더를 지웠습니다: %d개", count)


class Launcher:
    """Own Playwright and the browsers; hand out sessions.

    A browser that died or gives no answer is killed and replaced: its sessions fail at once with
    browser_crashed, others do not notice. Entering raises InputError or CannotRunError; leaving
    ends all processes that were started here.
    """

    def __init__(self, settings: BrowserSettings, log: FilteringBoundLogger) -> None:
        self._settings = settings
        self._log = log
        self._fleet = Fleet(settings, log)

    async def __aenter__(self) -> Self:
        quiet_lost_drivers(self._log)
        await sweep(self._log)
        await self._fleet.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await finish(self._fleet.close(), name="end browsers")

    @property
    def choice(self) -> BrowserChoice:
        """The browser that runs."""
        return self._fleet.latest.choice

    @property
    def version(self) -> str:
        """The running browser's version, such as 156.0.8078.79."""
        return self._fleet.latest.version

    @property
    def is_sandboxed(self) -> bool:
        """True when Chromium runs with its own sandbox on."""
        return self._fleet.latest.is_sandboxed

    @asynccontextmanager
    async def session(
        self,
        account_id: str,
        log: FilteringBoundLogger,
        storage_state: StorageState | None = None,
        *,
        action_timeout_s: float = 20.0,
        is_isolated: bool = False,
    ) -> AsyncIterator[Session]:
        """Open a session, and close it on every path.

        `log` is the account's bound logger: what the pages call back is logged through it.
        An isolated one has a browser of its own, which ends with it.
        Raises WorkError (timeout, browser_crashed, unknown) when it cannot be opened.
        """
        async with self._fleet.place(is_isolated=is_isolated) as generation:
            chromium = await generation.chromium()
            opening = asyncio.create_task(
                open_session(
                    chromium.browser,
                    account_id,
                    log,
                    self._settings,
                    storage_state=storage_state,
                    action_timeout_s=action_timeout_s,
                ),
                name=f"open session of {account_id}",
            )
            try:
                # `wait` passes on neither its limit nor a cancellation: a cancelled new_context()
                # would leave its context behind in the browser.
                await asyncio.wait({opening}, timeout=self._settings.start_timeout_s)
                session = self._opened(opening)
                async with generation.guard():
                    yield session
            finally:
                closing = self._close(generation, opening)
                await finish(closing, name=f"close session of {account_id}")

    async def check_site(self, base_url: str, timeout_s: float) -> None:
        """Raise CannotRunError when the site gives no HTTP answer at all.

        The browser itself asks: Playwright's own HTTP client knows neither the proxy nor the
        certificates that the browser will use.
        """
        async with self.session("site", self._log, action_timeout_s=timeout_s) as session:
            try:
                await session.page.goto(base_url, wait_until="commit")
            except PlaywrightError as error:
                if not any(mark in error.message for mark in _ANSWERED):
                    raise CannotRunError(
                        f"사이트에 연결할 수 없습니다: {base_url} ({first_line(error)})"
                    ) from error

    async def open_contexts(self) -> int:
        """Count the contexts that the browsers themselves know, besides their own first ones."""
        return await self._fleet.count_contexts()

    async def abandon(self) -> None:
        """Kill every process that was started here, now: all sessions fail, leaving is quick."""
        await self._fleet.abandon()

    def _opened(self, opening: asyncio.Task[Session]) -> Session:
        if not opening.done():
            limit_s = self._settings.start_timeout_s
            raise WorkError(
                FailureKind.TIMEOUT, f"브라우저 세션이 {limit_s:g}초 안에 열리지 않았습니다"
            )
        try:
            return opening.result()
        except PlaywrightError as error:
            raise translate(error) from error

    async def _close(self, generation: Generation, opening: asyncio.Task[Session]) -> None:
        """Close what was opened. A session that may still be open costs the browser.

        Closing asks no page, so that neither a busy one nor its `beforeunload` holds it up.
        """
        limit_s = self._settings.close_timeout_s
        try:
            async with asyncio.timeout(limit_s):
                await asyncio.wait({opening})
                if not _has_failed(opening):
                    await opening.result().context.close()
        except TimeoutError:
            await generation.lose(
                f"세션이 {limit_s:g}초 안에 닫히지 않아 브라우저를 강제로 종료합니다"
            )
        except PlaywrightError as error:
            if is_closed(error):
                await generation.check()
            else:
                line = first_line(error)
                await generation.lose(f"세션을 닫지 못해 브라우저를 강제로 종료합니다: {line}")
        await asyncio.wait({opening}, timeout=limit_s)  # it ends with the browser
        _has_failed(opening)


def _has_failed(opening: asyncio.Task[Session]) -> bool:
    """Tell it without raising; this also marks the exception as seen."""
    return opening.done() and (opening.cancelled() or opening.exception() is not None)
