"""Whatever a page does, its session is closed and its slot is free again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, Session

if TYPE_CHECKING:
    from tests.integration.browser.conftest import Pages

LIMIT_S = 30.0  # no test measures time; this only ends a test that would hang


async def busy_loop(session: Session, pages: Pages) -> None:
    await session.page.evaluate("() => { setTimeout(() => { for (;;) {} }, 0) }")


async def endless_response(session: Session, pages: Pages) -> None:
    await session.page.goto(pages.url("/endless"), wait_until="commit")
    await session.page.get_by_text("more").first.wait_for()


async def no_response(session: Session, pages: Pages) -> None:
    async with session.page.expect_request(pages.url("/hang")):
        await session.page.evaluate("url => void fetch(url)", pages.url("/hang"))


async def download(session: Session, pages: Pages) -> None:
    pages.answers["/download"] = (200, "a file")
    with pytest.raises(PlaywrightError, match="Download is starting"):
        await session.page.goto(pages.url("/download"))


async def question_before_leaving(session: Session, pages: Pages) -> None:
    await session.page.set_content("<button onclick='onbeforeunload = () => `?`'>x</button>")
    await session.page.get_by_role("button").click()


async def dialog_storm(session: Session, pages: Pages) -> None:
    async with session.page.expect_console_message(lambda message: message.text == "5"):
        await session.page.evaluate(
            "() => setTimeout(() => { for (let n = 0;; n++) { console.log(n); alert(n) } }, 0)"
        )


async def flood_of_windows(session: Session, pages: Pages) -> None:
    async with session.context.expect_page():
        await session.page.evaluate("() => { for (let n = 0; n < 5; n++) window.open() }")


@pytest.mark.parametrize(
    "hostile",
    [
        busy_loop,
        endless_response,
        no_response,
        download,
        question_before_leaving,
        dialog_storm,
        flood_of_windows,
    ],
)
async def test_a_hostile_page_is_closed_and_its_browser_serves_the_next(
    launcher: Launcher,
    log: FilteringBoundLogger,
    capture: LogCapture,
    pages: Pages,
    hostile: Callable[[Session, Pages], Awaitable[None]],
) -> None:
    async with asyncio.timeout(LIMIT_S):
        async with launcher.session("a", log) as session:
            await session.page.goto(pages.url())
            await hostile(session, pages)
        assert await launcher.open_contexts() == 0
        async with launcher.session("b", log) as session:
            assert await session.page.evaluate("1 + 1") == 2
    # What another program left behind, and this one swept, is told at the level debug.
    told = [e for e in capture.entries if e["log_level"] != "debug"]
    assert [e["event"] for e in told if "강제로" in e["event"]] == []
    assert [e["event"] for e in told if e["log_level"] == "error"] == []
