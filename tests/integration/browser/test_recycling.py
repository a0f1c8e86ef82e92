"""Several browsers: a new one takes over while the old one still serves its sessions."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, Session, find_browser
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import drivers, gone, send, started

LIMIT_S = 40.0  # no test measures time; this only ends a test that would hang


async def recycled(launcher: Launcher) -> None:
    """Wait until the question of a new browser is decided."""
    recycling = launcher._fleet._recycling
    assert recycling is not None
    async with asyncio.timeout(LIMIT_S):
        await recycling


async def works(session: Session) -> bool:
    return bool(await session.page.evaluate("1 + 1") == 2)


@asynccontextmanager
async def two_generations(log: FilteringBoundLogger) -> AsyncIterator[tuple[Launcher, Session]]:
    """A launcher whose first browser has a session left, and whose second one is current."""
    settings = BrowserSettings(recycle_after_contexts=2)
    async with Launcher(settings, log) as launcher, launcher.session("old", log) as session:
        async with launcher.session("short", log):
            pass
        await recycled(launcher)
        yield launcher, session


@pytest.mark.parametrize(
    "settings",
    [BrowserSettings(recycle_after_contexts=2), BrowserSettings(recycle_after_mb=1)],
)
async def test_a_browser_that_had_its_share_ends_with_its_last_session(
    log: FilteringBoundLogger, settings: BrowserSettings
) -> None:
    async with Launcher(settings, log) as launcher:
        first = started()
        async with launcher.session("a", log) as a:
            async with launcher.session("b", log):
                pass
            await recycled(launcher)
            async with launcher.session("c", log) as c:
                assert len(drivers()) == 2
                assert await works(a)
                assert await works(c)
                assert await launcher.open_contexts() == 2
        assert await gone(first) == []
        assert await launcher.open_contexts() == 0


async def test_nobody_waits_for_a_new_browser_while_the_old_one_serves(
    log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_starting = asyncio.Event()

    @asynccontextmanager
    async def start_for_ever(*_: object) -> AsyncIterator[None]:
        is_starting.set()
        await asyncio.Event().wait()
        yield

    async with (
        asyncio.timeout(LIMIT_S),
        Launcher(BrowserSettings(recycle_after_contexts=1), log) as launcher,
    ):
        monkeypatch.setattr("percenty_batch.browser.generation.running_chromium", start_for_ever)
        async with launcher.session("a", log):
            pass
        await is_starting.wait()
        async with launcher.session("b", log) as session:
            assert await works(session)
            assert await launcher.open_contexts() == 1


async def test_a_browser_with_sessions_to_spare_is_kept(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    before = drivers()
    for account in ("a", "b", "c"):
        async with launcher.session(account, log):
            pass
        await recycled(launcher)
    assert drivers() == before


async def test_a_new_browser_that_does_not_start_leaves_the_old_one_in_service(
    tmp_path: Path, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    command = tmp_path / "browser"
    command.symlink_to(find_browser(BrowserSettings()).path)
    settings = BrowserSettings(executable=command, recycle_after_contexts=1)
    async with Launcher(settings, log) as launcher:
        command.unlink()
        for account in ("a", "b"):
            async with launcher.session(account, log) as session:
                assert await works(session)
            await recycled(launcher)
    told = [e for e in capture.entries if "지금 것을 계속 씁니다" in e["event"]]
    assert len(told) == 1


async def test_the_death_of_the_new_browser_does_not_touch_the_sessions_of_the_old_one(
    log: FilteringBoundLogger,
) -> None:
    async with two_generations(log) as (launcher, old):
        newer = max(drivers(), key=lambda driver: driver.create_time())
        send(signal.SIGKILL, newer.children(recursive=True))
        async with asyncio.timeout(LIMIT_S), launcher.session("next", log) as session:
            assert await works(session)
        assert await works(old)


async def test_the_death_of_the_old_browser_does_not_touch_the_new_one(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with two_generations(log) as (launcher, _), launcher.session("new", log) as new:
        older = min(drivers(), key=lambda driver: driver.create_time())
        send(signal.SIGKILL, [older])
        assert await works(new)
    assert [e for e in capture.entries if "다시 시작" in e["event"]] == []


async def test_an_isolated_session_has_a_browser_that_ends_with_it(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    (shared,) = drivers()
    async with launcher.session("a", log, is_isolated=True) as session:
        assert await works(session)
        (own,) = [driver for driver in drivers() if driver != shared]
        processes = [own, *own.children(recursive=True)]
    assert await gone(processes) == []
    assert drivers() == [shared]


async def test_an_isolated_session_that_kills_its_browser_costs_no_other_account(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with launcher.session("a", log) as other:
        (shared,) = drivers()
        async with asyncio.timeout(LIMIT_S), launcher.session("b", log, is_isolated=True):
            (own,) = [driver for driver in drivers() if driver != shared]
            send(signal.SIGKILL, own.children(recursive=True))
        assert await works(other)
    assert [e for e in capture.entries if "다시 시작" in e["event"]] == []


async def test_an_isolated_session_without_a_browser_is_a_failure_of_the_account(
    tmp_path: Path, log: FilteringBoundLogger
) -> None:
    command = tmp_path / "browser"
    command.symlink_to(find_browser(BrowserSettings()).path)
    async with Launcher(BrowserSettings(executable=command), log) as launcher:
        command.unlink()
        with pytest.raises(WorkError, match=r"browser\.executable") as caught:
            async with launcher.session("a", log, is_isolated=True):
                pass
        assert caught.value.kind is FailureKind.BROWSER_CRASHED
        assert len(drivers()) == 1
