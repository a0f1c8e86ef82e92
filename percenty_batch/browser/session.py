"""One account's browser context: opened whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Locator, Page, StorageState
from playwright.async_api import Error as PlaywrightError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import handlers
from percenty_batch.browser.failures import translate
from percenty_batch.settings import BrowserSettings

_MOTION_SPEED = 10  # times the page's own: 0.3 s become a frame or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One account's `BrowserContext` with its first page and its guarded handlers."""

    account_id: str
    page: Page
    context: BrowserContext
    _log: FilteringBoundLogger = field(repr=False)
    _crash: asyncio.Event = field(repr=False)

    @property
    def has_crashed(self) -> bool:
        """True once a page of this session has crashed."""
        return self._crash.is_set()

    def watch_calls(self, watcher: handlers.CallWatcher) -> None:
        """Tell `watcher` of every HTTP request from now on; what it raises is logged."""
        handlers.attach_watcher(self.context, self._log, watcher)

    async def close_overlays(
        self, overlay: Locator, close: Callable[[], Awaitable[object]]
    ) -> None:
        """Call `close` whenever `overlay` stands in the way of an action on the page."""
        await handlers.close_overlays(self.page, self._log, overlay, close)

    async def storage_state(self) -> StorageState:
        """Return cookies and local storage, as a later session takes them. Raises WorkError."""
        try:
            return await self.context.storage_state()
        except PlaywrightError as error:
            raise translate(error) from error


async def open_session(
    browser: Browser,
    account_id: str,
    log: FilteringBoundLogger,
    settings: BrowserSettings,
    *,
    storage_state: StorageState | None,
    action_timeout_s: float,
) -> Session:
    """Open context, handlers and page. Raises Playwright's errors.

    Await it in a task that nobody cancels: a cancelled `new_context()` leaves its context behind
    in the browser.
    """
    context = await browser.new_context(
        storage_state=storage_state,
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        viewport={"width": 1920, "height": 1080},
        permissions=[],  # an empty list refuses every prompt
        accept_downloads=False,
        service_workers="block",  # their requests would pass by our routes
    )
    try:
        context.set_default_timeout(action_timeout_s * 1000)
        crash = asyncio.Event()
        handlers.attach(context, log, crash.set)
        await handlers.block_hosts(context, log, settings.blocked_hosts)
        page = await context.new_page()
        await hasten_motions(page)
    except BaseException:
        # Without a limit: who waits for the opening has one, and ends the browser at the last.
        await context.close()
        raise
    return Session(account_id=account_id, page=page, context=context, _log=log, _crash=crash)


async def hasten_motions(page: Page) -> None:
    """Have dialogs, drawers and lists come and go at once, on every page that is loaded.

    What is clicked while it moves may be elsewhere when the mouse is released; and to draw the
    motions is a sixth of the browser's work on an account.
    """
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Animation.enable")  # else a new document has its own speed again
    await devtools.send("Animation.setPlaybackRate", {"playbackRate": _MOTION_SPEED})
