from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, find_browser
from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import Victims, browsers, drivers, gone, started

if TYPE_CHECKING:
    from tests.integration.browser.conftest import Pages

LIMIT_S = 30.0  # no test measures time; this only ends a test that would hang

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
as_root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="the sandbox may well start here"
)


async def test_a_running_launcher_knows_its_browser_and_leaves_no_process(
    settings: BrowserSettings, log: FilteringBoundLogger
) -> None:
    async with Launcher(settings, log) as launcher, launcher.session("a", log):
        processes = started()
        assert len(processes) > 2
        assert launcher.version.split(".")[0].isdigit()
        assert launcher.choice.path.is_file()
    assert await gone(processes) == []


async def test_sessions_are_counted_by_the_browser_itself(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    assert await launcher.open_contexts() == 0
    async with launcher.session("a", log), launcher.session("b", log):
        assert await launcher.open_contexts() == 2
    assert await launcher.open_contexts() == 0


@as_root_only
async def test_a_sandbox_that_must_be_on_but_cannot_is_said_plainly(
    log: FilteringBoundLogger,
) -> None:
    with pytest.raises(CannotRunError, match=r"^브라우저를 시작할 수 없습니다: .*no-sandbox"):
        async with Launcher(BrowserSettings(sandbox="on"), log):
            pass
    assert started() == []


async def test_a_sandbox_switched_off_is_not_tried(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with Launcher(BrowserSettings(sandbox="off"), log) as launcher:
        assert not launcher.is_sandboxed
    assert [e for e in capture.entries if e["log_level"] == "warning"] == []


@posix_only
async def test_a_program_that_is_no_browser_cannot_run(
    tmp_path: Path, log: FilteringBoundLogger
) -> None:
    fake = tmp_path / "fake-browser"
    fake.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(CannotRunError, match=r"fake-browser.*libnss3\.so: cannot open$") as caught:
        async with Launcher(BrowserSettings(executable=fake), log):
            pass
    assert "\n" not in str(caught.value)
    assert started() == []


async def test_a_setting_that_names_nothing_is_an_input_error_and_leaves_no_driver(
    tmp_path: Path, log: FilteringBoundLogger
) -> None:
    with pytest.raises(InputError, match="nothing"):
        async with Launcher(BrowserSettings(executable=tmp_path / "nothing"), log):
            pass
    assert started() == []


async def test_a_driver_that_does_not_start_is_said_plainly(
    tmp_path: Path, log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(tmp_path / "no-node"))
    with pytest.raises(CannotRunError, match=r"^Playwright를 시작할 수 없습니다"):
        async with Launcher(BrowserSettings(), log):
            pass


@posix_only
async def test_a_driver_that_hangs_is_ended(
    tmp_path: Path, log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text('#!/bin/sh\nexec tail -f /dev/null "$@" 2>/dev/null\n')
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    settings = BrowserSettings(start_timeout_s=0.5, close_timeout_s=0.5)
    tasks, wait = asyncio.all_tasks(), os.waitpid

    def wait_long(pid: int, options: int) -> tuple[int, int]:
        told = wait(pid, options)
        time.sleep(0.3)  # on a busy machine a death is noticed late
        return told

    monkeypatch.setattr(os, "waitpid", wait_long)
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(CannotRunError, match=r"0\.5초 안에 시작되지"):
            async with Launcher(settings, log):
                pass
    assert started() == []
    assert asyncio.all_tasks() <= tasks  # nobody still waits for the driver's end


@pytest.mark.parametrize("status", [200, 204, 403, 404, 500, 503])
async def test_any_http_answer_makes_a_site_reachable(
    launcher: Launcher, pages: Pages, status: int
) -> None:
    pages.answers["/"] = (status, "")
    await launcher.check_site(pages.url(), LIMIT_S)
    assert pages.asked["127.0.0.1/"] >= 1
    assert await launcher.open_contexts() == 0


async def test_a_site_that_refuses_or_does_not_answer_cannot_be_worked(
    launcher: Launcher, pages: Pages
) -> None:
    with pytest.raises(CannotRunError, match=r"^사이트에 연결할 수 없습니다: http://site\.invalid"):
        await launcher.check_site("http://site.invalid/", LIMIT_S)
    with pytest.raises(CannotRunError, match="Timeout 500ms"):
        await launcher.check_site(pages.url("/hang"), 0.5)


@pytest.mark.parametrize("victims", [browsers, drivers])
async def test_a_browser_that_died_is_replaced_for_the_next_sessions(
    launcher: Launcher,
    log: FilteringBoundLogger,
    capture: LogCapture,
    caplog: pytest.LogCaptureFixture,
    victims: Victims,
) -> None:
    async with asyncio.timeout(LIMIT_S):
        async with launcher.session("a", log):
            old = started()
            for process in victims():
                process.kill()
        async with launcher.session("b", log) as b, launcher.session("c", log) as c:
            assert await b.page.evaluate("1 + 1") == 2
            assert await c.page.evaluate("1 + 1") == 2
            assert await launcher.open_contexts() == 2
    assert await gone(old) == []
    restarts = [e for e in capture.entries if "다시 시작" in e["event"]]
    assert len(restarts) == 1
    gc.collect()
    assert caplog.text == ""  # asyncio complains of what Playwright never asked for


async def test_many_sessions_replace_a_dead_browser_only_once(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async def work() -> int:
        async with launcher.session("a", log) as session:
            answer: int = await session.page.evaluate("1 + 1")
            return answer

    for process in browsers():
        process.kill()
    async with asyncio.timeout(LIMIT_S):
        assert await asyncio.gather(*(work() for _ in range(4))) == [2, 2, 2, 2]
    assert len([e for e in capture.entries if "다시 시작" in e["event"]]) == 1


async def test_a_page_that_crashes_while_it_opens_does_not_cost_the_others_their_browser(
    launcher: Launcher, log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*args: object, **kwargs: object) -> None:
        raise PlaywrightError("BrowserContext.new_page: Page crashed")

    async with launcher.session("a", log) as other:
        monkeypatch.setattr("percenty_batch.browser.launcher.open_session", crash)
        with pytest.raises(WorkError) as caught:
            async with launcher.session("b", log):
                pass
        assert caught.value.kind is FailureKind.BROWSER_CRASHED
        assert await other.page.evaluate("1 + 1") == 2


@posix_only
async def test_a_browser_that_cannot_be_replaced_is_a_failure_of_the_account(
    tmp_path: Path, log: FilteringBoundLogger
) -> None:
    command = tmp_path / "browser"
    command.symlink_to(find_browser(BrowserSettings()).path)
    async with Launcher(BrowserSettings(executable=command), log) as launcher:
        command.unlink()
        for process in browsers():
            process.kill()
        with pytest.raises(WorkError, match=r"browser\.executable") as caught:
            async with launcher.session("a", log):
                pass
        assert caught.value.kind is FailureKind.BROWSER_CRASHED
    assert started() == []


async def test_cancelling_a_start_leaves_no_process(
    settings: BrowserSettings, log: FilteringBoundLogger
) -> None:
    async def run() -> None:
        async with Launcher(settings, log):
            await asyncio.Event().wait()

    for delay_s in (0, 0.05, 0.2, 0.35, 0.45, 0.6):
        start = asyncio.create_task(run())
        await asyncio.sleep(delay_s)
        start.cancel()
        async with asyncio.timeout(LIMIT_S):
            with pytest.raises(asyncio.CancelledError):
                await start
        assert await gone(started()) == []
