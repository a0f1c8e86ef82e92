"""Image cards some of whose pictures are missing: no action ever falls on another card."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import Drawer, OptionImages, ThumbnailsTab
from percenty_batch.percenty.drawer.cards import ImageCards
from tests.unit.percenty.pages import screen_of, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

_PAGE = """<div role="dialog">
    <p class="ant-tabs-tab" data-node-key="1"><b role="tab" aria-selected="true">옵션</b></p>
    <p class="ant-tabs-tab" data-node-key="4"><b role="tab" aria-selected="true">썸네일</b></p>
    <img src="http://x/logo"><p>옵션 상품등록</p><p>썸네일 되돌리기 총 %d개의 썸네일</p>
    <div>%s</div>
    <button>삭제</button>
</div>
<script>
    document.addEventListener('click', event => { window.clicked = event.target.id; });
</script>"""
_ACTIONS = (
    "<div><span id='copy-{0}'>{1}</span><span id='edit-{0}'>편집</span><span>삭제</span></div>"
)
OPTION, THUMBNAIL = "썸네일로 복사", "상세페이지로 복사"


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    page = await browser.new_page()
    page.set_default_timeout(1_000)
    yield page
    await page.close()


async def show(page: Page, mark: str, *names: str) -> Drawer:
    """Show a card for each picture; one without a name has none."""
    cards = [
        f"<div>{name and f'<img src=http://x/{name}>'}{_ACTIONS.format(number, mark)}</div>"
        for number, name in enumerate(names, start=1)
    ]
    await page.set_content(_PAGE % (len(names), "".join(cards)))
    return Drawer(screen_of(page, signed_in()))


@pytest.mark.parametrize("names", [("", "b", "c"), ("a", "", "c"), ("a", "b", ""), ("",)])
async def test_a_card_without_a_picture_is_not_taken_for_another(
    page: Page, names: tuple[str, ...]
) -> None:
    drawer = await show(page, THUMBNAIL, *names)
    cards = ImageCards(drawer.body, mark=THUMBNAIL)

    assert await cards.sources() == tuple(name and f"http://x/{name}" for name in names)
    for position, name in enumerate(names, start=1):
        assert await cards.card(position).count() == bool(name)
        assert await cards.action(position, "삭제").count() == bool(name)


async def test_an_option_without_a_picture_has_no_image(page: Page) -> None:
    images = OptionImages(await show(page, OPTION, "a", "", "c"))

    assert await images.open() == ("http://x/a", "http://x/c")

    await images.copy_to_thumbnails(2)
    assert await page.evaluate("window.clicked") == "copy-3"
    with pytest.raises(ItemError, match="3번 옵션 이미지가 없습니다") as failure:
        await images.copy_to_thumbnails(3)
    assert failure.value.kind is FailureKind.PAGE_CHANGED


async def test_a_thumbnail_whose_picture_does_not_come_is_an_error(page: Page) -> None:
    tab = ThumbnailsTab(await show(page, THUMBNAIL, "", "b"))

    with pytest.raises(ItemError, match="썸네일"):
        await tab.open()
    assert not await tab._leads("http://x/b")
