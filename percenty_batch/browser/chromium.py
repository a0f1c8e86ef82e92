"""One Playwright driver with one browser process: started together, ended together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.async_api import Browser, CDPSession, Playwright
from playwright.async_api import Error as PlaywrightError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.failures import first_line, launch_problem
from percenty_batch.browser.find import BrowserChoice, find_browser
from percenty_batch.browser.own_session import is_playwrights, start_playwright
from percenty_batch.browser.processes import Tree
from percenty_batch.browser.tasks import finish
from percenty_batch.browser.temp_folder import (
    TempFolder,
    make_temp_folder,
    remove_temp_folder,
)
from percenty_batch.errors import CannotRunError, os_reason
from percenty_batch.settings import BrowserSettings

# Playwright itself passes the flags against background traffic, updates and first-run pages.
CHROMIUM_FLAGS = ("--disable-quic",)
_SANDBOX_TRIES = {"auto": (True, False), "on": (True,), "off": (False,)}
_MOST_DYING_S = 30.0  # a killed driver ends at once, unless the machine has no time for it
# One start at a time, so that each knows its own driver among our children.
_starts: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromium:
    """A running browser."""

    browser: Browser
    choice: BrowserChoice
    is_sandboxed: bool
    _devtools: CDPSession

    @property
    def version(self) -> str:
        """Such as 156.0.8078.79."""
        return self.browser.version

    async def count_contexts(self) -> int:
        """Ask the browser itself how many contexts it has, besides its own first one.

        Raises Playwright's error when browser or driver is gone; `is_connected()` outlives both.
        Never answers when one of them is stopped.
        """
        answer = await self._devtools.send("Target.getBrowserContexts")
        return len(answer["browserContextIds"])


@asynccontextmanager
async def running_chromium(
    settings: BrowserSettings, log: FilteringBoundLogger, tree: Tree
) -> AsyncIterator[Chromium]:
    """Start driver and browser, and end them on every path. `tree` becomes theirs.

    Raises InputError when the setting names no browser, CannotRunError when none starts.
    """
    async with _temp_folder() as temp, _running_driver(settings, log, temp, tree) as playwright:
        own = Path(playwright.chromium.executable_path)
        choice = await asyncio.to_thread(find_browser, settings, own)
        chromium = await _launch(playwright, choice, settings, log)
        await asyncio.to_thread(tree.settle)
        log.debug("브라우저 시작: %s %s", choice.name, chromium.version)
        try:
            yield chromium
        finally:
            await finish(_close(chromium.browser, tree, settings, log), name="close browser")


@asynccontextmanager
async def _temp_folder() -> AsyncIterator[Path]:
    making = asyncio.create_task(asyncio.to_thread(make_temp_folder), name="make temporary folder")
    try:
        yield await _made(making)
    finally:
        await finish(_remove(making), name="remove temporary folder")


async def _made(making: asyncio.Task[TempFolder]) -> Path:
    try:
        return (await asyncio.shield(making)).path
    except OSError as error:
        raise CannotRunError(f"임시 폴더를 만들 수 없습니다: {os_reason(error)}") from error


async def _remove(making: asyncio.Task[TempFolder]) -> None:
    with suppress(OSError):  # it was not made, which has been told
        await asyncio.to_thread(remove_temp_folder, await making)


@asynccontextmanager
async def _running_driver(
    settings: BrowserSettings, log: FilteringBoundLogger, temp: Path, tree: Tree
) -> AsyncIterator[Playwright]:
    """Start Playwright. To cancel it in mid-start hangs, so it has a task that nobody cancels."""
    async with _starts.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.to_thread(tree.expect)
        others = asyncio.all_tasks()
        starting = asyncio.create_task(start_playwright(log, temp), name="start playwright")
        try:
            await asyncio.wait({starting}, timeout=settings.start_timeout_s)
            playwright = _started(starting, settings)
            await asyncio.to_thread(tree.settle)
        except BaseException:
            ending = _end_start(starting, others, tree, settings, log)
            await finish(ending, name="end playwright in mid-start")
            raise
    try:
        yield playwright
    finally:
        await finish(_end_driver(starting, tree, settings, log), name="end playwright")


def _started(starting: asyncio.Task[Playwright], settings: BrowserSettings) -> Playwright:
    if not starting.done():
        limit_s = settings.start_timeout_s
        raise CannotRunError(f"Playwright가 {limit_s:g}초 안에 시작되지 않았습니다")
    try:
        return starting.result()
    except Exception as error:  # the driver's own failures are plain exceptions
        raise CannotRunError(f"Playwright를 시작할 수 없습니다: {first_line(error)}") from error


async def _end_start(
    starting: asyncio.Task[Playwright],
    others: set[asyncio.Task[Any]],
    tree: Tree,
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> None:
    """A failed start leaves its reader alone, which lasts until the driver's end is noticed."""
    await _end_driver(starting, tree, settings, log)
    if readers := {task for task in asyncio.all_tasks() - others if is_playwrights(task)}:
        await asyncio.wait(readers, timeout=_MOST_DYING_S)


async def _end_driver(
    starting: asyncio.Task[Playwright],
    tree: Tree,
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> None:
    ending = asyncio.create_task(_stop(starting), name="stop playwright")
    await asyncio.wait({ending}, timeout=settings.close_timeout_s)
    if not ending.done():
        log.warning(
            "Playwright가 %g초 안에 끝나지 않아 강제로 종료합니다", settings.close_timeout_s
        )
    # A killed driver leaves its browser to us, a failed start whatever it had begun.
    await asyncio.to_thread(tree.kill)
    await asyncio.wait({ending}, timeout=_MOST_DYING_S)


async def _stop(starting: asyncio.Task[Playwright]) -> None:
    with suppress(Exception):  # a driver that failed has told so already, and needs no stop
        playwright = await starting
        await playwright.stop()


async def _close(
    browser: Browser, tree: Tree, settings: BrowserSettings, log: FilteringBoundLogger
) -> None:
    try:
        async with asyncio.timeout(settings.close_timeout_s):
            await browser.close()
    except TimeoutError:
        limit_s = settings.close_timeout_s
        log.warning("브라우저가 %g초 안에 닫히지 않아 강제로 종료합니다", limit_s)
        await asyncio.to_thread(tree.kill)
    except PlaywrightError:
        log.debug("브라우저가 이미 닫혀 있습니다")


async def _launch(
    playwright: Playwright,
    choice: BrowserChoice,
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> Chromium:
    """Start the browser, with Chromium's own sandbox off only where it cannot start otherwise."""
    problem = ""
    for is_sandboxed in _SANDBOX_TRIES[settings.sandbox]:
        try:
            chromium = await _launch_once(playwright, choice, settings, is_sandboxed)
        except PlaywrightError as error:
            problem = launch_problem(error)
            continue
        if problem:
            log.warning(
                "Chromium 샌드박스를 켤 수 없어 끄고 시작했습니다 (--no-sandbox): %s", problem
            )
        return chromium
    raise CannotRunError(f"브라우저를 시작할 수 없습니다: {choice.name} ({choice.path}): {problem}")


async def _launch_once(
    playwright: Playwright, choice: BrowserChoice, settings: BrowserSettings, is_sandboxed: bool
) -> Chromium:
    limit_s = settings.start_timeout_s
    try:
        # Playwright's own limit tells more, but holds only while the driver itself is well.
        async with asyncio.timeout(limit_s + settings.probe_timeout_s):
            browser = await playwright.chromium.launch(
                executable_path=choice.path,
                headless=settings.is_headless,
                chromium_sandbox=is_sandboxed,
                timeout=limit_s * 1000,
                args=CHROMIUM_FLAGS,
                # Else the driver kills the browser on Ctrl-C, before our own clean-up.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            devtools = await browser.new_browser_cdp_session()
    except TimeoutError as error:
        raise CannotRunError(f"브라우저가 {limit_s:g}초 안에 시작되지 않았습니다") from error
    return Chromium(browser=browser, choice=choice, is_sandboxed=is_sandboxed, _devtools=devtools)
