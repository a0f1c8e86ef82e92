"""The installed dashboard in real Chromium: accessible, followed live, and nothing in it runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from percenty_batch.ledger import Ledger
from percenty_batch.logs import RunFolders
from tests.unit.dashboard.worlds import (
    ACCOUNTS,
    BAD,
    BUSY,
    ENDED,
    RUNNING,
    fill,
    hold,
    item,
    job_of,
    opened,
)
from tests.unit.reports.hostile import TEXTS

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
TOKEN = "the-token-of-this-test"
NAMES = (*ACCOUNTS, *(text for text in TEXTS if "\0" not in text and "\ud800" not in text))
PAGES = (
    "/",
    f"/runs/{RUNNING}",
    f"/runs/{ENDED}?status=failed&name=x",
    f"/runs/{RUNNING}/account?id={quote(BUSY)}",
    f"/runs/{ENDED}/account?id={quote(BAD)}",
    "/search?words=ERROR&level=error",
    "/reports",
    "/settings",
    "/runs/none",
)
# What is in a page depends on its width, its colours on the scheme, and neither on the other's.
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(1280, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ledger(root: Path) -> AsyncIterator[Ledger]:
    async with opened(root) as ledger:
        await fill(ledger, root, datetime.now(UTC), NAMES[len(ACCOUNTS) :])
        report = root / "reports" / ENDED / f"summary_report_{ENDED}.html"
        report.write_text("<!doctype html><html lang=ko><title>x</title><p>보고서", "utf-8")
        yield ledger


@pytest.fixture(scope="module")
def url(root: Path, ledger: Ledger) -> Iterator[str]:
    """The address of `percenty-batch dashboard` in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    command = Path(sys.executable).with_name("percenty-batch")
    process = subprocess.Popen(
        [str(command), "dashboard", "--port", "0", "--logs-dir", str(root)],
        env={**kept, "PERCENTY_DASHBOARD__TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    yield process.stdout.readline().split()[1].rstrip("/")
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 143


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed_in(browser: Browser, url: str) -> AsyncIterator[BrowserContext]:
    """Signed in by the link: the token is taken from behind its #, and is gone from the address."""
    context = await browser.new_context(base_url=url)
    page = await context.new_page()
    await page.goto(f"/sign-in?next=/reports#token={TOKEN}")
    await page.wait_for_url(f"{url}/reports")
    await page.close()
    yield context
    await context.close()


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE)
    # Of what passes nothing more is asked.
    found = await page.evaluate(
        "axe.run({resultTypes: ['violations'], preload: false}).then(each => each.violations)"
    )
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


async def test_every_page_is_accessible_at_any_width_in_light_and_dark(
    browser: Browser, signed_in: BrowserContext, url: str
) -> None:
    page = await signed_in.new_page()
    outside = await (await browser.new_context(base_url=url)).new_page()
    for width, scheme in LOOKS:
        for each, paths in ((page, PAGES), (outside, ("/sign-in",))):
            await each.set_viewport_size({"width": width, "height": 800})
            await each.emulate_media(color_scheme=scheme)
            for path in paths:
                await each.goto(path)
                assert await violations(each) == [], (path, width, scheme)
                assert await each.evaluate("document.documentElement.scrollWidth") <= width, path

    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.close()
    await outside.context.close()


async def test_a_run_and_a_log_are_followed_while_they_go_on(
    signed_in: BrowserContext, ledger: Ledger, root: Path
) -> None:
    run, account = await signed_in.new_page(), await signed_in.new_page()
    await run.goto(f"/runs/{RUNNING}?name=busy")
    await account.goto(f"/runs/{RUNNING}/account?id={quote(BUSY)}")
    await expect(run.locator("[data-cell=done]")).to_have_text("3")
    done = int(await run.locator("[data-live=done]").first.inner_text())

    await ledger.record_item(await job_of(ledger, RUNNING, BUSY), item(7), datetime.now(UTC))
    with RunFolders(root=root, stamp=RUNNING).account_log(BUSY).open("a", encoding="utf-8") as log:
        log.write(f"2026-11-27 02:40:00,000 - ERROR - [{BUSY}] <i>새 줄</i>\n")

    await expect(run.locator("[data-cell=done]")).to_have_text("4", timeout=20_000)
    await expect(run.locator("[data-live=done]").first).to_have_text(str(done + 1))
    assert await run.locator("progress").evaluate("each => each.value") == 4
    await expect(account.locator("[data-log] li").last).to_contain_text("<i>새 줄</i>")
    assert await account.locator("[data-log] li").last.get_attribute("data-level") == "error"

    await run.get_by_text("실행 중단").click()
    await run.get_by_role("button", name="중단 요청").click()
    await expect(run.get_by_text("중단을 요청했습니다")).to_be_visible()
    assert await ledger.stop_request(RUNNING, 1) is not None

    await ledger.release(await hold(ledger))
    for page in (run, account):
        await expect(page.get_by_role("link", name="새로 고치기")).to_be_visible(timeout=30_000)
        await page.close()
    await hold(ledger)


async def test_what_was_found_leads_to_its_line(signed_in: BrowserContext, root: Path) -> None:
    with RunFolders(root=root, stamp=ENDED).account_log(BUSY).open("a", encoding="utf-8") as log:
        for number in range(500):
            word = "바늘-하나, 둘" if number == 300 else "지푸라기"
            log.write(f"2026-11-26 02:40:00,{number:03d} - INFO - [{BUSY}] {word} {number}\n")
    page = await signed_in.new_page()
    await page.goto(f"/search?words={quote('바늘-하나')}")
    await page.locator(".hits a").click()
    await page.wait_for_url("**/files/**")

    await page.wait_for_function("scrollY > 0")
    lines = 300 * await page.evaluate("document.body.scrollHeight") / 501
    seen = await page.evaluate("[scrollY, scrollY + innerHeight]")
    assert seen[0] < lines < seen[1]
    await page.close()


async def test_no_text_of_a_page_or_an_account_becomes_a_program(
    signed_in: BrowserContext, url: str
) -> None:
    page = await signed_in.new_page()
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    accounts = [f"/runs/{RUNNING}/account?id={quote(name)}" for name in NAMES]
    for path in (*PAGES, "/search?words=script&regex=1", *accounts):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/runs/none" else 200), path
        assert await page.evaluate("String(window.pwned)") == "undefined", path
    assert dialogs == []
    assert [address for address in asked if not address.startswith(url)] == []
    await page.close()
