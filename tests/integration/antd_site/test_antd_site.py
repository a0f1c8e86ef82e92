"""The second imitation of Percenty, clicked by plain Playwright without our page objects.

Only what no step on it would tell: how it refuses, fails, comes late and behaves of itself.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.antd_site import AntdSite, Faults, Options, SiteAccount, libs_for_tests

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMAIL = "seller@example.com"
QUICK = Options(latency_s=(0.0, 0.02), popups=0, image_delete_s=0.05)
NO_FAULTS = Faults()
expect.set_options(timeout=15_000)


class Opener:
    """Opens a site and a page of it; the browser is one for all tests of this module."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @asynccontextmanager
    async def __call__(
        self,
        options: Options = QUICK,
        *,
        faults: Faults = NO_FAULTS,
    ) -> AsyncIterator[tuple[AntdSite, Page]]:
        """Open a page of a site that has one account with five ungrouped products."""
        seller = SiteAccount(email=EMAIL, password="right", kinds=("plain",), faults=faults)
        with AntdSite(libs=libs_for_tests(), accounts=[seller], options=options) as site:
            context = await self._browser.new_context(viewport={"width": 1600, "height": 1000})
            page = await context.new_page()
            await page.route("**/*.channel.io/**", lambda route: route.abort())
            yield site, page
            await context.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened() -> AsyncIterator[Opener]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield Opener(browser)
        await browser.close()


async def sign_in(site: AntdSite, page: Page, typed: str = "right") -> None:
    await page.goto(f"{site.url}/signin")
    await page.fill("input#email", EMAIL)
    await page.fill("input#password", typed)
    await page.get_by_role("button", name="이메일 로그인").click()


@pytest.mark.parametrize(
    ("failure", "place"),
    [
        ("inline", ".ant-form-item-explain-error"),
        ("modal", ".ant-modal-confirm"),
    ],
)
async def test_a_wrong_password_is_told_and_signs_nobody_in(
    opened: Opener, failure: Literal["inline", "modal"], place: str
) -> None:
    async with opened(replace(QUICK, sign_in_failure=failure)) as (site, page):
        await sign_in(site, page, "wrong")
        await expect(page.locator(place)).to_contain_text("일치하지 않습니다")
        assert page.url.endswith("/signin")
        assert site.sign_in_count(EMAIL) == 0


async def test_a_stored_sign_in_is_taken_by_a_new_page(opened: Opener) -> None:
    async with opened(replace(QUICK, sign_in_store="local")) as (site, page):
        await sign_in(site, page)
        await page.wait_for_url(f"{site.url}/")
        other = await page.context.new_page()
        await other.goto(f"{site.url}/signin")
        await other.wait_for_url(f"{site.url}/")
        assert site.sign_in_count(EMAIL) == 1


async def test_dialogs_that_come_late_can_be_closed_one_by_one(opened: Opener) -> None:
    async with opened(replace(QUICK, popups=2, popup_delay_s=0.3)) as (site, page):
        await sign_in(site, page)
        await expect(page.get_by_role("dialog")).to_have_count(2)
        for left in (1, 0):
            await page.get_by_role("button", name="다시 보지 않기").last.click()
            await expect(page.get_by_role("dialog")).to_have_count(left)


async def test_the_chat_script_is_what_draws_the_widget(opened: Opener) -> None:
    async with opened(replace(QUICK, widget="always")) as (site, page):
        await sign_in(site, page)
        await expect(page.locator("#ch-plugin")).to_be_visible()
    async with opened(replace(QUICK, widget="script")) as (site, page):
        await sign_in(site, page)
        await expect(page.locator("#ch-plugin-script")).to_be_attached()
        await expect(page.locator("#ch-plugin")).to_have_count(0)


async def test_a_collapsed_menu_shows_its_items_after_a_click(opened: Opener) -> None:
    async with opened(replace(QUICK, menu="collapsed")) as (site, page):
        await sign_in(site, page)
        item = page.locator('li[role=menuitem][data-menu-id$="-PRODUCT_GROUP"]')
        await expect(item).to_have_count(0)
        await page.get_by_role("menuitem", name="상품 관리").click()
        await expect(item).to_be_visible()
