from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest
import pytest_asyncio
from blockbuster import blockbuster_ctx
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import StorageState
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, translate
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.settings import BrowserSettings
from tests.integration.percenty.lists import LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.browser.conftest import Pages

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def launcher() -> AsyncIterator[Launcher]:
    """One browser for all: each test has sessions of its own, and leaves none."""
    async with Launcher(BrowserSettings(blocked_hosts=("widget.localhost",)), LOG) as running:
        yield running
        assert await running.open_contexts() == 0


def events(capture: LogCapture, account: str, level: str) -> list[str]:
    return [
        entry["event"]
        for entry in capture.entries
        if entry.get("account") == account and entry["log_level"] == level
    ]


async def test_a_session_is_a_korean_desktop(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url())
        seen = await session.page.evaluate(
            """async () => [
                navigator.language,
                Intl.DateTimeFormat().resolvedOptions().timeZone,
                `${innerWidth}x${innerHeight}`,
            ]"""
        )
    assert seen == ["ko-KR", "Asia/Seoul", "1920x1080"]


async def test_permissions_are_refused_without_a_prompt(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url())
        seen = await session.page.evaluate(
            """() => Promise.all(
                ['geolocation', 'notifications', 'clipboard-read'].map(
                    async name => (await navigator.permissions.query({name})).state))"""
        )
    assert seen == ["denied", "denied", "denied"]


async def test_blocked_hosts_are_never_asked_and_others_are(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    scripts = [
        pages.url("/chat.js", "widget.localhost"),
        pages.url("/chat.js", "cdn.widget.localhost"),
        pages.url("/app.js", "other.localhost"),
    ]
    pages.answers["/page"] = (200, "".join(f"<script src='{url}'></script>" for url in scripts))
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url("/page"))
    assert pages.asked["other.localhost/app.js"] == 1
    assert [asked for asked in pages.asked if "widget" in asked] == []


async def test_a_popups_requests_are_blocked_as_well(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    pages.answers["/popup"] = (
        200,
        f"<title>popup</title><img src='{pages.url('/x.png', 'widget.localhost')}'>",
    )
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url())
        async with session.context.expect_page() as opening:
            await session.page.evaluate("() => void window.open('/popup')")
        popup = await opening.value
        await popup.wait_for_load_state()
        assert await popup.title() == "popup"
    assert [asked for asked in pages.asked if "widget" in asked] == []


async def test_stored_sign_ins_go_from_one_session_to_the_next(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url())
        await session.page.evaluate(
            "() => { localStorage.token = 't'; document.cookie = 'sid=1; max-age=1000' }"
        )
        state = await session.storage_state()
    async with launcher.session("a", log, state) as session:
        await session.page.goto(pages.url())
        seen = await session.page.evaluate("() => [localStorage.token, document.cookie]")
    async with launcher.session("b", log) as session:
        await session.page.goto(pages.url())
        other = await session.page.evaluate("() => [localStorage.token, document.cookie]")
    assert seen == ["t", "sid=1"]
    assert other == [None, ""]


async def test_a_state_that_the_browser_refuses_is_a_work_error(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    cookie = {"name": "a", "value": "b", "domain": "", "path": "nowhere"}
    state = cast("StorageState", {"cookies": [cookie], "origins": []})
    with pytest.raises(WorkError):
        async with launcher.session("a", log, state):
            pass
    assert await launcher.open_contexts() == 0


async def test_a_dialog_that_only_tells_is_accepted_and_one_that_asks_is_refused(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with launcher.session("a", log.bind(account="a")) as session:
        answers = await session.page.evaluate(
            "() => [alert('다 됐습니다'), confirm('지울까요?'), prompt('이름?')]"
        )
    assert answers == [None, False, None]
    assert events(capture, "a", "info") == ["브라우저 대화상자를 닫았습니다 - alert: 다 됐습니다"]
    assert events(capture, "a", "warning") == [
        "브라우저 대화상자를 취소했습니다 - confirm: 지울까요?",
        "브라우저 대화상자를 취소했습니다 - prompt: 이름?",
    ]


async def test_what_a_page_complains_of_is_in_its_accounts_log(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture, pages: Pages
) -> None:
    pages.answers["/page"] = (
        200,
        "<script>console.log('no'); console.error('yes'); console.error('x'.repeat(5000));"
        "throw Error('broken')</script>",
    )
    async with launcher.session("a", log.bind(account="a")) as session:
        await session.page.goto(pages.url("/page"))
        await session.page.title()
    complaints = events(capture, "a", "debug")
    assert complaints[0] == "페이지 콘솔 오류: yes"
    assert len(complaints[1]) < 1100
    assert events(capture, "a", "warning") == ["페이지 스크립트 오류: broken"]


async def test_a_crashed_page_is_noticed_and_costs_only_its_own_account(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async with (
        launcher.session("a", log.bind(account="a")) as crashing,
        launcher.session("b", log.bind(account="b")) as other,
    ):
        devtools = await crashing.context.new_cdp_session(crashing.page)
        async with crashing.page.expect_event("crash"):
            crash = asyncio.create_task(devtools.send("Page.crash"))  # never answered
        with pytest.raises(PlaywrightError) as caught:
            await crashing.page.evaluate("1 + 1")
        assert translate(caught.value).kind is FailureKind.BROWSER_CRASHED
        assert crashing.has_crashed
        assert not other.has_crashed
        assert await other.page.evaluate("1 + 1") == 2
    await asyncio.gather(crash, return_exceptions=True)
    assert events(capture, "a", "error") == ["페이지가 비정상 종료되었습니다"]
    assert events(capture, "b", "error") == []


class Calls:
    """A watcher that writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        self.under_way: set[object] = set()

    def started(self, call: object, *, method: str, url: str, kind: str) -> None:
        self.under_way.add(call)
        self.heard.append(("started", method, url, kind))

    def answered(self, call: object, *, method: str, url: str, status: int) -> None:
        assert call in self.under_way
        self.heard.append(("answered", method, url, status))

    def ended(self, call: object) -> None:
        self.under_way.remove(call)

    def lost(self, call: object, *, method: str, url: str, reason: str) -> None:
        self.under_way.remove(call)
        self.heard.append(("lost", method, url, reason.partition(".")[0]))


async def test_a_watcher_hears_of_each_call_from_its_start_to_its_end(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture, pages: Pages
) -> None:
    calls = Calls()
    async with launcher.session("a", log.bind(account="a")) as session:
        await session.page.goto(pages.url())
        session.watch_calls(calls)
        await session.page.evaluate(
            "urls => Promise.allSettled(urls.map(async u => (await fetch(u)).text()))",
            ["/none", pages.url("/x", "widget.localhost")],
        )
        await session.page.title()
    assert set(calls.heard) == {
        ("started", "GET", pages.url("/none"), "fetch"),
        ("answered", "GET", pages.url("/none"), 404),
        ("started", "GET", pages.url("/x", "widget.localhost"), "fetch"),
        ("lost", "GET", pages.url("/x", "widget.localhost"), "net::ERR_BLOCKED_BY_CLIENT"),
    }
    assert calls.under_way == set()
    assert events(capture, "a", "error") == []


async def test_an_overlay_is_closed_before_the_action_that_it_covers(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    async with launcher.session("a", log) as session:
        await session.page.set_content(
            "<button onclick='document.title=`clicked`'>작업</button>"
            "<div id=cover style='position:fixed;inset:0'>"
            "<button onclick='cover.remove()'>닫기</button></div>"
        )
        cover = session.page.locator("#cover")

        async def close() -> None:
            await cover.get_by_role("button").click()

        await session.close_overlays(cover, close)
        await session.page.get_by_role("button", name="작업").click()
        assert await session.page.title() == "clicked"


async def test_motions_end_at_once_on_every_page_that_is_loaded(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages
) -> None:
    pages.answers["/moving"] = (
        200,
        "<style>@keyframes away { to { opacity: 0 } } p { animation: away 20s }</style>"
        "<p onanimationend='document.title = `ended`'>움직임</p>",
    )
    async with launcher.session("a", log) as session:
        for _ in range(2):
            await session.page.goto(pages.url("/moving"))
            await session.page.wait_for_function("document.title === 'ended'", timeout=10_000)


async def test_opening_and_closing_do_not_block_the_event_loop(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    with blockbuster_ctx("percenty_batch"):
        async with launcher.session("a", log) as session:
            await session.page.title()


@pytest.mark.parametrize("error", [RuntimeError("ours"), asyncio.CancelledError()])
async def test_whatever_the_work_raises_its_context_is_closed(
    launcher: Launcher, log: FilteringBoundLogger, error: BaseException
) -> None:
    async def fail() -> None:
        async with launcher.session("a", log):
            assert await launcher.open_contexts() == 1
            raise error

    with pytest.raises(type(error)):
        await fail()
    assert await launcher.open_contexts() == 0


async def test_a_second_cancellation_during_closing_leaves_no_context(
    launcher: Launcher, log: FilteringBoundLogger
) -> None:
    for turns in range(10):
        inside = asyncio.Event()

        async def work(inside: asyncio.Event = inside) -> None:
            async with launcher.session("a", log):
                inside.set()
                await asyncio.Event().wait()

        job = asyncio.create_task(work())
        await inside.wait()
        job.cancel()
        for _ in range(turns):
            await asyncio.sleep(0)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert await launcher.open_contexts() == 0
