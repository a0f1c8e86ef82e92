"""The one shared browser, and a session in it for each account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from playwright.async_api import Browser, StorageState
from playwright.async_api import Error as PlaywrightError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.chromium import Chromium, running_chromium
from percenty_batch.browser.failures import first_line, is_closed, translate
from percenty_batch.browser.find import BrowserChoice
from percenty_batch.browser.lost_drivers import quiet_lost_drivers
from percenty_batch.browser.session import Session, close_context, open_session
from percenty_batch.browser.tasks import finish
from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.settings import BrowserSettings

# Chromium's words for an HTTP answer that it does not show as a page.
_ANSWERED = ("ERR_HTTP_RESPONSE_CODE_FAILURE", "ERR_ABORTED", "Download is starting")


class Launcher:
    """Own Playwright and the browser; hand out sessions.

    A browser that has died is replaced when the next session is opened. Entering raises
    InputError or CannotRunError; leaving ends all processes that were started here.
    """

    def __init__(self, settings: BrowserSettings, log: FilteringBoundLogger) -> None:
        self._settings = settings
        self._log = log
        self._running = AsyncExitStack()
        self._replacing = asyncio.Lock()
        self._overdue: set[asyncio.Task[Session]] = set()
        self._is_leaving = False
        self._chromium: Chromium

    async def __aenter__(self) -> Self:
        quiet_lost_drivers(self._log)
        await self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_leaving = True
        await self._running.aclose()
        for opening in self._overdue:  # they end with the browser
            await asyncio.wait({opening}, timeout=self._settings.close_timeout_s)
            _has_failed(opening)

    @property
    def choice(self) -> BrowserChoice:
        """The browser that runs."""
        return self._chromium.choice

    @property
    def version(self) -> str:
        """The running browser's version, such as 156.0.8078.79."""
        return self._chromium.browser.version

    @property
    def is_sandboxed(self) -> bool:
        """True when Chromium runs with its own sandbox on."""
        return self._chromium.is_sandboxed

    @asynccontextmanager
    async def session(
        self,
        account_id: str,
        log: FilteringBoundLogger,
        storage_state: StorageState | None = None,
        *,
        action_timeout_s: float = 20.0,
    ) -> AsyncIterator[Session]:
        """Open a session, and close it on every path.

        `log` is the account's bound logger: what the pages call back is logged through it.
        Raises WorkError (timeout, browser_crashed, unknown) when it cannot be opened.
        """
        opening = asyncio.create_task(
            self._open(account_id, log, storage_state, action_timeout_s),
            name=f"open session of {account_id}",
        )
        try:
            # `wait` passes on neither its limit nor a cancellation: a cancelled new_context()
            # would leave its context behind in the browser.
            await asyncio.wait({opening}, timeout=self._settings.start_timeout_s)
            yield self._opened(opening)
        finally:
            await finish(self._close(opening, log), name=f"close session of {account_id}")

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
        """Count the contexts that the browser itself knows, besides its own first one."""
        return await _count_contexts(self._chromium.browser)

    async def _start(self) -> None:
        self._chromium = await self._running.enter_async_context(
            running_chromium(self._settings, self._log)
        )

    async def _replace(self, dead: Chromium) -> None:
        async with self._replacing:
            if self._chromium is dead:
                self._log.warning("브라우저가 비정상 종료되어 다시 시작합니다")
                await self._running.aclose()
                try:
                    await self._start()
                except (CannotRunError, InputError) as error:  # this account's trouble by now
                    raise WorkError(FailureKind.BROWSER_CRASHED, str(error)) from error

    async def _open(
        self,
        account_id: str,
        log: FilteringBoundLogger,
        storage_state: StorageState | None,
        action_timeout_s: float,
    ) -> Session:
        async def attempt(chromium: Chromium) -> Session:
            return await open_session(
                chromium.browser,
                account_id,
                log,
                self._settings,
                storage_state=storage_state,
                action_timeout_s=action_timeout_s,
            )

        chromium = self._chromium
        try:
            return await attempt(chromium)
        except PlaywrightError as error:
            if self._is_leaving or not is_closed(error) or await _is_alive(chromium):
                raise
        await self._replace(chromium)
        return await attempt(self._chromium)

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

    async def _close(self, opening: asyncio.Task[Session], log: FilteringBoundLogger) -> None:
        await asyncio.wait({opening}, timeout=self._settings.close_timeout_s)
        if not opening.done():
            self._overdue.add(opening)  # the browser hangs; its end will end this as well
        elif not _has_failed(opening):
            await close_context(opening.result().context, log, self._settings.close_timeout_s)


async def _count_contexts(browser: Browser) -> int:
    cdp = await browser.new_browser_cdp_session()
    try:
        answer = await cdp.send("Target.getBrowserContexts")
    finally:
        await cdp.detach()
    return len(answer["browserContextIds"])


async def _is_alive(chromium: Chromium) -> bool:
    """Ask the browser: a page may crash alone, and `is_connected()` outlives the driver."""
    try:
        await _count_contexts(chromium.browser)
    except PlaywrightError:
        return False
    return True


def _has_failed(opening: asyncio.Task[Session]) -> bool:
    """Tell it without raising; this also marks the exception as seen."""
    return opening.done() and (opening.cancelled() or opening.exception() is not None)
