"""A bare browser, and a visitor who signs in to a sandbox of his own with it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright

from percenty_batch.sandbox import (
    ChatWidget,
    Faults,
    Product,
    SandboxAccount,
    SandboxSite,
    Shape,
)

ID = "a@example.com"
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page of a sandbox with one account."""

    site: SandboxSite
    page: Page

    async def sign_in(self, password: str = "pw") -> None:  # noqa: S107 - the sandbox's
        await self.page.goto(f"{self.site.url}/signin")
        await self.page.locator("#email").fill(ID)
        await self.page.locator("#password").fill(password)
        await self.page.get_by_role("button", name="이메일 로그인").click()

    async def open_ungrouped(self) -> None:
        """Sign in, open 그룹 상품 관리 and flip the view."""
        await self.open_groups()
        await self.page.get_by_role("switch").click()
        await self.page.get_by_text("비그룹상품 보기", exact=True).wait_for()
        await self.loaded()

    async def open_groups(self) -> None:
        await self.sign_in()
        await self.page.locator('li[role=menuitem][data-menu-id$="-PRODUCT_GROUP"]').click()
        await self.loaded()

    async def loaded(self) -> None:
        spinner = self.page.locator(".ant-table-wrapper .ant-spin-spinning")
        await spinner.wait_for(state="hidden")

    async def open_drawer(self, position: int = 0) -> Locator:
        """Open an ungrouped product's drawer and wait for its first tab."""
        product = self.product(position)
        await self.row(position).get_by_text(product.name, exact=True).click()
        drawer = self.page.get_by_role("dialog").filter(has_text="상품 수정")
        await drawer.get_by_role("button", name="카테고리 추천 받기").wait_for()
        return drawer

    def row(self, position: int) -> Locator:
        return self.page.locator(f'tr.ant-table-row[data-row-key="{self.product(position).key}"]')

    def product(self, position: int) -> Product:
        return self.site.products(ID)[position]

    def changes(self) -> list[tuple[str, object, object]]:
        """What happened after the sign-in: (what, before, after)."""
        return [(c.what, c.before, c.after) for c in self.site.record if c.what != "sign_in"]


OpenVisit = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[OpenVisit]:
    """Start a sandbox with one account, and a page on it that blocks the chat's host."""
    async with AsyncExitStack() as stack:

        async def open_visit(
            faults: Faults | None = None,
            *,
            shapes: tuple[Shape, ...] = (Shape(), Shape(), Shape()),
            popups: int = 0,
            grouped: int = 4,
            chat_widget: ChatWidget = "blocked_host",
        ) -> Visit:
            account = SandboxAccount(
                id=ID,
                password="pw",
                shapes=shapes,
                popups=popups,
                grouped=grouped,
                faults=faults or Faults(),
            )
            site = SandboxSite(accounts=[account], latency_ms=5, chat_widget=chat_widget)
            stack.enter_context(site)
            context = await browser.new_context()
            stack.push_async_callback(context.close)
            await context.route("**/*.channel.io/**", lambda route: route.abort())
            page = await context.new_page()
            page.set_default_timeout(10_000)
            return Visit(site=site, page=page)

        yield open_visit
