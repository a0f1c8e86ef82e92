"""One Playwright driver with one browser process: started together, ended together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import psutil
from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import processes
from percenty_batch.browser.failures import first_line, launch_problem
from percenty_batch.browser.find import BrowserChoice, find_browser
from percenty_batch.browser.own_session import start_playwright
from percenty_batch.browser.tasks import finish
from percenty_batch.errors import CannotRunError
from percenty_batch.settings import BrowserSettings

_SANDBOX_TRIES = {"auto": (True, False), "on": (True,), "off": (False,)}
# Playwright itself passes the flags against background traffic, updates and first-run pages.
_FLAGS = ("--disable-quic",)
# One start at a time, so that each knows its own driver among our children.
_starts: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromium:
    """A running browser."""

    browser: Browser
    choice: BrowserChoice
    is_sandboxed: bool


@asynccontextmanager
async def running_chromium(
    settings: BrowserSettings, log: FilteringBoundLogger
) -> AsyncIterator[Chromium]:
    """Start driver and browser, and end them on every path.

    Raises InputError when the setting names no browser, CannotRunError when none starts.
    """
    async with _running_driver(settings, log) as (playwright, driver):
        own = Path(playwright.chromium.executable_path)
        choice = await asyncio.to_thread(find_browser, settings, own)
        browser, is_sandboxed = await _launch(playwright, choice, settings, log)
        members = await asyncio.to_thread(processes.family, driver)
        log.debug("브라우저 시작: %s %s", choice.name, browser.version)
        try:
            yield Chromium(browser=browser, choice=choice, is_sandboxed=is_sandboxed)
        finally:
            # A killed driver leaves its browser to us: it is no longer among our descendants.
            orphans = [member for member in members if member not in driver]
            closing = _close(browser, orphans, settings.close_timeout_s, log)
            await finish(closing, name="close browser")


@asynccontextmanager
async def _running_driver(
    settings: BrowserSettings, log: FilteringBoundLogger
) -> AsyncIterator[tuple[Playwright, list[psutil.Process]]]:
    """Start Playwright. To cancel it in mid-start hangs, so it has a task that nobody cancels."""
    async with _starts.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        others = await asyncio.to_thread(processes.drivers)
        starting = asyncio.create_task(start_playwright(log), name="start playwright")
        try:
            await asyncio.wait({starting}, timeout=settings.start_timeout_s)
            playwright, driver = _started(starting, settings), await _new_drivers(others)
        except BaseException:
            ending = _end_new_driver(starting, others, settings, log)
            await finish(ending, name="end playwright in mid-start")
            raise
    try:
        yield playwright, driver
    finally:
        ending = _end_driver(starting, driver, settings, log)
        await finish(ending, name="end playwright")


def _started(starting: asyncio.Task[Playwright], settings: BrowserSettings) -> Playwright:
    if not starting.done():
        limit_s = settings.start_timeout_s
        raise CannotRunError(f"Playwright가 {limit_s:g}초 안에 시작되지 않았습니다")
    try:
        return starting.result()
    except Exception as error:  # the driver's own failures are plain exceptions
        raise CannotRunError(f"Playwright를 시작할 수 없습니다: {first_line(error)}") from error


async def _new_drivers(others: list[psutil.Process]) -> list[psutil.Process]:
    drivers = await asyncio.to_thread(processes.drivers)
    return [driver for driver in drivers if driver not in others]


async def _end_new_driver(
    starting: asyncio.Task[Playwright],
    others: list[psutil.Process],
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> None:
    await _end_driver(starting, await _new_drivers(others), settings, log)


async def _end_driver(
    starting: asyncio.Task[Playwright],
    driver: list[psutil.Process],
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> None:
    members = await asyncio.to_thread(processes.family, driver)
    ending = asyncio.create_task(_stop(starting), name="stop playwright")
    await asyncio.wait({ending}, timeout=settings.close_timeout_s)
    if not ending.done():
        log.warning(
            "Playwright가 %g초 안에 끝나지 않아 강제로 종료합니다", settings.close_timeout_s
        )
    await asyncio.to_thread(processes.kill, members)
    await asyncio.wait({ending}, timeout=settings.close_timeout_s)


async def _stop(starting: asyncio.Task[Playwright]) -> None:
    with suppress(Exception):  # a driver that failed has told so already, and needs no stop
        playwright = await starting
        await playwright.stop()


async def _close(
    browser: Browser, members: list[psutil.Process], timeout_s: float, log: FilteringBoundLogger
) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await browser.close()
    except TimeoutError:
        log.warning("브라우저가 %g초 안에 닫히지 않아 강제로 종료합니다", timeout_s)
    except PlaywrightError:
        log.debug("브라우저가 이미 닫혀 있습니다")
    await asyncio.to_thread(processes.kill, members)


async def _launch(
    playwright: Playwright,
    choice: BrowserChoice,
    settings: BrowserSettings,
    log: FilteringBoundLogger,
) -> tuple[Browser, bool]:
    """Start the browser, with Chromium's own sandbox off only where it cannot start otherwise."""
    problem = ""
    for is_sandboxed in _SANDBOX_TRIES[settings.sandbox]:
        try:
            browser = await _launch_once(playwright, choice, settings, is_sandboxed)
        except PlaywrightError as error:
            problem = launch_problem(error)
            continue
        if problem:
            log.warning(
                "Chromium 샌드박스를 켤 수 없어 끄고 시작했습니다 (--no-sandbox): %s", problem
            )
        return browser, is_sandboxed
    raise CannotRunError(f"브라우저를 시작할 수 없습니다: {choice.name} ({choice.path}): {problem}")


async def _launch_once(
    playwright: Playwright, choice: BrowserChoice, settings: BrowserSettings, is_sandboxed: bool
) -> Browser:
    return await playwright.chromium.launch(
        executable_path=choice.path,
        headless=settings.is_headless,
        chromium_sandbox=is_sandboxed,
        timeout=settings.start_timeout_s * 1000,
        args=_FLAGS,
        # Else the driver kills the browser on Ctrl-C, before our own clean-up.
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )
