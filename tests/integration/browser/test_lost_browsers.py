"""Browsers and drivers that died, hang, or are given up."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, translate
from percenty_batch.errors import CannotRunError, FailureKind, WorkError
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import Victims, browsers, drivers, gone, send, started

if TYPE_CHECKING:
    from tests.integration.browser.conftest import Pages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

LIMIT_S = 40.0  # no test measures time; this only ends a test that would hang
PROBE_S = 1.0
BUSY_LOOP = "() => { setTimeout(() => { for (;;) {} }, 0) }"
TICKING = (200, "<script>setInterval(() => fetch('/tick'), 20)</script>")


@pytest.fixture
def settings() -> BrowserSettings:
    return BrowserSettings(probe_timeout_s=PROBE_S)


def said(capture: LogCapture, text: str) -> int:
    return len([entry for entry in capture.entries if text in entry["event"]])


@pytest.mark.parametrize("victims", [browsers, drivers, started])
async def test_what_is_stopped_is_killed_and_replaced_and_its_pages_ask_for_nothing_more(
    launcher: Launcher,
    log: FilteringBoundLogger,
    capture: LogCapture,
    pages: Pages,
    victims: Victims,
) -> None:
    pages.answers["/ticking"] = TICKING

    async def be_stopped(processes: list[psutil.Process]) -> None:
        async with launcher.session("a", log) as session:
            async with session.page.expect_request(pages.url("/tick")):
                await session.page.goto(pages.url("/ticking"))
            processes += started()
            send(signal.SIGSTOP, victims())
            await session.page.wait_for_selector("#never", timeout=0)

    async with asyncio.timeout(LIMIT_S):
        old: list[psutil.Process] = []
        with pytest.raises(PlaywrightError) as caught:
            await be_stopped(old)
        assert translate(caught.value).kind is FailureKind.BROWSER_CRASHED
        assert await gone(old) == []
        asked = pages.asked["127.0.0.1/tick"]
        async with launcher.session("b", log) as session:
            await session.page.goto(pages.url())
        assert await launcher.open_contexts() == 0
    assert pages.asked["127.0.0.1/tick"] == asked
    assert said(capture, "응답하지 않아") == 1
    assert said(capture, "다시 시작") == 1


async def test_all_sessions_of_a_stopped_browser_fail_and_go_on_in_a_new_one(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    all_open = asyncio.Barrier(4)

    async def work(account: str) -> FailureKind:
        try:
            async with launcher.session(account, log) as session:
                await all_open.wait()
                await session.page.wait_for_selector("#never", timeout=0)
        except PlaywrightError as error:
            kind = translate(error).kind
        async with launcher.session(account, log) as session:
            assert await session.page.evaluate("1 + 1") == 2
        return kind

    async with asyncio.timeout(LIMIT_S):
        jobs = [asyncio.create_task(work(account)) for account in "abc"]
        await all_open.wait()
        send(signal.SIGSTOP, browsers())
        assert await asyncio.gather(*jobs) == [FailureKind.BROWSER_CRASHED] * 3
    assert said(capture, "다시 시작") == 1


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
async def test_who_waits_for_an_event_of_a_lost_driver_hears_of_it_as_well(
    launcher: Launcher, log: FilteringBoundLogger, number: signal.Signals
) -> None:
    async def wait_for_ever() -> None:
        async with launcher.session("a", log) as session:
            send(number, drivers())
            await session.context.wait_for_event("page", timeout=0)

    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(WorkError) as caught:
            await wait_for_ever()
    assert caught.value.kind is FailureKind.BROWSER_CRASHED


async def test_a_browser_that_stops_while_nobody_asks_it_is_killed(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    old = started()
    send(signal.SIGSTOP, browsers())
    assert await gone(old) == []
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as session:
        assert await session.page.evaluate("1 + 1") == 2


async def test_a_session_that_cannot_be_closed_costs_its_browser(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    settings = BrowserSettings(close_timeout_s=0.5, probe_timeout_s=LIMIT_S)
    async with asyncio.timeout(LIMIT_S), Launcher(settings, log) as launcher:
        async with launcher.session("a", log):
            old = started()
            send(signal.SIGSTOP, browsers())
        assert await gone(old) == []
        async with launcher.session("b", log) as session:
            assert await session.page.evaluate("1 + 1") == 2
    assert said(capture, "안에 닫히지 않아 브라우저를 강제로 종료") == 1


async def test_a_session_that_does_not_open_in_time_leaves_nothing_behind(
    log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = BrowserSettings(start_timeout_s=5, close_timeout_s=0.5)

    async def hang(*args: object, **kwargs: object) -> None:
        browser = args[0]
        await browser.new_context()  # type: ignore[attr-defined]
        page = await (await browser.new_context()).new_page()  # type: ignore[attr-defined]
        await page.wait_for_selector("#never", timeout=0)

    async with asyncio.timeout(LIMIT_S), Launcher(settings, log) as launcher:
        old = started()
        with monkeypatch.context() as patches:
            patches.setattr("percenty_batch.browser.launcher.open_session", hang)
            with pytest.raises(WorkError, match="안에 열리지 않았습니다") as caught:
                async with launcher.session("a", log):
                    pass
        assert caught.value.kind is FailureKind.TIMEOUT
        assert await gone(old) == []
        async with launcher.session("b", log):
            assert await launcher.open_contexts() == 1


async def test_a_browser_that_is_late_once_is_not_taken_for_dead(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    async with launcher.session("a", log) as session:
        (generation,) = launcher._fleet._generations
        send(signal.SIGSTOP, browsers())
        checking = asyncio.create_task(generation.check())
        await asyncio.sleep(PROBE_S * 1.3)
        send(signal.SIGCONT, browsers())
        assert await checking
        assert await session.page.evaluate("1 + 1") == 2


async def test_a_browser_full_of_busy_pages_is_not_taken_for_dead(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with AsyncExitStack() as sessions, asyncio.timeout(LIMIT_S):
        for number in range(6):
            session = await sessions.enter_async_context(launcher.session(f"{number}", log))
            await session.page.evaluate(BUSY_LOOP)
        (generation,) = launcher._fleet._generations
        assert all([await generation.check() for _ in range(30)])
        assert await launcher.open_contexts() == 6
    assert said(capture, "응답하지 않아") == 0


async def test_a_death_is_noticed_by_the_next_session_and_by_the_one_that_closes(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with launcher.session("a", log):
        send(signal.SIGKILL, drivers())
    assert said(capture, "다시 시작") == 1
    async with asyncio.timeout(LIMIT_S), launcher.session("b", log) as session:
        assert await session.page.evaluate("1 + 1") == 2


async def test_browsers_that_die_at_once_are_not_started_for_ever(
    launcher: Launcher, log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(*_: object) -> str:
        return "죽었습니다"

    monkeypatch.setattr("percenty_batch.browser.generation.Generation._trouble", dead)
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(WorkError, match="시작할 때마다") as caught:
            async with launcher.session("a", log):
                pass
    assert caught.value.kind is FailureKind.BROWSER_CRASHED


@pytest.mark.parametrize("is_stopped", [False, True])
async def test_an_abandoned_launcher_fails_all_sessions_and_opens_none(
    settings: BrowserSettings, log: FilteringBoundLogger, capture: LogCapture, is_stopped: bool
) -> None:
    async def be_abandoned(launcher: Launcher, processes: list[psutil.Process]) -> None:
        isolated = launcher.session("b", log, is_isolated=True)
        async with launcher.session("a", log) as session, isolated:
            pending = asyncio.create_task(session.page.wait_for_selector("#never", timeout=0))
            await session.page.title()
            processes += started()
            if is_stopped:
                send(signal.SIGSTOP, processes)
            await launcher.abandon()
            await pending

    async with asyncio.timeout(LIMIT_S), Launcher(settings, log) as launcher:
        processes: list[psutil.Process] = []
        with pytest.raises((PlaywrightError, WorkError)) as caught:
            await be_abandoned(launcher, processes)
        assert translate(caught.value).kind is FailureKind.BROWSER_CRASHED
        assert await gone(processes) == []
        with pytest.raises(WorkError):
            async with launcher.session("c", log):
                pass
    assert started() == []
    assert said(capture, "다시 시작") == 0


@pytest.mark.parametrize("delay_s", [0, 0.3, 0.8])
async def test_abandoning_a_start_ends_it(
    settings: BrowserSettings, log: FilteringBoundLogger, delay_s: float
) -> None:
    launcher = Launcher(settings, log)

    async def run() -> None:
        async with launcher, launcher.session("a", log) as session:
            await session.page.wait_for_selector("#never", timeout=0)

    async with asyncio.timeout(LIMIT_S):
        starting = asyncio.create_task(run())
        await asyncio.sleep(delay_s)
        await launcher.abandon()
        with pytest.raises((CannotRunError, WorkError, PlaywrightError)):
            await starting
    assert await gone(started()) == []
