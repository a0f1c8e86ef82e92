"""The facts of the design's section 4 that this room rests on, each measured anew."""

import asyncio
import contextvars
import os
import shutil
import signal
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

import percenty_batch.browser
from percenty_batch.browser import Launcher, translate
from percenty_batch.browser.handlers import guarded
from percenty_batch.errors import FailureKind
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import browsers, drivers, send

LIMIT_S = 20.0  # no test measures time; this only ends a test that would hang
BUSY_LOOP = "() => { setTimeout(() => { for (;;) {} }, 0) }"

current_account = contextvars.ContextVar("current_account", default="nobody")


async def test_fact_1_callbacks_do_not_run_in_the_accounts_context_but_the_bound_logger_knows(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    seen: list[tuple[str, str]] = []

    async def work(account: str) -> None:
        current_account.set(account)
        async with launcher.session(account, log.bind(account=account)) as session:
            session.context.on(
                "console", lambda message: seen.append((message.text, current_account.get()))
            )
            await session.page.evaluate("who => console.error(who)", account)
            await session.page.title()

    accounts = ["a", "b", "c"]
    await asyncio.gather(*(asyncio.create_task(work(account)) for account in accounts))
    assert sorted(account for account, _ in seen) == accounts
    assert [account for account, bound in seen if account == bound] == []
    by_logger = {(e["account"], e["event"]) for e in capture.entries if "콘솔" in e["event"]}
    assert by_logger == {(account, f"페이지 콘솔 오류: {account}") for account in accounts}


async def test_fact_2_what_an_unguarded_handler_raises_hits_another_account(
    launcher: Launcher, log: FilteringBoundLogger, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(message: object) -> None:
        raise ValueError("of a")

    async with launcher.session("a", log) as a, launcher.session("b", log) as b:
        a.context.on("console", broken)
        await a.page.evaluate("() => void setTimeout(() => console.log('x'), 0)")
        with pytest.raises(ValueError, match="of a"):
            await ask_for_ever(b.page)
    assert "Error occurred in event listener" in caplog.text


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_fact_2_a_guarded_handler_raises_in_its_own_log_only(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture, kind: str
) -> None:
    def broken(message: object) -> None:
        raise ValueError("of a")

    async def broken_later(message: object) -> None:
        await asyncio.sleep(0)
        raise ValueError("of a")

    async with (
        launcher.session("a", log.bind(account="a")) as a,
        launcher.session("b", log.bind(account="b")) as b,
    ):
        handler = broken if kind == "sync" else broken_later
        a.context.on("console", guarded(handler, log.bind(account="a")))
        for _ in range(5):
            await a.page.evaluate("() => console.log('x')")
            assert await b.page.evaluate("1 + 1") == 2
    errors = [entry for entry in capture.entries if entry["log_level"] == "error"]
    assert {entry["account"] for entry in errors} == {"a"}
    assert len(errors) == 5


async def test_fact_3_cancelling_while_a_session_opens_leaves_no_context(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    cancelled = 0
    for delay_ms in range(0, 100, 4):
        opening = asyncio.create_task(hold(launcher, log))
        await asyncio.sleep(delay_ms / 1000)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        cancelled += opening.cancelled()
        assert await launcher.open_contexts() == 0
    assert cancelled == 25


async def ask_for_ever(page: Page) -> None:
    async with asyncio.timeout(LIMIT_S):
        while True:
            await page.title()


async def hold(launcher: Launcher, log: FilteringBoundLogger) -> None:
    async with launcher.session("a", log):
        await asyncio.Event().wait()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("to_group", [False, True])
async def test_fact_4_an_interrupt_leaves_the_browser_to_our_own_clean_up(
    tmp_path: Path, to_group: bool
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
            import asyncio, signal, structlog
            from percenty_batch.browser import Launcher
            from percenty_batch.settings import BrowserSettings

            async def main():
                interrupted = asyncio.Event()
                asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
                log = structlog.get_logger(account="a")
                async with Launcher(BrowserSettings(), log) as launcher:
                    async with launcher.session("a", log) as session:
                        print("ready", flush=True)
                        await interrupted.wait()
                        await asyncio.sleep(0.5)  # as long as a browser would need to end
                        print("answer", await session.page.evaluate("6 * 7"), flush=True)

            asyncio.run(main())
        """),
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(percenty_batch.browser.__file__).parents[2])},
        start_new_session=True,
    )
    assert process.stdout is not None
    async with asyncio.timeout(LIMIT_S * 2):
        lines = []
        async for line in process.stdout:
            lines.append(line.decode().strip())
            if lines[-1] == "ready":
                kill = os.killpg if to_group else os.kill
                kill(process.pid, signal.SIGINT)
        assert await process.wait() == 0
    assert lines[-1] == "answer 42"


async def test_fact_6_a_busy_page_holds_up_a_screenshot_but_not_the_closing(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with asyncio.timeout(LIMIT_S):
        async with launcher.session("a", log) as session:
            await session.page.evaluate(BUSY_LOOP)
            with pytest.raises(PlaywrightError) as caught:
                await session.page.screenshot(timeout=500)
            assert translate(caught.value).kind is FailureKind.TIMEOUT
        assert await launcher.open_contexts() == 0
    assert [e for e in capture.entries if "안에 닫히지" in e["event"]] == []


async def test_fact_6_closing_asks_no_page_whether_it_may(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with launcher.session("a", log.bind(account="a")) as session:
        await session.page.set_content("<button onclick='onbeforeunload = () => `?`'>x</button>")
        await session.page.get_by_role("button").click()
    assert await launcher.open_contexts() == 0
    assert [e for e in capture.entries if "대화상자" in e["event"]] == []


@pytest.mark.parametrize("command", ["chromium-headless-shell", "chromium"])
async def test_fact_8_playwright_drives_the_distributions_browsers(
    log: FilteringBoundLogger, command: str
) -> None:
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed")
    settings = BrowserSettings(executable=Path(command))
    async with Launcher(settings, log) as launcher, launcher.session("a", log) as session:
        assert launcher.choice.name == command
        assert await session.page.evaluate("1 + 1") == 2


async def test_fact_9_the_sandbox_is_off_only_with_a_warning(
    launcher: Launcher, capture: LogCapture
) -> None:
    warnings = [e["event"] for e in capture.entries if "--no-sandbox" in e["event"]]
    assert len(warnings) == (0 if launcher.is_sandboxed else 1)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        assert not launcher.is_sandboxed


async def test_fact_10_a_dead_driver_fails_pending_calls_though_it_counts_as_connected(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as session:
        pending = asyncio.create_task(session.page.wait_for_selector("#never", timeout=0))
        await session.page.title()
        send(signal.SIGKILL, drivers())
        with pytest.raises(PlaywrightError) as caught:
            await pending
        assert translate(caught.value).kind is FailureKind.BROWSER_CRASHED
        assert session.context.browser is not None
        assert session.context.browser.is_connected()


async def test_fact_10_the_death_of_one_browser_leaves_the_other_alone(
    launcher: Launcher, log: FilteringBoundLogger, settings: BrowserSettings
) -> None:
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as alive:
        others = browsers()
        async with Launcher(settings, log) as dying, dying.session("b", log) as dead:
            send(signal.SIGKILL, [p for p in browsers() if p not in others])
            with pytest.raises(PlaywrightError):
                await dead.page.wait_for_selector("#never", timeout=0)
        assert await alive.page.evaluate("1 + 1") == 2


async def test_fact_12_a_trace_holds_a_typed_password_in_clear(
    launcher: Launcher, log: FilteringBoundLogger, tmp_path: Path
) -> None:
    trace = tmp_path / "trace.zip"
    async with launcher.session("a", log) as session:
        await session.context.tracing.start(snapshots=True)
        await session.page.set_content("<input id=password type=password>")
        await session.page.fill("#password", "s3cret-of-a")
        await session.context.tracing.stop(path=trace)
    with zipfile.ZipFile(trace) as parts:
        assert any(b"s3cret-of-a" in parts.read(name) for name in parts.namelist())
