"""What the detail page holds, asked of an editor that writes HTML as a browser does."""

import pytest
from playwright.async_api import Browser

from percenty_batch.percenty import DetailTab, Drawer
from tests.unit.percenty.pages import screen_of, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

_PAGE = """<div role="dialog"><div role="tab">상세페이지</div>
    <div contenteditable="true"></div></div>
<script>
    const editable = document.querySelector('[contenteditable]');
    editable.ckeditorInstance = { getData: () => editable.innerHTML };
</script>"""


@pytest.mark.parametrize("memo", ["G11-96|444-5-H16", "A & B", "a<b", "<b>x", "x?a=1&b=2"])
async def test_a_text_that_was_inserted_is_found_again(browser: Browser, memo: str) -> None:
    page = await browser.new_page()
    try:
        await page.set_content(_PAGE)
        detail = DetailTab(Drawer(screen_of(page, signed_in())))
        assert await detail.contains(memo) is False

        insert = "(editable, memo) => { editable.innerHTML = `<div>${memo}</div><p>설명</p>`; }"
        await page.locator("[contenteditable]").evaluate(insert, memo)

        assert await detail.contains(memo) is True
    finally:
        await page.close()


async def test_an_editor_that_tells_no_data_is_not_believed(browser: Browser) -> None:
    page = await browser.new_page()
    try:
        await page.set_content(_PAGE)
        await page.locator("[contenteditable]").evaluate("it => { delete it.ckeditorInstance; }")
        assert await DetailTab(Drawer(screen_of(page, signed_in()))).contains("G11") is None
    finally:
        await page.close()


async def test_white_space_that_a_page_folds_makes_no_other_text(browser: Browser) -> None:
    page = await browser.new_page()
    try:
        await page.set_content(_PAGE)
        await page.locator("[contenteditable]").evaluate("it => { it.textContent = 'G11  96'; }")
        assert await DetailTab(Drawer(screen_of(page, signed_in()))).shows("G11  96")
    finally:
        await page.close()


async def test_html_in_a_field_of_its_own_is_shown_as_well(browser: Browser) -> None:
    page = await browser.new_page()
    try:
        await page.set_content(_PAGE)
        embed = "<div class='raw-html-embed'><textarea disabled>G11-96|444-5-H16</textarea></div>"
        await page.locator("[contenteditable]").evaluate("(it, html) => it.innerHTML = html", embed)
        detail = DetailTab(Drawer(screen_of(page, signed_in())))

        assert await detail.shows("G11-96|444-5-H16")
        assert not await detail.shows("G11-97")
    finally:
        await page.close()
