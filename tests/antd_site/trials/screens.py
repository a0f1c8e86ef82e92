"""A signed-in screen of the site, as the page objects want one, without the rest of the package."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from shutil import which

from playwright.async_api import BrowserContext, async_playwright

from percenty_batch.percenty import Drawer
from percenty_batch.percenty.overlays import clear_the_way
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import UserInput
from tests.antd_site.libs import libs_for_tests
from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.site import AntdSite
from tests.antd_site.world import Product

TIMEOUT_S = 45.0  # for a busy machine; nothing of these sites takes longer than 3 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The site beside the screen that shows it."""

    site: AntdSite
    screen: Screen
    email: str

    def product(self, key: str) -> Product:
        return next(each for each in self.site.products(self.email) if each.id == key)

    def recorded(self, what: str) -> list[object]:
        return [change.after for change in self.site.record if change.what == what]

    async def drawer(self, key: str) -> Drawer:
        """Open the drawer of a product that the list shows."""
        row = self.screen.page.locator(f'tr.ant-table-row[data-row-key="{key}"]')
        await row.locator("span.H5Bold16").click()
        drawer = Drawer(self.screen)
        await drawer.wait_open()
        return drawer

    async def go(self, menu: str) -> None:
        await self.screen.page.locator(f'li[role=menuitem][data-menu-id$="-{menu}"]').click()


@asynccontextmanager
async def desk(seller: SiteAccount, options: Options) -> AsyncIterator[Desk]:
    """Serve the variant, sign in, and stand before its home page."""
    path = which("chromium-headless-shell") or which("chromium")
    site = AntdSite(libs=libs_for_tests(), accounts=[seller], options=options)
    with site:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
            context = await browser.new_context(viewport={"width": 1600, "height": 1000})
            context.set_default_timeout(TIMEOUT_S * 1000)
            screen = await _sign_in(site, seller, context)
            yield Desk(site=site, screen=screen, email=seller.email)
            await browser.close()


async def _sign_in(site: AntdSite, seller: SiteAccount, context: BrowserContext) -> Screen:
    page = await context.new_page()
    traffic = _watched(context)
    await page.route("**/*.channel.io/**", lambda route: route.abort())
    await page.goto(f"{site.url}/signin")
    await page.locator("#email").fill(seller.email)
    await page.locator("#password").fill(seller.password)
    await page.get_by_role("button", name="이메일 로그인").click()
    await page.locator("header.ant-layout-header").wait_for()
    traffic.is_signed_in = True
    screen = Screen(page=page, traffic=traffic, user=UserInput(page), timeout_s=TIMEOUT_S)
    screen.user.keep_clear(partial(clear_the_way, screen))
    return screen


def _watched(context: BrowserContext) -> Traffic:
    traffic = Traffic("127.0.0.1")
    context.on(
        "request", lambda r: traffic.started(r, method=r.method, url=r.url, kind=r.resource_type)
    )
    context.on(
        "response",
        lambda r: traffic.answered(r.request, method=r.request.method, url=r.url, status=r.status),
    )
    context.on("requestfinished", lambda r: traffic.ended(r))
    context.on(
        "requestfailed",
        lambda r: traffic.lost(r, method=r.method, url=r.url, reason=r.failure or ""),
    )
    return traffic
