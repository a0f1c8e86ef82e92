"""Every report of a run full of texts that want to be more, opened in real Chromium."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from markdown_it import MarkdownIt
from playwright.async_api import Browser, Request, async_playwright

from percenty_batch.models import JobOutline, Night
from percenty_batch.reports import (
    History,
    LogPaths,
    ReportFiles,
    write_batch_report,
    write_summary_report,
)
from tests.unit.reports.hostile import STAMP, hostile_run

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
# Whatever waits for a hand, or a pointer, gets it.
TOUCH = """() => {
    for (const each of document.querySelectorAll('*')) {
        for (const name of ['mouseover', 'mouseenter', 'focus', 'load', 'error', 'toggle'])
            each.dispatchEvent(new Event(name, {bubbles: true}));
        if (each.tagName === 'DETAILS') each.open = true;
    }
    window.scrollTo(0, document.documentElement.scrollHeight);
    return String(window.pwned);
}"""


@dataclass(slots=True)
class Seen:
    """What one opened file did. `refused` never left: the page's policy held them."""

    pwned: str = ""
    title: str = ""
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def foreign(self, root: Path) -> list[str]:
        return [url for url in self.asked if not url.startswith(root.as_uri())]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def reports(root: Path) -> tuple[ReportFiles, ReportFiles]:
    run, history = hostile_run(), History()
    history.add(Night(run_id="x", stamp="<b>", jobs=tuple(map(JobOutline.of, run.jobs))))
    logs = LogPaths(
        accounts=f"logs/accounts/{STAMP}/",
        errors=f"logs/errors/{STAMP}/",
        reports=f"logs/reports/{STAMP}/",
        log_of=lambda account: f"logs/accounts/{STAMP}/{account}.log",
        error_log_of=lambda account: f"logs/errors/{STAMP}/{account}_errors.log",
    )
    folder = root / "reports" / STAMP
    batch = write_batch_report(run, folder=folder, log_paths=logs)
    summary = write_summary_report(
        [run],
        stamp=STAMP,
        folder=folder,
        log_paths=logs,
        history=history,
        formats=("junit", "csv", "handover"),
    )
    assert batch.problems == summary.problems == ()
    return batch, summary


async def opened(browser: Browser, path: Path) -> Seen:
    seen = Seen()
    page = await browser.new_page(viewport={"width": 390, "height": 800})

    def note_failure(request: Request) -> None:
        if request.failure == "csp":
            seen.refused.append(request.url)

    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", note_failure)
    page.on("dialog", lambda dialog: seen.dialogs.append(dialog.message))
    await page.goto(path.as_uri())
    seen.pwned = await page.evaluate(TOUCH)
    await page.wait_for_load_state("networkidle")
    seen.pwned += await page.evaluate("String(window.pwned)")
    seen.title = await page.title()
    await page.close()
    return seen


async def test_the_page_runs_nothing_and_asks_for_nothing_but_its_own_pictures(
    browser: Browser, root: Path, reports: tuple[ReportFiles, ReportFiles]
) -> None:
    html = reports[1].html
    assert html is not None
    seen = await opened(browser, html)

    assert (seen.pwned, seen.dialogs) == ("undefinedundefined", [])
    assert seen.title == f"❌ 실패 · 종합 실행 보고서 {STAMP}"
    assert seen.foreign(root) == []
    pictures = [url for url in seen.asked if not url.endswith(".html")]
    assert pictures
    assert all(url.startswith((root / "evidence").as_uri()) for url in pictures)


async def test_no_other_report_runs_or_asks_for_anything(
    browser: Browser, root: Path, reports: tuple[ReportFiles, ReportFiles]
) -> None:
    shown = [path for path in reports[1].others if path.suffix == ".xml"]
    for report in reports:
        assert report.markdown is not None
        text = MarkdownIt("gfm-like", {"linkify": True}).render(report.markdown.read_text("utf-8"))
        shown.append(report.markdown.with_suffix(".md.html"))
        shown[-1].write_text(f"<meta charset=utf-8>{text}", encoding="utf-8")

    for path in shown:
        seen = await opened(browser, path)
        assert (seen.pwned, seen.dialogs) == ("undefinedundefined", [])
        assert seen.asked == [path.as_uri()]


async def test_even_a_script_that_a_template_lets_in_is_held_by_the_policy(
    browser: Browser, root: Path, reports: tuple[ReportFiles, ReportFiles]
) -> None:
    html = reports[1].html
    assert html is not None
    let_in = (
        "<script>window.pwned = 1</script><img src=http://127.0.0.1:9/x>"
        "<p style='background: url(http://127.0.0.1:9/y)' onmouseover='window.pwned = 2'>x</p>"
    )
    worse = html.with_name("worse.html")
    worse.write_text(html.read_text("utf-8").replace("<main>", f"<main>{let_in}"), "utf-8")

    seen = await opened(browser, worse)

    assert seen.pwned == "undefinedundefined"
    assert seen.foreign(root) == seen.refused
