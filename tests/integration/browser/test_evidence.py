from __future__ import annotations

import asyncio
import base64
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import EvidenceFolder, EvidenceTaker, Launcher, Session
from percenty_batch.logs import Secrets
from percenty_batch.settings import EvidenceSettings

if TYPE_CHECKING:
    from tests.integration.browser.conftest import Pages

LIMIT_S = 30.0  # no test measures time; this only ends a test that would hang
PASSWORD = "p@ss w0rd/é"
TOKEN = "t0ken-that-lets-anybody-in"
COVER = [255, 0, 255]  # what Playwright covers with

FORM = f"""<title>상품 관리</title><body style='margin:0'>
<p style='margin:0;height:100px;font-size:60px'>{PASSWORD}</p>
<input id=password type=password value='{PASSWORD}' style='display:block;width:600px;height:100px'>
<input id=memo style='display:block;width:600px;height:100px'>"""
STATE_COOKIE = f"document.cookie = 'sid={TOKEN}; max-age=1000'"
ASK = f"""async password => {{
    await fetch('/api', {{
        method: 'POST',
        headers: {{ Authorization: 'Bearer {TOKEN}' }},
        body: JSON.stringify({{ password }}),
    }});
}}"""


class NothingDone:
    def last_actions(self) -> tuple[str, ...]:
        return (f"03:00:00 입력 input ← '{PASSWORD}'",)

    def failed_calls(self) -> tuple[str, ...]:
        return ()


Take = Callable[[Session, EvidenceSettings], EvidenceTaker]


@pytest.fixture
def taker_of(tmp_path: Path, log: FilteringBoundLogger) -> Take:
    """Make a taker that writes to `tmp_path` and masks the password."""
    secrets = Secrets()
    secrets.add(PASSWORD)

    def taker(session: Session, settings: EvidenceSettings) -> EvidenceTaker:
        folder = EvidenceFolder(
            tmp_path / "evidence",
            root=tmp_path,
            settings=settings,
            log=log,
            mask=secrets.mask,
            password=PASSWORD,
        )
        return EvidenceTaker(session, NothingDone(), folder)

    return taker


def shapes(secret: str) -> list[bytes]:
    """How a file may hold a secret."""
    plain = secret.encode()
    encoded = [base64.b64encode(b"x" * pad + plain)[4:-4] for pad in range(3)]
    return [plain, quote(secret, safe="").encode(), secret.encode("utf-16-le"), *encoded]


def leaks(data: bytes, *secrets: str) -> list[bytes]:
    return [shape for secret in secrets for shape in shapes(secret) if shape in data]


async def pixel(page: Page, image: bytes, x: int, y: int) -> list[int]:
    """Read a pixel of a picture, as red, green and blue."""
    seen: list[int] = await page.evaluate(
        """async ([data, x, y]) => {
            const image = new Image();
            image.src = `data:image/png;base64,${data}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
            canvas.drawImage(image, 0, 0);
            return [...canvas.getImageData(x, y, 1, 1).data].slice(0, 3);
        }""",
        [base64.b64encode(image).decode(), x, y],
    )
    return seen


async def test_neither_text_nor_picture_shows_the_password(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages, tmp_path: Path, taker_of: Take
) -> None:
    pages.answers["/form"] = (200, FORM)
    async with launcher.session("a", log) as session:
        await session.page.goto(pages.url("/form"))
        await session.page.locator("#password").fill("another secret")
        files = await taker_of(session, EvidenceSettings()).take("item_1")
        image, html, text = [await asyncio.to_thread((tmp_path / f).read_bytes) for f in files]
        seen = [await pixel(session.page, image, 300, y) for y in (50, 150, 250)]

    assert seen == [COVER, COVER, [255, 255, 255]]
    assert leaks(html + text, PASSWORD, "another secret") == []
    assert b'id="memo"' in html
    assert "제목: 상품 관리".encode() in text


async def test_a_page_in_a_busy_loop_costs_the_limit_and_its_closing_nothing(
    launcher: Launcher, log: FilteringBoundLogger, capture: LogCapture, taker_of: Take
) -> None:
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as session:
        settings = EvidenceSettings(timeout_s=0.5, should_trace=True)
        taker = taker_of(session, settings)
        await taker.start_trace()
        await session.page.evaluate("() => void setTimeout(() => { for (;;); })")
        files = await taker.take("item_1")
    assert "evidence/item_1.txt" in files
    (line,) = [e["event"] for e in capture.entries if "증거" in e["event"]]
    assert "화면(0.5초 안에 끝나지 않음), HTML(0.5초 안에 끝나지 않음)" in line
    assert await launcher.open_contexts() == 0


async def test_of_a_crashed_page_the_description_is_left(
    launcher: Launcher, log: FilteringBoundLogger, taker_of: Take
) -> None:
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as session:
        devtools = await session.context.new_cdp_session(session.page)
        async with session.page.expect_event("crash"):
            crash = asyncio.create_task(devtools.send("Page.crash"))  # never answered
        files = await taker_of(session, EvidenceSettings(timeout_s=1.0)).take("item_1")
    await asyncio.gather(crash, return_exceptions=True)
    assert files == ("evidence/item_1.txt",)


async def test_a_closed_session_raises_nothing(
    launcher: Launcher, log: FilteringBoundLogger, taker_of: Take
) -> None:
    async with asyncio.timeout(LIMIT_S), launcher.session("a", log) as session:
        taker = taker_of(session, EvidenceSettings(timeout_s=1.0, should_trace=True))
        await taker.start_trace()
        await session.context.close()
        assert await taker.take("item_1") == ("evidence/item_1.txt",)
        await taker.forget()
        await taker.stop_trace()


async def test_a_trace_holds_no_secret_in_any_shape(
    launcher: Launcher, log: FilteringBoundLogger, pages: Pages, tmp_path: Path, taker_of: Take
) -> None:
    pages.answers["/form"] = (200, FORM)
    async with launcher.session("a", log) as session:
        page = session.page
        await page.goto(pages.url("/form"))
        await page.evaluate(f"() => {{ {STATE_COOKIE}; }}")
        taker = taker_of(session, EvidenceSettings(should_trace=True, timeout_s=LIMIT_S))
        await taker.start_trace()
        await page.locator("#password").fill(PASSWORD)
        with suppress(PlaywrightError):
            await page.evaluate(ASK, PASSWORD)
        await page.locator("#memo").fill("메모를 남긴다")
        await session.storage_state()
        files = await taker.take("item_1")
        later = await taker.take("item_2")

    assert files[-1] == "evidence/item_1_trace.zip"
    data = await asyncio.to_thread(unpacked, tmp_path / files[-1])
    assert leaks(data, PASSWORD, TOKEN) == []
    assert "메모를 남긴다".encode() in data
    rest = await asyncio.to_thread(unpacked, tmp_path / later[-1])
    assert [b'"fill"' in trace for trace in (data, rest)] == [True, False]


def unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
