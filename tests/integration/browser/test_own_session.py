"""The driver lives and dies with us, yet no signal to our process group reaches it."""

import asyncio
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

import percenty_batch.browser
from percenty_batch.browser import Launcher
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import drivers, gone

pytestmark = pytest.mark.skipif(shutil.which("setsid") is None, reason="this system has no setsid")

LIMIT_S = 40.0  # no test measures time; this only ends a test that would hang

WORK = """
    import asyncio, os, signal, sys, structlog
    from percenty_batch.browser import Launcher
    from percenty_batch.settings import BrowserSettings

    async def main():
        signalled = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, signalled.set)
        log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr))
        async with Launcher(BrowserSettings(), log) as launcher:
            async with launcher.session("a", log) as session:
                print("ready", flush=True)
                await signalled.wait()
                await asyncio.sleep(0.5)  # as long as a driver would need to end
                print("answer", await session.page.evaluate("6 * 7"), flush=True)
        print("closed", flush=True)

    asyncio.run(main())
"""


@asynccontextmanager
async def working(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run WORK in a process group of its own; the block starts when its session is open."""
    script = folder / "script.py"
    script.write_text(textwrap.dedent(WORK), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(percenty_batch.browser.__file__).parents[2])},
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(LIMIT_S):
            assert await process.stdout.readline() == b"ready\n"
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def below(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_fact_11_a_signal_to_the_whole_group_leaves_the_session_at_work(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with working(tmp_path) as process:
        members = below(process.pid)
        os.killpg(process.pid, number)
        said, complaints = await process.communicate()
        assert said.splitlines() == [b"answer 42", b"closed"]
        assert process.returncode == 0
        assert b"Traceback" not in complaints
        assert "강제로".encode() not in complaints
        assert await gone(members) == []


async def test_a_kill_of_ours_ends_the_driver_and_its_browser(tmp_path: Path) -> None:
    async with working(tmp_path) as process:
        members = below(process.pid)
        assert any("run-driver" in member.cmdline() for member in members)
        assert len(members) > 2
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        assert await gone(members) == []


async def test_the_driver_leads_its_own_session_and_is_still_our_child(
    log: FilteringBoundLogger,
) -> None:
    async with Launcher(BrowserSettings(), log):
        (driver,) = drivers()
        assert os.getsid(driver.pid) == driver.pid
        assert driver.children()


async def test_the_environment_is_as_before_once_the_driver_runs(
    log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYWRIGHT_NODEJS_PATH", raising=False)
    before = dict(os.environ)
    async with Launcher(BrowserSettings(), log):
        assert dict(os.environ) == before


async def test_launchers_that_start_together_share_neither_environment_nor_driver(
    log: FilteringBoundLogger,
) -> None:
    before = dict(os.environ)
    async with asyncio.timeout(LIMIT_S), AsyncExitStack() as first, AsyncExitStack() as second:
        _, survivor = await asyncio.gather(
            first.enter_async_context(Launcher(BrowserSettings(), log)),
            second.enter_async_context(Launcher(BrowserSettings(), log)),
        )
        assert dict(os.environ) == before
        assert [os.getsid(p.pid) - p.pid for p in drivers()] == [0, 0]
        await first.aclose()
        assert await survivor.open_contexts() == 0


async def test_a_node_that_the_user_chose_is_the_one_that_runs(
    tmp_path: Path, log: FilteringBoundLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Launcher(BrowserSettings(), log):
        bundled = drivers()[0].exe()
    mine = tmp_path / "my node"
    mine.write_text(f'#!/bin/sh\necho ran >> "$0.log"\nexec "{bundled}" "$@"\n')
    mine.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(mine))
    async with Launcher(BrowserSettings(), log):
        (driver,) = drivers()
        assert os.getsid(driver.pid) == driver.pid
        assert os.environ["PLAYWRIGHT_NODEJS_PATH"] == str(mine)
    assert (tmp_path / "my node.log").read_text() == "ran\n"


async def test_where_there_is_no_setsid_the_driver_starts_as_playwright_starts_it(
    log: FilteringBoundLogger, capture: LogCapture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("percenty_batch.browser.own_session._SETSID", "no-such-command")
    async with Launcher(BrowserSettings(), log):
        (driver,) = drivers()
        assert os.getsid(driver.pid) == os.getsid(0)
    assert [e for e in capture.entries if "자체 세션" in e["event"]]
