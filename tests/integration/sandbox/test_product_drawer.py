"""The product drawer: the saved page's facts; what edits do is told by the steps on it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from percenty_batch.sandbox import Faults, Shape

pytestmark = pytest.mark.asyncio(loop_scope="module")

OpenVisit = Callable[..., Awaitable[Any]]

MARKERS = {
    "상품명 / 카테고리": "카테고리 추천 받기",
    "옵션": "AI 옵션명 다듬기",
    "가격": "배송비용 계산기",
    "키워드": "키워드 추가 enter",
    "썸네일": "썸네일 되돌리기",
    "상세페이지": "일괄 편집",
    "업로드": "쿠팡 개별 업로드",
}


async def show(drawer: Locator, tab: str) -> None:
    await drawer.get_by_role("tab", name=tab, exact=True).click()
    await drawer.get_by_role("button", name=MARKERS[tab], exact=True).wait_for()


def name_input(drawer: Locator) -> Locator:
    label = drawer.get_by_text("국내 마켓 노출 상품명", exact=True)
    return label.locator("xpath=following::input[1]")


async def test_tabs_mount_their_content_when_first_shown(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    drawer = await at.open_drawer()

    for tab, marker in list(MARKERS.items())[1:]:
        assert await drawer.get_by_text(marker, exact=True).count() == 0
        await show(drawer, tab)
    assert await drawer.locator(".ant-tabs-tab[data-node-key]").count() == 7


async def test_the_name_is_one_of_eleven_unlabelled_inputs(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    drawer = await at.open_drawer()

    assert await drawer.locator("input[type=text]:not([id]):not([aria-label])").count() == 11
    await expect(name_input(drawer)).to_have_value(at.product(0).name)
    await expect(drawer.get_by_text(f"{len(at.product(0).name)}/50", exact=True)).to_be_visible()


async def test_a_value_set_without_an_event_is_lost(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    drawer = await at.open_drawer()

    await name_input(drawer).evaluate("input => { input.focus(); input.value = '가짜'; }")
    await name_input(drawer).press("Tab")

    await expect(name_input(drawer)).to_have_value(at.product(0).name)


async def test_a_failed_save_is_a_toast(visit: OpenVisit) -> None:
    at = await visit(Faults(save_errors=(1,)))
    await at.open_ungrouped()
    drawer = await at.open_drawer()

    await name_input(drawer).fill("새 이름")
    await name_input(drawer).press("Tab")

    await expect(at.page.locator(".ant-message-error")).to_contain_text("저장에 실패했습니다")
    assert at.changes() == []


async def test_prices_are_six_unlabelled_spinbuttons(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    drawer = await at.open_drawer()
    await show(drawer, "가격")

    assert await drawer.get_by_role("spinbutton").count() == 6
    assert await drawer.get_by_role("spinbutton", name="마켓 표기 할인율").count() == 0
    label = drawer.get_by_text("마켓 표기 할인율")
    await expect(label.locator("xpath=following::input[1]")).to_have_value("10")


@pytest.mark.parametrize("options", [0, 3, 23])
async def test_options_are_counted_in_text_and_in_rows(visit: OpenVisit, options: int) -> None:
    at = await visit(shapes=(Shape(options=options),))
    await at.open_ungrouped()
    drawer = await at.open_drawer()
    await show(drawer, "옵션")

    kind = "옵션 상품등록" if options else "단일 상품등록"
    await expect(drawer.get_by_role("radio", name=kind)).to_be_checked()
    assert await drawer.get_by_role("button", name="옵션 삭제").count() == options
    count = drawer.get_by_role("checkbox", name=f"선택 {options}개 옵션명")
    await expect(count).to_have_count(1 if options else 0)


async def test_the_source_mode_edits_the_whole_detail_page(visit: OpenVisit) -> None:
    at = await visit(shapes=(Shape(images=1),))
    await at.open_ungrouped()
    drawer = await at.open_drawer()
    await show(drawer, "상세페이지")

    source = drawer.get_by_role("button", name="소스")
    await source.click()
    area = drawer.get_by_label("소스 코드 편집 영역")
    await expect(area).to_have_value(at.product(0).detail_html)
    await area.fill("<p>새 설명</p>")
    async with at.page.expect_response("**/api/products/*"):
        await source.click()

    assert at.product(0).detail_html == "<p>새 설명</p>"


async def test_images_are_deleted_by_spans_in_a_second_drawer(visit: OpenVisit) -> None:
    at = await visit(shapes=(Shape(images=29),))
    await at.open_ungrouped()
    images = at.product(0).images
    drawer = await at.open_drawer()
    await show(drawer, "상세페이지")

    await drawer.get_by_role("button", name="일괄 편집").click()
    second = at.page.get_by_role("dialog").filter(has_text="상세페이지 이미지 일괄 편집")
    await second.get_by_text("총 29개의 이미지").wait_for()
    for text in ("썸네일로 복사", "삭제", "편집하기"):
        spans = second.locator("span").and_(second.get_by_text(text, exact=True))
        assert await spans.count() == 29
        assert await second.get_by_role("button", name=text, exact=True).count() == 0
    await second.get_by_text("삭제", exact=True).last.click()
    await second.get_by_text("총 28개의 이미지").wait_for()

    assert at.product(0).images == images[:-1]
    await at.page.keyboard.press("Escape")
    await expect(second).to_be_hidden()
    await expect(drawer.locator(".ck-content figure")).to_have_count(28)


@pytest.mark.parametrize("has_model", [True, False])
async def test_the_model_is_a_labelled_field_that_some_products_lack(
    visit: OpenVisit, has_model: bool
) -> None:
    at = await visit(shapes=(Shape(has_model=has_model),))
    await at.open_ungrouped()
    drawer = await at.open_drawer()
    await show(drawer, "업로드")
    await drawer.get_by_role("button", name="상품정보제공고시").click()

    await expect(drawer.get_by_label("품명", exact=True)).to_be_visible()
    fields = drawer.get_by_placeholder("상세페이지 참조")
    await expect(fields).to_have_count(6 if has_model else 5)
    await expect(drawer.get_by_label("모델명", exact=True)).to_have_count(int(has_model))
    async with at.page.expect_response("**/api/products/*"):
        await fields.nth(1).fill("M1")
        await fields.nth(1).press("Tab")
    assert at.product(0).model == ("M1" if has_model else None)


async def test_escape_closes_only_the_top_of_the_stack(visit: OpenVisit) -> None:
    at = await visit()
    await at.open_ungrouped()
    drawer = await at.open_drawer()
    await drawer.get_by_role("button", name="file-text").click()
    memo = at.page.get_by_role("dialog", name="상품 메모")
    await memo.wait_for()

    await at.page.keyboard.press("Escape")
    await expect(memo).to_be_hidden()
    await expect(drawer).to_be_visible()

    await at.page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
