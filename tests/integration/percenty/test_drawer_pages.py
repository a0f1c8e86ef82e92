"""The drawer's page objects on the sandbox: what they do is held beside the site's record."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import (
    DetailTab,
    DisclosureForm,
    Drawer,
    NameTab,
    OptionImages,
    OptionsTab,
    PriceTab,
    ThumbnailsTab,
)
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import UserInput
from percenty_batch.sandbox import DrawerFaults, Faults, Product, SandboxAccount, SandboxSite, Shape

pytestmark = pytest.mark.asyncio(loop_scope="module")

ID = "a@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One product's open drawer. `before` is the product as it was."""

    site: SandboxSite
    drawer: Drawer
    before: Product

    def after(self) -> Product:
        return next(p for p in self.site.products(ID) if p.key == self.before.key)

    def changed(self) -> list[str]:
        return [change.what for change in self.site.record if change.product]

    def acting_after(self, script: str) -> Drawer:
        """The same drawer, on whose page this runs between a look and the action after it."""
        screen = self.drawer.screen

        async def fence() -> None:
            await screen.page.evaluate(script)

        return Drawer(replace(screen, user=UserInput(screen.page, fence)))

    async def shut(self) -> None:
        await self.drawer.save()
        assert await self.drawer.close()


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[OpenDesk]:
    """Serve one ungrouped product and open its drawer, with our own hands and traffic."""
    async with AsyncExitStack() as stack:

        async def open_desk(shape: Shape, faults: DrawerFaults | None = None) -> Desk:
            account = SandboxAccount(
                id=ID,
                password="pw",
                shapes=(shape,),
                popups=0,
                grouped=0,
                faults=Faults(drawer=faults or DrawerFaults()),
            )
            site = stack.enter_context(SandboxSite(accounts=[account], latency_ms=5))
            context = await browser.new_context()
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(5_000)
            traffic = Traffic("127.0.0.1")
            context.on(
                "request",
                lambda r: traffic.started(r, method=r.method, url=r.url, kind=r.resource_type),
            )
            context.on(
                "response",
                lambda r: traffic.answered(
                    r.request, method=r.request.method, url=r.url, status=r.status
                ),
            )
            context.on("requestfinished", lambda r: traffic.ended(r))
            context.on(
                "requestfailed",
                lambda r: traffic.lost(r, method=r.method, url=r.url, reason=r.failure or ""),
            )
            await page.goto(f"{site.url}/signin")
            await page.locator("#email").fill(ID)
            await page.locator("#password").fill("pw")
            await page.get_by_role("button", name="이메일 로그인").click()
            await page.locator('[data-menu-id$="-PRODUCT_GROUP"]').click()
            await page.get_by_role("switch").click()
            traffic.is_signed_in = True
            product = site.products(ID)[0]
            await page.get_by_text(product.name, exact=True).click()
            screen = Screen(page=page, traffic=traffic, user=UserInput(page), timeout_s=5.0)
            drawer = Drawer(screen)
            await drawer.wait_open()
            return Desk(site=site, drawer=drawer, before=product)

        yield open_desk


async def test_thumbnails_are_deleted_by_position_and_the_third_is_brought_to_the_front(
    desk: OpenDesk,
) -> None:
    at = await desk(Shape(thumbnails=7))
    tab = ThumbnailsTab(at.drawer)
    sources = await tab.open()
    assert [s.partition("#")[2] for s in sources] == [
        t.partition("#")[2] for t in at.before.thumbnails
    ]

    await tab.delete(7)
    await tab.delete(1)
    lead = (await tab.sources())[2]
    assert await tab.bring_to_front(lead)
    assert not await tab.bring_to_front(lead)
    assert (await tab.sources())[0] == lead
    await at.shut()

    _, two, three, four, five, six, _ = at.before.thumbnails
    assert at.after().thumbnails == (four, two, three, five, six)


async def test_a_thumbnail_in_a_second_row_is_moved_by_the_keyboard_alone(desk: OpenDesk) -> None:
    at = await desk(Shape(thumbnails=9))
    tab = ThumbnailsTab(at.drawer)
    sources = await tab.open()

    await tab._move_by_keyboard(8)

    assert await tab._leads(sources[7])
    await at.shut()
    thumbnails = at.before.thumbnails
    assert at.after().thumbnails == (thumbnails[7], *thumbnails[:7], thumbnails[8])


async def test_option_images_become_thumbnails_and_options_are_named(desk: OpenDesk) -> None:
    at = await desk(Shape(options=3, thumbnails=2))
    images, options = OptionImages(at.drawer), OptionsTab(at.drawer)
    assert len(await images.open()) == 3
    assert await options.has_options()

    for position in (1, 2, 3, 1):
        await images.copy_to_thumbnails(position)
    await options.refine(limit_s=5.0)
    await options.number(await options.names())
    assert (await options.names())[0] == "1. 고급 블랙"
    assert len(await ThumbnailsTab(at.drawer).open()) == 6
    await at.shut()

    first, *_ = made = at.before.option_images
    assert at.after().thumbnails == (*at.before.thumbnails, *made, first)
    assert at.after().options == ("1. 고급 블랙", "2. 고급 화이트", "3. 고급 네이비")


async def test_a_discount_is_written_after_its_label(desk: OpenDesk) -> None:
    at = await desk(Shape())
    price = PriceTab(at.drawer)
    assert await price.open() == 10

    await price.write_discount(35)
    assert await price.open() == 35
    await at.shut()

    assert at.after().prices == (*at.before.prices[:5], 35)


async def write_discount(drawer: Drawer) -> None:
    price = PriceTab(drawer)
    await price.open()
    await price.write_discount(35)


async def write_model(drawer: Drawer) -> None:
    form = DisclosureForm(drawer)
    await form.open()
    await form.write("모델명", "H16")


@pytest.mark.parametrize("write", [write_discount, write_model])
async def test_what_an_answer_under_way_takes_back_is_not_written(
    desk: OpenDesk, write: Callable[[Drawer], Awaitable[None]]
) -> None:
    at = await desk(Shape())
    page = at.drawer.page

    async def answer_late(route: Route) -> None:
        await asyncio.sleep(0.4)
        await route.fulfill(body="{}")

    await page.route("**/api/late", answer_late)
    await page.evaluate(
        """() => document.addEventListener("input", async ({ target }) => {
            await fetch("/api/late");
            target.value = "10";
        })"""
    )

    with pytest.raises(ItemError, match="그대로 남지 않았습니다") as failure:
        await write(at.drawer)

    assert failure.value.kind is FailureKind.SITE_ERROR


async def test_html_is_put_before_the_detail_page_once(desk: OpenDesk) -> None:
    at = await desk(Shape(images=2))
    detail = DetailTab(at.drawer)
    await detail.open()
    html = '<p>공지 <img src="https://example.com/a.png"></p>'

    assert await detail.prepend_html(html)
    assert not await detail.prepend_html(html)
    await at.shut()

    assert at.after().detail_html == html + at.before.detail_html
    assert at.changed() == ["detail_html"]


async def test_detail_images_are_deleted_and_translated_from_the_second_drawer(
    desk: OpenDesk,
) -> None:
    at = await desk(Shape(images=5))
    detail = DetailTab(at.drawer)
    await detail.open()
    bulk = await detail.bulk_images()

    await bulk.delete(5, 5)
    await bulk.delete(1, 4)
    editor = await bulk.edit(1)
    await editor.translate(limit_s=5.0)
    await editor.go_to(3)
    assert (await editor.picture()).startswith(b"\x89PNG")
    await editor.translate(limit_s=5.0)
    await editor.save(limit_s=5.0)
    await editor.close()
    left = await bulk.sources()
    await bulk.close()
    await at.shut()

    _, two, three, four, _ = at.before.images
    assert at.after().images == (f"{two}-ko", three, f"{four}-ko")
    assert [source.partition("#")[2] for source in left] == [
        image.partition("#")[2] for image in at.after().images
    ]


async def test_thumbnails_and_option_images_are_translated_too(desk: OpenDesk) -> None:
    at = await desk(Shape(thumbnails=2, options=2))
    thumbnails, options = ThumbnailsTab(at.drawer), OptionImages(at.drawer)
    await thumbnails.open()
    for editor in (await thumbnails.edit(2),):
        await editor.translate(limit_s=5.0)
        await editor.save(limit_s=5.0)
        await editor.close()
    await options.open()
    editor = await options.edit(1)
    await editor.translate(limit_s=5.0)
    await editor.save(limit_s=5.0)
    await editor.close()
    await at.shut()

    one, two = at.before.thumbnails
    assert at.after().thumbnails == (one, f"{two}-ko")
    first, second = at.before.option_images
    assert at.after().option_images == (f"{first}-ko", second)


async def test_what_the_editor_does_not_save_is_not_kept(desk: OpenDesk) -> None:
    at = await desk(Shape(images=2), DrawerFaults(editor_save_errors=(1,)))
    detail = DetailTab(at.drawer)
    await detail.open()
    editor = await (await detail.bulk_images()).edit(1)
    await editor.translate(limit_s=5.0)

    with pytest.raises(ItemError, match="사이트 오류"):
        await editor.save(limit_s=5.0)

    assert at.after().images == at.before.images


@pytest.mark.parametrize(
    ("faults", "limit_s", "kind", "text"),
    [
        (DrawerFaults(endless_translations=(1,)), 1.0, FailureKind.TIMEOUT, "1초 안에"),
        (DrawerFaults(translation_errors=(1,)), 30.0, FailureKind.SITE_ERROR, "이미지 번역 실패"),
    ],
)
async def test_a_translation_that_fails_or_never_ends_is_no_success(
    desk: OpenDesk, faults: DrawerFaults, limit_s: float, kind: FailureKind, text: str
) -> None:
    at = await desk(Shape(), faults)
    tab = ThumbnailsTab(at.drawer)
    await tab.open()
    editor = await tab.edit(1)

    with pytest.raises(ItemError, match=text) as failure:
        await editor.translate(limit_s=limit_s)

    assert failure.value.kind is kind


async def test_a_refinement_that_never_ends_and_an_image_that_stays_are_failures(
    desk: OpenDesk,
) -> None:
    faults = DrawerFaults(endless_refinements=(1,), silent_image_deletes=(1,))
    at = await desk(Shape(images=3), faults)
    detail = DetailTab(at.drawer)
    await detail.open()
    bulk = await detail.bulk_images()
    with pytest.raises(ItemError, match="3번 이미지 삭제가 확인되지 않았습니다"):
        await bulk.delete(3, 3)
    await bulk.close()

    options = OptionsTab(at.drawer)
    assert await options.has_options()
    with pytest.raises(ItemError, match="AI 옵션명 다듬기가 1초 안에"):
        await options.refine(limit_s=1.0)


async def test_a_copy_is_seen_to_be_taken_and_a_refused_one_is_a_failure(desk: OpenDesk) -> None:
    at = await desk(Shape(), DrawerFaults(copy_errors=(2,)))

    await at.drawer.copy_product()
    with pytest.raises(ItemError, match="사이트 오류"):
        await at.drawer.copy_product()

    names = [product.name for product in at.site.products(ID)]
    assert names == [f"{at.before.name}(1)", at.before.name]


async def test_a_save_button_that_autosave_disables_meanwhile_needs_no_click(
    desk: OpenDesk,
) -> None:
    at = await desk(Shape())
    find = "[...document.querySelectorAll('button')].find(b => b.textContent === '저장하기')"
    drawer = at.acting_after(f"{find}.disabled = true")

    await drawer.save()
    await drawer.save()

    assert len(drawer.user.last_actions) == 1
    assert await at.drawer.close()


async def test_a_warning_that_leaves_by_itself_needs_no_click(desk: OpenDesk) -> None:
    at = await desk(Shape(has_flagged_name=True))
    drawer = at.acting_after("document.querySelector('.warnings').replaceChildren()")

    assert await NameTab(drawer).drop_flagged_words() == 0

    assert at.after().name == at.before.name


@pytest.mark.parametrize("button", ["", "<button class='ant-btn ant-btn-primary'>확인</button>"])
async def test_a_dialog_about_the_copying_may_leave_by_itself(desk: OpenDesk, button: str) -> None:
    at = await desk(Shape())
    drawer = at.acting_after(
        f"""() => {{
            const dialog = document.createElement("div");
            dialog.className = "ant-modal";
            dialog.innerHTML = `복사 중 {button}`;
            document.body.append(dialog);
            setTimeout(() => dialog.remove(), 600);
        }}"""
    )

    await drawer.copy_product()

    assert at.changed() == ["copied"]
