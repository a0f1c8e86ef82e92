"""The sandbox's sign-in, what comes after it, and how it goes wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, expect

from percenty_batch.sandbox import Faults, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="module")

OpenVisit = Callable[..., Awaitable[Any]]


async def test_a_sign_in_leaves_the_signin_page_and_shows_name_and_email(visit: OpenVisit) -> None:
    at = await visit()
    await at.sign_in()

    await at.page.wait_for_url(f"{at.site.url}/")
    account = at.page.locator("header.ant-layout-header .ant-typography")
    await expect(account).to_have_text(["김셀러", "a@example.com"])
    assert await at.page.title() == "퍼센티 - 셀러들을 위한 AI 구매대행 솔루션"


async def test_who_is_signed_in_already_is_sent_away_from_the_signin_page(visit: OpenVisit) -> None:
    at = await visit()
    await at.sign_in()
    await at.page.wait_for_url(f"{at.site.url}/")

    await at.page.goto(f"{at.site.url}/signin")

    await at.page.wait_for_url(f"{at.site.url}/")


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        ("wrong_password", "비밀번호가 올바르지 않습니다"),
        ("locked", "계정이 잠겼습니다"),
        ("captcha", "자동입력 방지 문자를 입력해 주세요"),
    ],
)
async def test_a_refusal_stays_on_the_signin_page_and_says_why(
    visit: OpenVisit, refusal: Refusal, text: str
) -> None:
    at = await visit(Faults(refusal=refusal))
    await at.sign_in()

    await expect(at.page.get_by_text(text)).to_be_visible()
    assert at.page.url.endswith("/signin")


async def test_marketing_dialogs_are_stacked_and_close_from_the_top(visit: OpenVisit) -> None:
    at = await visit(popups=3)
    await at.sign_in()
    dialogs = at.page.get_by_role("dialog")
    await expect(dialogs).to_have_count(3)

    await dialogs.nth(2).get_by_role("button", name="다시 보지 않기").click()
    await expect(dialogs).to_have_count(2)
    await dialogs.nth(1).get_by_role("button", name="닫기").click()
    await expect(dialogs).to_have_count(1)
    await dialogs.get_by_role("button", name="Close").click()
    await expect(dialogs).to_have_count(0)
    await expect(at.page.locator(".ant-modal-wrap")).to_have_count(3)


async def test_menu_items_with_an_icon_carry_it_in_their_name(visit: OpenVisit) -> None:
    at = await visit()
    await at.sign_in()

    async def count(name: str, *, exact: bool = True) -> int:
        item = at.page.get_by_role("menuitem", name=name, exact=exact)
        return int(await item.count())

    await at.page.get_by_role("menuitem").first.wait_for()
    assert await count("home 퍼센티 홈") == 1
    for name in ("퍼센티 홈", "공지사항", "설정"):
        assert await count(name) == 0
    assert await count("설정", exact=False) == 7
    for name in ("AI 소싱", "신규 상품 등록", "등록 상품 관리", "그룹 상품 관리", "마켓 설정"):
        assert await count(name) == 1


async def test_a_served_chat_widget_covers_the_bottom_right_until_its_popup_is_closed(
    visit: OpenVisit,
) -> None:
    at = await visit(chat_widget="served")
    await at.sign_in()
    popup = at.page.locator('[class*="PCFullscreenPopupContent"]')
    await expect(popup).to_be_visible()
    await expect(at.page.locator("#ch-plugin iframe[title='Channel chat']")).to_have_count(1)

    await popup.locator(".PopupCloseBtn__CloseButton-ch-front").click()

    await expect(popup).to_have_count(0)


async def test_a_hostile_page_forges_log_lines_and_prints_the_password(visit: OpenVisit) -> None:
    at = await visit(Faults(is_hostile=True))
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    at.page.on("console", hear)
    await at.sign_in()
    await at.page.get_by_text("pw 비밀번호를 변경해 주세요").wait_for()

    assert any("\n2024-12-01 14:30:52,123 - INFO - " in text for text in said)
    assert any('"password":"pw"' in text for text in said)


async def test_a_session_that_expires_under_an_open_drawer_takes_the_drawer_away(
    visit: OpenVisit,
) -> None:
    at = await visit(Faults(session_expires_after=4))
    await at.open_ungrouped()
    drawer = await at.open_drawer()

    await drawer.get_by_role("button", name="file-text").click()
    await at.page.get_by_placeholder("상품에 대한 메모를 작성해주세요").fill("새 메모")
    await at.page.get_by_role("button", name="저장 후 닫기").click()

    await at.page.wait_for_url("**/signin")
    await expect(at.page.get_by_role("dialog")).to_have_count(0)
    assert at.changes() == []
    await at.open_ungrouped()
    await expect(at.page.locator("tr.ant-table-row")).to_have_count(3)
