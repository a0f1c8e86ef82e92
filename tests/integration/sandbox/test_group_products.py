"""The DOM of 그룹 상품 관리, fact by fact; what moves do is told by the steps on it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from percenty_batch.sandbox import Shape

pytestmark = pytest.mark.asyncio(loop_scope="module")

OpenVisit = Callable[..., Awaitable[Any]]


async def test_the_list_has_the_counts_of_the_saved_page(visit: OpenVisit) -> None:
    at = await visit(grouped=24)
    await at.open_groups()

    assert await at.page.get_by_role("checkbox", name="Select all").count() == 1
    rows = at.page.locator("tr.ant-table-row[data-row-key]")
    assert await rows.count() == 20
    assert await rows.get_by_role("checkbox").count() == 20
    assert await rows.locator(".ant-select.ant-select-show-search").count() == 20
    assert await rows.first.get_by_role("button").count() == 3
    assert await at.page.locator("table").count() == 2
    assert await at.page.locator("tr.ant-table-measure-row").count() == 1


async def test_the_group_filter_is_off_while_ungrouped_products_are_shown(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_groups()
    radios = at.page.locator("label.ant-radio-wrapper")
    switch = at.page.get_by_role("switch")

    assert await radios.count() == 51
    await expect(switch).to_have_attribute("aria-checked", "true")
    await switch.click()

    await expect(switch).to_have_attribute("aria-checked", "false")
    assert await at.page.locator("label.ant-radio-wrapper-disabled").count() == 51


async def test_a_group_radio_filters_the_list(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_groups()
    group = at.product(3).group

    await at.page.get_by_role("radio", name=group, exact=True).click()
    await at.loaded()

    rows = at.page.locator("tr.ant-table-row")
    expected = [p.key for p in at.site.products("a@example.com") if p.group == group]
    keys = await rows.evaluate_all("rows => rows.map(row => row.dataset.rowKey)")
    assert keys == expected


async def test_the_total_has_thousands_separators(visit: OpenVisit) -> None:
    at = await visit(grouped=1234)
    await at.open_groups()

    await expect(at.page.get_by_text("총 1,234개 상품", exact=True)).to_be_visible()


async def test_pages_are_turned_and_resized(visit: OpenVisit) -> None:
    at = await visit(shapes=(Shape(),) * 23)
    await at.open_ungrouped()
    rows = at.page.locator("tr.ant-table-row")

    await at.page.locator('li[title="다음 페이지"]').click()
    await expect(rows).to_have_count(3)

    await at.page.get_by_title("20개씩 보기").click()
    await at.page.locator('.ant-select-item-option[title="50개씩 보기"]').click()
    await expect(rows).to_have_count(23)


async def test_an_empty_list_says_so(visit: OpenVisit) -> None:
    at = await visit(shapes=())
    await at.open_ungrouped()

    await expect(at.page.get_by_text("총 0개 상품", exact=True)).to_be_visible()
    placeholder = at.page.locator("tr.ant-table-placeholder")
    await expect(placeholder).to_have_text("등록된 상품이 없습니다.")


async def test_a_row_select_mounts_eight_options_twice_and_filters_by_typing(
    visit: OpenVisit,
) -> None:
    at = await visit()
    await at.open_ungrouped()
    combobox = at.row(0).get_by_role("combobox")

    await at.row(0).locator(".ant-select").click()
    dropdown = at.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)")
    await expect(dropdown.locator(".ant-select-item-option")).to_have_count(8)
    await expect(dropdown.locator("[role=option]")).to_have_count(8)
    await expect(dropdown.locator('.ant-select-item-option[title="삭제X"]')).to_have_count(0)

    await combobox.fill("삭제x")
    await expect(dropdown.locator(".ant-select-item-option")).to_have_text(["삭제X"])


async def test_scrolling_the_virtual_list_mounts_the_options_further_down(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    await at.row(0).locator(".ant-select").click()

    await at.page.locator(".rc-virtual-list-holder").hover()
    await at.page.mouse.wheel(0, 5000)

    await expect(at.page.locator('.ant-select-item-option[title="중복X"]')).to_be_visible()


async def test_a_closed_dropdown_stays_in_the_document_hidden(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    await at.row(0).locator(".ant-select").click()

    await at.page.keyboard.press("Escape")

    await expect(at.page.locator(".ant-select-dropdown-hidden")).to_have_count(1)


async def test_the_group_dialog_moves_what_is_selected(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    move = at.page.get_by_role("button", name="그룹 지정")
    await expect(move).to_be_disabled()

    await at.page.locator("label", has=at.page.get_by_role("checkbox", name="Select all")).click()
    await expect(at.page.get_by_text("선택 3개 상품", exact=True)).to_be_visible()
    await move.click()

    dialog = at.page.get_by_role("dialog", name="상품 그룹핑/제외하기")
    assert await dialog.count() == 1
    assert await dialog.get_by_role("radio").count() == 50
    assert await dialog.get_by_role("switch").count() == 1
    assert await dialog.get_by_role("button", name="확인").count() == 1
    await dialog.get_by_role("radio", name="서버1", exact=True).check()
    await dialog.get_by_role("button", name="확인").click()

    await expect(at.page.get_by_text("총 0개 상품", exact=True)).to_be_visible()
    await expect(dialog).to_be_hidden()
    assert at.changes() == [("group", None, "서버1")] * 3
